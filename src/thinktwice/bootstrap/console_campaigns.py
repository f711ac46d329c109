"""The desks of campaigns and of their results, for the console.

Invariant: one source of campaigns is read by one thread at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.campaigning import campaign_desk
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.declaring import Declaring
from thinktwice.bootstrap.partnering import shown_partners
from thinktwice.bootstrap.previewing import Previews
from thinktwice.bootstrap.reporting import Reporting
from thinktwice.campaigns.comments import Comments
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.reading import Surroundings
from thinktwice.decisions.clock import utc_now
from thinktwice.jobs.files import FinishedFiles
from thinktwice.jobs.seam import Jobs
from thinktwice.keyring.keys import Keyring
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.copies import Copies
from thinktwice.measurement.results import Results
from thinktwice.people.sealing import Sealing
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.standings import Standings


@dataclass(frozen=True, slots=True)
class _InTurn:
    """One source of campaigns for pages in many threads, who look one after the other."""

    source: CampaignSource
    control: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def around(self) -> Surroundings:
        """Return what packs are checked against now."""
        with self.lock:
            return self.source.around()

    def declared(self) -> Mapping[str, Declared]:
        """Return what every campaign that is or was live says of itself."""
        with self.lock:
            return Declaring(self.source, self.control)()


LARGE: Final = 256 << 20
"""Bytes of a journal over which counting takes more than a page should make somebody wait for."""


@dataclass(frozen=True, slots=True)
class CampaignGround:
    """What both desks are made from, and what makes copies of results."""

    settings: Settings
    keyring: Keyring
    folder: DataFolder
    installation: Installation
    turns: _InTurn
    reporting: Reporting

    def is_large(self) -> bool:
        """Whether the journal is so large that results are not counted while somebody waits."""
        return self.folder.journal.is_file() and self.folder.journal.stat().st_size > LARGE


def campaign_ground(settings: Settings, keyring: Keyring, *, is_demo: bool) -> CampaignGround:
    """Return it."""
    installation = installation_of(settings)
    folder = DataFolder(settings.data)
    turns = _InTurn(CampaignSource(settings, installation, utc_now), folder.control)
    results = Results(
        folder=folder,
        catalogue=installation.catalogue,
        currency=installation.reporting_currency,
        declared=turns.declared,
    )
    reporting = Reporting(
        results=results,
        operator=settings.operator_name,
        keyring=lambda: keyring,
        is_synthetic=is_demo,
        partners=shown_partners(folder.control, turns.around),
    )
    return CampaignGround(settings, keyring, folder, installation, turns, reporting)


def campaign_desks(
    ground: CampaignGround, ledger: Ledger, jobs: Jobs, name_of: Callable[[str], str | None], stack: ExitStack
) -> dict[type, object]:
    """Return both desks; ``stack`` closes what works behind them."""
    settings, turns, reporting = ground.settings, ground.turns, ground.reporting
    results = reporting.results
    standings = Standings(lambda campaign: results.analysis(campaign, utc_now()).verdict, utc_now)
    stack.callback(standings.close)
    room = CampaignRoom(
        desk=campaign_desk(settings, ground.installation, ledger, around=turns.around),
        ledger=ledger,
        around=turns.around,
        folder=settings.campaigns_dir or shipped_packs(),
        shipped=shipped_packs(),
        preview=Previews(settings.operator_name, lambda: turns.around().contacts, utc_now),
        name_of=name_of,
        standings=standings,
    )
    return {
        CampaignRoom: room,
        Comments: Comments(ledger, Sealing(ground.keyring.masters)),
        ResultsDesk: ResultsDesk(
            results=results,
            declared=turns.declared,
            standings=standings,
            write=reporting.write,
            copies=Copies(ledger, jobs, FinishedFiles(ground.folder.finished)),
            is_large=ground.is_large,
            partners=reporting.partners,
            is_synthetic=reporting.is_synthetic,
        ),
    }
