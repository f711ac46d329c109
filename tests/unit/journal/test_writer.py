"""Group commit without a journal: who is answered, in which order, and what happens when something fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from thinktwice.errors import ConflictError, ThinkTwiceError, UnavailableError
from thinktwice.journal.writer import GroupCommit


class Gate:
    """A handler that doubles numbers, batch by batch, as soon as its gate is open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.batches: list[list[int]] = []

    def __call__(self, items: Sequence[int]) -> Sequence[int | ThinkTwiceError]:
        self.entered.set()
        assert self.open.wait(10)
        self.batches.append(list(items))
        return [ConflictError(f"{item}") if item < 0 else 2 * item for item in items]


@pytest.fixture
def gate() -> Gate:
    return Gate()


def hold_first(gate: Gate, **sizes: int) -> GroupCommit[int, int]:
    """A queue whose first batch, holding only 0, waits in the handler."""
    queue = GroupCommit(gate, **sizes)
    queue.submit(0)
    assert gate.entered.wait(10)
    return queue


def test_all_that_waits_becomes_one_batch_in_order(gate: Gate) -> None:
    """What arrives while a batch is handled is the next batch, split only at max_batch."""
    queue = hold_first(gate, max_batch=4)
    futures = [queue.submit(number) for number in range(1, 8)]
    gate.open.set()
    assert [future.result(10) for future in futures] == [2, 4, 6, 8, 10, 12, 14]
    assert gate.batches == [[0], [1, 2, 3, 4], [5, 6, 7]]
    queue.close()


def test_an_error_as_result_is_raised_to_its_asker_only(gate: Gate) -> None:
    """One bad item fails alone."""
    queue = hold_first(gate)
    bad, good = queue.submit(-1), queue.submit(1)
    gate.open.set()
    assert good.result(10) == 2
    with pytest.raises(ConflictError, match="-1"):
        bad.result(10)
    queue.close()


@pytest.mark.parametrize("error", [UnavailableError("disk full"), ZeroDivisionError(), MemoryError()])
def test_a_failed_batch_is_refused_and_the_next_works(error: Exception) -> None:
    """Whatever the handler raises, its askers get UnavailableError, each their own, and the thread lives on."""
    errors = [error]

    def handle(items: Sequence[int]) -> Sequence[int]:
        if errors:
            raise errors.pop()
        return items

    queue = GroupCommit(handle)
    with pytest.raises(UnavailableError):
        queue.submit(1).result(10)
    assert queue.submit(2).result(10) == 2
    queue.close()


def test_a_handler_that_loses_results_fails_its_batch() -> None:
    """Too few results cannot be told apart, so nobody gets one."""
    queue: GroupCommit[int, int] = GroupCommit(lambda items: items[1:])
    with pytest.raises(UnavailableError, match="0 results for 1 items"):
        queue.submit(1).result(10)
    queue.close()


def test_close_answers_all_that_waits_and_refuses_the_rest(gate: Gate) -> None:
    """Everything accepted before close is handled; afterwards nothing is accepted; closing again does nothing."""
    queue = hold_first(gate, max_batch=2)
    futures = [queue.submit(number) for number in range(5)]
    closer = threading.Thread(target=queue.close)
    closer.start()
    gate.open.set()
    closer.join(10)
    assert [future.result(0) for future in futures] == [0, 2, 4, 6, 8]
    with pytest.raises(UnavailableError):
        queue.submit(1)
    queue.close()


def test_a_full_queue_refuses_at_once(gate: Gate) -> None:
    """Beyond max_waiting nothing is accepted, and what was accepted is answered."""
    queue = hold_first(gate, max_waiting=2)
    futures = [queue.submit(1), queue.submit(2)]
    with pytest.raises(UnavailableError, match="2 requests are waiting"):
        queue.submit(3)
    gate.open.set()
    assert [future.result(10) for future in futures] == [2, 4]
    queue.close()


def test_a_cancelled_asker_disturbs_nobody(gate: Gate) -> None:
    """The item of an asker who went away is handled; the others of its batch are answered."""
    queue = hold_first(gate)

    async def story() -> int:
        gone = asyncio.create_task(queue.ask(7))
        stays = asyncio.create_task(queue.ask(8))
        await asyncio.sleep(0.01)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        gate.open.set()
        return await stays

    cancelled_future = queue.submit(6)
    assert cancelled_future.cancel()
    assert asyncio.run(story()) == 16
    queue.close()
    assert gate.batches == [[0], [6, 7, 8]]


def test_an_event_loop_that_is_gone_disturbs_nobody(gate: Gate) -> None:
    """Results for a closed loop are dropped; other askers of the batch are answered."""
    queue = hold_first(gate)
    loop = asyncio.new_event_loop()
    task = loop.create_task(queue.ask(1))
    loop.run_until_complete(asyncio.sleep(0))
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    later = queue.submit(2)
    gate.open.set()
    assert later.result(10) == 4
    queue.close()


def test_each_event_loop_is_woken_once_a_batch(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred askers of one batch cost one call_soon_threadsafe."""
    queue = hold_first(gate)
    calls: list[object] = []

    async def story() -> list[int]:
        loop = asyncio.get_running_loop()
        original = loop.call_soon_threadsafe

        def counted(callback: Callable[..., object], *arguments: Any) -> asyncio.Handle:
            calls.append(callback)
            return original(callback, *arguments)

        monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
        asks = asyncio.gather(*(queue.ask(number) for number in range(100)))
        await asyncio.sleep(0.05)
        gate.open.set()
        return list(await asks)

    assert asyncio.run(story()) == [2 * number for number in range(100)]
    assert len(calls) == 1
    queue.close()


def test_many_threads_and_loops_each_get_their_own_answers() -> None:
    """Eight loops and eight threads at once: each answer belongs to its question."""
    queue: GroupCommit[int, int] = GroupCommit(lambda items: [item + 1 for item in items], max_batch=16)
    wrong: list[int] = []

    def thread(start: int) -> None:
        wrong.extend(n for n in range(start, start + 200) if queue.submit(n).result(10) != n + 1)

    def loop(start: int) -> None:
        async def ask_all() -> None:
            answers = await asyncio.gather(*(queue.ask(n) for n in range(start, start + 200)))
            wrong.extend(n for n, answer in enumerate(answers, start) if answer != n + 1)

        asyncio.run(ask_all())

    threads = [threading.Thread(target=target, args=(1000 * n,)) for n in range(8) for target in (thread, loop)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    queue.close()
    assert wrong == []
