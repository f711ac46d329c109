"""The client for asyncio; ``sync_client`` is the same one, asked from ordinary threads.

Invariants: ``decide`` and ``clear`` answer within the deadline; while the service is away nothing gets less than the
last that it said; every answer of our own is queued before it is given.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

from thinktwice_client.deliveries import MOST_EVENTS, batches, body_of, read_event, settlement
from thinktwice_client.errors import RejectedError, StoreError
from thinktwice_client.fallback import Fallbacks
from thinktwice_client.learning import words_of
from thinktwice_client.options import Options
from thinktwice_client.records import AwayReason, Clearance, Decision, Delivery
from thinktwice_client.sending import Sender
from thinktwice_client.store import Queued, Word
from thinktwice_client.wire import (
    AwayError,
    Reply,
    read_clearance,
    read_decision,
    read_event_results,
    server_time,
    stamp_of,
)
from thinktwice_client.withdrawals import Asked, read_withdrawal

T = TypeVar("T")

_STORE_THREADS: Final = 32
"""They wait for the disk together: a store may make one commit of what they bring."""

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_log: Final = logging.getLogger(__name__)


class AsyncClient:
    """Asks one service; belongs to the event loop that first uses it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._store = options.store
        self._sender = Sender(options)
        self.fallbacks: Final = Fallbacks(options.tiers, options.store)
        self._threads = ThreadPoolExecutor(_STORE_THREADS, "thinktwice-store") if options.store.blocks else None
        self._delivering: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()
        self._may_wait = True  # a durable store may hold events of an earlier life
        self._loose: set[asyncio.Future[Any]] = set()

    async def __aenter__(self) -> Self:
        """Begin to deliver what an earlier process left."""
        self._deliver()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    @property
    def breaker_state(self) -> str:
        """``closed``, ``open`` or ``half_open``; for the operator's metrics."""
        return self._sender.breaker.state(time.monotonic())

    async def decide(self, withdrawal: Mapping[str, Any]) -> Decision:
        """Return what to do with a withdrawal: the service's word, or within the deadline the answer of its tier.

        Raises:
            InvalidInputError: the withdrawal lacks what every call needs.
            RejectedError: the service refuses this withdrawal; do not execute it.
        """
        asked, started = read_withdrawal(withdrawal), time.monotonic()
        try:
            decision = await self._ask_decision(asked, started)
        except AwayError as away:
            return await self._decide_alone(asked, away.reason, started)
        self._deliver()
        return decision

    async def clear(self, decision: Decision) -> Clearance:
        """Return whether a decided withdrawal may execute now; ask right before money leaves.

        A decision of our own is first put to the service, so that an outage lowers no protection; the withdrawal is
        then judged by the service's decision, which the clearance carries.

        Raises:
            RejectedError: the service refuses; do not execute.
        """
        asked, started, current = read_withdrawal(decision.withdrawal), time.monotonic(), decision
        try:
            if current.decision_id is None:
                current = await self._ask_decision(asked, started)
            path = f"/v1/decisions/{quote(current.decision_id or '', safe='')}/clearance"
            clearance, stamp = await self._sender.ask(
                path, b"{}", until=started + self._options.network_share, read=partial(_read_clearance, current)
            )
        except AwayError as away:
            return await self._clear_alone(asked, current, away.reason, started)
        await self._learn(words_of(asked, clearance.status, stamp), started)
        self._deliver()
        return clearance

    async def send_events(self, events: Iterable[Mapping[str, Any]]) -> Delivery:
        """Queue events, then deliver what the deadline allows; the rest follows by itself.

        Raises:
            InvalidInputError: an event has no id of its own or no place in JSON; none was queued.
            StoreError: the events could not be queued; send them again.
        """
        queued = [read_event(dict(event)) for event in events]
        started = time.monotonic()
        await self._local(partial(self._store.put, queued))
        self._may_wait = True
        left = started + self._options.network_share - time.monotonic()
        delivery = await self._flush_until(left)
        self._deliver()
        return delivery

    async def flush(self, timeout: float = 10.0) -> Delivery:  # noqa: ASYNC109  (a part that was delivered is an answer, not an error)
        """Deliver every event that waits, for at most so many seconds; ends early when the service is away."""
        return await self._flush_until(timeout)

    async def close(self) -> None:
        """Stop delivering and close; events that wait stay in a durable store, others are tried one last time."""
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)
        if not self._store.is_durable:
            left = (await self._flush_until(self._options.delivery_timeout)).waiting if self._store.count() else 0
            if left:
                _log.error("%d events are lost: the store is not durable and the service is away", left)
        if self._loose:
            await asyncio.wait(self._loose)
        if self._threads is not None:
            self._threads.shutdown(wait=False)
        await self._sender.close()

    async def _ask_decision(self, asked: Asked, started: float) -> Decision:
        tier = self._options.tiers.of(asked.plain)[0]
        read = partial(read_decision, asked=asked, tier=tier)
        until = started + self._options.network_share
        try:
            decision = await self._sender.ask("/v1/decisions", asked.body, until=until, read=read)
        except RejectedError as error:
            if error.faults and all(fault.field == "initiated_at" for fault in error.faults):
                _log.error("the clocks of this machine and of ThinkTwice are too far apart")
                raise AwayError("clock") from None
            raise
        await self._learn(words_of(asked, decision.action, stamp_of(decision.decision_id)), started)
        return decision

    async def _learn(self, words: Sequence[Word], started: float) -> None:
        """Remember what the service said."""
        try:
            await self._in_time(partial(self._store.note_answers, words), started)
        except (StoreError, TimeoutError) as error:
            _log.error("an answer could not be remembered: %s", type(error).__name__)

    async def _decide_alone(self, asked: Asked, away: AwayReason, started: float) -> Decision:
        self._may_wait = True
        answer = partial(self.fallbacks.decision, asked, away, self._sender.now())
        try:
            return await self._in_time(answer, started)
        except TimeoutError:
            return self.fallbacks.unrecorded(asked, away)
        finally:
            self._deliver()

    async def _clear_alone(self, asked: Asked, decision: Decision, away: AwayReason, started: float) -> Clearance:
        self._may_wait = True
        answer = partial(self.fallbacks.clearance, asked, decision, away, self._sender.now())
        try:
            return await self._in_time(answer, started)
        except TimeoutError:
            return Clearance(is_cleared=False, status="away", source="fallback", decision=decision, away=away)
        finally:
            self._deliver()

    async def _local(self, work: Callable[[], T]) -> T:
        """Use the store, away from the event loop where it may wait for a disk."""
        if self._threads is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _in_time(self, work: Callable[[], T], started: float) -> T:
        """Use the store within the deadline; what takes longer goes on by itself."""
        if self._threads is None:
            return work()
        task = asyncio.ensure_future(self._local(work))
        left = started + self._options.store_share - time.monotonic()
        done, _ = await asyncio.wait({task}, timeout=max(0.0, left))
        if not done:
            self._loose.add(task)
            task.add_done_callback(self._let_go)
            raise TimeoutError
        return task.result()

    def _let_go(self, task: asyncio.Future[Any]) -> None:
        self._loose.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("the local store failed late: %s", type(task.exception()).__name__)

    def _deliver(self) -> None:
        """Let queued events be delivered in the background."""
        if self._may_wait and (self._delivering is None or self._delivering.done()):
            self._delivering = asyncio.get_running_loop().create_task(self._deliver_all())

    async def _deliver_all(self) -> None:
        """Deliver until nothing waits, more and more patiently."""
        pause = _FIRST_PAUSE
        while True:
            try:
                self._may_wait = False
                if not (await self._flush_until(self._options.delivery_timeout)).waiting:
                    if self._may_wait:
                        continue
                    return
            except StoreError as error:
                _log.error("events cannot be read: %s", error)
            self._may_wait = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _flush_until(self, seconds: float) -> Delivery:
        """Deliver for so long; what is already on its way when the time is up ends with it."""
        delivered = set_aside = put_off = 0
        until = time.monotonic() + seconds
        try:
            async with asyncio.timeout(max(0.0, seconds)), self._flushing:
                while queued := await self._local(partial(self._store.waiting, MOST_EVENTS, offset=put_off)):
                    for batch in batches(queued):
                        taken, aside = await self._send_batch(batch, until)
                        delivered, set_aside = delivered + taken, set_aside + aside
                        put_off += len(batch) - taken - aside
        except (AwayError, TimeoutError):
            pass  # they stay in the queue
        waiting = await self._local(self._store.count)
        return Delivery(delivered=delivered, waiting=waiting, set_aside=set_aside)

    async def _send_batch(self, batch: list[Queued], until: float) -> tuple[int, int]:
        """Send one batch; return how many were taken and how many set aside."""
        body = body_of(batch, self._sender.now())
        try:
            results = await self._sender.ask("/v1/events", body, until=until, read=read_event_results)
        except RejectedError as error:
            if len(batch) == 1:
                await self._local(partial(self._store.set_aside, batch[0].event_id, str(error)))
                return 0, 1
            sent = [await self._send_batch([event], until) for event in batch]
            return sum(taken for taken, _ in sent), sum(aside for _, aside in sent)
        found = settlement(batch, results)
        await self._local(partial(self._store.settle, found.taken))
        for event_id, reason in found.refused:
            await self._local(partial(self._store.set_aside, event_id, reason))
        return len(found.taken), len(found.refused)


def _read_clearance(decision: Decision, reply: Reply) -> tuple[Clearance, int]:
    """Return a clearance and when it was given, by the service's clock in milliseconds: after its decision.

    The service's clock comes in whole seconds. In doubt leave to go was given early, and every other word late.
    """
    clearance, told = read_clearance(reply, decision), server_time(reply)
    earliest = max(stamp_of(decision.decision_id) + 1, int(told.timestamp() * 1000) if told else 0)
    return replace(clearance, decision=decision), earliest if clearance.is_cleared else earliest + 999
