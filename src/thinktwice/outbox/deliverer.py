"""The thread that empties the outbox.

Invariants: a webhook is taken out only after a 2xx, a reminder only after it was seen to; what fails is tried again,
later each time and without end; what one receiver does to one message holds up no other for longer than the deadline of
an attempt. Being killed at any point repeats at most the attempts under way, under the same ids.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from thinktwice.errors import NotFoundError, ThinkTwiceError
from thinktwice.outbox.endpoint import Endpoint, new_client
from thinktwice.outbox.message import RECHECK, Waiting
from thinktwice.outbox.store import OutboxStore

AT_ONCE: Final = 8
POLL_SECONDS: Final = 0.5
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(hours=1)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_log: Final = logging.getLogger(__name__)


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 2 s, doubled each time, at most an hour."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 20)), LONGEST_WAIT)


class Deliverer:
    """Delivers to one endpoint until it is closed; ``recheck`` looks at one decision's clearance again, durably."""

    def __init__(
        self,
        store: OutboxStore,
        endpoint: Endpoint,
        recheck: Callable[[str], object],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._recheck = recheck
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the attempts under way; what was not acknowledged stays in the outbox."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            client = new_client()
            while not self._closed.is_set():
                try:
                    handled = runner.run(self._round(client))
                except Exception:  # noqa: BLE001 - the messages are still there; giving up would lose them silently
                    _log.exception("the outbox could not be emptied; it is tried again")
                    handled = 0
                if not handled:
                    self._closed.wait(self._poll_seconds)
            runner.run(client.aclose())

    async def _round(self, client: httpx.AsyncClient) -> int:
        """See to what is due now; return how much of it there was."""
        due = await asyncio.to_thread(self._store.due, _micros(self._clock()), AT_ONCE)
        await asyncio.gather(*(self._see_to(client, waiting) for waiting in due))
        return len(due)

    async def _see_to(self, client: httpx.AsyncClient, waiting: Waiting) -> None:
        message = waiting.message
        if message.topic == RECHECK:
            fault = await asyncio.to_thread(self._look_again, message.body.decode())
        else:
            fault = await self._endpoint.send(client, message, self._clock())
        if fault is None:
            await asyncio.to_thread(self._store.done, waiting.seq)
            return
        wait = wait_after(waiting.attempts + 1)
        _log.warning("outbox message %s: %s; next attempt in %s", message.message_id, fault, wait)
        await asyncio.to_thread(self._store.postpone, waiting.seq, _micros(self._clock() + wait))

    def _look_again(self, decision_id: str) -> str | None:
        try:
            self._recheck(decision_id)
        except NotFoundError:
            return None  # erased since: there is nothing left to tell
        except ThinkTwiceError as error:
            return f"could not be rechecked ({type(error).__name__})"
        return None


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
