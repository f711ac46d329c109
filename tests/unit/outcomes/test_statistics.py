"""Sufficient statistics: equal to plain Python over the rows, exact, additive, and nothing for the holdout to lift."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce
from random import Random
from typing import Any

import pytest

from tests.support.outcomes_by_hand import history_of
from thinktwice.errors import InputError, StateError
from thinktwice.outcomes.measures import MEASURES
from thinktwice.outcomes.rows import Outcomes, find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.statistics import ArmStatistics, loss_by_source, statistics

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = BEGIN + timedelta(days=100)
RULES = OutcomeRules(winsorised_at=Decimal(900))


def tables(customers: int = 60, fiat: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """One trigger a customer over three weeks; some complete, some are labelled, some saw the alert."""
    random, seq = Random(7), 0
    found: dict[str, list[dict[str, Any]]] = {"decisions": [], "events": [], "alert_events": []}
    for n in range(customers):
        seq, at = seq + 1, BEGIN + timedelta(hours=8 * n)
        arm = random.choice(["holdout", "a", "b"])
        common = {"is_test": False, "withdrawal_id": f"w{n}", "attempt": 1}
        found["decisions"].append(
            common | {"seq": seq, "recorded_at": at, "decided_at": at, "customer_ref": f"c{n}", "destination_key": "x",
            "fiat_amount": fiat or str(random.randint(200, 2000)), "fiat_currency": "USD", "experiment": "e",
            "arm": arm, "is_trigger": True, "alert_id": None if arm == "holdout" else f"a{n}",
            "decision_id": f"d{n}", "reasons": [],
            "jurisdiction": random.choice(["HK", "SG"])}
        )  # fmt: skip
        later = common | {"occurred_at": at, "recorded_at": at + timedelta(hours=1)}
        if arm != "holdout" and random.random() < 0.8:
            seq += 1
            found["alert_events"].append(later | {"seq": seq, "event_id": f"s{n}", "alert_id": f"a{n}", "type": "seen"})
        if random.random() < 0.7:
            seq += 1
            found["events"].append(later | {"seq": seq, "event_id": f"e{n}", "type": "withdrawal.completed"})
            if random.random() < 0.5:
                seq, label = seq + 1, {"type": "outcome.labelled", "label": "scam", "source": "police"}
                found["events"].append(later | {"seq": seq, "event_id": f"l{n}"} | label)
    return found


def outcomes_of(rows: dict[str, list[dict[str, Any]]], until: datetime = UNTIL) -> Outcomes:
    return find_outcomes(history_of(rows), RULES, until)


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    return outcomes_of(tables())


def test_sums_and_products_are_those_of_the_rows(outcomes: Outcomes) -> None:
    """n, sums, squares and cross-products per arm equal loops over the rows, cut at the declared limit."""
    found = statistics(outcomes, ["not_sent", "completed", "loss"])
    assert [one.arm for one in found] == ["a", "b", "holdout"]
    for one in found:
        mine = [row for row in outcomes.rows() if row["arm"] == one.arm]
        numbers = [
            (Decimal(row["not_sent"]), min(row["completed"], Decimal(900)), min(row["loss"], Decimal(900)))
            for row in mine
        ]
        assert one.n == len(mine)
        assert one.left_out == 0
        assert one.sums == tuple(sum(column) for column in zip(*numbers, strict=True))
        for i in range(3):
            for j in range(3):
                assert one.products[i][j] == sum(row[i] * row[j] for row in numbers)


def test_groups_add_up_to_the_whole(outcomes: Outcomes) -> None:
    """Statistics by day, or by any group, add up exactly to those without."""
    whole = {one.arm: one for one in statistics(outcomes, ["not_sent", "completed"])}
    for by in ("entered_on", "jurisdiction"):
        for arm, one in whole.items():
            parts = [part for part in statistics(outcomes, ["not_sent", "completed"], [by]) if part.arm == arm]
            assert len({part.group for part in parts}) == len(parts) > 1
            assert reduce(ArmStatistics.__add__, parts) == one


def test_what_describes_the_treated_has_no_holdout(outcomes: Outcomes) -> None:
    """No measure of the funnel ever has a record for the holdout, so none can become a lift."""
    treated = [name for name, measure in MEASURES.items() if measure.is_treated_only]
    assert treated == ["exposed", "delivered", "seen", "reviewed", "reconsidered", "reviewed_or_reconsidered"]
    for name in treated:
        assert {one.arm for one in statistics(outcomes, [name])} == {"a", "b"}
    seen, reconsidered = statistics(outcomes, ["seen", "reconsidered"])[0].sums
    assert 0 < reconsidered < seen


def test_a_row_waits_for_its_measure() -> None:
    """Loss counts once labels were waited for, the later look once it has closed, the primary outcome before both."""
    early = outcomes_of(tables(), BEGIN + timedelta(days=45))
    counts = {name: sum(one.n for one in statistics(early, [name])) for name in ("not_sent", "not_sent_late", "loss")}
    assert counts["not_sent"] == 60
    assert 0 < counts["not_sent_late"] < 60
    assert counts["loss"] == 0
    assert {one.n for one in statistics(early, ["not_sent", "not_sent_late"])} == {
        one.n for one in statistics(early, ["not_sent_late"])
    }


def test_what_cannot_be_told_is_left_out_and_counted(outcomes: Outcomes) -> None:
    """The time until leaving exists for what left only; the others are counted as left out."""
    for one in statistics(outcomes, ["seconds_to_leave"]):
        mine = [row for row in outcomes.rows() if row["arm"] == one.arm]
        assert one.n == sum(not row["not_sent"] for row in mine)
        assert one.left_out == len(mine) - one.n
        assert one.sums == (Decimal(3600 * one.n),)


def test_loss_is_told_by_source(outcomes: Outcomes) -> None:
    """Each source's customers and amounts are those of the rows; one source here, so it is the whole loss."""
    for one in loss_by_source(outcomes):
        mine = [row for row in outcomes.rows() if row["arm"] == one.arm and row["is_loss"]]
        assert (one.source, one.kind) == ("police", "independent")
        assert one.customers == len(mine)
        assert one.amount == sum(row["loss"] for row in mine)


def test_every_measure_can_be_asked_for_and_no_other(outcomes: Outcomes) -> None:
    """All measures run; an unknown measure or group is refused with the names there are."""
    for name in MEASURES:
        assert statistics(outcomes, [name])
    with pytest.raises(InputError, match="no such measure"):
        statistics(outcomes, ["reviewed; DROP TABLE"])
    with pytest.raises(InputError, match="no such group"):
        statistics(outcomes, ["not_sent"], ["customer_ref"])


def test_amounts_too_large_to_add_exactly_are_refused() -> None:
    """An overflow is an error that says so, never a wrong sum."""
    rules = OutcomeRules(winsorised_at=Decimal(10) ** 16)
    huge = find_outcomes(history_of(tables(8, "9999999999999999")), rules, UNTIL)
    with pytest.raises(StateError, match="exactly"):
        statistics(huge, ["completed"])


@pytest.mark.parametrize(
    "wrong",
    [{"days": 0}, {"days": 31}, {"label_days": -1}, {"displaced_from": Decimal(0)}, {"alert_sources": {"police"}}],
)
def test_rules_that_no_history_can_satisfy_are_refused(wrong: dict[str, Any]) -> None:
    """Windows, thresholds and sources that contradict each other never reach the data."""
    with pytest.raises(ValueError, match=r"."):
        OutcomeRules(**wrong)
