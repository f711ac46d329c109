"""Customers whom an experiment held or referred, and whether two of the staff ended that early.

Invariants: a customer counts once, by the first hold; a row enters when its window has closed and keeps what was
recorded by then; a hold that stands without the campaign, on a listed or imitated destination, is none of its own.
Holds are outside every holdout (DESIGN section 3, rule 6), so most of these customers are in no arm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from thinktwice.outcomes.rows import Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCount:
    """Customers of one arm (None: in no arm) whom the experiment held or referred, with a closed window.

    ``released`` of them were let go early by two of the staff, inside the window.
    """

    arm: str | None
    customers: int
    released: int


def held(outcomes: Outcomes, experiment: str) -> tuple[HeldCount, ...]:
    """Return who was held and whose hold was ended early, by arm; those in no arm come last."""
    return tuple(HeldCount(**row) for row in outcomes.query(BY_ARM, experiment=experiment))


BY_ARM: Final = """
SELECT u.arm, count(DISTINCT h.customer_ref) AS customers,
       count(DISTINCT h.customer_ref) FILTER (WHERE ended.seq IS NOT NULL) AS released
FROM (
    SELECT customer_ref, min(seq) AS seq, min_by(match_key, seq) AS match_key, min(recorded_at) AS recorded_at
    FROM (
        SELECT customer_ref, match_key, seq, recorded_at FROM decisions
        WHERE experiment = $experiment AND action IN ('hold', 'refer') AND is_trigger AND NOT is_known_bad
          AND NOT is_test AND recorded_at <= $until
        UNION ALL
        SELECT d.customer_ref, d.match_key, a.seq, a.recorded_at FROM alert_events AS a
        JOIN decisions AS d ON d.alert_id = a.alert_id
        WHERE d.experiment = $experiment AND a.raised_to IN ('hold', 'refer') AND NOT d.is_known_bad
          AND NOT a.is_test AND a.recorded_at <= $until
    ) AS began GROUP BY customer_ref
) AS h
LEFT JOIN outcome_unit AS u ON u.experiment = $experiment AND u.customer_ref = h.customer_ref
LEFT JOIN (
    SELECT r.customer_ref, d.match_key, r.seq, r.recorded_at FROM resolutions AS r
    JOIN decisions AS d ON d.decision_id = r.decision_id
    WHERE r.status = 'released' AND NOT r.is_test AND r.recorded_at <= $until
) AS ended ON ended.customer_ref = h.customer_ref AND ended.match_key = h.match_key AND ended.seq > h.seq
    AND ended.recorded_at <= h.recorded_at + to_days(CAST($days AS INTEGER))
WHERE h.recorded_at + to_days(CAST($days AS INTEGER)) <= $until
GROUP BY u.arm ORDER BY u.arm NULLS LAST
"""
"""One row an arm. A hold begins with a decision or with an answer that raised one; what ends it is about the same
destination, whichever attempt the staff had before them."""
