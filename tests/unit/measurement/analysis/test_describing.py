"""What describes without comparing: the pilot's number, the funnel, groups with a minimum cell, weeks, interruption."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from tests.support.campaign_world import CampaignWorld
from tests.support.outcomes_by_hand import history_of
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.describing import MINIMUM_CELL
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.estimators.answers import CannotTell, Estimate

WORLD = CampaignWorld(stops=(0.05, 0.5))


@cache
def analysed(world: CampaignWorld = WORLD) -> CampaignAnalysis:
    with history_of(world.tables()) as history:
        return analyse(history, world.declared(), world.until)


def _claims() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in WORLD.tables()["alert_events"]:
        found.setdefault(row["alert_id"], set()).add(row["type"])
    return found


def test_the_funnel_is_what_browsers_claimed() -> None:
    """Delivered, seen and reviewed customers are those of whose alert a browser said so; later steps are no larger."""
    steps = {one.step: one for one in analysed().funnel.steps if one.arm == "all"}
    for step in ("delivered", "seen", "reviewed"):
        assert steps[step].customers == sum(step in claims for claims in _claims().values())
    assert steps["is_shown"].customers == steps["is_shown"].of == analysed().headline.treatment.n
    assert steps["seen"].customers >= steps["reviewed"].customers
    assert {one.arm for one in analysed().funnel.steps} == {"a", "b", "all"}


def test_the_pilots_own_number_stands_beside_what_nobody_warned_did() -> None:
    """It is a share of exposed customers with an interval and no lift; unwarned customers do much of it as well."""
    pilot = analysed().pilot
    assert pilot.exposed == len(_claims())
    assert pilot.share == pilot.either / pilot.exposed
    assert pilot.low is not None
    assert pilot.high is not None
    assert pilot.low < pilot.share < pilot.high
    assert pilot.without_alert == analysed().headline.control.mean
    assert {one.code for one in pilot.why} >= {"pilot_no_control", "pilot_blend", "pilot_exposed", "pilot_anyway"}
    assert pilot.either <= pilot.reviewed + pilot.reconsidered


def test_small_groups_are_named_without_counts() -> None:
    """Below the minimum cell neither the size nor a level is told; larger ones add up to everybody."""
    tables = WORLD.tables()
    few = [row for row in tables["decisions"] if row["is_trigger"]][: MINIMUM_CELL - 1]
    for row in few:
        row["language"] = "fr"
    with history_of(tables) as history:
        found = analyse(history, WORLD.declared(), WORLD.until, dimensions=("language",))
    groups = {one.value: one for one in found.groups}
    assert groups["fr"].customers is None
    assert {one.level for one in groups["fr"].levels} == {None}
    assert groups["en"].customers is not None
    assert groups["zh"].customers is not None
    assert groups["en"].customers + groups["zh"].customers == WORLD.customers - len(few)
    assert not any(one.measure in ("seen", "reviewed") and one.arm == "holdout" for one in groups["en"].levels)


def test_weeks_begin_on_monday_and_hold_everybody_once() -> None:
    """Customers of the weeks add up to all who entered; each week has its difference at one look."""
    weeks = [one for one in analysed().habituation if one.kind == "week"]
    assert all(one.since is not None and one.since.weekday() == 0 for one in weeks)
    assert weeks[0].since == date(2026, 11, 9)
    counted = [cell.level.n for one in weeks for cell in one.levels if cell.measure == "not_sent" and cell.level]
    assert sum(counted) == analysed().population.entered
    assert all(isinstance(one.difference, Estimate) and not one.difference.is_anytime for one in weeks)


def test_later_triggers_of_one_customer_are_counted_by_how_many_came_before() -> None:
    """A second trigger of some customers is told apart; with too few of them nothing is compared."""
    tables = WORLD.tables()
    triggers = [row for row in tables["decisions"] if row["is_trigger"]]
    again = []
    for place, row in enumerate(triggers[:30]):
        name = f"again{place}"
        again.append(row | {"seq": len(tables["decisions"]) * 3 + place, "recorded_at": triggers[-1]["recorded_at"],
                            "decision_id": name, "withdrawal_id": name, "destination_key": name,
                            "alert_id": row["alert_id"] and f"al-{name}"})  # fmt: skip
    last = max(row["seq"] for rows in tables.values() for row in rows)
    for rows in tables.values():
        rows[:] = [row for row in rows if row["recorded_at"] <= triggers[-1]["recorded_at"]]
    tables["decisions"] += [row | {"seq": last + place} for place, row in enumerate(again, 1)]
    with history_of(tables) as history:
        found = analyse(history, WORLD.declared(), WORLD.until)
    second = next(one for one in found.habituation if one.kind == "alerts_before" and one.alerts == 1)
    counted = {cell.arm: cell.level.n for cell in second.levels if cell.measure == "not_sent" and cell.level}
    for arm, count in counted.items():
        assert count == sum(row["arm"] == arm for row in triggers[:30])
    assert isinstance(second.difference, (Estimate, CannotTell))


def test_interruption_is_a_ratio_of_withdrawals_clustered_by_customer() -> None:
    """Interrupted over all withdrawals is exact; its interval is that of customers, wider than of withdrawals alone."""
    everybody = next(one for one in analysed().interruption if one.dimension == "all")
    decisions = WORLD.tables()["decisions"]
    first = min(row["recorded_at"] for row in decisions if row["is_trigger"])
    since = [row for row in decisions if row["recorded_at"] >= first]
    shown = sum(row["alert_id"] is not None for row in since)
    assert everybody.withdrawals == len(since)
    assert everybody.interrupted is not None
    assert everybody.interrupted.total == shown
    assert everybody.interrupted.mean == pytest.approx(shown / len(since))
    assert everybody.interrupted.low is not None
    assert everybody.interrupted.low < shown / len(since)


def test_false_alarms_are_read_where_nobody_was_warned() -> None:
    """The share is of holdout customers whom no independent source calls a scam; prevented scams cannot inflate it."""
    everybody = next(one for one in analysed().interruption if one.dimension == "all")
    prevented = next(one for one in analysed(replace(WORLD, stops=(0.05, 0.95))).interruption if one.dimension == "all")
    assert everybody.false_alarms is not None
    assert everybody.false_alarms.arm == "holdout"
    assert everybody.false_alarms.n == analysed().headline.control.n
    assert prevented.false_alarms is not None
    assert everybody.false_alarms.low is not None
    assert everybody.false_alarms.high is not None
    assert everybody.false_alarms.low < (prevented.false_alarms.mean or 0) < everybody.false_alarms.high


def test_without_a_holdout_the_pilots_number_has_nothing_beside_it() -> None:
    """The treated are still described, and nothing is said of customers who do not exist."""
    found = analysed(replace(WORLD, holdout=Decimal(0)))
    assert found.pilot.share is not None
    assert found.pilot.without_alert is None
    assert found.funnel.steps
