"""An answer within the deadline, every time, whatever the service does."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

import pytest
from thinktwice_client import AsyncClient, Client, Decision, FileStore, Options

from tests.clients.python.conftest import MakeOptions
from tests.clients.python.misbehaving import MODES, Misbehaving, lateness, withdrawal

DEADLINE = 0.3
CALLS = 4


def check(decision: Decision) -> None:
    """The tier's answer, or a hold when the disk could not record it within the deadline."""
    assert decision.source == "fallback"
    assert decision.action == ("proceed" if decision.is_recorded else "hold")


def ask_in_turn(options: Options, number: int) -> list[float]:
    """Ask a sync client one after the other; return how long each answer took."""
    with Client(options) as client:
        times = []
        for call in range(number):
            started = time.perf_counter()
            decision = client.decide(withdrawal(call))
            times.append(time.perf_counter() - started)
            check(decision)
    return times


def ask_at_once(options: Options, number: int) -> list[float]:
    """Ask an async client everything at once; return how long each answer took."""

    async def one(client: AsyncClient, call: int) -> float:
        started = time.perf_counter()
        decision = await client.decide(withdrawal(call))
        check(decision)
        return time.perf_counter() - started

    async def run() -> list[float]:
        async with AsyncClient(options) as client:
            return list(await asyncio.gather(*(one(client, call) for call in range(number))))

    return asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ask", [ask_in_turn, ask_at_once])
def test_every_answer_comes_within_the_deadline(
    server: Misbehaving,
    options: MakeOptions,
    mode: str,
    ask: Callable[[Options, int], list[float]],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """300 ms at most, beside what the machine itself was late; the breaker never opens here."""
    server.go(mode)
    store = FileStore(tmp_path / "store.db", patience=1)
    with lateness() as late:
        times = ask(options(deadline=DEADLINE, breaker_failures=10_000, delivery_timeout=0.05, store=store), CALLS)
    store.close()
    with capsys.disabled():
        low, middle, high = quantiles(times, n=4)
        print(
            f"\n{mode:>17} {ask.__name__:>11}: n={len(times)} quartiles {low * 1e3:.0f} {middle * 1e3:.0f}"
            f" {high * 1e3:.0f} max {max(times) * 1e3:.0f} ms; machine late by {late[0] * 1e3:.0f} ms",
            end="",
        )
    assert max(times) <= DEADLINE + 3 * late[0] + 0.05


def test_a_service_that_is_slow_but_in_time_is_heard(server: Misbehaving, options: MakeOptions) -> None:
    """An answer that comes on the second attempt, after a connection that hung, is still the service's."""
    with Client(options(deadline=2.0)) as client:
        server.go("slow")
        started = time.perf_counter()
        threading.Timer(0.5, lambda: setattr(server, "mode", "well")).start()
        decision = client.decide(withdrawal())
        assert decision.source == "service"
        assert time.perf_counter() - started < 2.0


def test_while_the_breaker_is_open_answers_come_at_once(server: Misbehaving, options: MakeOptions) -> None:
    """After five slow calls nobody waits for the service any more, and it is left in peace."""
    server.go("slow")
    with Client(options(deadline=DEADLINE, cool_off=60.0, delivery_timeout=0.05)) as client:
        for number in range(6):
            client.decide(withdrawal(number))
        assert client.breaker_state == "open"
        seen, times = len(server.requests), []
        for number in range(200):
            started = time.perf_counter()
            assert client.decide(withdrawal(number)).away == "resting"
            times.append(time.perf_counter() - started)
    assert len(server.requests) == seen
    assert sorted(times)[100] < 0.02


@pytest.mark.prove
@pytest.mark.quiet
def test_two_thousand_withdrawals_while_the_service_changes_its_mind(
    server: Misbehaving, options: MakeOptions, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Eight threads, failures of every kind, breaker and store as in production; afterwards each is told once."""
    store, times, rng = FileStore(tmp_path / "store.db"), list[float](), random.Random(11)
    with lateness() as late, Client(options(deadline=DEADLINE, cool_off=0.2, store=store)) as client:

        def work(thread: int) -> None:
            for number in range(250):
                started = time.perf_counter()
                client.decide(withdrawal(thread * 1_000 + number))
                times.append(time.perf_counter() - started)
                time.sleep(0.02)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            server.go(rng.choice((*MODES, "lost_reply")))
            time.sleep(0.3)
            server.go("well")
            time.sleep(0.4)
        server.go("well")
        while store.count():
            client.flush()
            time.sleep(0.1)
    store.close()
    times.sort()
    with capsys.disabled():
        shown = ", ".join(f"p{share}: {times[int(len(times) * share / 100)] * 1e3:.0f}" for share in (50, 90, 99))
        print(
            f"\nn={len(times)} {shown}, max: {times[-1] * 1e3:.0f} ms; machine late by {late[0] * 1e3:.0f} ms;", end=""
        )
        print(f" {len(server.taken)} fallback events, each once", end="")
    assert set(server.taken.values()) == {1}
    assert times[-1] <= DEADLINE + 3 * late[0] + 0.05
