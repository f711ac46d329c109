"""Group commit: whatever waits is handled as one batch by one thread, so that one sync serves all of it.

Invariants: every item that was accepted is answered exactly once, also during a shutdown; items are handled in the
order in which they were accepted; a batch that fails fails only itself; an asker who has gone away disturbs nobody, the
item is handled all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from thinktwice.errors import ThinkTwiceError, UnavailableError

MAX_BATCH = 256
MAX_WAITING = 10_000

Item = TypeVar("Item")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class GroupCommit(Generic[Item, Result]):
    """A thread that calls ``handle`` with up to ``max_batch`` items and gives each asker its own result.

    ``handle`` returns one result an item, in order. A result that is a ``ThinkTwiceError`` is raised to its asker. When
    ``handle`` itself raises, every asker of that batch gets an ``UnavailableError``.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[Item]], Sequence[Result | ThinkTwiceError]],
        *,
        max_batch: int = MAX_BATCH,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._handle = handle
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._waiting: deque[tuple[Item, Future[Result] | asyncio.Future[Result]]] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Result]:
        """Hand in an item from any thread.

        Raises:
            UnavailableError: too many wait, or it is closed.
        """
        future: Future[Result] = Future()
        self._accept(item, future)
        return future

    async def ask(self, item: Item) -> Result:
        """Hand in an item and wait for its result; cancelling the wait does not take the item back.

        Raises:
            UnavailableError: too many wait, it is closed, or the batch could not be made durable.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._accept(item, future)
        return await future

    def close(self) -> None:
        """Accept nothing more, answer all that waits, and end the thread; a second call does nothing."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _accept(self, item: Item, future: Future[Result] | asyncio.Future[Result]) -> None:
        """Queue an item, or refuse it."""
        with self._changed:
            if self._is_closed:
                raise UnavailableError("closing down; nothing more can be made durable here")
            if len(self._waiting) >= self._max_waiting:
                raise UnavailableError(f"{self._max_waiting} requests are waiting to be made durable")
            self._waiting.append((item, future))
            self._changed.notify()

    def _run(self) -> None:
        """Handle batch after batch until closed and empty."""
        while taken := self._take():
            _resolve([future for _, future in taken], self._answers([item for item, _ in taken]))

    def _take(self) -> list[tuple[Item, Future[Result] | asyncio.Future[Result]]]:
        """Wait for items; return none only when closed."""
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._max_batch))]

    def _answers(self, items: list[Item]) -> Sequence[Result | ThinkTwiceError]:
        """Call the handler; turn its failure into one refusal an item."""
        try:
            answers = self._handle(items)
            if len(answers) == len(items):
                return answers
            reason = f"{len(answers)} results for {len(items)} items"
            _log.error("batch handler broke its contract: %s", reason)
        except UnavailableError as error:
            _log.warning("batch of %d not durable: %s", len(items), error)
            reason = str(error)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the askers need an answer and the thread must live
            _log.exception("batch of %d failed", len(items))
            reason = f"unexpected {type(error).__name__}"
        return [UnavailableError(reason) for _ in items]


def _resolve(
    futures: Sequence[Future[Result] | asyncio.Future[Result]], answers: Sequence[Result | ThinkTwiceError]
) -> None:
    """Answer all askers; each event loop is woken once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Result], Result | ThinkTwiceError]]] = {}
    for future, answer in zip(futures, answers, strict=True):
        if isinstance(future, Future):
            if future.set_running_or_notify_cancel():
                _set(future, answer)
        else:
            by_loop.setdefault(future.get_loop(), []).append((future, answer))
    for loop, pairs in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits there any more
            loop.call_soon_threadsafe(_set_all, pairs)


def _set_all(pairs: Sequence[tuple[asyncio.Future[Result], Result | ThinkTwiceError]]) -> None:
    """Answer the askers of one event loop, from within it."""
    for future, answer in pairs:
        if not future.done():
            _set(future, answer)


def _set(future: Future[Result] | asyncio.Future[Result], answer: Result | ThinkTwiceError) -> None:
    """Give one asker a result or an error."""
    if isinstance(answer, ThinkTwiceError):
        future.set_exception(answer)
    else:
        future.set_result(answer)
