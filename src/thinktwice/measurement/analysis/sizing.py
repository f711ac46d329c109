"""How many customers and days an experiment needs, with the errors of the analysis that will be made.

Invariants: each number that the plan rests on says where it came from (given, this campaign's history, its release);
without one nothing is guessed; looking every day is priced beside looking once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from thinktwice.errors import InputError, words_of
from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.measurement.estimators.planning import Errors, Looks, customers_for_share, detectable_share
from thinktwice.outcomes.rows import Outcomes

Origin = Literal["given", "history", "release", "plan"]

LEAST_HISTORY: Final = 100
"""Customers of the holdout from whom a baseline is read; fewer say too little."""

LOOKS: Final[Mapping[Looks, str]] = {"once": "looking once, at the end", "every_day_share": "looking every day"}


@dataclass(frozen=True, slots=True)
class Told:
    """A number and where it came from, with its detail for people."""

    value: float
    origin: Origin
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What this experiment's own history says: customers eligible for the holdout, and the holdout's outcomes."""

    customers: int
    days: float
    held: int
    not_sent: int

    @property
    def baseline(self) -> Told | None:
        """Return the share not sent without an alert, from a holdout large enough and not all alike."""
        if self.held < LEAST_HISTORY or not 0 < self.not_sent < self.held:
            return None
        return Told(self.not_sent / self.held, "history", f"{self.held:,} customers of the holdout")

    @property
    def per_day(self) -> Told | None:
        """Return new eligible customers a day; a day of history is the least to go by."""
        if self.days < 1 or not self.customers:
            return None
        return Told(self.customers / self.days, "history", f"{self.customers:,} customers in {self.days:.1f} days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Customers and days until an effect is found with the wanted power; ``days`` is None when nobody knows the pace.

    ``days`` counts from the first trigger until the last window has closed, so it is at least 7. ``smallest_effect``
    is the rise that the customers of the planned days show with the same power; None without a pace.
    """

    looks: Looks
    customers: int
    by_arm: Mapping[str, int]
    days: int | None
    smallest_effect: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """One plan: what it rests on and how large the experiment must be."""

    campaign: str
    shares: Mapping[str, float]
    baseline: Told
    effect: Told
    per_day: Told | None
    power: float
    alpha: float
    planned_days: int
    sizes: tuple[Size, ...]


def past_of(outcomes: Outcomes, experiment: str) -> Past:
    """Return what the history says of an experiment that has run, or is running."""
    (row,) = outcomes.query(
        "SELECT count(*) AS customers, min(triggered_at) AS first, "
        "count(*) FILTER (WHERE arm = 'holdout' AND closes_at <= $until) AS held "
        "FROM outcome_unit WHERE experiment = $experiment",
        experiment=experiment,
    )
    (unsent,) = outcomes.query(
        "SELECT count(*) AS n FROM outcomes WHERE experiment = $experiment AND arm = 'holdout' AND not_sent",
        experiment=experiment,
    )
    first: datetime | None = row["first"]
    days = (outcomes.until.astimezone(UTC).replace(tzinfo=None) - first).total_seconds() / 86_400 if first else 0.0
    return Past(customers=row["customers"], days=days, held=row["held"], not_sent=unsent["n"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for; None is taken from the history, the plan or the release, in this order."""

    baseline: float | None = None
    effect: float | None = None
    per_day: float | None = None
    power: float = 0.8
    alpha: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The numbers of one plan, found."""

    shares: Mapping[str, float]
    baseline: Told
    effect: Told
    per_day: Told | None
    planned_days: int


def size(declared: Declared, wanted: Wanted, past: Past | None = None, expected_daily: int | None = None) -> Sizing:
    """Return the plan of one campaign.

    Raises:
        InputError: a number is missing or is none that an experiment can have; the release has no holdout.
    """
    if not declared.shares.get(HOLDOUT):
        raise InputError.of("the release has no holdout, so no number of customers can show an effect", field="holdout")
    asked = _Asked(
        shares=declared.shares,
        baseline=_baseline(declared, wanted, past),
        effect=_effect(declared, wanted),
        per_day=_pace(wanted, past, expected_daily),
        planned_days=declared.plan.days if declared.plan else 28,
    )
    try:
        errors = {looks: Errors(alpha=wanted.alpha, power=wanted.power, looks=looks) for looks in LOOKS}
        sizes = tuple(_size(looks, errors[looks], asked) for looks in LOOKS)
    except ValueError as error:
        raise InputError.of(words_of(error), field="effect") from None
    return Sizing(
        campaign=declared.campaign,
        shares=asked.shares,
        baseline=asked.baseline,
        effect=asked.effect,
        per_day=asked.per_day,
        power=wanted.power,
        alpha=wanted.alpha,
        planned_days=asked.planned_days,
        sizes=sizes,
    )


def _size(looks: Looks, errors: Errors, sizing: _Asked) -> Size:
    held = sizing.shares[HOLDOUT]
    customers = customers_for_share(sizing.baseline.value, sizing.effect.value, errors, control_share=held)
    if isinstance(customers, CannotTell):
        raise InputError.of(customers.reason, field="effect")
    days = smallest = None
    if sizing.per_day is not None:
        days = math.ceil(customers / sizing.per_day.value) + _WINDOW_DAYS
        until_then = sizing.per_day.value * sizing.planned_days
        found = detectable_share(sizing.baseline.value, until_then, errors, control_share=held)
        smallest = None if isinstance(found, CannotTell) else found
    return Size(
        looks=looks,
        customers=customers,
        by_arm={arm: math.ceil(customers * share) for arm, share in sizing.shares.items()},
        days=days,
        smallest_effect=smallest,
    )


_WINDOW_DAYS: Final = 7
"""The last customer's outcome is known this many days after their first trigger."""


def _baseline(declared: Declared, wanted: Wanted, past: Past | None) -> Told:
    if wanted.baseline is not None:
        return Told(wanted.baseline, "given", "as asked")
    if past is not None and past.baseline is not None:
        return past.baseline
    if declared.plan is not None and declared.plan.baseline is not None:
        return Told(float(declared.plan.baseline), "plan", "declared in release.yaml")
    text = (
        f"give the share not sent without an alert (--baseline 0.05): fewer than {LEAST_HISTORY} customers of this "
        "holdout are in the history, and the plan in release.yaml declares none"
    )
    raise InputError.of(text, field="baseline")


def _effect(declared: Declared, wanted: Wanted) -> Told:
    if wanted.effect is not None:
        return Told(wanted.effect, "given", "as asked")
    if declared.plan is not None and declared.plan.expected_effect is not None:
        return Told(float(declared.plan.expected_effect), "plan", "declared in release.yaml")
    text = "give the smallest effect worth finding, as a difference of shares (--effect 0.02 is two percentage points)"
    raise InputError.of(text, field="effect")


def _pace(wanted: Wanted, past: Past | None, expected_daily: int | None) -> Told | None:
    if wanted.per_day is not None:
        if wanted.per_day <= 0:
            raise InputError.of("customers a day are more than 0", field="per_day")
        return Told(wanted.per_day, "given", "as asked")
    if past is not None and past.per_day is not None:
        return past.per_day
    if expected_daily is not None:
        detail = "expected_daily_triggers of release.yaml; customers who trigger again make it too many"
        return Told(float(expected_daily), "release", detail)
    return None
