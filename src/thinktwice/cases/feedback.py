"""What an agency's reports achieved, a week at a time: how many customers were warned, rounded, or nothing at all.

Invariants: counted by the operator's own process, once the week is over, written down once and never counted again, so
that two countings cannot be compared; nothing is told of fewer than ten customers, nor where reports of fewer than
three addresses warned anybody, so that no count speaks of one address, however often it was reported; silent reports
are never counted; the portal only reads.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.cases.reach import own_agency
from thinktwice.cases.victims import tens
from thinktwice.people.person import Person
from thinktwice.people.times import as_text

LEAST_REPORTS: Final = 3
WEEKS_BACK: Final = 8
"""How far back weeks are made up for, when the operator's process did not run."""

MOST_SHOWN: Final = 26
SELECT_DUE: Final = """
SELECT DISTINCT agency_id FROM agency_report WHERE reported_at < ? AND agency_id NOT IN (
    SELECT agency_id FROM report_feedback WHERE week = ?
) ORDER BY agency_id
"""
SELECT_IN_FORCE: Final = """
SELECT match_keys, decided_at, expires_at FROM agency_report
WHERE agency_id = ? AND state = 'accepted' AND handling = 'warn' AND decided_at < ? AND expires_at > ?
"""
INSERT_FEEDBACK: Final = "INSERT OR IGNORE INTO report_feedback (agency_id, week, warned, at) VALUES (?, ?, ?, ?)"
SELECT_FEEDBACK: Final = f"""
SELECT week, warned FROM report_feedback WHERE agency_id = ? ORDER BY week DESC LIMIT {MOST_SHOWN}
"""  # noqa: S608  (a constant)


class WarnedOf(Protocol):
    """Finds who was warned about a destination."""

    def warned_refs(self, match_key: str, since: datetime, until: datetime) -> tuple[str, ...]:
        """Return references of customers in a span of time."""
        ...


@dataclass(frozen=True, slots=True)
class WeekCount:
    """One week that began on a Monday; ``warned`` is rounded to tens, None where too little is known to tell."""

    week: date
    warned: int | None


class Feedback:
    """The weekly counts in ``control.db``."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock

    def count(self, customers: WarnedOf) -> int:
        """Count every week that is over and was not counted; returns how many counts were written down."""
        made = 0
        for start in _weeks(self._clock()):
            end = start + timedelta(days=7)
            with self._ledger.reading() as connection:
                due = [row[0] for row in connection.execute(SELECT_DUE, (as_text(end), start.date().isoformat()))]
                counts = [(agency, self._warned(connection, agency, start, end, customers)) for agency in due]
            if not counts:
                continue
            with self._ledger.act(Actor("system", "reports"), "report.count", "week", start.date().isoformat()) as act:
                at = as_text(act.at)
                rows = [(agency, start.date().isoformat(), warned, at) for agency, warned in counts]
                act.connection.executemany(INSERT_FEEDBACK, rows)
                act.note(agencies=len(rows))
            made += len(counts)
        return made

    def own(self, person: Person) -> tuple[WeekCount, ...]:
        """Return the counts of the officer's agency, newest first.

        Raises:
            NotAllowedError: No role allows reporting addresses.
            NotFoundError: Not an officer of an active agency.
        """
        person.require("report_address", self._clock())
        with self._ledger.reading() as connection:
            agency = own_agency(connection, person)
            rows = connection.execute(SELECT_FEEDBACK, (agency.id,)).fetchall()
        return tuple(WeekCount(date.fromisoformat(row[0]), row[1]) for row in rows)

    def _warned(
        self, connection: sqlite3.Connection, agency: str, start: datetime, end: datetime, customers: WarnedOf
    ) -> int | None:
        reports = connection.execute(SELECT_IN_FORCE, (agency, as_text(end), as_text(start))).fetchall()
        found: set[str] = set()
        counted: set[str] = set()
        addresses = 0
        for row in reports:
            refs, keys = _refs(row, start, end, customers), frozenset(json.loads(row[0]))
            found |= refs
            if refs and counted.isdisjoint(keys):
                addresses += 1
                counted |= keys
        warned = tens(len(found)) if addresses >= LEAST_REPORTS else 0
        return warned or None


def _refs(row: Sequence[Any], start: datetime, end: datetime, customers: WarnedOf) -> frozenset[str]:
    """Return who was warned by one report while it was in force."""
    since, until = max(start, datetime.fromisoformat(row[1])), min(end, datetime.fromisoformat(row[2]))
    return frozenset(ref for key in json.loads(row[0]) for ref in customers.warned_refs(key, since, until))


def _weeks(now: datetime) -> Iterator[datetime]:
    """Yield the beginnings of the weeks that are over, oldest first: Mondays, midnight in UTC."""
    today = now.date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(), now.tzinfo)
    yield from (monday - timedelta(days=7 * back) for back in range(WEEKS_BACK, 0, -1))
