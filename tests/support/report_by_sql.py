"""The report's figures from the raw rows, in SQL written for this purpose alone: it shares nothing with the product.

It may be this simple because the simulated operator tells each withdrawal's end once; ``build`` checks that.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb

BUILD = """
CREATE TEMP TABLE live AS SELECT * FROM decisions WHERE NOT is_test AND recorded_at <= TIMESTAMP '{until}';
CREATE TEMP TABLE told AS SELECT * FROM events WHERE NOT is_test AND recorded_at <= TIMESTAMP '{until}';
CREATE TEMP TABLE claims AS SELECT * FROM alert_events WHERE NOT is_test AND recorded_at <= TIMESTAMP '{until}';
CREATE TEMP TABLE trig AS
SELECT *, row_number() OVER (PARTITION BY customer_ref ORDER BY seq) AS nth
FROM live WHERE experiment = '{experiment}' AND is_trigger;
CREATE TEMP TABLE unit AS SELECT * FROM trig WHERE nth = 1 AND arm IS NOT NULL;
CREATE TEMP TABLE paid AS
SELECT d.customer_ref, d.withdrawal_id, d.attempt, d.destination_key, d.fiat_amount, e.seq AS told, e.recorded_at AS at
FROM live d JOIN told e ON e.withdrawal_id = d.withdrawal_id AND e.attempt = d.attempt
WHERE e.type = 'withdrawal.completed';
CREATE TEMP TABLE scam AS
SELECT withdrawal_id, attempt, source, label, recorded_at FROM told
WHERE type IN ('scam.reported', 'outcome.labelled') AND label IN ('scam', 'poisoning', 'fraud')
UNION ALL SELECT withdrawal_id, attempt, 'alert', 'scam', recorded_at FROM claims WHERE type = 'reported';
CREATE TEMP TABLE called AS
SELECT p.customer_ref, p.withdrawal_id, p.attempt, s.source, min(s.recorded_at) AS called_at, any_value(p.told) AS told,
       any_value(p.at) AS at, any_value(p.fiat_amount) AS fiat_amount
FROM paid p JOIN scam s ON s.withdrawal_id = p.withdrawal_id AND s.attempt = p.attempt
GROUP BY p.customer_ref, p.withdrawal_id, p.attempt, s.source;
CREATE TEMP TABLE person AS
SELECT u.customer_ref, u.arm, u.seq, u.recorded_at, u.language, u.age_band, u.jurisdiction, u.customer_kind, u.channel,
  u.alert_id IS NOT NULL AS is_shown,
  date_trunc('week', u.recorded_at + INTERVAL 7 DAY) AS week,
  NOT EXISTS (SELECT 1 FROM paid p WHERE p.customer_ref = u.customer_ref AND p.destination_key = u.destination_key
    AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 7 DAY) AS not_sent,
  NOT EXISTS (SELECT 1 FROM paid p WHERE p.customer_ref = u.customer_ref AND p.destination_key = u.destination_key
    AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 30 DAY) AS not_sent_late,
  u.fiat_amount AS asked,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref
    AND p.destination_key = u.destination_key AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 7 DAY) AS sent,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref
    AND p.destination_key <> u.destination_key AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 7 DAY
    AND (SELECT min(q.told) FROM paid q WHERE q.customer_ref = p.customer_ref
         AND q.destination_key = p.destination_key) > u.seq) AS sent_new,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref
    AND p.destination_key <> u.destination_key AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 7 DAY
    AND (SELECT min(q.told) FROM paid q WHERE q.customer_ref = p.customer_ref
         AND q.destination_key = p.destination_key) < u.seq) AS sent_known,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref AND p.told > u.seq
    AND p.at <= u.recorded_at + INTERVAL 7 DAY) AS left_week,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref AND p.told < u.seq
    AND p.at > u.recorded_at - INTERVAL 30 DAY) AS left_before,
  (SELECT min(p.at) FROM paid p WHERE p.customer_ref = u.customer_ref AND p.destination_key = u.destination_key
    AND p.told > u.seq AND p.at <= u.recorded_at + INTERVAL 7 DAY) AS left_at,
  (SELECT coalesce(sum(p.fiat_amount), 0) FROM paid p WHERE p.customer_ref = u.customer_ref AND p.told > u.seq
    AND p.at <= u.recorded_at + INTERVAL 30 DAY AND EXISTS (SELECT 1 FROM called c
      WHERE c.withdrawal_id = p.withdrawal_id AND c.attempt = p.attempt AND c.source IN ({sources})
      AND c.called_at <= u.recorded_at + INTERVAL 60 DAY)) AS lost,
  EXISTS (SELECT 1 FROM told e WHERE e.withdrawal_id = u.withdrawal_id AND e.attempt = u.attempt
    AND e.label = 'genuine' AND e.source IN ({sources})
    AND e.recorded_at <= u.recorded_at + INTERVAL 60 DAY) AS is_genuine,
  EXISTS (SELECT 1 FROM scam s WHERE s.withdrawal_id = u.withdrawal_id AND s.attempt = u.attempt
    AND s.source IN ({sources}) AND s.recorded_at <= u.recorded_at + INTERVAL 60 DAY) AS is_scam,
  {claimed}
FROM unit u WHERE u.recorded_at + INTERVAL 7 DAY <= TIMESTAMP '{until}';
"""
CLAIMED = """EXISTS (SELECT 1 FROM live d JOIN claims a ON a.alert_id = d.alert_id WHERE d.customer_ref = u.customer_ref
    AND d.experiment = u.experiment AND d.recorded_at >= u.recorded_at
    AND a.recorded_at <= u.recorded_at + INTERVAL 7 DAY AND a.type IN ({types})) AS {name}"""
SAID = """EXISTS (SELECT 1 FROM told e JOIN live d ON d.withdrawal_id = e.withdrawal_id AND d.attempt = e.attempt
    WHERE d.customer_ref = u.customer_ref AND e.label = '{label}' AND e.seq > u.seq
    AND e.recorded_at <= u.recorded_at + INTERVAL 7 DAY) AS {name}"""
ENDS_ONCE = """
SELECT count(*) FROM (SELECT withdrawal_id, attempt FROM events
WHERE type IN ('withdrawal.completed', 'withdrawal.cancelled') GROUP BY ALL
HAVING count(*) > 1 AND bool_or(type = 'withdrawal.completed'))"""

NUMBERS = {
    "not_sent": "not_sent",
    "not_sent_late": "not_sent_late",
    "kept": "not_sent AND sent_new < 0.8 * asked",
    "reduced": "sent > 0 AND sent < 0.95 * asked",
    "redirected": "not_sent AND sent_known >= 0.8 * asked",
    "displaced": "sent_new >= 0.8 * asked",
    "completed": "least(left_week, {limit})",
    "is_loss": "lost > 0",
    "loss": "least(lost, {limit})",
    "genuine_not_sent": "is_genuine AND NOT is_scam AND not_sent",
    "complained": "is_complained",
    "contacted": "is_contacted",
    "slow": "NOT not_sent AND date_diff('second', recorded_at, left_at) > 3600",
    "is_shown": "is_shown",
    "delivered": "is_delivered",
    "seen": "is_seen",
    "reviewed": "is_reviewed",
    "reconsidered": "is_seen AND (not_sent OR (sent > 0 AND sent < 0.95 * asked))",
    "exposed": "is_delivered OR is_seen OR is_reviewed",
    "changed_course": "not_sent OR (sent > 0 AND sent < 0.95 * asked)",
    "false_alarm": "NOT is_scam AND lost = 0",
}
"""Each number of a customer; redirected is left out of reconsidered because it implies not sent."""


class BySql:
    """Asks the raw rows."""

    def __init__(
        self, history: duckdb.DuckDBPyConnection, experiment: str, until: datetime, sources: list[str], limit: int
    ):
        self.history, self.limit = history, limit
        assert self.one(ENDS_ONCE) == 0
        claimed = [
            CLAIMED.format(types=types, name=name)
            for types, name in (
                ("'delivered'", "is_delivered"),
                ("'seen'", "is_seen"),
                ("'reviewed', 'answered'", "is_reviewed"),
            )
        ]
        claimed += [
            SAID.format(label=label, name=f"is_{name}")
            for label, name in (("complaint", "complained"), ("contact", "contacted"))
        ]
        history.execute(
            BUILD.format(
                until=until.astimezone(UTC).replace(tzinfo=None),
                experiment=experiment,
                sources=", ".join(f"'{source}'" for source in sources),
                claimed=", ".join(claimed),
            )
        )

    def all(self, statement: str) -> list[tuple[Any, ...]]:
        return self.history.execute(statement).fetchall()

    def one(self, statement: str) -> Any:
        (found,) = self.all(statement)[0]
        return found

    def number(self, name: str) -> str:
        return "(" + NUMBERS[name].format(limit=self.limit) + ")"

    def total(self, name: str, where: str = "TRUE") -> tuple[float, int]:
        """Return the sum of a number and the customers it is of."""
        total, n = self.all(
            f"SELECT coalesce(sum(CAST({self.number(name)} AS DECIMAL(38, 4))), 0), count(*) FROM person WHERE {where}"
        )[0]
        return float(total), n

    def mean(self, name: str, where: str = "TRUE") -> float:
        total, n = self.total(name, where)
        return total / n
