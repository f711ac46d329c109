"""Who was held and whose hold was ended early, over the real service and over rows by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.outcomes_by_hand import history_of
from tests.support.staff import Staff
from tests.support.world import START, World, policy
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.outcomes.held import HeldCount, held
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.records.catalogue import CATALOGUE

EXPERIMENT = policy().experiment
OTHER = "0x" + "4" * 40
WEEK = timedelta(days=7)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "data", (policy(intervention="hold", frequency_cap=None),))
    yield world
    world.close()


def counted(world: World, until: datetime) -> tuple[HeldCount, ...]:
    reader = SqliteJournalReader(world.folder / "journal.db")
    try:
        with open_history(Lake(world.folder / "lake"), reader, CATALOGUE) as history:
            return held(find_outcomes(history, OutcomeRules(), until), EXPERIMENT)
    finally:
        reader.close()


def released(world: World, decision: Any) -> None:
    staff = Staff(world)
    staff.act("Officer one", "release", decision, act_id=f"one-{decision.decision_id}")
    staff.act("Officer two", "release", decision, act_id=f"two-{decision.decision_id}")


def outside(customers: int, released: int) -> tuple[HeldCount, ...]:
    return (HeldCount(arm=None, customers=customers, released=released),)


def test_only_two_people_end_a_hold_early(world: World) -> None:
    """Of three customers held one is let go by two, one by one person alone, one by nobody: one of three, in no arm."""
    decisions = [world.decide(customer__id=f"c-{number}") for number in range(3)]
    world.pass_time(hours=1)
    released(world, decisions[0])
    Staff(world).act("Officer one", "release", decisions[1])
    assert [one.action for one in decisions] == ["hold"] * 3
    assert counted(world, START + WEEK) == outside(3, 1)


def test_a_customer_counts_once_and_when_the_window_has_closed(world: World) -> None:
    """Before seven days nobody counts; two holds of one customer are one; the first decides."""
    world.decide()
    world.pass_time(hours=1)
    released(world, world.decide(destination__address=OTHER))
    assert counted(world, START + WEEK - timedelta(seconds=1)) == ()
    assert counted(world, START + WEEK) == outside(1, 0)


def test_staff_may_act_on_any_attempt_at_the_destination(world: World) -> None:
    """A release counts for the hold it ends, though a later attempt was on the desk."""
    world.decide()
    world.pass_time(hours=1)
    released(world, world.decide())
    assert counted(world, START + WEEK) == outside(1, 1)


def test_what_no_campaign_holds_is_not_counted(world: World) -> None:
    """Test traffic and an alert that does not hold are nobody's."""
    world.decide(is_test=True)
    world.decide(fiat_amount="1")
    assert counted(world, START + WEEK) == ()


def _decision(name: str, seq: int, **more: Any) -> dict[str, Any]:
    at = START + timedelta(minutes=seq)
    return {
        "seq": seq, "recorded_at": at, "decided_at": at, "is_test": False, "decision_id": name, "withdrawal_id": name,
        "attempt": 1, "customer_ref": name, "destination_key": f"to-{name}", "match_key": f"to-{name}",
        "alert_id": f"al-{name}", "action": "alert", "arm": "a", "is_trigger": True, "is_known_bad": False,
        "experiment": EXPERIMENT, "reasons": [], "fiat_amount": "10", "fiat_currency": "USD", **more,
    }  # fmt: skip


def test_a_hold_that_answers_raised_counts_in_its_arm_and_a_listed_one_not_at_all() -> None:
    """Answers raised two alerts of arm a; one hold was ended on the sixth day, one on the eighth: one of two. A hold on
    a listed destination is not the campaign's."""
    raised = [
        {"seq": 10 + place, "recorded_at": START + timedelta(minutes=10), "occurred_at": START, "is_test": False,
         "event_id": f"a{place}", "type": "answered", "alert_id": f"al-{name}", "withdrawal_id": name, "attempt": 1,
         "raised_to": "hold"}
        for place, name in enumerate(("x", "y"))
    ]  # fmt: skip
    ended = [
        {"seq": 20 + place, "recorded_at": START + timedelta(days=days), "is_test": False, "act_id": f"r{place}",
         "decision_id": name, "customer_ref": name, "resolution": "release", "status": "released"}
        for place, (name, days) in enumerate((("x", 6), ("y", 8)))
    ]  # fmt: skip
    decisions = [
        _decision("x", 1),
        _decision("y", 2),
        _decision("z", 3, action="hold", arm=None, is_known_bad=True),
        _decision("n", 4),
    ]
    rules = OutcomeRules(winsorised_at=Decimal(100))
    with history_of({"decisions": decisions, "alert_events": raised, "resolutions": ended}) as history:
        found = held(find_outcomes(history, rules, START + timedelta(days=30)), EXPERIMENT)
    assert found == (HeldCount(arm="a", customers=2, released=1),)
