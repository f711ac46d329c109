"""One row per customer and experiment, entered when its window has closed, in that order.

Invariants: a row that was entered keeps everything that its window decides, whatever is recorded later (labels and the
later look, which have windows of their own, aside); rows depend on the history up to ``until`` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.sql import STEPS, STREAMED


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes in a connection, as of a moment, by rules; made by ``find_outcomes``."""

    connection: duckdb.DuckDBPyConnection
    rules: OutcomeRules
    until: datetime

    def rows(self) -> list[dict[str, Any]]:
        """Return every row, in the order of entering; times are UTC without a zone, money is Decimal."""
        return self.query("SELECT * FROM outcomes ORDER BY closes_at, seq")

    def query(self, statement: str, **more: str | int) -> list[dict[str, Any]]:
        """Run a statement over history and outcomes; it may use the named parameters of ``outcomes.sql``, and more."""
        given = {**self.rules.parameters(self.until), **more}
        cursor = self.connection.execute(statement, {name: given[name] for name in given if f"${name}" in statement})
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def find_outcomes(connection: duckdb.DuckDBPyConnection, rules: OutcomeRules, until: datetime) -> Outcomes:
    """Make the relation ``outcomes`` from the relations ``decisions``, ``events`` and ``alert_events``.

    ``until`` (aware) is as of when: nothing recorded later is read.
    """
    given = rules.parameters(until)
    for name, step in STEPS:
        used = {key: value for key, value in given.items() if f"${key}" in step}
        kind = "VIEW" if name in STREAMED else "TABLE"
        connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {step}", used or None)
    return Outcomes(connection, rules, until)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Customers assigned to one arm of an experiment, and how many of them have a closed window."""

    experiment: str
    arm: str
    customers: int
    entered: int


def assigned(outcomes: Outcomes) -> tuple[Assigned, ...]:
    """Return the population by arm, those still waiting included: what the split is checked on."""
    found = outcomes.query(
        "SELECT experiment, arm, count(*) AS customers, count(*) FILTER (WHERE closes_at <= $until) AS entered "
        "FROM outcome_unit GROUP BY experiment, arm ORDER BY experiment, arm"
    )
    return tuple(Assigned(**row) for row in found)
