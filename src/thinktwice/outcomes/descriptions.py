"""What describes an experiment without comparing: who was interrupted, how often again, under which versions.

Invariants: groups and dimensions come from declared names; counts are of the same history, as of the same moment, as
the rows of outcomes; what browsers claim counts for showing arms only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from thinktwice.errors import InputError, Phrase
from thinktwice.outcomes.rows import Outcomes

DIMENSIONS: Final = frozenset({"jurisdiction", "language", "age_band", "customer_kind", "channel"})
"""What an operator may declare as a group of customers, as the signals of a decision name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionSums:
    """Customers of one group and their withdrawals: sums and products of (interrupted, withdrawals) per customer."""

    value: str | None
    n: int
    sums: tuple[Decimal, Decimal]
    products: tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]


def interruption(outcomes: Outcomes, experiment: str, dimension: str | None = None) -> tuple[InterruptionSums, ...]:
    """Return, by group, how many withdrawals there were since the first trigger, and how many were interrupted.

    Interrupted is what showed an alert of this experiment before the money could leave; a notice afterwards is not.
    A customer who is in two groups (two channels) is one cluster in each. Without a dimension everybody is one group.

    Raises:
        InputError: no such dimension.
    """
    if dimension is not None and dimension not in DIMENSIONS:
        raise InputError.of(
            Phrase("no such group; there are %(choices)s", choices=", ".join(sorted(DIMENSIONS))), field=dimension
        )
    statement = _INTERRUPTED.format(value=dimension or "CAST(NULL AS VARCHAR)")
    return tuple(_sums(row) for row in outcomes.query(statement, experiment=experiment))


def _sums(row: dict[str, Any]) -> InterruptionSums:
    shared = Decimal(row["both"])
    return InterruptionSums(
        value=row["value"],
        n=row["n"],
        sums=(Decimal(row["interrupted"]), Decimal(row["withdrawals"])),
        products=((Decimal(row["squares"]), shared), (shared, Decimal(row["withdrawals_squared"]))),
    )


_INTERRUPTED: Final = """
SELECT value, count(*) AS n, sum(i) AS interrupted, sum(w) AS withdrawals, sum(i * i) AS squares, sum(i * w) AS both,
       sum(w * w) AS withdrawals_squared
FROM (
    SELECT customer_ref, {value} AS value, count(*) AS w,
           count(*) FILTER (WHERE experiment = $experiment AND alert_id IS NOT NULL AND NOT is_notice) AS i
    FROM decisions
    WHERE NOT is_test AND recorded_at <= $until
      AND recorded_at >= (SELECT min(recorded_at) FROM outcome_called WHERE experiment = $experiment AND is_trigger)
    GROUP BY customer_ref, {value}
) AS customers GROUP BY value ORDER BY value NULLS LAST
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerCount:
    """Triggers of one arm that were a customer's ``nth`` in this experiment; the last one is "or more".

    ``not_sent``: nothing left to that destination within 7 days of this trigger. ``seen`` and ``reviewed`` are claims
    of browsers, 0 in the holdout.
    """

    arm: str
    nth: int
    triggers: int
    not_sent: int
    seen: int
    reviewed: int


def triggers_again(outcomes: Outcomes, experiment: str, most: int) -> tuple[TriggerCount, ...]:
    """Return what happened after a customer's first, second, … trigger whose 7 days are over, by arm."""
    return tuple(TriggerCount(**row) for row in outcomes.query(_AGAIN, experiment=experiment, most=most))


_AGAIN: Final = """
SELECT t.arm, least(t.nth, $most) AS nth, count(*) AS triggers,
       count(*) FILTER (WHERE NOT coalesce(s.is_sent, FALSE)) AS not_sent,
       count(*) FILTER (WHERE coalesce(a.is_seen, FALSE)) AS seen,
       count(*) FILTER (WHERE coalesce(a.is_reviewed, FALSE)) AS reviewed
FROM (
    SELECT c.seq, c.recorded_at, u.arm, c.alert_id,
           row_number() OVER (PARTITION BY u.unit ORDER BY c.seq) AS nth
    FROM outcome_unit AS u
    JOIN outcome_called AS c ON c.experiment = u.experiment AND c.customer_ref = u.customer_ref AND c.is_trigger
    WHERE u.experiment = $experiment
) AS t
LEFT JOIN (
    SELECT t.seq, bool_or(m.is_out) AS is_sent
    FROM outcome_called AS t
    JOIN outcome_known AS k ON k.payment = t.seq
    JOIN outcome_move AS m ON m.who = k.who AND m.destination_key = k.destination_key
    WHERE t.experiment = $experiment AND t.is_trigger AND m.recorded_at > t.recorded_at
      AND m.recorded_at <= t.recorded_at + to_days(CAST($days AS INTEGER))
    GROUP BY t.seq
) AS s ON s.seq = t.seq
LEFT JOIN (
    SELECT alert_id, bool_or(type = 'seen') AS is_seen, bool_or(type IN ('reviewed', 'answered')) AS is_reviewed
    FROM alert_events WHERE NOT is_test AND recorded_at <= $until GROUP BY alert_id
) AS a ON a.alert_id = t.alert_id
WHERE t.recorded_at + to_days(CAST($days AS INTEGER)) <= $until
GROUP BY t.arm, least(t.nth, $most) ORDER BY t.arm, nth
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTriggers:
    """Triggers of an experiment that one version made under one release; times are aware UTC."""

    campaign: str
    version: str
    release: str
    first_at: datetime
    last_at: datetime
    triggers: int


def versions(outcomes: Outcomes, experiment: str) -> tuple[VersionTriggers, ...]:
    """Return every version and release under which the experiment triggered, in order of first use."""
    return tuple(
        VersionTriggers(**row | {name: row[name].replace(tzinfo=UTC) for name in ("first_at", "last_at")})
        for row in outcomes.query(_VERSIONS, experiment=experiment)
    )


_VERSIONS: Final = """
SELECT coalesce(campaign, '') AS campaign, coalesce(version, '') AS version, coalesce(release, '') AS release,
       min(recorded_at) AS first_at, max(recorded_at) AS last_at, count(*) AS triggers
FROM outcome_called WHERE experiment = $experiment AND is_trigger
GROUP BY campaign, version, release ORDER BY first_at, version
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """Customers outside every arm of an experiment, by why their first trigger was in none.

    ``not_eligible``: it was outside the holdout (known-bad, a strong rung, a prior report); ``held_out_of_all``: they
    are among those who are shown nothing of any campaign.
    """

    not_eligible: int
    held_out_of_all: int


def outside(outcomes: Outcomes, experiment: str) -> Outside:
    """Return how many customers of an experiment are in no arm, and why."""
    (row,) = outcomes.query(
        "SELECT count(*) FILTER (WHERE NOT is_held_out_of_all) AS not_eligible, "
        "count(*) FILTER (WHERE is_held_out_of_all) AS held_out_of_all "
        "FROM outcome_first WHERE experiment = $experiment AND arm IS NULL",
        experiment=experiment,
    )
    return Outside(**row)


def labels_seen(outcomes: Outcomes) -> frozenset[tuple[str, str]]:
    """Return every (label, source) that the operator has ever reported: what was never reported cannot be counted."""
    rows = outcomes.query(
        "SELECT DISTINCT coalesce(label, '') AS label, coalesce(source, '') AS source FROM events "
        "WHERE type IN ('scam.reported', 'outcome.labelled') AND NOT is_test AND recorded_at <= $until"
    )
    return frozenset((row["label"], row["source"]) for row in rows)


STATEMENTS: Final = {
    "interruption": _INTERRUPTED.format(value="language"),
    "triggers again": _AGAIN,
    "versions": _VERSIONS,
}
"""For the test that every statement can be written for Spark."""
