"""The desks of campaigns and of their results, for the console.

Invariant: results of a campaign that has ended are those of the release that ran last, under the terms it ran with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.campaigning import campaign_desk
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.previewing import Previews
from thinktwice.bootstrap.reporting import Reporting
from thinktwice.campaigns.content import read_files
from thinktwice.campaigns.library import library_of, shipped_packs
from thinktwice.campaigns.overview import overview
from thinktwice.campaigns.pack import Pack
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import InputError
from thinktwice.keyring.keys import Keyring
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.results import Results, all_declared
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.standings import Standings

_RAN = frozenset({"live", "paused", "ended", "withdrawn"})


@dataclass(frozen=True, slots=True)
class _Declaring:
    """What every campaign that is or was live says of itself."""

    source: CampaignSource
    ledger: Ledger

    def __call__(self) -> Mapping[str, Declared]:
        live = all_declared(self.source.load().library)
        around = self.source.around()
        past: dict[str, Pack] = {}
        for row in overview(self.ledger):
            ran = next((one for one in row.releases if one.state in _RAN), None)
            if ran is None or row.campaign in live:
                continue
            try:
                pack = read_files(row.campaign, ran.files, around).pack
            except InputError:
                continue
            if pack is not None:
                past[row.campaign] = pack
        return {**all_declared(library_of(past, around)), **live}


def campaign_desks(
    settings: Settings,
    keyring: Keyring,
    ledger: Ledger,
    name_of: Callable[[str], str | None],
    stack: ExitStack,
    *,
    is_demo: bool,
) -> dict[type, object]:
    """Return both desks; ``stack`` closes what works behind them.

    Raises:
        InputError: the file of partners cannot be used.
    """
    installation = installation_of(settings)
    source = CampaignSource(settings, installation, utc_now)

    declared = _Declaring(source, ledger)
    results = Results(
        folder=DataFolder(settings.data),
        catalogue=installation.catalogue,
        currency=installation.reporting_currency,
        declared=declared,
    )
    reporting = Reporting(
        results=results, operator=settings.operator_name, keyring=lambda: keyring, is_synthetic=is_demo
    )
    standings = Standings(lambda campaign: results.analysis(campaign, utc_now()).verdict, utc_now)
    stack.callback(standings.close)
    room = CampaignRoom(
        desk=campaign_desk(settings, installation, ledger, source=source),
        ledger=ledger,
        around=source.around,
        folder=settings.campaigns_dir or shipped_packs(),
        shipped=shipped_packs(),
        preview=Previews(settings.operator_name, lambda: source.around().contacts, utc_now),
        name_of=name_of,
        standings=standings,
    )
    return {
        CampaignRoom: room,
        ResultsDesk: ResultsDesk(
            results=results, declared=declared, standings=standings, write=reporting.write, is_synthetic=is_demo
        ),
    }
