"""A customer whom the service held is never let go while it is away."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from thinktwice_client import Client, Decision, FileStore, MemoryStore, Queued, Store, StoreError, Tier, Tiers, Word
from thinktwice_client.tiers import Answer
from thinktwice_client.withdrawals import destination_marks

from tests.clients.python.conftest import MakeOptions
from tests.clients.python.misbehaving import MODES, Misbehaving, withdrawal

EVM = "0x25f5e86Ef1eE3Ff2A4d5c4B37b2Fcd1cb3DeB02c"
OTHER = "0x2222222222222222222222222222222222222222"


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Give each kind of store."""
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "store.db", patience=2)


def test_a_known_hold_stands_through_every_outage_attempt_amount_and_spelling(
    server: Misbehaving, options: MakeOptions, store: Store
) -> None:
    """Whatever goes wrong and whatever is changed, the answer is hold and clearance says no."""
    server.held.add(EVM)
    with Client(options(breaker_failures=10_000, store=store)) as client:
        first = client.decide(withdrawal(1, address=EVM))
        assert first.action == "hold"
        assert first.hold is not None
        spellings = (EVM, EVM.lower(), f" {EVM}\u200b", f"ethereum:{EVM}", EVM.replace("0x", "0X"))
        ways = itertools.product(("refusing", "html", "hang_up"), spellings)
        for number, (mode, address) in enumerate(ways, 2):
            server.go(mode)
            changes = {"amount": "0.1", "attempt": number, "network": "bsc", "channel": "api"}
            decision = client.decide(withdrawal(number, address=address, **changes))
            assert (decision.action, decision.source) == ("hold", "fallback")
            clearance = client.clear(decision)
            assert not clearance.is_cleared
        assert not client.clear(first).is_cleared
        elsewhere = client.decide(withdrawal(98, address=OTHER))
        assert elsewhere.action == ("proceed" if elsewhere.is_recorded else "hold")
        assert client.decide(withdrawal(99, address=EVM, customer="customer-2")).is_known_hold is False
    store.close()


@pytest.mark.parametrize("mode", MODES)
def test_no_mode_of_failure_releases_a_hold(server: Misbehaving, options: MakeOptions, mode: str) -> None:
    """Also when the bad reply itself says proceed."""
    server.held.add(EVM)
    server.clearance = "held"
    with Client(options(deadline=0.6, delivery_timeout=0.1)) as client:
        held = client.decide(withdrawal(1, address=EVM))
        server.held.clear()
        server.go(mode)
        again = client.decide(withdrawal(2, address=EVM))
        assert (again.action, again.is_known_hold) == ("hold", True)
        assert not client.clear(again).is_cleared
        assert not client.clear(held).is_cleared


def test_a_hold_learned_at_clearance_is_remembered(server: Misbehaving, options: MakeOptions) -> None:
    """The service lets a withdrawal proceed, then holds it: the next outage knows."""
    with Client(options()) as client:
        decision = client.decide(withdrawal(1))
        server.clearance = "held"
        assert client.clear(decision).status == "held"
        server.go("refusing")
        assert client.clear(decision).status == "held"
        assert client.decide(withdrawal(2)).action == "hold"


def test_a_restart_and_another_process_remember(server: Misbehaving, options: MakeOptions, tmp_path: Path) -> None:
    """The file outlives the client; two clients share it."""
    path = tmp_path / "store.db"
    server.held.add(EVM)
    with Client(options(store=FileStore(path, patience=2))) as client:
        assert client.decide(withdrawal(1, address=EVM)).action == "hold"
        other = Client(options(store=FileStore(path, patience=2)))
    server.go("refusing")
    for again in (other, Client(options(store=FileStore(path, patience=2)))):
        with again:
            assert again.decide(withdrawal(2, address=EVM)).is_known_hold
    assert path.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(path)) as store:
        assert "customer-1" not in repr(store.execute("SELECT * FROM holds").fetchall())


def test_only_a_newer_answer_ends_a_hold(server: Misbehaving, options: MakeOptions) -> None:
    """The repetition of an older decision does not; a fresh screening by the service does."""
    with Client(options()) as client:
        older = client.decide(withdrawal(1, address=EVM))
        server.held.add(EVM)
        client.decide(withdrawal(2, address=EVM))
        assert client.decide(withdrawal(1, address=EVM)).decision_id == older.decision_id
        server.go("refusing")
        assert client.decide(withdrawal(3, address=EVM)).action == "hold"
        server.go("well")
        server.held.clear()
        until_asked(client, server)
        assert client.decide(withdrawal(4, address=EVM)).action == "proceed"
        server.go("refusing")
        assert client.decide(withdrawal(5, address=EVM)).action == "proceed"


def until_asked(client: Client, server: Misbehaving) -> None:
    """Ask about somebody else until the service answers again."""
    while client.decide(withdrawal(1_000, customer="somebody", address=OTHER)).source != "service":
        pass


@pytest.mark.parametrize(
    ("held", "tried"),
    [
        ("rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY", "XV5sbjUmgPpvXv4ixFWZ5ptAYZ6PD2gYsjNFQLKYW33DzBm"),
        ("1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
        ("MTvnA4CN73ry7c65wEuTSaKzb2pNKHB4n1", "3CDJNfdWX8m2NwuGUV3nhXHXEeLygMXoAj"),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "415CBDD86A2FA8DC4BDDD8A8F69DBA48572EEC07FB"),
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ],
)
def test_two_spellings_of_one_account_share_a_mark(held: str, tried: str) -> None:
    """The client decodes no addresses, so where a chain has several spellings the mark is coarser."""
    assert set(destination_marks(held)) & set(destination_marks(tried))


def test_a_coarse_mark_ends_only_with_the_hold_that_set_it(store: Store) -> None:
    """A payment to another account of the same chain does not free other spellings of the held one."""
    store.note_answers([Word(["a", "any xrp"], 10, "hold")])
    store.note_answers([Word(["b", "any xrp"], 20, "proceed")])
    assert store.floor_of(["another spelling of a", "any xrp"]) == "hold"
    store.note_answers([Word(["a", "any xrp"], 9, "proceed")])
    assert store.floor_of(["a"]) == "hold"
    store.note_answers([Word(["a", "any xrp"], 11, "proceed")])
    assert store.floor_of(["a", "any xrp"]) == "proceed"
    store.note_answers([Word(["a", "any xrp"], 10, "hold")])
    assert store.floor_of(["a"]) == "proceed"
    store.close()


class BrokenStore(MemoryStore):
    """A store whose disk is gone."""

    def floor_of(self, keys: object) -> Answer:
        raise StoreError("gone")

    def put(self, events: object) -> None:
        raise StoreError("gone")


def test_without_service_and_without_store_the_money_stays(server: Misbehaving, options: MakeOptions) -> None:
    """Nothing can be known and nothing recorded: hold, and no clearance; with the service it works as ever."""
    with Client(options(store=BrokenStore())) as client:
        let_go = client.decide(withdrawal(1))
        assert let_go.action == "proceed"
        server.go("refusing")
        decision = client.decide(withdrawal(2))
        assert (decision.action, decision.is_recorded) == ("hold", False)
        assert not client.clear(let_go).is_cleared


def test_a_forked_child_asks_and_remembers(server: Misbehaving, options: MakeOptions, tmp_path: Path) -> None:
    """A pre-forking server makes the client first and forks later: holds are shared and calls work."""
    server.held.add(EVM)
    store = FileStore(tmp_path / "store.db", patience=2)
    with Client(options(deadline=5.0, store=store)) as client:
        assert client.decide(withdrawal(1, address=EVM)).action == "hold"
        child = os.fork()
        if not child:
            code = 1
            try:
                fresh: Decision = client.decide(withdrawal(2, address=OTHER))
                code = 0 if fresh.source == "service" and store.floor_of(()) == "proceed" else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert client.decide(withdrawal(3, address=OTHER)).source == "service"
    store.close()


def test_a_store_keeps_events_in_order_and_once(store: Store) -> None:
    """First in, first out; an id that is there is not put again; what is settled is gone."""
    store.put([Queued("1", "{}"), Queued("2", "{}"), Queued("1", '{"other": 1}')])
    assert [event.event_id for event in store.waiting(10)] == ["1", "2"]
    assert store.waiting(1, offset=1) == [Queued("2", "{}")]
    store.settle(["1"])
    store.set_aside("2", "rejected")
    assert (store.count(), store.has_event("2")) == (0, False)
    store.close()


def test_tiers_choose_by_the_withdrawal(server: Misbehaving, options: MakeOptions) -> None:
    """Each tier gives its answer, a function that fails the strictest; an alert brings its text in two languages."""

    def choose(body: object) -> str:
        assert isinstance(body, dict)
        return str(body["attributes"]["tier"])

    tiers = Tiers({"low": Tier("proceed"), "new": Tier("alert"), "high": Tier("hold")}, choose)
    server.go("refusing")
    with Client(options(tiers=tiers)) as client:
        for number, (tier, answer) in enumerate(
            [("low", "proceed"), ("new", "alert"), ("high", "hold"), ("unheard of", "hold")]
        ):
            assert client.decide(withdrawal(number, attributes={"tier": tier})).action == answer
        assert client.decide(withdrawal(9)).action == "hold"
        alert = client.decide(withdrawal(10, attributes={"tier": "new"})).generic_alert
        assert alert is not None
        assert (alert.locale, alert.safe_action) == ("zh-Hant", "暫不轉出")
        english = withdrawal(11, attributes={"tier": "new"})
        del english["customer"]["locale"]
        shown = client.decide(english).generic_alert
        assert shown is not None
        assert shown.headline == "Check before you send"


def test_many_threads_put_at_once_and_every_event_is_there(tmp_path: Path) -> None:
    """They share commits; each returns only when its own event is on disk."""
    store = FileStore(tmp_path / "store.db", patience=5)
    seen: list[bool] = []

    def put(number: int) -> None:
        for turn in range(10):
            store.put([Queued(f"{number}-{turn}", "{}")])
            seen.append(store.has_event(f"{number}-{turn}"))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 320
    assert all(seen)
    store.close()
    with pytest.raises(StoreError):
        FileStore(tmp_path / "no" / "such" / "folder.db")
    (tmp_path / "rubbish.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError):
        FileStore(tmp_path / "rubbish.db")
