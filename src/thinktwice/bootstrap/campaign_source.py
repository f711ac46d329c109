"""Where campaigns come from: packs in the folder as they lie, and releases of ``control.db``.

Invariants: a campaign that was ever live, in shadow or stopped from the database is governed by it alone; all others
are taken from the folder, without any badge unless their exact content was approved. A release is in force with the
words and the reach that were approved, or not at all; only contacts, marks of partners and the renderer may have moved
on since, which gives it another version, so that what was shown can always be proved (and no badge).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from thinktwice.bootstrap.choices import Campaigns
from thinktwice.bootstrap.pinning import Fingerprint, PinnedPartners, entries_of
from thinktwice.campaigns.archive import VERSION
from thinktwice.campaigns.content import dump_files, read_files
from thinktwice.campaigns.library import Library, content_of, library_of, load_library, shipped_packs
from thinktwice.campaigns.limiting import LAST as LAST_LIMIT
from thinktwice.campaigns.limiting import standing_limits
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partners
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import (
    BEGUN,
    WAITING_IDS,
    CampaignRelease,
    governed,
    standing_releases,
    waiting_releases,
)
from thinktwice.campaigns.version import hash_of
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.errors import InputError
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect

_MOVES_ON: Final = ("contacts", "logos", "renderer")
"""Parts of a version that may change under a release that is in force; each change makes another version."""


@dataclass(frozen=True, slots=True)
class _Folder:
    """The packs of the folder, read for one day."""

    library: Library
    shipped: Library
    around: Surroundings


@dataclass(frozen=True, slots=True)
class _Released:
    """What the database has a say about."""

    packs: Mapping[str, Pack]
    shadows: frozenset[str]
    governed: frozenset[str]
    limits: tuple[str, ...]
    troubles: tuple[str, ...]


class CampaignSource:
    """Loads campaigns again and again; what did not change since the last time is not read again."""

    def __init__(
        self, settings: Settings, installation: Installation, now: Callable[[], datetime] | None = None
    ) -> None:
        self._settings = settings
        self._installation = installation
        self._now = now or (lambda: datetime.now(UTC))
        self._control = DataFolder(settings.data).control
        self._folder: tuple[Fingerprint, _Folder] | None = None
        self._packs: dict[tuple[int, str], tuple[Pack | None, str | None]] = {}
        self.troubles: tuple[str, ...] = ()
        self.limits: tuple[str, ...] = ()
        self.pinned = PinnedPartners(settings.partners_dir)

    @property
    def partners(self) -> Partners:
        """Who may be shown at all: nobody while the file of partners cannot be used."""
        return self.pinned.partners

    def folders(self) -> Fingerprint:
        """Return what changes whenever a file of the folders changes, or the day."""
        settings = self._settings
        folders = (settings.campaigns_dir, settings.contacts_dir, settings.partners_dir)
        return (self._today(), *(entry for folder in folders if folder for entry in entries_of(folder)))

    def database(self, connection: sqlite3.Connection) -> Fingerprint:
        """Return what changes whenever a release begins, pauses or ends, or a limit trips or is lifted."""
        return (*connection.execute(BEGUN).fetchall(), *connection.execute(LAST_LIMIT).fetchone())

    def waiting(self, connection: sqlite3.Connection) -> Fingerprint:
        """Return what changes whenever something else may begin next."""
        return tuple(connection.execute(WAITING_IDS).fetchall())

    def load(self) -> Campaigns:
        """Return what is in force now.

        Raises:
            InputError: with every fault of the folders; nothing may be served with half of them.
            sqlite3.Error: the database cannot be read.
        """
        folder = self._read_folder()
        released = self._read_released(folder)
        packs = {name: pack for name, pack in folder.library.packs.items() if name not in released.governed}
        library = library_of({**packs, **released.packs}, folder.around, folder.library.warnings)
        policies = [_shadowed(policy, released.shadows) for policy in library.policies]
        library = Library(
            library.packs, library.versions, tuple(policies), library.contacts, library.warnings, library.contents
        )
        words = [policy for policy in folder.shipped.policies if policy.id not in library.packs]
        live = LiveCampaigns(library.policies, self._installation.catalogue, words)
        self.troubles, self.limits = released.troubles, released.limits
        return Campaigns(library, folder.shipped, live)

    def warm(self) -> None:
        """Read what may begin next, so that it is there at once when it does."""
        folder = self._read_folder()
        if not self._control.exists():
            return
        with closing(connect(self._control, read_only=True)) as connection:
            for release in waiting_releases(connection):
                self._pack_of(release, folder.around, connection)

    def around(self) -> Surroundings:
        """Return what packs are checked against now.

        Raises:
            InputError: with every fault of the folders, and of the file of partners.
        """
        around = self._read_folder().around
        if self.pinned.faults:
            raise InputError(*self.pinned.faults)
        return around

    def _today(self) -> date:
        return self._now().date()

    def _read_folder(self) -> _Folder:
        fingerprint = self.folders()
        self.pinned.look()  # after the fingerprint: what is read here is never older than what it says
        if self._folder is not None and self._folder[0] == fingerprint:
            return self._folder[1]
        settings, catalogue, today = self._settings, self._installation.catalogue, self._today()
        contacts = settings.contacts_dir or shipped_contacts()
        partners = self.pinned.partners
        # The shipped packs are written in US dollars; where they only lend words their currency does not matter.
        shipped = load_library(shipped_packs(), contacts, today, catalogue, partners=partners)
        currency = self._installation.reporting_currency
        library = shipped
        if settings.campaigns_dir is not None or settings.reporting_currency != "USD":
            own = settings.campaigns_dir or shipped_packs()
            library = load_library(own, contacts, today, catalogue, currency=currency, partners=partners)
        around = Surroundings(
            catalogue=catalogue, contacts=shipped.contacts, today=today, currency=currency, partners=partners
        )
        found = _Folder(library, shipped, around)
        self._folder = fingerprint, found
        self._packs.clear()
        return found

    def _read_released(self, folder: _Folder) -> _Released:
        if not self._control.exists():
            return _Released({}, frozenset(), frozenset(), (), ())
        with closing(connect(self._control, read_only=True)) as connection:
            connection.execute("BEGIN")  # one moment: releases, versions and limits belong together
            releases, about = standing_releases(connection), governed(connection)
            limits = tuple(limit.campaign for limit in standing_limits(connection))
            read = [self._pack_of(release, folder.around, connection) for release in releases]
            connection.execute("ROLLBACK")
        found = list(zip(releases, read, strict=True))
        return _Released(
            {release.campaign: pack for release, (pack, _) in found if pack is not None},
            frozenset(release.campaign for release in releases if release.state == "shadow"),
            about,
            limits,
            tuple(f"release {release.id} of {release.campaign}: {why}" for release, (_, why) in found if why),
        )

    def _pack_of(
        self, release: CampaignRelease, around: Surroundings, connection: sqlite3.Connection
    ) -> tuple[Pack | None, str | None]:
        key = (release.id, hash_of((release.version + dump_files(release.files)).encode()))
        if key not in self._packs:
            self._packs[key] = _read_release(release, around, connection)
        return self._packs[key]


def _read_release(
    release: CampaignRelease, around: Surroundings, connection: sqlite3.Connection
) -> tuple[Pack | None, str | None]:
    """Return the pack of a release, or why it is not in force."""
    try:
        reading = read_files(release.campaign, release.files, around)
    except InputError as error:
        return None, str(error)
    if reading.pack is None:
        return None, "; ".join(str(fault) for fault in reading.faults[:3])
    content = content_of(reading.pack, around)
    if hash_of(content) == release.version:
        return reading.pack, None
    row = connection.execute(VERSION, (release.version, release.campaign)).fetchone()
    if row is None or hash_of(row[0].encode()) != release.version:
        return None, "what was approved is not stored any more"
    if _lasting(content) != _lasting(row[0].encode()):
        return None, "its files are not those that were approved"
    return reading.pack, None


def _lasting(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(content)
    return {name: value for name, value in found.items() if name not in _MOVES_ON}


def _shadowed(policy: CampaignPolicy, shadows: frozenset[str]) -> CampaignPolicy:
    return msgspec.structs.replace(policy, is_shadow=True) if policy.id in shadows else policy
