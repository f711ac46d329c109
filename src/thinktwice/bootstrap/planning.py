"""Finding the campaign that somebody plans for: as it is in force, else as it was submitted, else as it is drafted.

Invariant: reads only.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.choices import installation_of
from thinktwice.campaigns.content import read_files
from thinktwice.campaigns.drafts import DraftStore
from thinktwice.campaigns.library import Library, library_of
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.releasing import releases_of
from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect


def library_with(settings: Settings, campaign: str) -> Library:
    """Return a library that holds the campaign, if there is one of this name anywhere.

    Raises:
        InputError: the folders, or the campaign's own files, cannot be used.
        UnavailableError: the database cannot be read.
    """
    source = CampaignSource(settings, installation_of(settings))
    try:
        library = source.load().library
    except sqlite3.Error as error:
        raise UnavailableError(f"releases cannot be read: {error}") from error
    if campaign in library.packs:
        return library
    files = _stored(DataFolder(settings.data), campaign)
    if files is None:
        return library
    reading = read_files(campaign, files, source.around())
    if reading.pack is None:
        raise InputError(*reading.faults)
    return library_of({**library.packs, campaign: reading.pack}, source.around())


def _stored(folder: DataFolder, campaign: str) -> Files | None:
    """Return the files of the newest release, or of the draft; None when the database knows neither."""
    if not folder.control.exists():
        return None
    try:
        with closing(connect(folder.control, read_only=True)) as connection:
            releases = releases_of(connection, campaign)
    except sqlite3.Error as error:
        raise UnavailableError(f"releases cannot be read: {error}") from error
    if releases:
        return releases[0].files
    with closing(Ledger(folder.control)) as ledger:
        try:
            return DraftStore(ledger).latest(campaign).files
        except NotFoundError:
            return None
