"""The index that staff search: complete, each once, however often its follower dies, and cheap to ask."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.world import START, World
from thinktwice.bootstrap.casework import OwnDecisions
from thinktwice.cases.identifiers import Identifier
from thinktwice.errors import InputError
from thinktwice.journal import finder as finder_module
from thinktwice.journal import finder_statements as sql
from thinktwice.journal.finder import Finder
from thinktwice.journal.finding import MOST_FOUND, Wanted, statement_of
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.storage.sqlite import connect


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Give a deciding service."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def finder(world: World) -> Iterator[Finder]:
    """Give the index of its journal."""
    made = Finder(world.folder / "journal.db", world.folder / "finder.db")
    yield made
    made.close()


def test_a_page_waits_for_a_bounded_time_and_says_what_is_missing(
    world: World, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run over a journal stops after its time, says how much it lacks, and goes on where it was."""
    for number in range(7):
        world.decide(withdrawal_id=f"w-{number}")
    monkeypatch.setattr(finder_module, "PAGE", 2)
    monkeypatch.setattr(finder_module, "FEW", 0)
    assert finder.behind() == 7
    assert finder.follow(timedelta(0)) == 2
    assert finder.behind() == 5
    assert finder.follow(timedelta(minutes=1)) == 5
    assert finder.behind() == 0
    monkeypatch.setattr(finder_module, "FEW", 5_000)
    world.decide(withdrawal_id="w-8")
    assert finder.behind() == 0


def test_decisions_are_found_by_withdrawal_destination_campaign_action_and_day(world: World, finder: Finder) -> None:
    """Alone and together, newest first; test traffic never."""
    first = world.decide(withdrawal_id="w-a", customer__id="c-1")
    world.decide(withdrawal_id="w-test", is_test=True)
    world.pass_time(days=1)
    second = world.decide(withdrawal_id="w-b", customer__id="c-2", destination__address="0x" + "4" * 40)
    assert finder.follow() == 3
    assert finder.follow() == 0

    def ids(**wanted: object) -> list[str]:
        return [one.decision_id for one in finder.search(Wanted(**wanted))]  # type: ignore[arg-type]  # the fields are its own

    assert ids(withdrawal_id="w-a") == [first.decision_id]
    assert ids(destination_key=second.destination_key) == [second.decision_id]
    assert ids(since=START, until=START + timedelta(days=2)) == [second.decision_id, first.decision_id]
    assert ids(since=START + timedelta(hours=1)) == [second.decision_id]
    assert set(ids(campaign="hk-joint-anti-scam")) == {first.decision_id, second.decision_id}
    assert ids(action=first.action, destination_key=first.destination_key) == [first.decision_id]
    assert ids(withdrawal_id="w-test") == []
    assert finder.customers(first.match_key, START) == 1
    assert finder.customers(first.match_key, START + timedelta(hours=1)) == 0
    assert len(finder.customer_refs([first.match_key, second.match_key, first.match_key, "evm:none"], START)) == 2
    (ref,) = finder.customer_refs([first.match_key], START)
    assert ids(customer_ref=ref) == [first.decision_id]
    assert finder.customer_refs([first.match_key], START + timedelta(hours=1)) == ()
    later = (START, START + timedelta(hours=1))
    assert finder.warned_refs(first.match_key, *later) == (() if first.action == "proceed" else (ref,))
    assert finder.warned_refs(first.match_key, later[1], later[1] + timedelta(days=9)) == ()
    own = OwnDecisions(finder, TEST_KEYRING, lambda decision_id, edition: f"{edition} {decision_id}".encode())
    whole = (START, START + timedelta(days=2))
    assert tuple(own.decisions(Identifier("account", "c-1"), *whole)) == (first.decision_id,)
    assert tuple(own.decisions(Identifier("account", "c-9"), *whole)) == ()
    there = Identifier("address", "0x" + "4" * 40, "ethereum")
    assert tuple(own.decisions(there, *whole)) == (second.decision_id,)
    assert tuple(own.decisions(there, START, START + timedelta(hours=1))) == ()
    with pytest.raises(InputError):
        finder.search(Wanted())


def test_a_production_gets_every_decision_about_an_account(world: World, finder: Finder) -> None:
    """More than one search returns, each once."""
    made = {
        world.decide(withdrawal_id=f"w-{number}", customer__id="c-1").decision_id for number in range(MOST_FOUND + 3)
    }
    own = OwnDecisions(finder, TEST_KEYRING, lambda decision_id, edition: b"")
    found = list(own.decisions(Identifier("account", "c-1"), START, START + timedelta(days=2)))
    assert len(found) == len(made)
    assert set(found) == made


def test_holds_are_listed_also_those_that_answers_raised(world: World, finder: Finder) -> None:
    """A repetition does not list one twice; hours count what happened, without test traffic."""
    held = world.decide(channel="api")
    assert held.action == "hold"
    shown = next(one for one in (world.decide(customer__id=f"c-{number}") for number in range(20, 40)) if one.alert)
    world.claim(shown, "seen")
    world.complete(held)
    finder.follow()
    assert (held.decision_id, held.decision_id) in finder.waiting(world.now)
    counts = {what: number for _, what, number in finder.hours(START, START + timedelta(hours=1))}
    assert counts["decided"] >= 2
    assert (counts["action:hold"], counts["seen"], counts["completed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(withdrawal_id="w"),
        Wanted(destination_key="evm:0x1"),
        Wanted(campaign="c"),
        Wanted(campaign="c", action="alert"),
        Wanted(action="hold"),
        Wanted(since=START),
        Wanted(action="alert", since=START, until=START + timedelta(days=1)),
    ],
)
def test_every_search_uses_an_index(finder: Finder, world: World, wanted: Wanted) -> None:
    """No search reads the whole table, and none sorts what it reads."""
    statement, values = statement_of(wanted)
    with closing(connect(world.folder / "finder.db", read_only=True)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert all("USING INDEX" in step for step in plan), plan


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (sql.SELECT_WAITING, (1,)),
        (sql.SELECT_BEGAN, (1,)),
        (sql.SELECT_HOLDS, ('["d"]',)),
        (sql.SELECT_MET, ('["d"]',)),
        (sql.SELECT_WISHES, ('["d"]',)),
        (sql.SELECT_APPEALS, (1,)),
        (sql.SELECT_ACTS, (1,)),
        (sql.SELECT_ACTS_ABOUT, ('["d"]',)),
        (sql.SELECT_STANDING_HOLD, ("c", "evm:0x1", 1)),
        (sql.SET_RELEASED, (1, "c", "evm:0x1", 1)),
    ],
)
def test_everything_about_holds_uses_an_index(
    finder: Finder, world: World, statement: str, values: tuple[object, ...]
) -> None:
    """However many holds there ever were, no table of the index is read from its beginning to its end."""
    with closing(connect(world.folder / "finder.db")) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    scanned = [step for step in plan if step.startswith("SCAN") and "json_each" not in step]
    assert scanned == [], plan


FOLLOWER = """
import sys
from pathlib import Path
from thinktwice.journal import finder
finder.PAGE = 7
found = finder.Finder(Path(sys.argv[1]) / "journal.db", Path(sys.argv[1]) / "finder.db")
print("up", flush=True)
while True:
    found.follow()
"""


def test_a_follower_killed_at_any_moment_loses_and_doubles_nothing(world: World) -> None:
    """Twenty rounds of SIGKILL beside a second follower."""
    for number in range(60):
        world.decide(withdrawal_id=f"w-{number}", customer__id=f"c-{number}")
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, str(world.folder)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.01)
            world.decide(customer__id="c-more")
            child.send_signal(signal.SIGKILL)
    finder = Finder(world.folder / "journal.db", world.folder / "finder.db")
    try:
        finder.follow()
        found = finder.search(Wanted(since=START), limit=200)
        assert len(found) == len({one.decision_id for one in found}) == 65
        assert {what: number for _, what, number in finder.hours(START, START + timedelta(hours=1))}["decided"] == 65
    finally:
        finder.close()


def test_an_index_of_another_shape_is_made_anew(world: World) -> None:
    """It is derived: nothing is lost."""
    decision = world.decide()
    path = world.folder / "finder.db"
    finder = Finder(world.folder / "journal.db", path)
    finder.follow()
    finder.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    finder = Finder(world.folder / "journal.db", path)
    assert finder.search(Wanted(since=START)) == ()
    finder.follow()
    assert finder.search(Wanted(since=START))[0].decision_id == decision.decision_id
    finder.close()
    assert path.stat().st_mode & 0o077 == 0
