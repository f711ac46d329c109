"""From the history to one row per customer and experiment, as named steps of SQL.

Invariants: each step reads only the history and earlier steps; time is when we recorded (``recorded_at``, ``seq``), so
what is known as of a moment is a function of the records up to it; values arrive as named parameters, never as text.
Written for DuckDB with constructs that sqlglot turns into Spark's (``tests/unit/outcomes/test_sql.py``).
"""

from __future__ import annotations

from typing import Final

CALLED: Final = """
SELECT experiment, customer_ref, seq, recorded_at, is_trigger, arm, campaign, version, release, alert_id,
       jurisdiction, language, age_band, customer_kind, channel,
       coalesce(list_contains(reasons, 'global_holdout'), FALSE) AS is_held_out_of_all
FROM decisions
WHERE (is_trigger OR alert_id IS NOT NULL) AND experiment IS NOT NULL AND NOT is_test AND recorded_at <= $until
"""
"""Every decision of an experiment that triggered or showed something; test traffic is out, a shadow never triggers.

Where the money was to go is left to ``outcome_known``: files are read by column, and that one is the widest."""

FIRST: Final = """
SELECT called.*
FROM outcome_called AS called
JOIN (
    SELECT experiment, customer_ref, min(seq) AS seq
    FROM outcome_called WHERE is_trigger GROUP BY experiment, customer_ref
) AS first ON first.seq = called.seq
"""
"""Each customer's first trigger in each experiment, eligible for the holdout or not."""

CUSTOMER: Final = """
SELECT customer_ref, row_number() OVER (ORDER BY customer_ref) AS who
FROM (SELECT DISTINCT customer_ref FROM outcome_first WHERE arm IS NOT NULL) AS population
"""
"""The population: customers with at least one first trigger that was eligible; ``arm`` is NULL outside the holdout."""

FALLBACK: Final = """
SELECT min(e.seq) AS payment, c.who, e.withdrawal_id, e.attempt, min_by(e.destination_key, e.seq) AS destination_key,
       min_by(e.fiat_amount, e.seq) AS fiat_amount, min_by(e.fiat_currency, e.seq) AS fiat_currency
FROM events AS e
JOIN outcome_customer AS c ON c.customer_ref = e.customer_ref
WHERE e.type = 'decision.fallback' AND NOT e.is_test AND e.recorded_at <= $until
  AND NOT EXISTS (
    SELECT 1 FROM decisions AS d
    WHERE d.withdrawal_id = e.withdrawal_id AND d.attempt = e.attempt AND NOT d.is_test AND d.recorded_at <= $until)
GROUP BY c.who, e.withdrawal_id, e.attempt
"""
"""Their withdrawals that the client answered while we were away, and that were never decided."""

KNOWN: Final = """
SELECT d.seq AS payment, c.who, d.withdrawal_id, d.attempt, d.destination_key, d.fiat_amount, d.fiat_currency
FROM decisions AS d
JOIN outcome_customer AS c ON c.customer_ref = d.customer_ref
WHERE NOT d.is_test AND d.recorded_at <= $until
UNION ALL
SELECT payment, who, withdrawal_id, attempt, destination_key, fiat_amount, fiat_currency FROM outcome_fallback
"""
"""Their withdrawals that we know of; one is named by the ``seq`` of what made it known."""

MOVE: Final = """
SELECT k.payment, k.who, k.destination_key, e.type = 'withdrawal.completed' AS is_out, e.seq, e.recorded_at,
       CASE WHEN k.fiat_currency = $currency THEN k.fiat_amount END AS amount
FROM outcome_known AS k
JOIN events AS e ON e.withdrawal_id = k.withdrawal_id AND e.attempt = k.attempt
WHERE e.type IN ('withdrawal.completed', 'withdrawal.cancelled') AND NOT e.is_test AND e.recorded_at <= $until
"""
"""What became of each: left, or taken back; ``amount`` is missing in another currency."""

TOLD_AGAIN: Final = "SELECT payment FROM outcome_move GROUP BY payment HAVING count(*) > 1"
"""The few withdrawals of which more than one thing is said."""

UNIT: Final = """
SELECT row_number() OVER (ORDER BY f.recorded_at, f.seq) AS unit, f.*, k.who,
       k.withdrawal_id, k.attempt, k.destination_key, k.fiat_amount, k.fiat_currency,
       f.recorded_at AS triggered_at,
       f.recorded_at + to_days(CAST($days AS INTEGER)) AS closes_at,
       f.recorded_at + to_days(CAST($late_days AS INTEGER)) AS closes_late_at,
       f.recorded_at + to_days(CAST($late_days + $label_days AS INTEGER)) AS labelled_at,
       f.recorded_at - to_days(CAST($before_days AS INTEGER)) AS looks_back_to
FROM outcome_first AS f
JOIN outcome_known AS k ON k.payment = f.seq
WHERE f.arm IS NOT NULL
"""
"""The units: one row per experiment and customer, in the order in which their windows close."""

PAYMENT: Final = """
SELECT u.unit, m.payment, m.destination_key = u.destination_key AS is_here, m.destination_key, u.who,
       u.seq AS unit_seq, m.amount,
       m.is_out AND m.seq < u.seq AND m.payment <> u.seq AS was_out,
       m.is_out AND (m.seq > u.seq OR m.payment = u.seq) AND m.recorded_at <= u.closes_at AS is_out,
       m.is_out AND (m.seq > u.seq OR m.payment = u.seq) AS is_out_late,
       m.recorded_at AS left_at
FROM outcome_unit AS u
JOIN outcome_move AS m ON m.who = u.who
WHERE m.recorded_at > u.looks_back_to AND m.recorded_at <= u.closes_late_at
  AND NOT EXISTS (SELECT 1 FROM outcome_told_again AS t WHERE t.payment = m.payment)
UNION ALL
SELECT u.unit, m.payment, min(m.destination_key) = u.destination_key, min(m.destination_key), u.who,
       u.seq, min(m.amount),
       coalesce(max_by(m.is_out, m.seq) FILTER (WHERE m.seq < u.seq AND m.payment <> u.seq), FALSE),
       coalesce(max_by(m.is_out, m.seq) FILTER (
           WHERE (m.seq > u.seq OR m.payment = u.seq) AND m.recorded_at <= u.closes_at), FALSE),
       coalesce(max_by(m.is_out, m.seq) FILTER (WHERE m.seq > u.seq OR m.payment = u.seq), FALSE),
       min(m.recorded_at) FILTER (WHERE m.is_out)
FROM outcome_unit AS u
JOIN outcome_move AS m ON m.who = u.who
JOIN outcome_told_again AS t ON t.payment = m.payment
WHERE m.recorded_at > u.looks_back_to AND m.recorded_at <= u.closes_late_at
GROUP BY u.unit, u.who, u.seq, u.destination_key, m.payment
"""
"""How each payment stands for each unit: before the trigger, when the window closes, and at the later look.

The last word counts, so a reversal inside a window undoes a completion inside it; the second half is for the few with
more than one. What the trigger itself asked for counts as sent even when it is said to have left before it was
decided: never a success by confusion."""

PAID: Final = """
SELECT who, destination_key, min(seq) AS first_paid FROM outcome_move WHERE is_out GROUP BY who, destination_key
"""
"""Since when each customer has paid each destination."""

LABEL: Final = """
SELECT u.unit, k.payment, said.source,
       CASE WHEN list_contains($alert_made, said.source) THEN 'alert'
            WHEN list_contains($independent, said.source) THEN 'independent' ELSE 'undeclared' END AS kind,
       list_contains($scam, max_by(said.label, said.seq)) AS is_scam,
       list_contains($genuine, max_by(said.label, said.seq)) AS is_genuine
FROM (
    SELECT withdrawal_id, attempt, source, label, seq, recorded_at FROM events
    WHERE type IN ('scam.reported', 'outcome.labelled') AND NOT is_test AND recorded_at <= $until
      AND (list_contains($scam, label) OR list_contains($genuine, label))
    UNION ALL
    SELECT withdrawal_id, attempt, list_extract($alert_made, 1), list_extract($scam, 1), seq, recorded_at
    FROM alert_events WHERE type = 'reported' AND NOT is_test AND recorded_at <= $until
) AS said
JOIN outcome_known AS k ON k.withdrawal_id = said.withdrawal_id AND k.attempt = said.attempt
JOIN outcome_unit AS u ON u.who = k.who
WHERE said.recorded_at <= u.labelled_at
GROUP BY u.unit, k.payment, said.source
"""
"""What each source says last about each withdrawal before its unit's labels are closed, so reports merge, corrections
win, and a row that was waited for stays; reports made through an alert are a source of their own."""

JUDGED: Final = """
SELECT unit, payment,
       bool_or(is_scam AND kind = 'independent') AS is_scam,
       bool_or(is_scam AND kind = 'alert') AS is_scam_by_alert,
       bool_or(is_scam AND kind = 'undeclared') AS is_scam_undeclared,
       bool_or(is_genuine AND kind = 'independent') AND NOT bool_or(is_scam AND kind = 'independent') AS is_genuine
FROM outcome_label GROUP BY unit, payment
"""
"""One judgement a withdrawal: counted once, however many report it."""

FEEDBACK: Final = """
SELECT u.unit, bool_or(list_contains($complaint, e.label)) AS is_complained,
       bool_or(list_contains($contact, e.label)) AS is_contacted
FROM outcome_unit AS u
JOIN outcome_known AS k ON k.who = u.who
JOIN (
    SELECT withdrawal_id, attempt, label, recorded_at FROM events
    WHERE type = 'outcome.labelled' AND NOT is_test AND recorded_at <= $until
      AND (list_contains($complaint, label) OR list_contains($contact, label))
) AS e ON e.withdrawal_id = k.withdrawal_id AND e.attempt = k.attempt
WHERE e.recorded_at > u.triggered_at AND e.recorded_at <= u.closes_at
GROUP BY u.unit
"""
"""Whether a customer complained about being interrupted, or had to ask somebody, within the window."""

MONEY: Final = """
SELECT p.unit,
       bool_or(p.is_after AND p.is_here) AS is_sent,
       bool_or(p.is_after_late AND p.is_here) AS is_sent_late,
       sum(p.amount) FILTER (WHERE p.is_after AND p.is_here) AS sent,
       sum(p.amount) FILTER (WHERE p.is_after AND NOT p.is_here AND paid.first_paid > p.unit_seq) AS sent_to_new,
       sum(p.amount) FILTER (WHERE p.is_after AND NOT p.is_here AND paid.first_paid < p.unit_seq) AS sent_to_known,
       sum(p.amount) FILTER (WHERE p.is_after) AS completed,
       sum(p.amount) FILTER (WHERE p.is_after_late) AS completed_late,
       sum(p.amount) FILTER (WHERE p.was_out) AS completed_before,
       count(*) FILTER (WHERE p.is_after) AS payments,
       count(*) FILTER (WHERE p.was_out) AS payments_before,
       min(p.left_at) FILTER (WHERE p.is_after AND p.is_here) AS left_at,
       sum(p.amount) FILTER (WHERE p.is_after_late AND j.is_scam) AS loss,
       sum(p.amount) FILTER (WHERE p.is_after_late AND j.is_scam_by_alert) AS loss_by_alert,
       sum(p.amount) FILTER (WHERE p.is_after_late AND j.is_scam_undeclared) AS loss_undeclared,
       bool_or(p.is_after_late AND coalesce(j.is_scam, FALSE)) AS is_loss,
       bool_or(p.amount IS NULL) AS is_mixed
FROM (
    SELECT *, is_out AND NOT was_out AS is_after, is_out_late AND NOT was_out AS is_after_late FROM outcome_payment
) AS p
LEFT JOIN outcome_paid AS paid ON paid.who = p.who AND paid.destination_key = p.destination_key
LEFT JOIN outcome_judged AS j ON j.unit = p.unit AND j.payment = p.payment
GROUP BY p.unit
"""
"""The payments of each unit, added up."""

EXPOSURE: Final = """
SELECT u.unit,
       bool_or(a.type = 'delivered') AS is_delivered,
       bool_or(a.type = 'seen') AS is_seen,
       bool_or(a.type IN ('reviewed', 'answered')) AS is_reviewed
FROM outcome_unit AS u
JOIN outcome_called AS c ON c.customer_ref = u.customer_ref AND c.experiment = u.experiment
JOIN alert_events AS a ON a.alert_id = c.alert_id
WHERE c.recorded_at >= u.triggered_at AND a.recorded_at <= u.closes_at AND NOT a.is_test
GROUP BY u.unit
"""
"""What browsers claim about the alerts of this experiment inside the window."""

ALERTS_BEFORE: Final = """
SELECT u.unit, count(*) AS alerts_before
FROM outcome_unit AS u
JOIN outcome_called AS c ON c.customer_ref = u.customer_ref
WHERE c.alert_id IS NOT NULL AND c.seq < u.seq GROUP BY u.unit
"""
"""How many alerts, of any experiment, each customer had had before: habituation."""

ROW: Final = """
SELECT u.unit, u.experiment, u.customer_ref, u.arm, u.campaign, u.version, u.release, u.seq, u.withdrawal_id, u.attempt,
       u.destination_key, u.jurisdiction, u.language, u.age_band, u.customer_kind, u.channel,
       u.triggered_at, u.closes_at, u.closes_late_at,
       u.closes_late_at <= $until AS is_late_closed,
       u.labelled_at <= $until AS is_labelled,
       CAST(u.closes_at AS DATE) AS entered_on,
       coalesce(b.alerts_before, 0) AS alerts_before,
       u.alert_id IS NOT NULL AS is_shown,
       coalesce(x.is_delivered, FALSE) AS is_delivered,
       coalesce(x.is_seen, FALSE) AS is_seen,
       coalesce(x.is_reviewed, FALSE) AS is_reviewed,
       NOT coalesce(m.is_sent, FALSE) AS not_sent,
       CASE WHEN u.closes_late_at <= $until THEN NOT coalesce(m.is_sent_late, FALSE) END AS not_sent_late,
       coalesce(m.is_mixed, FALSE) OR u.fiat_currency <> $currency AS is_mixed,
       u.fiat_amount AS amount,
       coalesce(m.sent, 0) AS sent, coalesce(m.sent_to_new, 0) AS sent_to_new,
       coalesce(m.sent_to_known, 0) AS sent_to_known, coalesce(m.completed, 0) AS completed,
       coalesce(m.completed_late, 0) AS completed_late, coalesce(m.completed_before, 0) AS completed_before,
       coalesce(m.payments, 0) AS payments, coalesce(m.payments_before, 0) AS payments_before,
       date_diff('second', u.triggered_at, m.left_at) AS seconds_to_leave,
       coalesce(m.loss, 0) AS loss, coalesce(m.loss_by_alert, 0) AS loss_by_alert,
       coalesce(m.loss_undeclared, 0) AS loss_undeclared, coalesce(m.is_loss, FALSE) AS is_loss,
       coalesce(j.is_genuine, FALSE) AS is_genuine,
       coalesce(j.is_scam, FALSE) AS is_called_scam,
       coalesce(f.is_complained, FALSE) AS is_complained, coalesce(f.is_contacted, FALSE) AS is_contacted
FROM outcome_unit AS u
LEFT JOIN outcome_money AS m ON m.unit = u.unit
LEFT JOIN outcome_exposure AS x ON x.unit = u.unit
LEFT JOIN outcome_alerts_before AS b ON b.unit = u.unit
LEFT JOIN outcome_feedback AS f ON f.unit = u.unit
LEFT JOIN outcome_judged AS j ON j.unit = u.unit AND j.payment = u.seq
WHERE u.closes_at <= $until
"""
"""One row per customer and experiment whose window has closed."""

JUDGEMENT: Final = """
SELECT *,
       CASE WHEN NOT is_mixed THEN sent > 0 AND sent < $reduced_below * amount END AS reduced,
       CASE WHEN NOT is_mixed THEN not_sent AND sent_to_known >= $displaced_from * amount END AS redirected,
       CASE WHEN NOT is_mixed THEN sent_to_new >= $displaced_from * amount END AS displaced
FROM outcome_plain
"""
"""The same with what is judged by amount; missing where currencies are mixed."""

STEPS: Final = (
    ("outcome_called", CALLED),
    ("outcome_first", FIRST),
    ("outcome_customer", CUSTOMER),
    ("outcome_fallback", FALLBACK),
    ("outcome_known", KNOWN),
    ("outcome_move", MOVE),
    ("outcome_told_again", TOLD_AGAIN),
    ("outcome_unit", UNIT),
    ("outcome_payment", PAYMENT),
    ("outcome_paid", PAID),
    ("outcome_label", LABEL),
    ("outcome_judged", JUDGED),
    ("outcome_feedback", FEEDBACK),
    ("outcome_money", MONEY),
    ("outcome_exposure", EXPOSURE),
    ("outcome_alerts_before", ALERTS_BEFORE),
    ("outcome_plain", ROW),
    ("outcomes", JUDGEMENT),
)
"""The relations in the order in which they are made."""

STREAMED: Final = frozenset({"outcome_payment"})
"""Views: the largest relation, added up while it is read, so that nobody writes it down first."""
