"""Durable appends: GroupCommit and SqliteJournal beside bare group-committed INSERTs of the same bytes in the same run.

Both sides sync once per batch of up to 64. The bare side is the least that SQLite can do: one table with a primary key
and the body, batches ready-made, no thread, no questions. Ours is asked by 64 tasks of one event loop, which costs time
of its own; so each side is also measured the other way round, bare INSERTs fed by the askers and the journal with
batches ready-made, and like is compared with like (ADR 36).
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
from typing import NamedTuple

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

RAW = "raw 4 KB write + fdatasync"
BARE = "bare group-committed INSERT, batches ready-made"
READY = "journal, events, batches ready-made"
FED = "bare group-committed INSERT, fed by 64 askers"
OURS = "journal, events, 64 askers"
DECIDED = "journal, decisions with look-ups and states, 64 askers"


class Side(NamedTuple):
    """What one side did: records a second, and microseconds of processor time a record, all threads together."""

    rate: float
    cost: float


class Meter:
    """Counts from its making on."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._cpu = time.process_time()

    def goes_on(self) -> bool:
        """Tell whether the round is not over."""
        return time.perf_counter() - self._start < SECONDS

    def side(self, done: int) -> Side:
        """Return what so many records took."""
        return Side(done / (time.perf_counter() - self._start), (time.process_time() - self._cpu) / done * 1e6)


def run() -> list[tuple[str, float, str, str | None]]:
    """Return (name, value, unit, budget) of each figure; the rounds interleave the sides and the median counts."""
    rounds = [_round() for _ in range(ROUNDS)]

    def ratio(ours: str, theirs: str) -> float:
        return statistics.median(each[ours].rate / each[theirs].rate for each in rounds)

    def by_cost(ours: str, theirs: str) -> float:
        return statistics.median(each[theirs].cost / each[ours].cost for each in rounds)

    return [
        *((name, statistics.median(each[name].rate for each in rounds), "/s", None) for name in rounds[0]),
        ("journal ÷ bare", ratio(OURS, BARE), "×", ">= 0.7"),
        ("the same, both ready-made", ratio(READY, BARE), "×", None),
        ("the same, both fed by 64 askers", ratio(OURS, FED), "×", None),
        ("by processor time: journal ÷ bare", by_cost(OURS, BARE), "×", None),
        ("by processor time: both ready-made", by_cost(READY, BARE), "×", None),
        ("by processor time: both fed by 64 askers", by_cost(OURS, FED), "×", None),
        ("decisions with look-ups and states ÷ bare", ratio(DECIDED, BARE), "×", None),
    ]


def _round() -> dict[str, Side]:
    """Measure each side once, in new files of one folder."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name:
        folder = Path(name)
        return {
            RAW: _raw(folder / "raw"),
            BARE: _bare(folder / "bare.db"),
            READY: _ready(folder / "r"),
            FED: _fed(folder / "fed.db"),
            OURS: _ours(folder / "e", _events),
            DECIDED: _ours(folder / "d", _decisions),
        }


def _body() -> bytes:
    return os.urandom(1500)


def _raw(path: Path) -> Side:
    """What the disk can do: small writes, each made durable."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    block = os.urandom(4096)
    meter, done = Meter(), 0
    while meter.goes_on():
        os.pwrite(file, block, 4096 * (done % 1000))
        os.fdatasync(file)
        done += 1
    os.close(file)
    return meter.side(done)


def _bare_table(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    return connection


def _insert(connection: sqlite3.Connection, bodies: Sequence[tuple[bytes]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO bare (body) VALUES (?)", bodies)
    connection.execute("COMMIT")


def _bare(path: Path) -> Side:
    """Batches of 64 in a loop."""
    connection = _bare_table(path)
    body = _body()
    meter, done = Meter(), 0
    while meter.goes_on():
        _insert(connection, [(body,)] * ASKERS)
        done += ASKERS
    side = meter.side(done)
    connection.close()
    return side


def _fed(path: Path) -> Side:
    """The same INSERTs behind GroupCommit: what the asking itself costs."""
    connection = _bare_table(path)

    def handle(bodies: Sequence[bytes]) -> Sequence[None]:
        _insert(connection, [(body,) for body in bodies])
        return [None] * len(bodies)

    side = _ask(GroupCommit(handle, max_batch=ASKERS))
    connection.close()
    return side


def _ready(folder: Path) -> Side:
    """The journal in a loop like the bare side's; the ids of events come from those who send them."""
    migrate(folder)
    journal = SqliteJournal(DataFolder(folder).journal)
    body = _body()
    meter, done = Meter(), 0
    while meter.goes_on():
        _append(journal, [(f"{done + place:032x}", body) for place in range(ASKERS)])
        done += ASKERS
    side = meter.side(done)
    journal.close()
    return side


def _ours(folder: Path, handler: object) -> Side:
    migrate(folder)
    journal = SqliteJournal(DataFolder(folder).journal)

    def handle(bodies: Sequence[bytes]) -> Sequence[ThinkTwiceError | None]:
        assert callable(handler)
        handler(journal, bodies)
        return [None] * len(bodies)

    side = _ask(GroupCommit(handle, max_batch=ASKERS))
    journal.close()
    return side


def _events(journal: SqliteJournal, bodies: Sequence[bytes]) -> None:
    """Append with a unique id and time: what the budget is about."""
    now = datetime.now(UTC)
    _append(journal, [(_uuid7(now), body) for body in bodies])


def _append(journal: SqliteJournal, events: Sequence[tuple[str, bytes]]) -> None:
    """Make one batch of events durable."""
    now = datetime.now(UTC)
    with journal.batch() as batch:
        batch.append(
            [
                NewRecord(
                    kind="event",
                    record_id=event_id,
                    recorded_at=now,
                    customer_ref="c" * 32,
                    destination_key="evm:0x",
                    event_type="deposit.received",
                    digest=body[:32],
                    body=body,
                )
                for event_id, body in events
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


def _ask(queue: GroupCommit[bytes, None]) -> Side:
    """64 tasks ask, each again as soon as it is answered."""
    body = _body()
    done = 0
    meter = Meter()

    async def ask() -> None:
        nonlocal done
        while meter.goes_on():
            await queue.ask(body)
            done += 1

    async def ask_all() -> None:
        await asyncio.gather(*(ask() for _ in range(ASKERS)))

    asyncio.run(ask_all())
    side = meter.side(done)
    queue.close()
    return side


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="\t")
