"""Rule 1 at the journal: what was acknowledged survives ``kill -9`` at any moment, and nothing is recorded twice.

This covers the death of the process. The death of the host is left to SQLite's ``synchronous=FULL``.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import journal_process
from tests.support.journal import migrated
from thinktwice.journal.sqlite import SqliteJournal, SqliteJournalReader

TASKS = 32


def run_until_killed(path: Path, starts: list[int], seconds: float) -> list[tuple[int, int]]:
    """Let a process record, kill it so long after its first acknowledgement, and return all it acknowledged."""
    command = [sys.executable, str(Path(journal_process.__file__)), str(path), *map(str, starts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first, "the process ended before it acknowledged anything"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        lines = [first, *child.stdout.read().splitlines(keepends=True)]
    assert child.returncode == -signal.SIGKILL
    return [(int(task), int(number)) for task, number in map(bytes.split, lines)]


def check(path: Path, acknowledged: set[tuple[int, int]]) -> int:
    """Prove the invariants of the journal, and return how many records it holds."""
    reader = SqliteJournalReader(path)
    records = list(reader.records(kinds=["event"]))
    reader.close()
    ids = [tuple(map(int, record.record_id.split())) for record in records]
    assert acknowledged <= set(ids), "an acknowledged record is gone"
    assert len(ids) == len(set(ids)), "a record is there twice"
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert all(a.recorded_at <= b.recorded_at for a, b in pairwise(records))
    assert all(record.body == journal_process.BODY for record in records)
    return len(records)


def kill_rounds(path: Path, rounds: int) -> None:
    """Record and kill again and again in one journal; each life resubmits what it does not know."""
    rng = random.Random(rounds)
    acknowledged: set[tuple[int, int]] = set()
    last = [0] * TASKS
    for _ in range(rounds):
        told = run_until_killed(path, last, rng.uniform(0, 0.25))
        acknowledged.update(told)
        for task, number in told:
            last[task] = max(last[task], number)
        assert check(path, acknowledged) >= len(acknowledged)
    check_states(path, last)


def check_states(path: Path, last: list[int]) -> None:
    """A state was committed with its records: at least as new as the last acknowledgement, at most one ahead."""
    journal = SqliteJournal(path)
    with journal.batch() as batch:
        states = batch.customer_states([f"c{task}" for task in range(TASKS)])
    journal.close()
    for task, number in enumerate(last):
        assert int(states[f"c{task}"].split()[1]) in (number, number + 1)


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """Twenty kills at random moments under 32 askers: all acknowledged is there, none twice, seq without gaps."""
    kill_rounds(migrated(tmp_path).journal, 20)


@pytest.mark.prove
def test_what_was_acknowledged_survives_many_kills(tmp_path: Path) -> None:
    """Three hundred kills, the same claims."""
    kill_rounds(migrated(tmp_path).journal, 300)
