"""What the service answered last is the least that is answered while it is away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from thinktwice_client import AsyncClient, Client, Decision, FileStore, MemoryStore, Queued, Store, Tiers, Word
from thinktwice_client import file_store as file_store_module
from thinktwice_client import store as store_module
from thinktwice_client.tiers import STRENGTH, Answer, strongest

from tests.clients.python.conftest import MakeOptions
from tests.clients.python.misbehaving import Misbehaving, withdrawal

WARNED = "0x25f5e86Ef1eE3Ff2A4d5c4B37b2Fcd1cb3DeB02c"
OTHER = "0x2222222222222222222222222222222222222222"
AWAY = "status_403"
"""An outage that is told at once, so that many may be tried."""


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Give each kind of store."""
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "store.db", patience=2)


def test_an_alert_stands_through_an_outage(server: Misbehaving, options: MakeOptions, store: Store) -> None:
    """The same attempt, another of it, another amount, another destination for the attempt: an alert, never cleared."""
    server.alerted.add(WARNED)
    with Client(options(store=store, breaker_failures=10_000)) as client:
        first = client.decide(withdrawal(2, address=WARNED))
        assert first.action == "alert"
        server.go(AWAY)
        assert client.clear(first).status == "open"
        for asked in (
            withdrawal(2, address=WARNED),
            withdrawal(2, address=WARNED, attempt=2),
            withdrawal(3, address=f"ethereum:{WARNED.lower()}", amount="0.1"),
            withdrawal(2, address=OTHER),
        ):
            again = client.decide(asked)
            assert (again.action, again.source, again.is_known_hold) == ("alert", "fallback", False)
            assert again.generic_alert is not None
            assert not client.clear(again).is_cleared
        assert client.decide(withdrawal(4, address=OTHER)).action == "proceed"
        assert client.decide(withdrawal(5, address=WARNED, customer="another")).action == "proceed"
    store.close()


def test_an_alert_stands_for_asyncio_too(server: Misbehaving, options: MakeOptions) -> None:
    """The same chain, awaited; a proceeding decision that is brought for clearance is not let go either."""
    server.alerted.add(WARNED)

    async def chain() -> list[tuple[str, bool]]:
        async with AsyncClient(options(breaker_failures=10_000)) as client:
            before = await client.decide(withdrawal(1, address=WARNED.lower()))
            await client.decide(withdrawal(2, address=WARNED))
            server.go(AWAY)
            found = [before, await client.decide(withdrawal(2, address=WARNED))]
            return [(decision.action, (await client.clear(decision)).is_cleared) for decision in found]

    assert asyncio.run(chain()) == [("proceed", False), ("alert", False)]


@pytest.mark.parametrize("word", ["a clearance", "a newer answer"])
def test_the_service_ends_an_alert(server: Misbehaving, options: MakeOptions, store: Store, word: str) -> None:
    """The customer confirmed and it was cleared, or the next withdrawal proceeds: the tier answers again."""
    server.alerted.add(WARNED)
    with Client(options(store=store, breaker_failures=10_000)) as client:
        first = client.decide(withdrawal(2, address=WARNED))
        server.alerted.clear()
        if word == "a clearance":
            assert client.clear(first).is_cleared
        else:
            assert client.decide(withdrawal(3, address=WARNED)).action == "proceed"
        server.go(AWAY)
        assert client.decide(withdrawal(4, address=WARNED)).action == "proceed"
        still = "proceed" if word == "a clearance" else "alert"
        assert client.decide(withdrawal(2, address=WARNED)).action == still
        assert not client.clear(first).is_cleared
    store.close()


@pytest.mark.parametrize("status", ["open", "expired", "cancelled"])
def test_what_was_not_cleared_is_not_cleared_by_an_outage(
    server: Misbehaving, options: MakeOptions, status: str
) -> None:
    """A decision that let proceed, and a clearance that took it back: the tier alone would let it go."""
    with Client(options(breaker_failures=10_000)) as client:
        decision = client.decide(withdrawal(1))
        server.clearance = status
        assert client.clear(decision).status == status
        server.go(AWAY)
        assert not client.clear(decision).is_cleared
        assert not client.clear(client.decide(withdrawal(1))).is_cleared


def test_a_restart_remembers_an_alert(server: Misbehaving, options: MakeOptions, tmp_path: Path) -> None:
    """The file outlives the client."""
    server.alerted.add(WARNED)
    for turn in range(2):
        store = FileStore(tmp_path / "store.db", patience=2)
        with Client(options(store=store, breaker_failures=10_000)) as client:
            assert client.decide(withdrawal(2, address=WARNED)).action == "alert"
            if turn:
                assert client.decide(withdrawal(3, address=WARNED)).source == "fallback"
        store.close()
        server.go(AWAY)


class Forgetful(MemoryStore):
    """Keeps no events, so that only what the service said can be what makes an answer stronger."""

    def put(self, events: Sequence[Queued]) -> None:
        """Keep nothing."""


class Told:
    """What the service said last: of each attempt, and of each destination."""

    def __init__(self) -> None:
        self.attempts: dict[str, Answer] = {}
        self.ways: dict[str, Answer] = {}
        self.decisions: dict[str, Decision] = {}

    def decided(self, decision: Decision) -> None:
        """Take down a decision; the repetition of one is no news."""
        address, number = decision.withdrawal["destination"]["address"], decision.withdrawal_id
        if number not in self.decisions:
            self.decisions[number] = decision
            answer: Answer = "alert" if decision.action == "alert" else "hold" if decision.hold else "proceed"
            self.attempts[number] = self.ways[address] = answer

    def cleared(self, number: str, status: str) -> None:
        """Take down a clearance."""
        answer: Answer = "hold" if status == "held" else "proceed" if status == "cleared" else "alert"
        self.attempts[number] = answer
        if status not in ("expired", "cancelled"):
            self.ways[self.decisions[number].withdrawal["destination"]["address"]] = answer


def rank(decision: Decision) -> int:
    """Return how much an answer of the client's own protects."""
    return {str(answer): strength for answer, strength in STRENGTH.items()}[decision.action]


@pytest.mark.parametrize("seed", range(8))
def test_no_outage_at_any_point_gives_less_than_the_last_word(
    server: Misbehaving, options: MakeOptions, seed: int
) -> None:
    """Random decisions and clearances; after each one the service goes away, and everything known is asked again."""
    chance, told = random.Random(seed), Told()
    with Client(options(store=Forgetful(), breaker_failures=10_000)) as client:
        for step in range(12):
            server.go("well")
            if told.decisions and chance.random() < 0.4:
                number = chance.choice(sorted(told.decisions))
                server.clearance = chance.choice(["cleared", "open", "held", "expired", "cancelled"])
                told.cleared(number, client.clear(told.decisions[number]).status)
            else:
                address = chance.choice([WARNED, OTHER])
                server.alerted = {address} if chance.random() < 0.5 else set()
                server.held = {address} if chance.random() < 0.2 else set()
                told.decided(client.decide(withdrawal(step, address=address)))
            server.go(AWAY)
            for number, decision in told.decisions.items():
                address = decision.withdrawal["destination"]["address"]
                floor = strongest(told.attempts[number], told.ways[address])
                for brought in (decision, client.decide(decision.withdrawal)):
                    assert not (client.clear(brought).is_cleared and floor != "proceed"), (step, number)
                assert rank(brought) >= STRENGTH[floor], (step, number)
            for address, floor in told.ways.items():
                fresh = client.decide(withdrawal(1_000 + step, address=address))
                assert rank(fresh) >= STRENGTH[floor], (step, address)


def test_alerts_are_bounded_in_number_and_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first, and a newer answer a week later pushes out what is older; holds stay."""
    for module in (store_module, file_store_module):
        monkeypatch.setattr(module, "MOST_ALERTS", 10)
    monkeypatch.setattr(file_store_module, "_TRIM_EVERY", 0)
    store.note_answers([Word(["held"], 1, "hold")])
    for number in range(30):
        store.note_answers([Word([f"a{number}"], 1_000 + number, "alert")])
    assert store.floor_of(["a29"]) == store.floor_of(["a21"]) == "alert"
    assert store.floor_of(["a5"]) == "proceed"
    week = 7 * 24 * 3600 * 1000
    store.note_answers([Word(["later"], 1_029 + week, "alert")])
    assert store.floor_of(["a29"]) == "alert"
    store.note_answers([Word(["later still"], 1_030 + week, "alert")])
    assert [store.floor_of([key]) for key in ("a29", "later", "held")] == ["proceed", "alert", "hold"]
    store.close()


def test_every_tier_keeps_what_is_stronger(server: Misbehaving, options: MakeOptions) -> None:
    """A tier that holds still holds where the service only warned."""
    server.alerted.add(WARNED)
    with Client(options(tiers=Tiers.one("hold"))) as client:
        client.decide(withdrawal(1, address=WARNED))
        server.go(AWAY)
        assert client.decide(withdrawal(2, address=WARNED)).action == "hold"
