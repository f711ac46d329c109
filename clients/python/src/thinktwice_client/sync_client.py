"""The client for ordinary threads: an ``AsyncClient`` on an event loop of its own.

Only so is a deadline strict without asyncio: the socket timeouts of a blocking call begin anew with every byte that
trickles in, and looking up a name has none. Invariants: a call returns by its deadline even when that loop is
starved; a forked child gets a loop of its own.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from thinktwice_client.async_client import AsyncClient
from thinktwice_client.fallback import Fallbacks
from thinktwice_client.forks import after_fork
from thinktwice_client.options import Options
from thinktwice_client.records import Clearance, Decision, Delivery
from thinktwice_client.sending import utc_now
from thinktwice_client.withdrawals import read_withdrawal

T = TypeVar("T")

_CLOSING: Final = 10.0
_SLACK: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Running:
    """An event loop, its thread, and the client that lives there."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    client: AsyncClient


class Client:
    """Asks one service; may be used by any number of threads at once."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._fallbacks = Fallbacks(options.tiers, options.store)
        self._lock = threading.Lock()
        self._running: _Running | None = self._start()
        after_fork(self, Client._after_fork)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    @property
    def breaker_state(self) -> str:
        """As of ``AsyncClient.breaker_state``."""
        return self._here().client.breaker_state

    def decide(self, withdrawal: Mapping[str, Any]) -> Decision:
        """As ``AsyncClient.decide``."""
        try:
            return self._run(lambda client: client.decide(withdrawal), self._options.deadline)
        except TimeoutError:
            asked = read_withdrawal(withdrawal)
            if self._options.store.blocks:  # there is no time left to wait for a disk
                return self._fallbacks.unrecorded(asked, "slow")
            return self._fallbacks.decision(asked, "slow", utc_now())

    def clear(self, decision: Decision) -> Clearance:
        """As ``AsyncClient.clear``."""
        try:
            return self._run(lambda client: client.clear(decision), self._options.deadline)
        except TimeoutError:
            return Clearance(is_cleared=False, status="away", source="fallback", decision=decision, away="slow")

    def send_events(self, events: Iterable[Mapping[str, Any]]) -> Delivery:
        """As ``AsyncClient.send_events``."""
        given = list(events)
        return self._run(lambda client: client.send_events(given), None)

    def flush(self, timeout: float = 10.0) -> Delivery:
        """As ``AsyncClient.flush``."""
        return self._run(lambda client: client.flush(timeout), timeout + _SLACK)

    def close(self) -> None:
        """As ``AsyncClient.close``."""
        with self._lock:
            running, self._running = self._running, None
        if running is None:
            return
        try:
            asyncio.run_coroutine_threadsafe(running.client.close(), running.loop).result(_CLOSING)
        finally:
            running.loop.call_soon_threadsafe(running.loop.stop)
            running.thread.join(_CLOSING)
            if not running.loop.is_running():
                running.loop.close()

    def _run(self, ask: Callable[[AsyncClient], Coroutine[Any, Any, T]], timeout: float | None) -> T:
        running = self._here()
        future = asyncio.run_coroutine_threadsafe(ask(running.client), running.loop)
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise

    def _here(self) -> _Running:
        with self._lock:
            if self._running is None:
                self._running = self._start()
            return self._running

    def _start(self) -> _Running:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="thinktwice-client", daemon=True)
        client = AsyncClient(self._options)
        thread.start()
        asyncio.run_coroutine_threadsafe(client.__aenter__(), loop).result(_CLOSING)
        return _Running(loop, thread, client)

    def _after_fork(self) -> None:
        """Forget the parent's thread; the child starts its own at the first call."""
        self._lock = threading.Lock()
        self._running = None
