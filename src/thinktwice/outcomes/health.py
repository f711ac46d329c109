"""What is odd about the history that outcomes were read from: counted, never silently dropped.

Invariants: every check has one line whatever it found, zero included; a finding says what was done about it, and
which analyses cannot be made while it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from thinktwice.outcomes.rows import Outcomes

Blocked = Literal["amounts", "everything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that may be odd: what it means and what is done; ``query`` yields one text per case."""

    name: str
    meaning: str
    query: str
    blocks: Blocked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How often it was met, the first few cases in order, and what it blocks (None when it was not met)."""

    check: str
    meaning: str
    count: int
    examples: tuple[str, ...]
    blocks: Blocked | None = None


EXAMPLES: Final = 5

_UNKNOWN: Final = """
SELECT e.event_id AS one FROM events AS e
LEFT JOIN decisions AS d
  ON d.withdrawal_id = e.withdrawal_id AND d.attempt = e.attempt AND NOT d.is_test AND d.recorded_at <= $until
LEFT JOIN events AS f
  ON f.withdrawal_id = e.withdrawal_id AND f.attempt = e.attempt AND NOT f.is_test AND f.recorded_at <= $until
  AND f.type = 'decision.fallback'
WHERE e.type IN ({types}) AND NOT e.is_test AND e.recorded_at <= $until AND d.seq IS NULL AND f.seq IS NULL
"""

CHECKS: Final = (
    Check(
        name="outcome_before_decision",
        meaning="an event came, or is said to have happened, before the withdrawal was decided; what the trigger "
        "itself asked for counts as sent, anything else by when it was recorded",
        query="""
SELECT e.event_id AS one FROM events AS e
JOIN decisions AS d ON d.withdrawal_id = e.withdrawal_id AND d.attempt = e.attempt
WHERE (e.seq < d.seq OR e.occurred_at < d.decided_at) AND e.type <> 'decision.fallback'
  AND NOT e.is_test AND NOT d.is_test AND e.recorded_at <= $until AND d.recorded_at <= $until""",
    ),
    Check(
        name="two_arms",
        meaning="a customer met two arms of one experiment; they stay in the arm of the first trigger",
        query="""
SELECT experiment || ' ' || customer_ref AS one FROM outcome_called WHERE is_trigger AND arm IS NOT NULL
GROUP BY experiment, customer_ref HAVING count(DISTINCT arm) > 1""",
    ),
    Check(
        name="label_unknown_withdrawal",
        meaning="a label is about a withdrawal that was never decided; it counts nowhere",
        query=_UNKNOWN.format(types="'scam.reported', 'outcome.labelled'"),
    ),
    Check(
        name="event_unknown_withdrawal",
        meaning="an event is about a withdrawal that was never decided; it counts nowhere",
        query=_UNKNOWN.format(types="'withdrawal.completed', 'withdrawal.cancelled', 'withdrawal.changed'"),
    ),
    Check(
        name="clock_backwards",
        meaning="an event is said to have happened before one about the same withdrawal that we recorded earlier; "
        "the order in which we recorded them counts",
        query="""
SELECT event_id AS one FROM (
    SELECT event_id, occurred_at, lag(occurred_at) OVER (PARTITION BY withdrawal_id, attempt ORDER BY seq) AS earlier
    FROM events
    WHERE withdrawal_id IS NOT NULL AND NOT is_test AND type <> 'decision.fallback' AND recorded_at <= $until
) AS ordered WHERE occurred_at < earlier""",
    ),
    Check(
        name="journal_backwards",
        meaning="the journal's own times go back between two records, which it refuses to write: it was changed",
        query="""
SELECT CAST(seq AS VARCHAR) AS one FROM (
    SELECT seq, recorded_at, lag(recorded_at) OVER (ORDER BY seq) AS earlier FROM (
        SELECT seq, recorded_at FROM decisions UNION ALL SELECT seq, recorded_at FROM events
        UNION ALL SELECT seq, recorded_at FROM alert_events
    ) AS everything
) AS ordered WHERE recorded_at < earlier""",
        blocks="everything",
    ),
    Check(
        name="mixed_currencies",
        meaning="a customer of the population has money in another currency than the reporting one; it is not added, "
        "and what is judged by amount is missing for that customer",
        query="SELECT experiment || ' ' || customer_ref AS one FROM outcomes WHERE is_mixed",
        blocks="amounts",
    ),
    Check(
        name="late_completion",
        meaning="a withdrawal is said to have left inside the window but was reported after it had closed; the row "
        "that was entered stays",
        query="""
SELECT e.event_id AS one FROM outcomes AS o
JOIN outcome_customer AS c ON c.customer_ref = o.customer_ref
JOIN outcome_known AS k ON k.who = c.who AND k.destination_key = o.destination_key
JOIN events AS e ON e.withdrawal_id = k.withdrawal_id AND e.attempt = k.attempt AND e.type = 'withdrawal.completed'
WHERE NOT e.is_test AND e.recorded_at <= $until AND e.recorded_at > o.closes_at
  AND e.occurred_at > o.triggered_at AND e.occurred_at <= o.closes_at""",
    ),
    Check(
        name="reversed",
        meaning="a withdrawal left and was taken back afterwards; inside a window the last word counts",
        query="""
SELECT CAST(came.payment AS VARCHAR) AS one FROM outcome_move AS came
JOIN outcome_move AS went ON went.payment = came.payment
WHERE came.is_out AND NOT went.is_out AND went.seq > came.seq GROUP BY came.payment""",
    ),
    Check(
        name="completed_twice",
        meaning="a withdrawal is said to have left more than once; it counts once",
        query="""
SELECT CAST(payment AS VARCHAR) AS one FROM outcome_move WHERE is_out GROUP BY payment HAVING count(*) > 1""",
    ),
    Check(
        name="attempts_both_completed",
        meaning="two attempts of one withdrawal are said to have left; both count, as two payments",
        query="""
SELECT withdrawal_id AS one FROM outcome_known
WHERE payment IN (SELECT payment FROM outcome_move WHERE is_out)
GROUP BY who, withdrawal_id HAVING count(*) > 1""",
    ),
    Check(
        name="corrected_label",
        meaning="a source changed its mind about a withdrawal; its latest word counts",
        query="""
SELECT withdrawal_id || ' ' || source AS one FROM events
WHERE type IN ('scam.reported', 'outcome.labelled') AND NOT is_test AND recorded_at <= $until
GROUP BY withdrawal_id, attempt, source HAVING count(DISTINCT label) > 1""",
    ),
    Check(
        name="sources_disagree",
        meaning="independent sources disagree about a withdrawal; it counts as a scam if one of them says so",
        query="""
SELECT CAST(payment AS VARCHAR) AS one FROM outcome_label WHERE kind = 'independent'
GROUP BY payment HAVING bool_or(is_scam) AND bool_or(is_genuine)""",
    ),
    Check(
        name="undeclared_source",
        meaning="a label comes from a source that nobody declared independent of the alert; it stays out of the "
        "headline",
        query="SELECT DISTINCT source || ' ' || CAST(payment AS VARCHAR) AS one FROM outcome_label "
        "WHERE kind = 'undeclared'",
    ),
    Check(
        name="unknown_label",
        meaning="a label is a word that no rule knows; it counts nowhere",
        query="""
SELECT event_id AS one FROM events
WHERE type IN ('scam.reported', 'outcome.labelled') AND NOT is_test AND recorded_at <= $until
  AND NOT list_contains($scam, label) AND NOT list_contains($genuine, label)
  AND NOT list_contains($complaint, label) AND NOT list_contains($contact, label)""",
    ),
    Check(
        name="late_label",
        meaning="a label came after a customer's labels were closed; the row that was waited for stays",
        query="""
SELECT e.event_id AS one FROM events AS e
JOIN outcome_known AS k ON k.withdrawal_id = e.withdrawal_id AND k.attempt = e.attempt
JOIN outcome_unit AS u ON u.who = k.who
WHERE e.type IN ('scam.reported', 'outcome.labelled') AND NOT e.is_test AND e.recorded_at <= $until
  AND (list_contains($scam, e.label) OR list_contains($genuine, e.label)) AND e.recorded_at > u.labelled_at
GROUP BY e.event_id""",
    ),
    Check(
        name="not_eligible",
        meaning="a customer's first trigger was outside the holdout (known-bad, a strong rung, a prior report): not in "
        "the population",
        query="SELECT experiment || ' ' || customer_ref AS one FROM outcome_first "
        "WHERE arm IS NULL AND NOT is_held_out_of_all",
    ),
    Check(
        name="held_out_of_all",
        meaning="a customer's first trigger found them held out of every campaign of this installation: in no arm of "
        "any experiment, the holdout of this one included",
        query="SELECT experiment || ' ' || customer_ref AS one FROM outcome_first "
        "WHERE arm IS NULL AND is_held_out_of_all",
    ),
    Check(
        name="holdout_exposed",
        meaning="a customer of the holdout was shown something of the experiment within the window; they stay in the "
        "holdout",
        query="""
SELECT u.experiment || ' ' || u.customer_ref AS one FROM outcome_unit AS u
JOIN outcome_called AS c ON c.experiment = u.experiment AND c.customer_ref = u.customer_ref
WHERE u.arm = 'holdout' AND c.alert_id IS NOT NULL AND c.recorded_at >= u.triggered_at AND c.recorded_at <= u.closes_at
GROUP BY u.experiment, u.customer_ref""",
    ),
    Check(
        name="answered_while_away",
        meaning="the client answered by itself while ThinkTwice was away; such withdrawals have no arm, and what left "
        "counts for the customer",
        query="""
SELECT event_id AS one FROM events
WHERE type = 'decision.fallback' AND NOT is_test AND recorded_at <= $until""",
    ),
    Check(
        name="test_traffic",
        meaning="decisions made with a test key: out of everything",
        query="SELECT decision_id AS one FROM decisions WHERE is_test AND recorded_at <= $until",
    ),
    Check(
        name="shadow",
        meaning="decisions where a campaign in shadow would have spoken: out of everything",
        query="""
SELECT decision_id AS one FROM (
    SELECT decision_id, seq, unnest(reasons) AS reason FROM decisions
    WHERE NOT is_test AND recorded_at <= $until AND len(reasons) > 0
) AS told WHERE starts_with(reason, 'shadow:') GROUP BY decision_id""",
    ),
)
"""Every check, the gravest first."""


def check_health(outcomes: Outcomes) -> tuple[Finding, ...]:
    """Return a finding for every check, in the order of ``CHECKS``."""
    return tuple(_find(outcomes, check) for check in CHECKS)


def _find(outcomes: Outcomes, check: Check) -> Finding:
    (row,) = outcomes.query(
        f"SELECT count(*) AS cases, list_slice(list_sort(list(one)), 1, {EXAMPLES}) AS first "  # noqa: S608 - declared
        f"FROM ({check.query}) AS cases"
    )
    return Finding(
        check=check.name,
        meaning=check.meaning,
        count=row["cases"],
        examples=tuple(row["first"] or ()),
        blocks=check.blocks if row["cases"] else None,
    )
