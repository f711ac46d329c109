"""Where analyses come from: the lake and the journal of one data folder, and what the campaigns declare.

Invariants: reads only, on connections of its own, so that deciding never waits; what a release declares is taken from
the pack in force, never from what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from thinktwice.campaigns.library import Library
from thinktwice.campaigns.planned import same_plan
from thinktwice.errors import NotFoundError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.measurement.analysis.campaign import analyse, analyse_outcomes
from thinktwice.measurement.analysis.plan import exact_shares, rules_of
from thinktwice.measurement.analysis.records import CampaignAnalysis, Declared
from thinktwice.measurement.published.edition import Edition, publish
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.signal import Catalogue
from thinktwice.storage.layout import DataFolder


def declared_of(library: Library, policy: CampaignPolicy, control: Path | None = None) -> Declared:
    """Return what one campaign in force says of itself: shares exactly as customers are assigned, dates, plan.

    With ``control`` (the database of releases) earlier releases of the same plan count as this one.

    Raises:
        UnavailableError: the database cannot be read.
    """
    pack = library.packs[policy.id]
    before = same_plan(control, pack, policy.version) if control is not None else frozenset()
    return Declared(
        campaign=policy.id,
        experiment=policy.experiment,
        shares=exact_shares(policy.holdout, policy.arms),
        title=pack.title,
        partners=policy.partners,
        jurisdictions=policy.jurisdictions,
        typologies=pack.typologies,
        starts_at=policy.starts_at,
        ends_at=policy.ends_at,
        plan=pack.release.plan,
        releases=before | {policy.release},
    )


def all_declared(library: Library, control: Path | None = None) -> dict[str, Declared]:
    """Return what every campaign of a library declares, by id; those in shadow show nothing and compare nothing.

    Raises:
        UnavailableError: the database of releases (``control``) cannot be read.
    """
    return {policy.id: declared_of(library, policy, control) for policy in library.policies if not policy.is_shadow}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Analyses of one data folder; ``declared`` is asked anew each time, because releases change."""

    folder: DataFolder
    catalogue: Catalogue
    currency: str
    declared: Callable[[], Mapping[str, Declared]]
    lake: Path | None = None

    def analysis(self, campaign: str, until: datetime) -> CampaignAnalysis:
        """Return everything known about a campaign's experiment as of ``until`` (aware).

        Raises:
            NotFoundError: no campaign in force has this id.
            UnavailableError: the journal cannot be read.
        """
        declared = self._declared(campaign)
        with self._history() as history:
            return analyse(history, declared, until, currency=self.currency)

    def edition(self, campaign: str, until: datetime) -> Edition:
        """Return the partner's edition of the same: fixed tables by week, small figures withheld.

        Raises:
            NotFoundError: no campaign in force has this id.
            UnavailableError: the journal cannot be read.
        """
        declared = self._declared(campaign)
        with self._history() as history:
            outcomes = find_outcomes(history, rules_of(declared.plan, self.currency), until)
            return publish(outcomes, analyse_outcomes(outcomes, declared))

    def _declared(self, campaign: str) -> Declared:
        found = self.declared().get(campaign)
        if found is None:
            raise NotFoundError("no campaign in force has this id")
        return found

    @contextmanager
    def _history(self) -> Iterator[duckdb.DuckDBPyConnection]:
        lake = Lake(self.lake or self.folder.lake)
        with (
            closing(SqliteJournalReader(self.folder.journal)) as reader,
            open_history(lake, reader, self.catalogue) as history,
        ):
            yield history
