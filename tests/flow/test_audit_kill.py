"""An act without its entry, or an entry without its act, is impossible: real processes are killed between the two."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.reading import beginning_of, check_salts, read_entries
from thinktwice.audit.verification import verify
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

_forking = multiprocessing.get_context("fork")  # a round costs milliseconds, so there can be many

ACTOR = Actor("system", "kill-test")
WRITE = "INSERT INTO watchlist_change (match_key, changed_at) VALUES (?, '2026')"
PLACES = ("body", "INSERT INTO audit_entry", "INSERT INTO audit_salt", "COMMIT", "after")
"""Where a process stops to be killed: after the act's write, before each step that follows, after the act."""


def act_once(control: Path, name: str, place: str, say: Connection) -> None:
    """Do one act, and at ``place`` say so and wait to be killed."""

    def stop_at(here: str) -> None:
        if here == place:
            say.send(here)
            time.sleep(60)

    ledger = Ledger(control)
    ledger._connection.set_trace_callback(
        lambda text: stop_at(next((p for p in PLACES if text.strip().startswith(p)), ""))
    )
    with ledger.act(ACTOR, "test.act", "thing", name) as act:
        act.connection.execute(WRITE, (name,))
        act.commit_to("reason", name)
        stop_at("body")
    stop_at("after")


def act_until_killed(control: Path, name: str, say: Connection) -> None:
    """Act as fast as possible and say which acts are done."""
    ledger = Ledger(control)
    for number in range(1_000_000):
        with ledger.act(ACTOR, "test.act", "thing", f"{name}-{number}") as act:
            act.connection.execute(WRITE, (f"{name}-{number}",))
        say.send(f"{name}-{number}")


def kill(process: ForkProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def state(control: Path) -> set[str]:
    """Prove that acts and entries are the same and the chain is whole; return which acts there are."""
    with closing(Ledger(control)) as ledger, ledger.reading() as connection:
        acts = [name for (name,) in connection.execute("SELECT match_key FROM watchlist_change ORDER BY seq")]
        entries = [name for (name,) in connection.execute("SELECT object_id FROM audit_entry ORDER BY seq")]
        assert acts == entries, "an act without its entry, or an entry without its act"
        if entries:
            assert verify(beginning_of(connection), read_entries(connection)).is_whole
        assert not check_salts(connection)
    return set(acts)


@pytest.fixture
def control(tmp_path: Path) -> Path:
    migrate(tmp_path)
    return DataFolder(tmp_path).control


@pytest.mark.parametrize("place", PLACES)
def test_a_process_killed_between_the_two_leaves_both_or_neither(control: Path, place: str) -> None:
    """Before the commit neither is there, after it both are, and the next act goes on with the next number."""
    for number in range(10):
        mine, its = _forking.Pipe(duplex=False)
        process = _forking.Process(target=act_once, args=(control, f"n{number}", place, its))
        process.start()
        its.close()
        assert mine.recv() == place
        kill(process)
        assert (f"n{number}" in state(control)) is (place == "after")
    with closing(Ledger(control)) as ledger, ledger.act(ACTOR, "test.act", "thing", "next") as act:
        act.connection.execute(WRITE, ("next",))
    assert "next" in state(control)


def kill_rounds(control: Path, rounds: int) -> int:
    """Let three processes act at once and kill them at any moment, again and again."""
    rng = random.Random(rounds)
    for round_ in range(rounds):
        acting = []
        for writer in range(3):
            mine, its = _forking.Pipe(duplex=False)
            process = _forking.Process(target=act_until_killed, args=(control, f"r{round_}w{writer}", its))
            process.start()
            its.close()
            acting.append((process, mine))
        time.sleep(rng.uniform(0.01, 0.08))
        done = set()
        for process, mine in acting:
            kill(process)
            while mine.poll():
                try:
                    done.add(mine.recv())
                except EOFError:
                    break
        assert done <= state(control), "an act that was said to be done is gone"
    return len(state(control))


def test_processes_killed_at_any_moment_leave_both_or_neither(control: Path) -> None:
    """Twenty rounds of three processes: every act has its entry, every entry its act, nothing done is lost."""
    assert kill_rounds(control, 20) > 20


@pytest.mark.prove
def test_a_thousand_kills(control: Path) -> None:
    """The same for 333 rounds of three processes."""
    assert kill_rounds(control, 333) > 333
