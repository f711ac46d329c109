"""One story: an operator whose reports are odd in every way, lived through by the service, and nothing is dropped."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.world import World, policy
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.plan import exact_shares
from thinktwice.measurement.analysis.records import CampaignAnalysis, Declared
from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.report.document import Setting, render
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation

CAMPAIGN = policy(holdout=Decimal("0.4"), frequency_cap=None)
WIDER = policy(holdout=Decimal("0.5"), frequency_cap=None, release="e" * 64)
DECLARED = Declared(
    campaign=CAMPAIGN.id, experiment=CAMPAIGN.experiment, shares=exact_shares(CAMPAIGN.holdout, CAMPAIGN.arms)
)
ADDRESS = "0x{:040x}"


class Story:
    """Many sound customers, then one oddity after the other; ``cases`` remembers what each must be named by."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, (CAMPAIGN,))
        self.number = 0
        self.cases: dict[str, str] = {}
        for _ in range(60):
            self.world.complete(self.trigger())
            self.world.pass_time(hours=1)

    def trigger(self, customer: str | None = None, name: str | None = None) -> Decision:
        """Decide a withdrawal to a new destination, by a new customer unless one is named."""
        self.number += 1
        return self.world.decide(
            withdrawal_id=name or f"w{self.number}",
            customer__id=customer or f"c{self.number}",
            destination__address=ADDRESS.format(self.number),
        )

    def outcome_before_decision(self) -> None:
        """The operator reports that money left, and asks us only then."""
        self.world.note("withdrawal.completed", withdrawal_id="early", attempt=1)
        self.world.pass_time(minutes=5)
        self.trigger(name="early")

    def two_arms(self) -> None:
        """A release widens the holdout, and a customer who was warned falls into it."""
        before = self.world.campaigns
        after = LiveCampaigns((WIDER,), self.world.installation.catalogue)
        for number in range(60):
            first = self.trigger(f"moved{number}").explanation.arm
            self.world.campaigns = after
            is_moved = self.trigger(f"moved{number}").explanation.arm != first
            self.world.campaigns = before
            if is_moved:
                return
        raise AssertionError("no customer moved")

    def clock_backwards(self) -> None:
        """The operator's own clock jumps back between two reports about one withdrawal."""
        made = self.trigger()
        self.world.pass_time(minutes=10)
        self.world.complete(made)
        self.world.pass_time(minutes=10)
        earlier = (self.world.now - timedelta(minutes=15)).isoformat()
        self.world.note("withdrawal.cancelled", withdrawal_id=made.withdrawal_id, attempt=1, occurred_at=earlier)

    def label_unknown_withdrawal(self) -> None:
        """Police label a withdrawal that nobody ever asked us about."""
        self.world.note("scam.reported", withdrawal_id="nobody-knows", attempt=1, source="police")

    def mixed_currencies(self) -> None:
        """The installation changes its reporting currency while a customer's window is open."""
        made = self.trigger("traveller")
        now, folder = self.world.now, self.world.folder
        self.world.close()
        self.world = World(folder, (CAMPAIGN,), installation=Installation(reporting_currency="EUR"))
        self.world.now = now + timedelta(hours=2)
        body: dict[str, Any] = {
            "customer__id": "traveller",
            "fiat_currency": "EUR",
            "destination__address": ADDRESS.format(9_999),
        }
        other = self.world.decide(withdrawal_id="in-euro", **body)
        self.world.note("withdrawal.completed", withdrawal_id=other.withdrawal_id, attempt=1, event_id="euro")
        assert made.explanation.arm is not None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd")
    story = Story(path)
    story.outcome_before_decision()
    story.two_arms()
    story.clock_backwards()
    story.label_unknown_withdrawal()
    story.mixed_currencies()
    story.world.pass_time(days=75)
    story.world.note("deposit.received", customer_id="c1", network="tron", event_id="the-last-day",
                     from_address="TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", fiat_amount="1")  # fmt: skip
    story.world.close()
    return path


@contextmanager
def opened(folder: Path) -> Iterator[SqliteJournalReader]:
    with closing(SqliteJournalReader(folder / "journal.db")) as reader:
        yield reader


@cache
def analysed(folder: Path, *, is_exported: bool) -> CampaignAnalysis:
    lake = Lake(folder / ("lake" if is_exported else "no-lake"))
    with opened(folder) as reader:
        if is_exported:
            assert list(lake.export(reader, CATALOGUE)) or lake.manifests()
        with open_history(lake, reader, CATALOGUE) as history:
            ((newest,),) = history.sql("SELECT max(recorded_at) FROM events").fetchall()
            return analyse(history, DECLARED, newest.replace(tzinfo=UTC))


@pytest.mark.parametrize("is_exported", [False, True], ids=["journal", "lake"])
@pytest.mark.parametrize(
    ("check", "count", "named"),
    [
        ("outcome_before_decision", 1, "e-"),
        ("two_arms", 1, CAMPAIGN.experiment),
        ("label_unknown_withdrawal", 1, "e-"),
        ("clock_backwards", 1, "e-"),
        ("mixed_currencies", 1, CAMPAIGN.experiment),
        ("journal_backwards", 0, ""),
    ],
)
def test_each_oddity_is_counted_and_named(folder: Path, is_exported: bool, check: str, count: int, named: str) -> None:
    """Each case of the journal stands on the data-health page with its name, from the journal and from the lake."""
    found = {one.check: one for one in analysed(folder, is_exported=is_exported).health}
    assert found[check].count == count, found[check]
    assert all(one.startswith(named) for one in found[check].examples)
    assert len(found[check].examples) == count


def test_odd_reports_drop_nobody(folder: Path) -> None:
    """Every customer who was assigned an arm has a row; who met two arms stays in the first."""
    found = analysed(folder, is_exported=False)
    with opened(folder) as reader, open_history(Lake(folder / "no-lake"), reader, CATALOGUE) as history:
        ((people,),) = history.sql(
            "SELECT count(DISTINCT customer_ref) FROM decisions WHERE is_trigger AND arm IS NOT NULL AND NOT is_test"
        ).fetchall()
    assert found.population.customers == found.population.entered == people


def test_what_cannot_be_analysed_says_why_and_the_rest_is_analysed(folder: Path) -> None:
    """Amounts are refused because of the currencies; who sent and who did not is compared all the same."""
    found = analysed(folder, is_exported=False)
    assert isinstance(found.loss.amount.difference, CannotTell)
    assert found.loss.amount.difference.code in {"mixed_currencies", "not_reported"}
    completed = found.comparison("completed").difference
    assert isinstance(completed, CannotTell)
    assert completed.code == "mixed_currencies"
    assert "another currency" in completed.reason
    assert isinstance(found.headline.difference, Estimate)


def test_a_journal_that_was_changed_is_not_analysed(folder: Path, tmp_path: Path) -> None:
    """Somebody with the file sets one record's time back: nothing may be concluded, and the page says what happened."""
    for name in folder.glob("journal.db*"):
        shutil.copy(name, tmp_path / name.name)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE record SET recorded_at = (SELECT recorded_at FROM record WHERE seq = 1) WHERE seq = 40"
        )
    found = analysed(tmp_path, is_exported=False)
    assert {one.check: one.count for one in found.health}["journal_backwards"] == 1
    assert isinstance(found.headline.difference, CannotTell)
    assert found.headline.difference.code == "history_changed"
    assert found.verdict.standing == "cannot_tell"


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_customers_held_out_of_everything_are_in_no_arm_and_named(tmp_path: Path, locale: str) -> None:
    """Whoever is shown nothing of any campaign is in no arm, the holdout included, and the report says how many."""
    installation = Installation(global_holdout=Decimal("0.5"))
    world = World(tmp_path, (CAMPAIGN,), installation=installation)
    made = [
        world.decide(withdrawal_id=f"w{number}", customer__id=f"c{number}", destination__address=ADDRESS.format(number))
        for number in range(60)
    ]
    again = next(one for one in made if "global_holdout" in one.explanation.reasons)
    number = again.withdrawal_id.removeprefix("w")
    world.pass_time(hours=1)
    retried = world.decide(
        withdrawal_id="again", customer__id=f"c{number}", destination__address=ADDRESS.format(int(number))
    )
    assert retried.explanation.arm is not None  # a retry is always warned; its customer stays outside all the same
    held = sum("global_holdout" in one.explanation.reasons for one in made)
    until = world.now + timedelta(days=8)
    world.close()
    with opened(tmp_path) as reader, open_history(Lake(tmp_path / "no-lake"), reader, CATALOGUE) as history:
        found = analyse(history, DECLARED, until)
    assert 20 <= held <= 40
    assert found.population.held_out_of_all == held
    assert found.population.not_eligible == 0
    assert found.population.customers == found.population.entered == 60 - held
    assert {one.check: one.count for one in found.health}["held_out_of_all"] == held
    said = {"en": f"held out of every campaign: {held} customers", "zh-Hant": f"共同對照：{held} 名客戶"}
    assert said[locale] in render(found, locale, Setting(operator="x"))
