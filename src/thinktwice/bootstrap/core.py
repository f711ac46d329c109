"""The deciding core of one process: journal, watchlist, service.

Invariant: one process writes a journal; whoever comes second is refused with the first one's process id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.bounding import recall
from thinktwice.bootstrap.choices import Campaigns
from thinktwice.bootstrap.in_force import CampaignsInForce
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.limiting import last_lifted
from thinktwice.campaigns.pack import Wording
from thinktwice.decisions.answer import Answering
from thinktwice.decisions.asks import Ask
from thinktwice.decisions.clock import utc_now
from thinktwice.decisions.intake import Intake
from thinktwice.decisions.service import DecisionService, Sources
from thinktwice.errors import NotFoundError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.journal.sqlite import SqliteJournal
from thinktwice.journal.writer import GroupCommit
from thinktwice.keyring.keys import Keyring
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.service import Watchlist


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """An open core; ``service`` is for one thread at a time: use it before ``writer`` or through it."""

    folder: DataFolder
    installation: Installation
    keyring: Keyring
    campaigns: CampaignsInForce
    watchlist: Watchlist
    intake: Intake
    service: DecisionService
    reader: SqliteJournalReader
    archive: VersionArchive

    def wording(self, campaign: str, version: str) -> Wording:
        """Return the words of a version, also of one that is no longer in force.

        Raises:
            NotFoundError: no such version was ever in force here.
        """
        try:
            return self.campaigns.pack(campaign, version)
        except NotFoundError:
            return self.archive.version(campaign, version)

    @contextmanager
    def writing(self) -> Iterator[GroupCommit[Ask, Any]]:
        """Start the group-commit thread; everything accepted is answered before it ends."""
        writer: GroupCommit[Ask, Any] = GroupCommit(self.service.handle)
        try:
            yield writer
        finally:
            writer.close()


@contextmanager
def open_core(
    data: Path,
    *,
    installation: Installation,
    keyring: Keyring,
    campaigns: Campaigns | CampaignsInForce,
    lists: Path | None = None,
    clock: Callable[[], datetime] = utc_now,
    is_telling: bool = False,
) -> Iterator[Core]:
    """Open the journal of a data folder, made and brought up to date as needed.

    ``lists`` names another data folder to take the watchlist from: a history is decided in a journal of its own, but
    with the installation's lists. With ``is_telling`` changes go into the outbox; ``open_surfaces`` empties it.
    ``CampaignsInForce`` with a source can be followed: ``start`` them, and what is released or stopped takes effect.

    Raises:
        UnavailableError: another process writes this journal, or a database cannot be used.
    """
    folder = DataFolder(data)
    migrate(data)
    archive = VersionArchive(folder.control)
    archive.keep((campaigns.library, campaigns.fallback), clock())
    in_force = campaigns if isinstance(campaigns, CampaignsInForce) else CampaignsInForce(campaigns)
    with ExitStack() as stack:
        if in_force.source is not None:
            ledger = Ledger(folder.control)
            stack.callback(ledger.close)
            stack.callback(in_force.close)
            in_force.follow(folder.control, archive, ledger)
        watchlist = Watchlist(DataFolder(lists) if lists else folder)
        stack.callback(watchlist.close)
        journal = SqliteJournal(folder.journal)
        stack.callback(journal.close)
        reader = SqliteJournalReader(folder.journal)
        stack.callback(reader.close)
        _count_on(in_force, folder, reader)
        sources = Sources(
            campaigns=lambda: in_force.live, snapshot=watchlist.snapshot, choose_locale=in_force.choose_locale
        )
        yield Core(
            folder=folder,
            installation=installation,
            keyring=keyring,
            campaigns=in_force,
            watchlist=watchlist,
            intake=Intake(installation, keyring),
            service=DecisionService(
                journal,
                sources,
                keyring,
                installation,
                clock,
                is_telling=is_telling,
                limiter=in_force.limiter if in_force.source is not None else None,
            ),
            reader=reader,
            archive=archive,
        )


def _count_on(in_force: CampaignsInForce, folder: DataFolder, reader: SqliteJournalReader) -> None:
    """Let the limiter go on from what was recorded before this process; a history that is decided has none."""
    if in_force.source is None:
        return
    with closing(connect(folder.control, read_only=True)) as connection:
        lifted = last_lifted(connection)
    recall(in_force.limiter, reader, in_force.live.bounded, lifted)


def answering_of(core: Core, settings: Settings) -> Answering:
    """Return what turns decisions into answers for this installation."""
    appeal_url = str(settings.appeal_url) if settings.appeal_url else None
    return Answering(core.keyring, str(settings.public_url), appeal_url)
