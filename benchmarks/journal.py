"""Durable appends: GroupCommit and SqliteJournal beside bare group-committed INSERTs of the same bytes in the same run.

Both sides sync once per batch of up to 64. The bare side is the least that SQLite can do: one table with a primary key
and the body, batches ready-made, no thread, no questions. Ours is asked by 64 tasks of one event loop.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.errors import ThinkTwiceError
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.sqlite import SqliteJournal
from thinktwice.journal.writer import GroupCommit
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect

ASKERS = 64
ROUNDS = 5
SECONDS = 1.0


def run() -> list[tuple[str, float, str, str | None]]:
    """Return (name, value, unit, budget) of each figure; the rounds interleave the sides and the median counts."""
    measured = [_round() for _ in range(ROUNDS)]
    raw, bare, fed, ours, decided = (statistics.median(column) for column in zip(*measured, strict=True))
    ratio = statistics.median(each[3] / each[1] for each in measured)
    fed_ratio = statistics.median(each[3] / each[2] for each in measured)
    decided_ratio = statistics.median(each[4] / each[1] for each in measured)
    return [
        ("raw 4 KB write + fdatasync", raw, "/s", None),
        ("bare group-committed INSERT, batches ready-made", bare, "records/s", None),
        ("bare group-committed INSERT, fed by 64 askers", fed, "records/s", None),
        ("journal, events, 64 askers", ours, "records/s", None),
        ("journal ÷ bare", ratio, "×", ">= 0.7"),
        ("journal ÷ bare fed by the same askers", fed_ratio, "×", None),
        ("journal, decisions with look-ups and states", decided, "records/s", None),
        ("the same ÷ bare", decided_ratio, "×", None),
    ]


def _round() -> tuple[float, float, float, float, float]:
    """Measure each side once, in new files of one folder."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name:
        folder = Path(name)
        return (_raw(folder / "raw"), _bare(folder / "bare.db"), _fed(folder / "fed.db"), _ours(folder / "e", _events),
                _ours(folder / "d", _decisions))  # fmt: skip


def _body() -> bytes:
    return os.urandom(1500)


def _raw(path: Path) -> float:
    """What the disk can do: small writes, each made durable."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    block = os.urandom(4096)
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        os.pwrite(file, block, 4096 * (done % 1000))
        os.fdatasync(file)
        done += 1
    os.close(file)
    return done / (time.perf_counter() - start)


def _bare_table(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    return connection


def _insert(connection: sqlite3.Connection, bodies: Sequence[tuple[bytes]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO bare (body) VALUES (?)", bodies)
    connection.execute("COMMIT")


def _bare(path: Path) -> float:
    """Batches of 64 in a loop."""
    connection = _bare_table(path)
    body = _body()
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        _insert(connection, [(body,)] * ASKERS)
        done += ASKERS
    taken = time.perf_counter() - start
    connection.close()
    return done / taken


def _fed(path: Path) -> float:
    """The same INSERTs behind GroupCommit: what the asking itself costs."""
    connection = _bare_table(path)

    def handle(bodies: Sequence[bytes]) -> Sequence[None]:
        _insert(connection, [(body,) for body in bodies])
        return [None] * len(bodies)

    rate = _ask(GroupCommit(handle, max_batch=ASKERS))
    connection.close()
    return rate


def _ours(folder: Path, handler: object) -> float:
    migrate(folder)
    journal = SqliteJournal(DataFolder(folder).journal)

    def handle(bodies: Sequence[bytes]) -> Sequence[ThinkTwiceError | None]:
        assert callable(handler)
        handler(journal, bodies)
        return [None] * len(bodies)

    rate = _ask(GroupCommit(handle, max_batch=ASKERS))
    journal.close()
    return rate


def _events(journal: SqliteJournal, bodies: Sequence[bytes]) -> None:
    """Append with a unique id and time: what the budget is about."""
    now = datetime.now(UTC)
    with journal.batch() as batch:
        batch.append(
            [
                NewRecord(
                    kind="event",
                    record_id=_uuid7(now),
                    recorded_at=now,
                    customer_ref="c" * 32,
                    destination_key="evm:0x",
                    event_type="deposit.received",
                    digest=body[:32],
                    body=body,
                )
                for body in bodies
            ]
        )


def _decisions(journal: SqliteJournal, bodies: Sequence[bytes]) -> None:
    """Everything the hot path asks of the journal: repeated keys, states of customers and destinations."""
    now = datetime.now(UTC)
    names = [_uuid7(now) for _ in bodies]
    refs = [f"{int(name[-4:], 16) % 5000:032x}" for name in names]
    with journal.batch() as batch:
        batch.latest_attempts(names)
        states = batch.customer_states(refs)
        destinations = batch.destination_states(refs)
        batch.append(
            [
                NewRecord(kind="decision", record_id=name, withdrawal_id=name, attempt=1, recorded_at=now,
                          alert_id=name, customer_ref=ref, digest=body[:32], action="alert", body=body)
                for name, ref, body in zip(names, refs, bodies, strict=True)
            ]
        )  # fmt: skip
        batch.put_customer_states({ref: states.get(ref, body[:600]) for ref, body in zip(refs, bodies, strict=True)})
        batch.put_destination_states(
            {ref: destinations.get(ref, body[:120]) for ref, body in zip(refs, bodies, strict=True)}
        )


def _uuid7(now: datetime) -> str:
    """A time-ordered id, as decisions have."""
    return f"{int(now.timestamp() * 1000):012x}7{os.urandom(9).hex()}"


def _ask(queue: GroupCommit[bytes, None]) -> float:
    """64 tasks ask, each again as soon as it is answered."""
    body = _body()
    done = 0

    async def ask(end: float) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await queue.ask(body)
            done += 1

    async def ask_all() -> None:
        end = time.perf_counter() + SECONDS
        await asyncio.gather(*(ask(end) for _ in range(ASKERS)))

    start = time.perf_counter()
    asyncio.run(ask_all())
    taken = time.perf_counter() - start
    queue.close()
    return done / taken


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="\t")
