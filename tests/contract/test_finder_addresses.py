"""Decisions found by the address that somebody pastes: whatever it was on its network, and with any memo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.world import START, World
from thinktwice.errors import InputError
from thinktwice.journal.finder import Finder
from thinktwice.journal.finding import Wanted, statement_of
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.storage.sqlite import connect
from thinktwice.web.console.decisions.desk import DecisionSearch


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Give a deciding service."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def search(world: World) -> Iterator[DecisionSearch]:
    """Give the search of the console over its journal."""
    journal = world.folder / "journal.db"
    with closing(Finder(journal, world.folder / "finder.db")) as finder:
        yield DecisionSearch(
            finder, SqliteJournalReader(journal), CATALOGUE, lambda _name, _version: None, lambda _id, _edition: b""
        )


def test_an_address_is_found_under_each_of_its_keys_and_with_any_memo(search: DecisionSearch, world: World) -> None:
    """Page after page in one order, each decision once, and no key beside it."""
    addresses = (("xrp", "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"), ("ethereum", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"))
    for number in range(30):
        network, address = addresses[number % 2]
        world.now += timedelta(minutes=1)
        memo: dict[str, Any] = {"destination__memo": str(number)} if network == "xrp" and number % 3 else {}
        world.decide(withdrawal_id=f"m-{number}", network=network, destination__address=address, **memo)
    world.decide(withdrawal_id="another")
    for remainder, (_, address) in enumerate(addresses):
        pages = [
            search.search(withdrawal="", destination=f" {address}\n", campaign="", action="", day="", page=page)
            for page in range(2)
        ]
        assert [one.withdrawal_id for one in pages[0]] == [f"m-{n}" for n in range(29, -1, -1) if n % 2 == remainder]
        assert pages[1] == ()
        by_key = search.search(
            withdrawal="", destination=pages[0][0].destination_key, campaign="", action="", day="", page=0
        )
        assert pages[0][0] in by_key


def test_every_key_is_looked_up_in_the_index(search: DecisionSearch, world: World) -> None:
    """Twice each: as it stands and with any memo, never the whole table."""
    assert search.behind() == 0
    keys = tuple(f"evm:0x{number}" for number in range(3))
    statement, values = statement_of(Wanted(match_keys=keys, since=START))
    with closing(connect(world.folder / "finder.db", read_only=True)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    reads = [step for step in plan if step.startswith(("SEARCH decision", "SCAN decision"))]
    assert len(reads) == 2 * len(keys)
    assert all("USING INDEX decision_by_destination" in step for step in reads), plan


def test_pages_of_an_address_with_several_keys_leave_nothing_out(search: DecisionSearch, world: World) -> None:
    """Bitcoin's older addresses are read by several chains; 120 decisions are three pages."""
    address = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
    for number in range(120):
        network = ("bitcoin", "bitcoin-cash", "bitcoin-sv")[number % 3]
        world.decide(withdrawal_id=f"b-{number}", network=network, destination__address=address)
    seen = [
        one.withdrawal_id
        for page in range(3)
        for one in search.search(withdrawal="", destination=address, campaign="", action="", day="", page=page)[:50]
    ]
    assert sorted(seen) == sorted(f"b-{number}" for number in range(120))


def test_the_last_day_there_is_has_no_next(search: DecisionSearch, world: World) -> None:
    """A day out of range is a fault of its field."""
    with pytest.raises(InputError) as refused:
        search.search(withdrawal="", destination="", campaign="", action="", day="9999-12-31", page=0)
    assert refused.value.faults[0].field == "day"


def test_what_has_no_destination_is_passed_over(search: DecisionSearch, world: World) -> None:
    """A deposit and a saved address belong to a customer, not to a withdrawal; the index goes on behind them."""
    world.note("deposit.received", customer_id="c-1", network="ethereum", from_address=f"0x{'1' * 40}", fiat_amount="5")
    world.note("address_book.saved", customer_id="c-1", network="ethereum", address=f"0x{'2' * 40}")
    world.decide(withdrawal_id="w-after")
    assert search.search(withdrawal="w-after", destination="", campaign="", action="", day="", page=0)
