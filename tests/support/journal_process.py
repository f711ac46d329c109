"""A process that records as fast as it can and says what is durable; killed by ``tests/flow/test_kill.py``.

Usage: ``python journal_process.py JOURNAL NEXT...`` where NEXT is the number at which each task goes on. A line
``task number`` on standard output means: acknowledged. Like the real service it first looks whether an id came before.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.errors import ThinkTwiceError
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.sqlite import SqliteJournal
from thinktwice.journal.writer import GroupCommit

BODY = b"x" * 1500


def main(path: Path, starts: Sequence[int]) -> None:
    """Record until killed."""
    journal = SqliteJournal(path, checkpoint_every_seconds=0.02)

    def handle(ids: Sequence[str]) -> Sequence[str | ThinkTwiceError]:
        with journal.batch() as batch:
            known = batch.event_digests(ids)
            last = batch.last_recorded_at()
            now = max(datetime.now(UTC), last) if last else datetime.now(UTC)
            batch.append(
                [
                    NewRecord(kind="event", record_id=id_, recorded_at=now, digest=id_.encode(), body=BODY)
                    for id_ in ids
                    if id_ not in known
                ]
            )
            batch.put_customer_states({f"c{id_.split()[0]}": id_.encode() for id_ in ids})
        return ids

    queue = GroupCommit(handle, max_batch=64)

    async def record(task: int, number: int) -> None:
        while True:
            acknowledged = await queue.ask(f"{task} {number}")
            os.write(1, f"{acknowledged}\n".encode())
            number += 1

    async def record_all() -> None:
        await asyncio.gather(*(record(task, start) for task, start in enumerate(starts)))

    asyncio.run(record_all())


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(start) for start in sys.argv[2:]])
