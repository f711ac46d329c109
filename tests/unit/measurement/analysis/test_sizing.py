"""The plan: sizes that keep their promise in simulation, and numbers that say where they came from."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.campaign_world import PLAN, CampaignWorld
from tests.support.outcomes_by_hand import history_of
from tests.support.planted_truth import monte_carlo_error, peeked_p_values
from thinktwice.errors import InputError
from thinktwice.measurement.analysis.plan import rules_of
from thinktwice.measurement.analysis.sizing import Past, Wanted, past_of, size
from thinktwice.measurement.estimators.betting import Design, log_wealth
from thinktwice.outcomes.rows import find_outcomes

WORLD = CampaignWorld(holdout=Decimal("0.2"), weights={"a": 1})
DECLARED = WORLD.declared()
WANTED = Wanted(baseline=0.05, effect=0.03, per_day=200)


@pytest.mark.parametrize("runs", [400, pytest.param(4000, marks=pytest.mark.prove)])
def test_the_planned_customers_find_the_effect_with_the_planned_power(runs: int) -> None:
    """Simulated at the stated size, one look finds the effect in 80 % of runs, and daily looks by then in as many."""
    once, daily = size(DECLARED, WANTED).sizes
    for one in (once, daily):
        counts = _looks(one.customers, runs)
        found = np.asarray(peeked_p_values(counts[:, -1]) < 0.05)
        if one.looks != "once":
            design = Design(0.8, 0.05, tuned_to=one.customers)
            found = np.asarray((log_wealth(counts, 0.0, design, "greater") >= math.log(2 / 0.05)).any(axis=1))
        share = float(found.mean())
        print(f"{one.looks}: power {share:.1%} at {one.customers:,}, error {monte_carlo_error(share, runs):.1%}")
        assert 0.78 - 3 * monte_carlo_error(0.8, runs) <= share <= 0.9


def _looks(customers: int, runs: int, looks: int = 28) -> NDArray[np.float64]:
    """Return cumulative counts (treatment yes, no; control yes, no) at 28 daily looks, the last at the planned size."""
    random, daily = np.random.default_rng(5), np.full((runs, looks), customers // looks)
    daily[:, -1] += customers - daily[0].sum()
    treated = random.binomial(daily, 0.8)
    wins, held = random.binomial(treated, 0.08), random.binomial(daily - treated, 0.05)
    cells = np.stack([wins, treated - wins, held, daily - treated - held], axis=-1)
    return np.asarray(cells.cumsum(axis=1), dtype=np.float64)


def test_looking_every_day_costs_customers_and_says_how_many() -> None:
    """Daily looks need about twice the customers; days are customers by pace, and the last window."""
    once, daily = size(DECLARED, WANTED).sizes
    assert 1.5 < daily.customers / once.customers < 2.5
    assert once.days == math.ceil(once.customers / 200) + 7
    assert sum(once.by_arm.values()) == pytest.approx(once.customers, abs=2)


def test_the_smallest_effect_is_found_with_the_customers_of_the_planned_days() -> None:
    """What 28 days find is, turned round, what needs the customers of 28 days."""
    once, _ = size(DECLARED, WANTED).sizes
    assert once.smallest_effect is not None
    again = size(DECLARED, replace(WANTED, effect=once.smallest_effect)).sizes[0]
    assert again.customers == pytest.approx(200 * 28, abs=2)


def test_numbers_come_from_what_was_given_then_history_then_the_plan() -> None:
    """Each says where it came from; without one, the plan asks instead of guessing."""
    past = Past(customers=1000, days=10.0, held=200, not_sent=14)
    asked = Wanted(effect=0.02)
    assert size(DECLARED, WANTED, past).baseline.origin == "given"
    told = size(DECLARED, asked, past)
    assert told.per_day is not None
    assert (told.baseline.origin, told.baseline.value, told.per_day.value) == ("history", 0.07, 100)
    small = size(DECLARED, asked, replace(past, held=50), expected_daily=400)
    assert (small.baseline.origin, small.baseline.value) == ("plan", 0.05)
    assert size(DECLARED, Wanted(), past).effect.origin == "plan"
    released = size(DECLARED, asked, None, expected_daily=400).per_day
    assert released is not None
    assert (released.origin, released.value) == ("release", 400)
    assert size(DECLARED, asked).per_day is None
    assert size(DECLARED, asked).sizes[0].days is None


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(baseline=0.05), "effect"),
        (Wanted(effect=0.02), "baseline"),
        (Wanted(baseline=0.05, effect=0.0), "effect"),
        (Wanted(baseline=0.05, effect=-0.06), "effect"),
        (Wanted(baseline=1.2, effect=0.1), "effect"),
        (Wanted(baseline=0.05, effect=0.02, per_day=0), "per_day"),
        (Wanted(baseline=0.05, effect=0.02, power=0.01), "effect"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_field(wanted: Wanted, field: str) -> None:
    """A missing or impossible number is a fault, never a size."""
    with pytest.raises(InputError) as refused:
        size(replace(DECLARED, plan=None), wanted)
    assert refused.value.faults[0].field == field


def test_without_a_holdout_there_is_no_plan() -> None:
    """No number of customers shows an effect without anybody to compare with."""
    with pytest.raises(InputError, match="no holdout"):
        size(replace(DECLARED, shares={"holdout": 0.0, "a": 1.0}), WANTED)


def test_the_past_is_read_from_the_history() -> None:
    """Eligible customers, days so far and the holdout's outcomes are those of the rows."""
    world = CampaignWorld(customers=400)
    with history_of(world.tables()) as history:
        past = past_of(find_outcomes(history, rules_of(PLAN, "USD"), world.until), "e")
        nothing = past_of(find_outcomes(history, rules_of(PLAN, "USD"), world.until), "other")
    held = [row for row in world.tables()["decisions"] if row["arm"] == "holdout"]
    assert (past.customers, past.held) == (400, len(held))
    assert past.days == pytest.approx(28 + 61, abs=1)
    assert nothing.baseline is None
    assert nothing.per_day is None


def test_a_plan_of_another_duration_is_sized_for_it() -> None:
    """The smallest effect is for the days that the plan declares."""
    longer = replace(DECLARED, plan=msgspec.structs.replace(PLAN, days=56))
    short, long = size(DECLARED, WANTED).sizes[0], size(longer, WANTED).sizes[0]
    assert short.smallest_effect is not None
    assert long.smallest_effect is not None
    assert long.smallest_effect < short.smallest_effect
