"""Rows of outcomes: rules by named cases, and the SQL against plain Python over any small history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.outcomes_by_hand import history_of, outcomes_by_hand, tables_of
from tests.support.world import START, World, policy, request
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.outcomes.health import check_health
from thinktwice.outcomes.rows import Outcomes, assigned, find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.records.catalogue import CATALOGUE

X, Y, Z = (f"0x{digit * 40}" for digit in "123")
LATER = START + timedelta(days=100)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "data", (policy(frequency_cap=None, holdout=Decimal("0.5")),))
    yield world
    world.close()


@contextmanager
def outcomes_of(world: World, until: datetime = LATER) -> Iterator[Outcomes]:
    reader = SqliteJournalReader(world.folder / "journal.db")
    try:
        with open_history(Lake(world.folder / "lake"), reader, CATALOGUE) as history:
            yield find_outcomes(history, OutcomeRules(), until)
    finally:
        reader.close()


def only_row(world: World, until: datetime = LATER) -> dict[str, Any]:
    with outcomes_of(world, until) as outcomes:
        (row,) = outcomes.rows()
        return row


def decide(world: World, to: str = X, fiat: str = "1000", **more: Any) -> Any:
    return world.decide(destination__address=to, fiat_amount=fiat, amount=fiat, **more)


def nothing_left(world: World) -> dict[str, Any]:
    decide(world)
    return {"not_sent": True, "not_sent_late": True, "sent": 0, "displaced": False, "redirected": False}


def left_on_day_six(world: World) -> dict[str, Any]:
    made = decide(world)
    world.pass_time(days=6, seconds=30)
    world.complete(made)
    return {
        "not_sent": False,
        "not_sent_late": False,
        "sent": 1000,
        "seconds_to_leave": 6 * 86_400 + 30,
        "reduced": False,
    }


def left_on_day_eight(world: World) -> dict[str, Any]:
    made = decide(world)
    world.pass_time(days=8)
    world.complete(made)
    return {"not_sent": True, "not_sent_late": False, "completed": 0, "completed_late": 1000, "seconds_to_leave": None}


def less_left(world: World) -> dict[str, Any]:
    decide(world)
    world.pass_time(days=1)
    world.complete(decide(world, fiat="400"))
    return {"not_sent": False, "reduced": True, "sent": 400}


def left_elsewhere_in_two_parts(world: World) -> dict[str, Any]:
    decide(world)
    world.complete(decide(world, to=Y, fiat="300"))
    world.complete(decide(world, to=Z, fiat="500"))
    return {"not_sent": True, "displaced": True, "redirected": False, "sent_to_new": 800}


def left_elsewhere_but_less(world: World) -> dict[str, Any]:
    decide(world)
    world.complete(decide(world, to=Y, fiat="799"))
    return {"not_sent": True, "displaced": False}


def left_to_where_they_paid_before(world: World) -> dict[str, Any]:
    world.complete(decide(world, to=Y, fiat="100"))  # below the audience's 200: no trigger
    world.pass_time(days=1)
    decide(world)
    world.complete(decide(world, to=Y, fiat="900"))
    return {"not_sent": True, "redirected": True, "displaced": False, "completed_before": 100, "payments_before": 1}


def taken_back_inside_the_window(world: World) -> dict[str, Any]:
    made = decide(world)
    world.complete(made)
    world.pass_time(days=1)
    world.note("withdrawal.cancelled", withdrawal_id=made.withdrawal_id, attempt=1)
    return {"not_sent": True, "completed": 0}


def taken_back_after_the_window(world: World) -> dict[str, Any]:
    made = decide(world)
    world.complete(made)
    world.pass_time(days=9)
    world.note("withdrawal.cancelled", withdrawal_id=made.withdrawal_id, attempt=1)
    return {"not_sent": False, "completed": 1000, "not_sent_late": True, "completed_late": 0}


def left_while_we_were_away(world: World) -> dict[str, Any]:
    decide(world)
    body = request("f-1", destination__address=X, amount="1000", fiat_amount="1000", initiated_at=world.now.isoformat())
    world.note("decision.fallback", withdrawal=body, answer="alert")
    world.note("withdrawal.completed", withdrawal_id="f-1", attempt=1)
    return {"not_sent": False, "sent": 1000}


def told_before_decided(world: World) -> dict[str, Any]:
    world.note("withdrawal.completed", withdrawal_id="w-own", attempt=1)
    decide(world, withdrawal_id="w-own")
    return {"not_sent": False, "sent": 1000}


def a_click_is_no_outcome(world: World) -> dict[str, Any]:
    made = decide(world)
    if made.alert:
        world.claim(made, "cancelled")
    world.complete(made)
    return {"not_sent": False}


def corrected_and_merged_labels(world: World) -> dict[str, Any]:
    made = decide(world)
    world.complete(made)
    for label, source in (("scam", "police"), ("genuine", "police"), ("scam", "complaint"), ("scam", "listing"),
                          ("scam", "alert"), ("scam", "tiktok")):  # fmt: skip
        world.note("outcome.labelled", withdrawal_id=made.withdrawal_id, attempt=1, label=label, source=source)
    return {"loss": 1000, "is_loss": True, "loss_by_alert": 1000, "loss_undeclared": 1000, "is_genuine": False}


def the_last_word_of_a_source(world: World) -> dict[str, Any]:
    made = decide(world)
    world.complete(made)
    world.note("scam.reported", withdrawal_id=made.withdrawal_id, attempt=1, source="police")
    world.pass_time(days=40)
    world.note("outcome.labelled", withdrawal_id=made.withdrawal_id, attempt=1, label="genuine", source="police")
    return {"loss": 0, "is_loss": False, "is_genuine": True}


def reported_but_never_sent(world: World) -> dict[str, Any]:
    made = decide(world)
    world.note("scam.reported", withdrawal_id=made.withdrawal_id, attempt=1, source="police")
    return {"not_sent": True, "loss": 0, "is_loss": False}


CASES: tuple[Callable[[World], dict[str, Any]], ...] = (
    nothing_left, left_on_day_six, left_on_day_eight, less_left, left_elsewhere_in_two_parts, left_elsewhere_but_less,
    left_to_where_they_paid_before, taken_back_inside_the_window, taken_back_after_the_window, left_while_we_were_away,
    told_before_decided, a_click_is_no_outcome, corrected_and_merged_labels, the_last_word_of_a_source,
    reported_but_never_sent,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_what_the_rules_say(world: World, case: Callable[[World], dict[str, Any]]) -> None:
    """Each named story, lived through the real service, has the outcome that the rules give it."""
    expected = case(world)
    row = only_row(world)
    assert {name: row[name] for name in expected} == expected


def test_the_population_is_whose_first_trigger_is_eligible(world: World) -> None:
    """Test traffic, customers without a trigger and those whose first trigger is outside the holdout have no row."""
    decide(world, customer__id="counted")
    decide(world, customer__id="tester", is_test=True)
    decide(world, customer__id="small", fiat="10")
    victim = decide(world, customer__id="victim", fiat="10", withdrawal_id="w-v")
    world.note("scam.reported", withdrawal_id=victim.withdrawal_id, attempt=1, source="police")
    decide(world, customer__id="victim", to=Y)
    with outcomes_of(world) as outcomes:
        counted = {row["customer_ref"] for row in outcomes.rows()}
        findings = {finding.check: finding.count for finding in check_health(outcomes)}
    assert counted == {world.intake.reference("counted", is_test=False)}
    assert findings["not_eligible"] == 1
    assert findings["test_traffic"] == 1


def test_a_shadow_campaign_leaves_no_row(tmp_path: Path) -> None:
    """What a campaign in shadow would have done is counted as such and is nobody's outcome."""
    world = World(tmp_path / "data", (policy(is_shadow=True),))
    decide(world)
    with outcomes_of(world) as outcomes:
        assert outcomes.rows() == []
        assert {finding.check: finding.count for finding in check_health(outcomes)}["shadow"] == 1
    world.close()


def test_rows_enter_when_their_window_closes_and_stay(world: World) -> None:
    """A row appears with its seventh day, in that order, and later events do not change what the window decided."""
    made = []
    for n in range(3):
        made.append(decide(world, customer__id=f"c-{n}"))
        world.pass_time(hours=5)
    closes = made[0].decided_at + timedelta(days=7)
    with outcomes_of(world, closes - timedelta(microseconds=1)) as outcomes:
        assert outcomes.rows() == []
        assert sum(one.customers for one in assigned(outcomes)) == 3
    world.pass_time(days=10)
    for decision in made:
        world.complete(decision)
    fixed = ("customer_ref", "arm", "closes_at", "not_sent", "sent", "completed", "payments", "reduced", "displaced")
    with outcomes_of(world, closes + timedelta(hours=6)) as early, outcomes_of(world) as late:
        some, all_ = early.rows(), late.rows()
        assert [row["customer_ref"] for row in all_] == [decision.customer_ref for decision in made]
        assert [{name: row[name] for name in fixed} for row in some] == [
            {name: row[name] for name in fixed} for row in all_[:2]
        ]
        assert [row["not_sent_late"] for row in some] == [None, None]


KEYS = st.sampled_from(["x", "y", "z"])
WHO = st.sampled_from(["ann", "bob"])
HOURS = st.integers(0, 24 * 12)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Any order of decisions, completions, reversals, labels and claims of two customers, times never going back."""
    tables: dict[str, list[dict[str, Any]]] = {"decisions": [], "events": [], "alert_events": []}
    made: list[dict[str, Any]] = []
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for seq in range(1, draw(st.integers(2, 16)) + 1):
        now += timedelta(hours=draw(HOURS), microseconds=draw(st.integers(0, 999_999)))
        row: dict[str, Any] = {"seq": seq, "recorded_at": now, "is_test": draw(st.integers(0, 9)) == 0}
        kind = draw(st.sampled_from(["decision", "decision", "move", "move", "label", "claim"])) if made else "decision"
        if kind == "decision":
            row |= {
                "decision_id": f"d{seq}", "withdrawal_id": f"w{seq}", "attempt": 1, "customer_ref": draw(WHO),
                "destination_key": draw(KEYS), "decided_at": now, "fiat_amount": str(draw(st.integers(1, 20)) * 50),
                "fiat_currency": "USD" if draw(st.integers(0, 9)) else "EUR",
                "experiment": draw(st.sampled_from(["e", "e", "f", None])),
                "is_trigger": draw(st.booleans()), "arm": draw(st.sampled_from(["a", "holdout", None])), "reasons": [],
                "alert_id": draw(st.sampled_from([f"al{seq}", None])), "action": "alert", "is_notice": False,
            }  # fmt: skip
            tables["decisions"].append(row)
            made.append(row)
            continue
        about = draw(st.sampled_from(made))
        row |= {"event_id": f"e{seq}", "occurred_at": now, "withdrawal_id": about["withdrawal_id"], "attempt": 1}
        if kind == "claim":
            row["type"] = draw(st.sampled_from(["delivered", "seen", "reviewed", "reported"]))
            tables["alert_events"].append(row | {"alert_id": about["alert_id"]})
            continue
        if kind == "move":
            row["type"] = draw(
                st.sampled_from(["withdrawal.completed", "withdrawal.completed", "withdrawal.cancelled"])
            )
        else:
            row["type"] = "outcome.labelled"
            row["source"] = draw(st.sampled_from(["police", "complaint", "alert", "forum"]))
            row["label"] = draw(st.sampled_from(["scam", "genuine", "complaint", "contact"]))
        tables["events"].append(row)
    return tables


def compare(tables: dict[str, list[dict[str, Any]]], days: int) -> None:
    until = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=days)
    with history_of(tables) as history:
        rows = find_outcomes(history, OutcomeRules(), until).rows()
        expected = outcomes_by_hand(tables_of(history), OutcomeRules(), until)
    assert [{name: row[name] for name in found} for row, found in zip(rows, expected, strict=True)] == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.integers(1, 90))
def test_the_sql_says_what_plain_python_says(tables: dict[str, list[dict[str, Any]]], days: int) -> None:
    """For any history and any moment, every figure of every row equals the one found by loops over the raw rows."""
    compare(tables, days)


@pytest.mark.prove
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.integers(1, 90))
def test_the_sql_says_what_plain_python_says_at_length(tables: dict[str, list[dict[str, Any]]], days: int) -> None:
    """The same over many more histories."""
    compare(tables, days)
