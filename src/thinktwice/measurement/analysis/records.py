"""Everything that is known about one campaign's effect, as frozen records: what a report prints and nothing else.

Invariants: a comparison holds an ``Estimate`` or a ``CannotTell`` on every scale, never a bare number; arms are those
of assignment, in declared order, the holdout first; what describes the treated has no comparison; a group below the
minimum cell holds no counts; sentences carry a code and facts, so that another language can say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from thinktwice.measurement.analysis.declaring import Declared, Fact, PlanCheck, PlanStanding, Said, VersionSeen
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.estimators.guardrails import GuardrailResult
from thinktwice.measurement.estimators.split import ExposureCheck, SplitCheck
from thinktwice.outcomes.health import Finding
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.statistics import LossBySource

__all__ = [
    "ArmCount", "CampaignAnalysis", "Comparison", "Declared", "Fact", "Funnel", "FunnelStep", "Group", "GroupLevel",
    "GuardrailCheck", "Habit", "HabitKind", "Interruption", "Level", "Loss", "PilotNumber", "PlanCheck",
    "PlanStanding", "Population", "Said", "Standing", "Verdict", "VersionSeen",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCount:
    """Customers of one arm by assignment: ``customers`` = ``entered`` + ``waiting`` (their 7 days are not over).

    ``late`` have a closed 30-day window, ``labelled`` have been waited for, too; ``shown`` had their first trigger
    show something (exposure, beside the assignment).
    """

    arm: str
    declared_share: float | None
    customers: int
    entered: int
    waiting: int
    late: int
    labelled: int
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Customers whose first trigger is eligible for the holdout; the others are outside every arm.

    ``held_out_of_all`` are shown nothing of any campaign; ``not_eligible`` are always shown it.
    """

    arms: tuple[ArmCount, ...]
    not_eligible: int
    held_out_of_all: int
    first_trigger_at: datetime | None
    last_trigger_at: datetime | None

    @property
    def customers(self) -> int:
        """Customers of all arms, those still waiting included."""
        return sum(arm.customers for arm in self.arms)

    @property
    def entered(self) -> int:
        """Customers of all arms whose row has entered."""
        return sum(arm.entered for arm in self.arms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One arm's customers and what they contribute to one measure.

    ``mean`` is a share for yes-or-no measures and has an interval at one look (Wilson; Student's t for means), None
    without customers. ``total`` is exact: customers, or money in the reporting currency cut per customer. ``left_out``
    are customers whose number cannot be told (mixed currencies).
    """

    arm: str
    n: int
    left_out: int
    total: Decimal
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure in one arm (or ``all``: every showing arm together) against the holdout, on both scales.

    ``difference`` and ``lift`` may be looked at every day; the ``fixed`` ones are right at one planned look only and
    stand beside for readers who know them. ``confidence`` is that of each interval. ``is_share``: yes or no per
    customer.
    """

    measure: str
    meaning: str
    unit: str | None
    is_share: bool
    arm: str
    control: Level
    treatment: Level
    difference: Answer
    lift: Answer
    fixed_difference: Answer
    fixed_lift: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Scam loss by labels that do not depend on the alert, of customers whose labels were waited for.

    ``share``: customers with such a loss. ``amount``: mean loss a customer, cut at ``limit``. ``adjusted``: the same
    with what left in the 30 days before taken into account (CUPED), on the difference scale. ``protected`` is the
    amount that the alert kept from being lost: the reduction a customer times the treated customers, with its
    interval, in the reporting currency; a negative value is more loss. It is never a sum of cancelled amounts.
    """

    limit: Decimal
    currency: str
    sources: tuple[str, ...]
    share: Comparison
    amount: Comparison
    adjusted: Answer
    protected: Answer
    treated_customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """Customers of one arm who reached one step, of those assigned; ``step`` names a measure of the treated."""

    arm: str
    step: str
    customers: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Exposure of the treated, by arm and all together (arm ``all``): describes, and never compares.

    Steps in order: is_shown, delivered, seen, reviewed, reconsidered, not_sent, reduced, redirected, displaced.
    """

    steps: tuple[FunnelStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotNumber:
    """The first campaign's own number: exposed customers who *reviewed or reconsidered*, with its interval (Wilson).

    Exposed: an alert reached the customer's screen.
    It has no control group and blends two behaviours, so it is beside the honest ones and no lift is made of it.
    ``without_alert`` is the share of the holdout who did not send, reduced or redirected anyway: what such a count
    calls "reconsidered" in customers whom nobody warned; None without a holdout. ``why`` says how and why they differ.
    """

    exposed: int
    reviewed: int
    reconsidered: int
    either: int
    share: float | None
    low: float | None
    high: float | None
    without_alert: float | None
    why: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailCheck:
    """One guardrail: whether its margin was declared, where it stands, the comparison it was read from."""

    name: str
    meaning: str
    margin: float
    is_declared: bool
    stops: bool
    result: GuardrailResult
    comparison: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLevel:
    """One measure of one arm in one group; ``level`` is None when fewer than the minimum cell are in it."""

    arm: str
    measure: str
    level: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rates in one group of customers: ``dimension`` (language, age_band, …) and ``value`` (None: not known).

    Levels only: comparisons per group chosen after the fact find winners by counting tries.
    """

    dimension: str
    value: str | None
    customers: int | None
    levels: tuple[GroupLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """How often customers of one group are interrupted, and how often without need.

    ``interrupted`` is the share of their withdrawals that this campaign interrupted, with an interval clustered by
    customer; ``false_alarms`` the share of interrupted customers of whom no independent source says scam once labels
    were waited for. None: below the minimum cell or nothing to divide by.
    """

    dimension: str
    value: str | None
    customers: int | None
    withdrawals: int | None
    interrupted: Level | None
    false_alarms: Level | None


HabitKind = Literal["week", "alerts_before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Rates by arm in one week or after one number of earlier alerts, so that wearing off can be seen.

    A week is that of entering (``since`` is its Monday); the last number of ``alerts`` means "or more". ``levels`` are
    of not_sent, kept and, treated only, seen and reviewed; ``difference`` is not_sent's, at one look.
    """

    kind: HabitKind
    since: date | None
    alerts: int | None
    levels: tuple[GroupLevel, ...]
    difference: Answer


Standing = Literal["helps", "no_evidence", "harms", "cannot_tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer in words; right at any look. ``reasons`` say what it rests on, ``would_change`` what would change it.

    ``must_stop``: a rule of stopping for harm has fired; ``stop_reasons`` say which.
    """

    standing: Standing
    headline: Said
    reasons: tuple[Said, ...]
    would_change: tuple[Said, ...]
    must_stop: bool
    stop_reasons: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAnalysis:
    """Everything about one campaign's experiment as of ``until``.

    ``split`` and ``exposure`` are checked before anything is compared; when ``split`` is a mismatch (or cannot be
    checked) every comparison is a ``CannotTell`` with that reason. ``headline`` is not_sent at 7 days, all showing arms
    together; ``arms`` the same for each arm at alpha / arms; ``secondary`` not_sent_late (30 days), kept, reduced,
    redirected, displaced, completed. ``reports`` are by source, never added up and never a headline. ``releases`` are
    shares of customers held, by arm (``outside``: in none), whose hold two of the staff ended early.
    """

    campaign: str
    experiment: str
    declared: Declared
    until: datetime
    rules: OutcomeRules
    versions: tuple[VersionSeen, ...]
    plan: PlanCheck
    population: Population
    split: SplitCheck | CannotTell
    exposure: ExposureCheck | CannotTell
    headline: Comparison
    arms: tuple[Comparison, ...]
    secondary: tuple[Comparison, ...]
    loss: Loss
    funnel: Funnel
    pilot: PilotNumber
    guardrails: tuple[GuardrailCheck, ...]
    releases: tuple[GroupLevel, ...]
    habituation: tuple[Habit, ...]
    groups: tuple[Group, ...]
    interruption: tuple[Interruption, ...]
    reports: tuple[LossBySource, ...]
    health: tuple[Finding, ...]
    verdict: Verdict

    def comparison(self, measure: str) -> Comparison:
        """Return the headline or a secondary comparison by measure; raises KeyError."""
        known = {one.measure: one for one in (self.headline, *self.secondary, self.loss.share, self.loss.amount)}
        return known[measure]
