"""From rows to sufficient statistics by arm, in one query: all that an estimator may see.

Invariants: sums are exact decimals, so they do not depend on the order of rows or on threads, and statistics of days,
groups or shards add up to those of the whole; a customer counts once; a row that lacks one of the numbers asked for is
left out of all of them and counted in ``left_out``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from thinktwice.errors import InputError, Phrase, StateError
from thinktwice.outcomes.measures import MEASURES, READY, Measure, Ready
from thinktwice.outcomes.rows import Outcomes

GROUPS: Final = frozenset(
    {"entered_on", "jurisdiction", "language", "age_band", "customer_kind", "channel", "campaign", "version",
     "alerts_before", "is_shown", "is_seen"}
)  # fmt: skip
"""What statistics may be broken down by, besides experiment and arm."""

_ORDER: Final[tuple[Ready, ...]] = ("entered", "late", "labelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmStatistics:
    """Customers of one arm: how many, and the sums and cross-products of the measures asked for.

    ``products[i][j]`` is the sum over customers of measure i times measure j, so the diagonal holds sums of squares.
    ``group`` has the values of the columns asked for, in their order; None where a customer has none.
    """

    experiment: str
    arm: str
    group: tuple[Any, ...]
    measures: tuple[str, ...]
    n: int
    left_out: int
    sums: tuple[Decimal, ...]
    products: tuple[tuple[Decimal, ...], ...]

    def __add__(self, other: ArmStatistics) -> ArmStatistics:
        """Return the statistics of both groups together, without a group of their own."""
        if (self.experiment, self.arm, self.measures) != (other.experiment, other.arm, other.measures):
            raise ValueError("only statistics of the same measures of the same arm add up")
        return ArmStatistics(
            experiment=self.experiment,
            arm=self.arm,
            group=(),
            measures=self.measures,
            n=self.n + other.n,
            left_out=self.left_out + other.left_out,
            sums=tuple(map(Decimal.__add__, self.sums, other.sums)),
            products=tuple(
                tuple(map(Decimal.__add__, row, more)) for row, more in zip(self.products, other.products, strict=True)
            ),
        )

    def total(self, measure: str) -> Decimal:
        """Return the sum of one measure."""
        return self.sums[self.measures.index(measure)]


def statistics(outcomes: Outcomes, measures: Sequence[str], by: Sequence[str] = ()) -> tuple[ArmStatistics, ...]:
    """Return one record per experiment, arm and group, in that order.

    All measures of one call are taken over the same customers: those whose row is ready for each of them. An arm
    without any such customer has no record.

    Raises:
        InputError: no such measure or group.
        StateError: the amounts are too large to add up exactly.
    """
    chosen = [_measure(name) for name in measures]
    for column in by:
        if column not in GROUPS:
            raise InputError.of(
                Phrase("no such group; there are %(choices)s", choices=", ".join(sorted(GROUPS))), field=column
            )
    try:
        found = outcomes.query(statement_of(chosen, by))
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise StateError(Phrase("these amounts cannot be added up exactly: %(error)s", error=error)) from error
    return tuple(_record(row, chosen, by) for row in found)


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        raise InputError.of(Phrase("no such measure; there are %(choices)s", choices=", ".join(MEASURES)), field=name)
    return MEASURES[name]


def statement_of(measures: Sequence[Measure], by: Sequence[str]) -> str:
    """Return the one query; its text comes from declared measures and groups only."""
    ready = READY[max((one.ready for one in measures), key=_ORDER.index, default="entered")]
    keys = ", ".join(("experiment", "arm", *by))
    cells = "".join(f", CAST({one.expression} AS DECIMAL(38, 4)) AS m{i}" for i, one in enumerate(measures))
    told = " AND ".join(f"m{i} IS NOT NULL" for i in range(len(measures))) or "TRUE"
    sums = "".join(f", coalesce(sum(m{i}) FILTER (WHERE {told}), 0) AS s{i}" for i in range(len(measures)))
    products = "".join(
        f", coalesce(sum(m{i} * m{j}) FILTER (WHERE {told}), 0) AS p{i}_{j}"
        for i in range(len(measures))
        for j in range(i + 1)
    )
    treated = "WHERE arm <> 'holdout'" if any(one.is_treated_only for one in measures) else ""
    return (
        f"SELECT {keys}, count(*) FILTER (WHERE {told}) AS n, count(*) FILTER (WHERE NOT ({told})) AS left_out"  # noqa: S608 - declared names only
        f"{sums}{products} FROM (SELECT {keys}{cells} FROM outcomes WHERE {ready}) AS numbers {treated} "
        f"GROUP BY {keys} ORDER BY {keys}"
    )


def _record(row: dict[str, Any], measures: Sequence[Measure], by: Sequence[str]) -> ArmStatistics:
    places = range(len(measures))
    return ArmStatistics(
        experiment=row["experiment"],
        arm=row["arm"],
        group=tuple(row[name] for name in by),
        measures=tuple(one.name for one in measures),
        n=row["n"],
        left_out=row["left_out"],
        sums=tuple(Decimal(row[f"s{i}"]) for i in places),
        products=tuple(tuple(Decimal(row[f"p{max(i, j)}_{min(i, j)}"]) for j in places) for i in places),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LossBySource:
    """What one source calls a scam, of what left within the later window: customers and the amount, per arm."""

    experiment: str
    arm: str
    source: str
    kind: str
    customers: int
    amount: Decimal


def loss_by_source(outcomes: Outcomes) -> tuple[LossBySource, ...]:
    """Return reported loss by who reported it; sources overlap, so these are never added up."""
    return tuple(LossBySource(**row) for row in outcomes.query(_BY_SOURCE))


_BY_SOURCE: Final = """
SELECT o.experiment, o.arm, l.source, l.kind, count(DISTINCT o.unit) AS customers, coalesce(sum(p.amount), 0) AS amount
FROM outcomes AS o
JOIN outcome_payment AS p ON p.unit = o.unit AND p.is_out_late AND NOT p.was_out
JOIN outcome_label AS l ON l.unit = p.unit AND l.payment = p.payment AND l.is_scam
WHERE o.is_labelled
GROUP BY o.experiment, o.arm, l.source, l.kind ORDER BY o.experiment, o.arm, l.source
"""
