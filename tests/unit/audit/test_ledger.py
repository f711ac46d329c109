"""An act and its entry are one; the chain is gapless whoever writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import InputError, UnavailableError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CLI = Actor("cli", "cli:ana")
CHANGE = "INSERT INTO watchlist_change (match_key, changed_at) VALUES ('evm:1', '2026')"


@pytest.fixture
def control(tmp_path: Path) -> Path:
    migrate(tmp_path)
    return DataFolder(tmp_path).control


@pytest.fixture
def ledger(control: Path) -> Iterator[Ledger]:
    with closing(Ledger(control, lambda: NOW)) as ledger:
        yield ledger


def rows(ledger: Ledger, statement: str) -> list[tuple[object, ...]]:
    with ledger.reading() as connection:
        return connection.execute(statement).fetchall()


def attempt(ledger: Ledger, *statements: str) -> None:
    with ledger.act(CLI, "watchlist.delist", "destination", "evm:1") as act:
        for statement in statements:
            act.connection.execute(statement)


def test_an_act_and_its_entry_are_there_together(ledger: Ledger) -> None:
    """What the body wrote and what the chain says of it are both visible after the act."""
    with ledger.act(CLI, "watchlist.delist", "destination", "evm:1") as act:
        act.before({"claims": 2})
        act.after({"claims": 0})
        act.note(ended=2)
        act.connection.execute(CHANGE)
    assert rows(ledger, "SELECT count(*) FROM watchlist_change") == [(1,)]
    assert rows(
        ledger, "SELECT seq, actor_kind, actor_id, act, object_kind, object_id, outcome, details FROM audit_entry"
    ) == [(1, "cli", "cli:ana", "watchlist.delist", "destination", "evm:1", "done", '{"ended":2}')]


def test_an_act_that_fails_leaves_neither(ledger: Ledger) -> None:
    """When the body raises, nothing of it and no entry remains, and the next act has the next number."""
    with pytest.raises(UnavailableError, match="syntax error"):
        attempt(ledger, CHANGE, "no statement at all")
    assert rows(ledger, "SELECT (SELECT count(*) FROM watchlist_change), (SELECT count(*) FROM audit_entry)") == [
        (0, 0)
    ]
    with ledger.act(CLI, "watchlist.delist", "destination", "evm:1"):
        pass
    assert rows(ledger, "SELECT seq FROM audit_entry") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "COMMIT",
        "ROLLBACK",
        "BEGIN",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_salt",
        "INSERT INTO audit_chain VALUES ('a', 'b')",
        "UPDATE audit_checkpoint SET entries = 1",
    ],
)
def test_the_body_cannot_part_itself_from_its_entry(ledger: Ledger, statement: str) -> None:
    """Inside an act the transaction cannot be ended and the chain cannot be written; nothing remains of the attempt."""
    with pytest.raises(UnavailableError, match="not authorized"):
        attempt(ledger, CHANGE, statement)
    assert rows(ledger, "SELECT (SELECT count(*) FROM watchlist_change), (SELECT count(*) FROM audit_entry)") == [
        (0, 0)
    ]


def test_a_script_cannot_commit_either(ledger: Ledger) -> None:
    """`executescript` would commit first; inside an act it cannot."""
    with pytest.raises(UnavailableError), ledger.act(CLI, "key.revoke", "key", "k") as act:
        act.connection.executescript(CHANGE)
    assert rows(ledger, "SELECT count(*) FROM watchlist_change") == [(0,)]


SKIPPING = (
    "INSERT INTO audit_entry SELECT seq + 2, at, actor_kind, actor_id, act, object_kind, object_id, outcome, "
    "before_hash, after_hash, details, commitments, previous_hash, hash FROM audit_entry"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'x'",
        "DELETE FROM audit_entry",
        "REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "UPDATE audit_chain SET chain_id = 'x'",
        "DELETE FROM audit_chain",
        SKIPPING,
    ],
)
def test_the_database_itself_refuses_to_change_entries(ledger: Ledger, control: Path, statement: str) -> None:
    """Triggers refuse to change, remove, replace or skip entries, whoever asks."""
    with ledger.act(CLI, "key.revoke", "key", "k"):
        pass
    with closing(connect(control)) as other, pytest.raises(sqlite3.IntegrityError, match="audit chain"):
        other.execute(statement)


def test_a_refusal_is_an_entry(ledger: Ledger) -> None:
    """What somebody tried and was refused is in the chain with the reason."""
    ledger.refused(Actor("staff", "acc_1"), "campaign.approve", "campaign", "hk", "not allowed")
    assert rows(ledger, "SELECT outcome, details FROM audit_entry") == [("refused", '{"reason":"not allowed"}')]


def test_two_ledgers_make_one_chain(control: Path) -> None:
    """Many threads over two ledgers write a gapless chain in which each entry follows the one before."""

    def work(ledger: Ledger, name: str) -> None:
        for number in range(10):
            with ledger.act(Actor("system", name), "test.act", "thing", str(number)) as act:
                act.connection.execute(CHANGE)

    with closing(Ledger(control)) as one, closing(Ledger(control)) as two:
        threads = [
            threading.Thread(target=work, args=(ledger, f"t{i}")) for i, ledger in enumerate((one, two, one, two))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = rows(one, "SELECT seq, previous_hash, hash FROM audit_entry ORDER BY seq")
        assert rows(one, "SELECT count(*) FROM watchlist_change") == [(40,)]
    assert [seq for seq, _, _ in found] == list(range(1, 41))
    assert all(one[2] == two[1] for one, two in pairwise(found))


def test_an_act_inside_an_act_is_a_mistake(ledger: Ledger) -> None:
    """It is refused at once instead of waiting for itself."""
    with ledger.act(CLI, "key.revoke", "key", "k"), pytest.raises(RuntimeError), ledger.act(CLI, "key.x", "key", "k"):
        pass


def test_time_never_goes_back(control: Path) -> None:
    """A clock that is set back does not make an entry older than the one before."""
    times = iter([NOW, NOW - timedelta(hours=1)])
    with closing(Ledger(control, lambda: next(times))) as ledger:
        for _ in range(2):
            with ledger.act(CLI, "key.revoke", "key", "k"):
                pass
        assert rows(ledger, "SELECT count(DISTINCT at) FROM audit_entry") == [(1,)]


def test_an_act_may_use_the_callers_connection(ledger: Ledger, control: Path) -> None:
    """Temporary tables of the caller can be used by an act, which is still one with its entry."""
    with closing(connect(control)) as own:
        own.execute("CREATE TEMP TABLE staged (key TEXT)")
        own.execute("INSERT INTO staged VALUES ('evm:2')")
        with ledger.act(CLI, "watchlist.import", "source", "police", on=own) as act:
            act.connection.execute(
                "INSERT INTO watchlist_change (match_key, changed_at) SELECT key, '2026' FROM staged"
            )
        own.execute("BEGIN")
        own.execute("ROLLBACK")  # the caller's connection is its own again
    assert rows(ledger, "SELECT (SELECT count(*) FROM watchlist_change), (SELECT count(*) FROM audit_entry)") == [
        (1, 1)
    ]


@pytest.mark.parametrize("id_", ["", "ana@example.org", "Ana Lee", "x" * 201])
def test_an_actor_is_an_id(id_: str) -> None:
    """A name or an e-mail address is refused as an actor."""
    with pytest.raises(InputError, match=r"actor\.id"):
        Actor("staff", id_)


def test_details_are_plain(ledger: Ledger) -> None:
    """A detail that canonical JSON cannot hold is refused and undoes the act."""
    for value in (2**60, "\ud800", b"x"):
        with pytest.raises(InputError), ledger.act(CLI, "key.revoke", "key", "k") as act:
            act.note(value=value)  # type: ignore[arg-type]  # the point of the test
    assert rows(ledger, "SELECT count(*) FROM audit_entry") == [(0,)]
