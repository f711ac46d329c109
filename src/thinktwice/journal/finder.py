"""What staff look for in the journal, found quickly: an index in a file of its own, beside the journal.

Invariants: everything here is derived and can be thrown away and made again; the journal is only read, so that looking
costs the deciding process nothing; entries appear in the journal's order, each exactly once, whoever follows it and
however often that is killed; names and addresses of customers are not in it, because they are not in the journal.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from thinktwice.errors import InputError, Phrase, UnavailableError
from thinktwice.journal.finder_holds import FinderReader, enter_holds
from thinktwice.journal.finder_statements import (
    ADD_COUNT,
    COUNT_CUSTOMERS,
    COUNT_TRIGGERS,
    CREATE,
    INSERT_DECISION,
    SELECT_CUSTOMERS,
    SELECT_HOURS,
    SELECT_LAST,
    SELECT_NEW,
    SELECT_NEWEST,
    SELECT_PLACE,
    SELECT_WARNED,
    SET_PLACE,
)
from thinktwice.journal.finding import MOST_FOUND, FoundDecision, Wanted, statement_of
from thinktwice.journal.times import from_microseconds, to_microseconds
from thinktwice.storage.sqlite import connect

SHAPE: Final = 6
"""Stored in ``user_version``; a file of another shape is made anew."""

PAGE: Final = 5_000
FOR_A_PAGE: Final = timedelta(seconds=2)
"""How long a page waits for the index before it shows what is in it, and says that more is coming."""
FEW: Final = 5_000
"""As many records as may arrive while a page is made: no index is behind by these."""
HOUR: Final = 3_600_000_000

_EVENTS: Final = {
    "seen": "seen",
    "reviewed": "reviewed",
    "cancelled": "cancelled",
    "continued": "continued",
    "changed": "changed",
    "reported": "reported",
    "help": "help",
}


class Finder(FinderReader):
    """The index of one journal; safe from several threads."""

    def __init__(self, journal: Path, own: Path) -> None:
        """Open the index, made anew when there is none of this shape.

        Raises:
            NotFoundError: there is no journal.
            UnavailableError: a file cannot be opened.
        """
        super().__init__(own)
        self._journal = journal
        self._lock = threading.Lock()
        self._writer = connect(own)
        try:
            self._prepare()
            connect(journal, read_only=True).close()
        except BaseException:
            self._writer.close()
            raise

    def follow(self, within: timedelta | None = None) -> int:
        """Take in what was recorded since; returns how many records that were.

        A page says ``within`` what time it wants an answer: what is not taken in by then stays behind, because the
        first run over a large journal takes minutes. Several may follow at once; they take turns.

        Raises:
            UnavailableError: a database cannot be read or written right now.
        """
        total, begun = 0, time.monotonic()
        with closing(connect(self._journal, read_only=True)) as journal:
            try:
                while taken := self._take_page(journal):
                    total += taken
                    if within is not None and time.monotonic() - begun >= within.total_seconds():
                        break
            except sqlite3.Error as error:
                raise UnavailableError(f"the journal's index cannot be brought up to date: {error}") from error
        return total

    def behind(self) -> int:
        """Return how many records of the journal are not in the index yet; 0 for what a moment of traffic leaves.

        Raises:
            UnavailableError: a database cannot be read right now.
        """
        try:
            with closing(connect(self._journal, read_only=True)) as journal:
                (newest,) = journal.execute(SELECT_LAST).fetchone()
        except sqlite3.Error as error:
            raise UnavailableError(f"the journal cannot be read: {error}") from error
        missing = int(newest) - int(self._read(SELECT_PLACE, ())[0][0])
        return missing if missing > FEW else 0

    def search(self, wanted: Wanted, *, limit: int = 50, offset: int = 0) -> tuple[FoundDecision, ...]:
        """Return decisions that fit, newest first.

        Raises:
            InputError: nothing was asked for, or too much at once.
        """
        if not 1 <= limit <= MOST_FOUND:
            raise InputError.of(Phrase("is 1 to %(most)s", most=MOST_FOUND), field="limit")
        statement, values = statement_of(wanted, limit=limit, offset=offset)
        rows = self._read(statement, values)
        return tuple(
            FoundDecision(
                decision_id=row[0],
                withdrawal_id=row[1],
                attempt=row[2],
                destination_key=row[3],
                action=row[4],
                campaign=row[5],
                arm=row[6],
                recorded_at=from_microseconds(row[7]),
            )
            for row in rows
        )

    def customers(self, match_key: str, since: datetime) -> int:
        """Return how many customers a destination has had since, whatever memos they used."""
        values = (match_key, match_key, match_key, to_microseconds(since))
        return int(self._read(COUNT_CUSTOMERS, values)[0][0])

    def customer_refs(self, match_keys: Iterable[str], since: datetime) -> tuple[str, ...]:
        """Return the customers that some destinations have had since, whatever memos they used, as references."""
        at = to_microseconds(since)
        return tuple(sorted({row[0] for row in self._read_each(SELECT_CUSTOMERS, ((k, k, k, at) for k in match_keys))}))

    def warned_refs(self, match_key: str, since: datetime, until: datetime) -> tuple[str, ...]:
        """Return the customers whose withdrawal to a destination did not simply go on, in a span of time."""
        values = (match_key, match_key, match_key, to_microseconds(since), to_microseconds(until))
        return tuple(sorted(row[0] for row in self._read(SELECT_WARNED, values)))

    def newest(self, limit: int) -> tuple[str, ...]:
        """Return the newest decisions, newest first."""
        return tuple(row[0] for row in self._read(SELECT_NEWEST, (limit,)))

    def triggers(self, since: datetime) -> dict[str, int]:
        """Return how often each campaign has fired since, known-bad destinations and the holdout included."""
        return dict(self._read(COUNT_TRIGGERS, (to_microseconds(since),)))

    def hours(self, since: datetime, until: datetime) -> tuple[tuple[datetime, str, int], ...]:
        """Return what happened in each hour: (its beginning, what, how often), test traffic left out."""
        bounds = (to_microseconds(since) // HOUR * HOUR, to_microseconds(until))
        return tuple((from_microseconds(hour), what, number) for hour, what, number in self._read(SELECT_HOURS, bounds))

    def close(self) -> None:
        """Close the index."""
        self._writer.close()

    def _prepare(self) -> None:
        (shape,) = self._writer.execute("PRAGMA user_version").fetchone()
        if shape == SHAPE:
            return
        self._writer.execute("BEGIN IMMEDIATE")
        for (name,) in self._writer.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            self._writer.execute(f'DROP TABLE "{name}"')
        for statement in CREATE.split(";\n"):
            self._writer.execute(statement)
        self._writer.execute(f"PRAGMA user_version = {SHAPE}")
        self._writer.execute("COMMIT")

    def _take_page(self, journal: sqlite3.Connection) -> int:
        """Take in up to one page in one transaction; another process that follows the same index waits."""
        with self._lock:
            return self._taken(journal)

    def _taken(self, journal: sqlite3.Connection) -> int:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            (after,) = self._writer.execute(SELECT_PLACE).fetchone()
            rows = journal.execute(SELECT_NEW, (after, PAGE)).fetchall()
            if rows:
                self._enter(rows, journal)
                self._writer.execute(SET_PLACE, (rows[-1][0],))
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        return len(rows)

    def _enter(self, rows: Sequence[tuple[Any, ...]], journal: sqlite3.Connection) -> None:
        live = [row for row in rows if not row[11]]
        decisions = [row for row in live if row[1] == "decision"]
        self._writer.executemany(
            INSERT_DECISION,
            [(row[0], row[2], *row[4:7], *row[8:11], row[3], row[14]) for row in decisions],
        )
        enter_holds(live, journal, self._writer)
        counts = Counter((row[3] // HOUR * HOUR, what) for row in live for what in _whats(row))
        self._writer.executemany(ADD_COUNT, [(hour, what, number) for (hour, what), number in counts.items()])


def _whats(row: tuple[Any, ...]) -> Iterator[str]:
    """Yield what one record counts as."""
    if row[1] == "decision":
        yield "decided"
        if row[9] is not None:
            yield "triggered"
        yield f"action:{row[8]}"
    elif row[1] == "alert_event" and row[7] in _EVENTS:
        yield _EVENTS[row[7]]
    elif row[1] == "event" and row[7] == "scam.reported":
        yield "reported"
    elif row[1] == "event" and row[7] in {"withdrawal.completed", "withdrawal.cancelled"}:
        yield "completed" if row[7] == "withdrawal.completed" else "not_sent"
