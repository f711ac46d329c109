"""From outcomes to the partner's edition.

Invariants: each week is one row that is protected by itself, and a row never changes once its week is over, so editions
of different weeks cannot be subtracted from each other; a total over weeks is given only where every week of it is,
so that it tells nothing new; the effect is given in whole percentage points, without the levels it was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from thinktwice.measurement.analysis.records import CampaignAnalysis, Standing
from thinktwice.measurement.estimators.answers import Estimate
from thinktwice.measurement.estimators.disclosure import (
    MINIMUM,
    PROTECTED_SHARE,
    AmountCell,
    publish_amounts,
    publish_counts,
)
from thinktwice.outcomes.rows import Outcomes

COUNTS: Final = (
    "holdout_not_sent", "holdout_sent", "alert_unseen", "alert_seen_not_sent", "alert_seen_sent",
    "alert_reviewed_not_sent", "alert_reviewed_sent",
)  # fmt: skip
"""The columns of every week: customers, each in exactly one of them."""

AMOUNTS: Final = ("holdout_completed", "alert_completed")
"""What left within 7 days, by assignment, in the reporting currency, cut at the declared limit."""

FEWEST_FOR_AN_EFFECT: Final = 100
"""Customers in each arm below which not even a rounded effect is given."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of entering, by its Monday; None stands where a figure is withheld."""

    since: date
    counts: tuple[int | None, ...]
    customers: int | None
    amounts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one partner may read of one campaign.

    ``weeks`` are over; ``totals`` hold those of ``COUNTS`` whose every week is given. ``effect`` is the difference of
    the primary outcome in whole percentage points (value, low, high; None: open), None when it may not be given.
    """

    campaign: str
    title: str
    partners: tuple[str, ...]
    experiment: str
    until: datetime
    currency: str
    starts_at: datetime | None
    ends_at: datetime | None
    standing: Standing
    weeks: tuple[Week, ...]
    totals: tuple[int | None, ...]
    effect: tuple[int, int | None, int | None] | None
    minimum: int = MINIMUM
    protected_share: float = PROTECTED_SHARE


_ROWS: Final = """
SELECT CAST(date_trunc('week', closes_at) AS DATE) AS since,
       count(*) FILTER (WHERE arm = 'holdout' AND not_sent) AS c0,
       count(*) FILTER (WHERE arm = 'holdout' AND NOT not_sent) AS c1,
       count(*) FILTER (WHERE arm <> 'holdout' AND NOT is_seen) AS c2,
       count(*) FILTER (WHERE arm <> 'holdout' AND is_seen AND NOT is_reviewed AND not_sent) AS c3,
       count(*) FILTER (WHERE arm <> 'holdout' AND is_seen AND NOT is_reviewed AND NOT not_sent) AS c4,
       count(*) FILTER (WHERE arm <> 'holdout' AND is_seen AND is_reviewed AND not_sent) AS c5,
       count(*) FILTER (WHERE arm <> 'holdout' AND is_seen AND is_reviewed AND NOT not_sent) AS c6
FROM outcomes WHERE experiment = {experiment} AND date_trunc('week', closes_at) + INTERVAL 7 DAY <= $until
GROUP BY since ORDER BY since
"""
_MONEY: Final = """
SELECT CAST(date_trunc('week', closes_at) AS DATE) AS since, arm = 'holdout' AS is_control,
       count(*) FILTER (WHERE completed > 0) AS customers,
       coalesce(sum(least(completed, $winsorised_at)), 0) AS total,
       list_slice(list_sort(list(least(completed, $winsorised_at)), 'DESC'), 1, 2) AS largest
FROM outcomes WHERE experiment = {experiment} AND NOT is_mixed
GROUP BY since, is_control
"""


def publish(outcomes: Outcomes, analysis: CampaignAnalysis) -> Edition:
    """Return the partner's edition of an analysis over the same outcomes."""
    name = "'" + analysis.experiment.replace("'", "''") + "'"
    amounts = {(row["since"], row["is_control"]): _cell(row) for row in outcomes.query(_MONEY.format(experiment=name))}
    weeks = []
    for row in outcomes.query(_ROWS.format(experiment=name)):
        since = row["since"]
        money = [amounts.get((since, is_control), _cell(None)) for is_control in (True, False)]
        weeks.append(_week(since, [row[f"c{place}"] for place in range(len(COUNTS))], money))
    declared = analysis.declared
    return Edition(
        campaign=analysis.campaign,
        title=declared.title or analysis.campaign,
        partners=declared.partners,
        experiment=analysis.experiment,
        until=analysis.until,
        currency=analysis.rules.currency,
        starts_at=declared.starts_at,
        ends_at=declared.ends_at,
        standing=analysis.verdict.standing,
        weeks=tuple(weeks),
        totals=tuple(_total([week.counts[place] for week in weeks]) for place in range(len(COUNTS))),
        effect=_effect(analysis),
    )


def _cell(row: dict[str, Any] | None) -> AmountCell:
    if row is None:
        return AmountCell(0, 0.0, 0.0, 0.0)
    largest = [float(one) for one in row["largest"]] + [0.0, 0.0]
    return AmountCell(row["customers"], float(row["total"]), largest[0], largest[1])


def _week(since: date, counts: Sequence[int], money: Sequence[AmountCell]) -> Week:
    """Protect one week by itself."""
    shown, amounts = publish_counts([counts]), publish_amounts([money])
    return Week(
        since=since,
        counts=tuple(None if one is None else int(one) for one in shown.cells[0]),
        customers=None if shown.row_totals[0] is None else int(shown.row_totals[0]),
        amounts=tuple(None if one is None else round(one) for one in amounts.cells[0]),
    )


def _total(weekly: Sequence[int | None]) -> int | None:
    given = [one for one in weekly if one is not None]
    return sum(given) if weekly and len(given) == len(weekly) else None


def _effect(analysis: CampaignAnalysis) -> tuple[int, int | None, int | None] | None:
    one = analysis.headline
    answer = one.difference
    if not isinstance(answer, Estimate) or min(one.control.n, one.treatment.n) < FEWEST_FOR_AN_EFFECT:
        return None
    low, high = (round(100 * end) if abs(end) <= 1 else None for end in (answer.low, answer.high))
    return round(100 * answer.value), low, high


def last_day(week: Week) -> date:
    """Return the last day of a week."""
    return week.since + timedelta(days=6)
