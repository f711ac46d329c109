"""How fast staff find a decision among a million, and how fast the index follows the journal.

The index is filled through its own statement for the search; following is timed over a real journal.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from thinktwice.journal.finder import Finder
from thinktwice.journal.finder_statements import INSERT_DECISION
from thinktwice.journal.finding import Wanted
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.sqlite import SqliteJournal
from thinktwice.journal.times import to_microseconds
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

Row = tuple[str, float, str, str | None]

ROWS = 1_000_000
FOLLOWED = 50_000
ROUNDS = 20
START = datetime(2026, 1, 1, tzinfo=UTC)
_ACTIONS = ("proceed",) * 16 + ("alert",) * 3 + ("hold",)
_CAMPAIGNS = (None,) * 16 + ("hk-joint", "sg-first", "gb-first", "lookalike")


def run() -> list[Row]:
    """Fill both and ask every kind of question."""
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        migrate(folder.path)
        with closing(SqliteJournal(folder.journal)) as journal:
            _record(journal)
        with closing(Finder(folder.journal, folder.finder)) as finder:
            began = time.perf_counter()
            assert finder.follow() == FOLLOWED
            rate = FOLLOWED / (time.perf_counter() - began)
            _fill(finder)
            rows = [
                (f"search by {what}, slowest of {ROUNDS}", _slowest(finder, wanted), "ms", "<= 300")
                for what, wanted in _searches()
            ]
            began = time.perf_counter()
            finder.triggers(_at(ROWS) - timedelta(hours=1))
            rows.append(("triggers of the last hour", 1000 * (time.perf_counter() - began), "ms", "<= 300"))
        return [*rows, ("records followed", rate, "/s", ">= 5000")]


def _searches() -> list[tuple[str, Wanted]]:
    day = _at(ROWS // 2).replace(hour=0, minute=0, second=0, microsecond=0)
    next_day = day + timedelta(days=1)
    return [
        ("withdrawal", Wanted(withdrawal_id=f"w-{ROWS // 3}")),
        ("destination", Wanted(destination_key="evm:0x1234")),
        ("campaign", Wanted(campaign="hk-joint")),
        ("action", Wanted(action="hold")),
        ("day", Wanted(since=day, until=next_day)),
        ("campaign, action and day", Wanted(campaign="sg-first", action="hold", since=day, until=next_day)),
        ("action and day", Wanted(action="alert", since=day, until=next_day)),
        ("what nobody recorded", Wanted(withdrawal_id="w-none", action="hold")),
    ]


def _slowest(finder: Finder, wanted: Wanted) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        finder.search(wanted, limit=51)
        times.append(1000 * (time.perf_counter() - began))
    assert statistics.median(times) <= max(times)
    return max(times)


def _at(number: int) -> datetime:
    return START + timedelta(seconds=15 * number)


def _fill(finder: Finder) -> None:
    """Enter a million decisions without waiting for the disk."""
    connection = finder._writer
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM decision")
    connection.executemany(
        INSERT_DECISION,
        (
            (
                number, f"d-{number}", f"w-{number}", 1, f"evm:0x{number * 7919 % 65536:04x}",
                _ACTIONS[number * 31 % 20], _CAMPAIGNS[number * 17 % 20], None, to_microseconds(_at(number)),
                f"{number % 40_000:032x}",
            )
            for number in range(ROWS)
        ),
    )  # fmt: skip
    connection.execute("COMMIT")


def _record(journal: SqliteJournal) -> None:
    body = b'{"facts": "' + b"x" * 1_200 + b'"}'
    for first in range(0, FOLLOWED, 1000):
        with journal.batch() as batch:
            batch.append([_decision(number, body) for number in range(first, first + 1000)])


def _decision(number: int, body: bytes) -> NewRecord:
    return NewRecord(
        kind="decision",
        record_id=f"d-{number}",
        recorded_at=_at(number),
        withdrawal_id=f"w-{number}",
        attempt=1,
        customer_ref=f"{number % 40_000:032x}",
        destination_key=f"evm:0x{number % 5_000:04x}",
        action=_ACTIONS[number * 31 % 20],
        campaign=_CAMPAIGNS[number * 17 % 20],
        is_test=False,
        body=body,
    )
