"""Guessing gets slower and slower, everywhere at once, and nobody is locked out for ever."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from tests.support.people import World
from thinktwice.people.counters import Counters
from thinktwice.people.errors import SignInError
from thinktwice.people.guessing import FREE_TRIES, LONGEST_WAIT, Guessing, Subject, source_of, wait_after
from thinktwice.people.sealing import Sealing

ACCOUNT = Subject("account", "console:ada@example.org")


def guessing(world: World) -> Guessing:
    return Guessing(world.console.counters, Sealing(world.masters), world.clock)


def test_the_wait_doubles_and_is_capped() -> None:
    """Nothing for the free tries, then 1 s, 2 s, 4 s …, and never more than a quarter of an hour."""
    waits = [wait_after(failures, 5).total_seconds() for failures in range(1, 20)]
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert waits == sorted(waits)
    assert wait_after(10**9, 5) == LONGEST_WAIT


def test_a_try_counts_before_it_is_checked(world: World) -> None:
    """Twenty tries at the same moment from many threads: as many get through as are free, however they interleave."""
    let_through: list[int] = []

    def attempt() -> None:
        counters = Counters(world.control)
        try:
            Guessing(counters, Sealing(world.masters), world.clock).count([ACCOUNT])
            let_through.append(1)
        except SignInError:
            pass
        finally:
            counters.close()

    threads = [Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_through) == FREE_TRIES["account"]


def test_who_waits_is_told_how_long_and_a_restart_forgets_nothing(world: World) -> None:
    """The refusal names the seconds left; a new process refuses too; waiting in vain does not add up."""
    waits = [0]
    while waits[-1] < 8:
        world.clock.move(seconds=waits[-1])
        waits.append(guessing(world).count([ACCOUNT]))
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8]
    with pytest.raises(SignInError) as refused:
        guessing(world).count([ACCOUNT])
    assert refused.value.retry_after == 8
    with pytest.raises(SignInError) as again:
        guessing(world).count([ACCOUNT])
    assert again.value.retry_after == 8


def test_a_right_one_ends_the_row_and_rest_does_too(world: World) -> None:
    """After success an account begins anew; a source keeps what it did to others; a day's rest forgets."""
    source = Subject("source", "198.51.100.23")
    for _ in range(4):
        guessing(world).count([ACCOUNT, source])
    guessing(world).was_right([ACCOUNT, source])
    for _ in range(FREE_TRIES["account"]):
        guessing(world).count([ACCOUNT])
    with pytest.raises(SignInError):
        guessing(world).count([ACCOUNT])
    for _ in range(FREE_TRIES["source"] - 3):
        guessing(world).count([source])
    with pytest.raises(SignInError):
        guessing(world).count([source])
    world.clock.move(hours=24, minutes=16)
    assert guessing(world).count([ACCOUNT, source]) == 0


def test_a_source_is_an_address_or_a_network() -> None:
    """An IPv6 client has 2^64 addresses and is one source; an IPv4 client in IPv6 clothes is its IPv4 address."""
    assert source_of("203.0.113.7") == source_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert source_of("2001:db8:1:2:3:4:5:6") == source_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert source_of("2001:db8:1:3::1") != source_of("2001:db8:1:2::1")
    assert source_of("unknown") == "unknown"


def test_names_and_sources_are_not_stored(world: World) -> None:
    """The counters are found by keyed hashes: the table tells neither addresses of mail nor of machines."""
    guessing(world).count([ACCOUNT, Subject("source", "198.51.100.23")])
    with world.ledger.reading() as connection:
        rows = connection.execute("SELECT subject FROM guess").fetchall()
    assert len(rows) == 2
    assert all(len(row[0]) == 32 for row in rows)
    assert wait_after(0, 5) == timedelta()
