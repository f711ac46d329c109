"""One story: four invented weeks through the real service, exported, read as one history, and counted again by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.outcomes_by_hand import outcomes_by_hand, tables_of
from thinktwice.bootstrap.choices import load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.demo.prepare import in_force_throughout
from thinktwice.demo.replay import DemoReplay, lines_of
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.outcomes.health import check_health
from thinktwice.outcomes.rows import Outcomes, assigned, find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.statistics import statistics
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.installation import Installation
from thinktwice.settings import load_settings
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.world import make_world
from thinktwice.storage.layout import DataFolder

ENDS_AT = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = ENDS_AT - timedelta(days=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Live through a world: customers react to what they are shown, and the operator reports what became of it."""
    folder = DataFolder(tmp_path_factory.mktemp("four-weeks"))
    world = make_world(Parameters(ends_at=ENDS_AT, withdrawals=600, customers=240))
    installation = Installation()
    campaigns = in_force_throughout(load_campaigns(load_settings(), installation), installation)
    with open_core(folder.path, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as core:
        DemoReplay(core, world.cast).run(lines_of(world.history))
    return folder


@pytest.fixture(scope="module")
def outcomes(data: DataFolder) -> Iterator[Outcomes]:
    lake, reader = Lake(data.lake), SqliteJournalReader(data.journal)
    assert sum(manifest.rows for manifest in lake.export(reader, CATALOGUE)) > 1_000
    assert lake.verify() == []
    with open_history(lake, reader, CATALOGUE) as history:
        yield find_outcomes(history, OutcomeRules(independent_sources=frozenset({"police", "customer"})), UNTIL)
    reader.close()


def test_every_row_is_what_a_person_would_find(outcomes: Outcomes) -> None:
    """Every figure of every row equals the one found by loops over the raw rows of the history."""
    expected = outcomes_by_hand(tables_of(outcomes.connection), outcomes.rules, UNTIL)
    rows = outcomes.rows()
    assert len(rows) > 50
    assert [{name: row[name] for name in found} for row, found in zip(rows, expected, strict=True)] == expected


def test_the_headline_is_what_a_person_would_count(outcomes: Outcomes) -> None:
    """n and every sum of the headline, by experiment and arm, equal those of plain Python."""
    expected = outcomes_by_hand(tables_of(outcomes.connection), outcomes.rules, UNTIL)
    found = statistics(outcomes, ["not_sent", "displaced", "completed", "payments"])
    assert {one.arm for one in found} >= {"holdout", "a", "b"}
    for one in found:
        mine = [row for row in expected if (row["experiment"], row["arm"]) == (one.experiment, one.arm)]
        limit = outcomes.rules.winsorised_at
        assert one.n == len(mine)
        assert one.sums == (
            sum(row["not_sent"] for row in mine), sum(row["displaced"] for row in mine),
            sum((min(row["completed"], limit) for row in mine), Decimal(0)), sum(row["payments"] for row in mine),
        )  # fmt: skip


def test_nobody_is_lost_between_assignment_and_row(outcomes: Outcomes) -> None:
    """Assigned customers are those with a row and those whose window is still open, arm by arm."""
    rows = outcomes.rows()
    for one in assigned(outcomes):
        assert one.entered == sum((row["experiment"], row["arm"]) == (one.experiment, one.arm) for row in rows)
        assert one.customers >= one.entered


def test_the_history_is_sound(outcomes: Outcomes) -> None:
    """The service leaves nothing odd behind; what the invented operator does is counted, and nothing is blocked."""
    found = {finding.check: finding for finding in check_health(outcomes)}
    for check in ("two_arms", "journal_backwards", "mixed_currencies", "completed_twice", "outcome_before_decision"):
        assert found[check].count == 0, found[check]
    assert found["undeclared_source"].count > 0
    assert {finding.blocks for finding in found.values()} == {None}


def test_the_lake_can_be_made_again(data: DataFolder, outcomes: Outcomes, tmp_path: Path) -> None:
    """Exporting the same journal once more gives the same hashes."""
    reader = SqliteJournalReader(data.journal)
    assert [one.files for one in Lake(tmp_path / "again").export(reader, CATALOGUE)] == [
        one.files for one in Lake(data.lake).manifests()
    ]
    reader.close()
