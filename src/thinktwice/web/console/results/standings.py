"""The verdict of every campaign, worked out beside the pages, because one takes a second or more.

Invariants: a page never waits for a verdict; one older than ten minutes is worked out again when somebody looks, and
shown until the new one is there; one thread works, so that deciding keeps the rest of the machine.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from thinktwice.errors import ThinkTwiceError, words_of
from thinktwice.measurement.analysis.records import Verdict

FRESH: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Stood:
    """What the verdict on a campaign was; ``verdict`` is None where it cannot be worked out, and ``why`` says why."""

    at: datetime
    verdict: Verdict | None
    why: str | None = None


class Standings:
    """The verdicts as they were worked out last."""

    def __init__(self, judge: Callable[[str], Verdict], clock: Callable[[], datetime]) -> None:
        self._judge = judge
        self._clock = clock
        self._known: dict[str, Stood] = {}
        self._asked: set[str] = set()
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def of(self, campaign: str) -> Stood | None:
        """Return what stood last, and see to it that it is worked out again when it is old; None for not yet."""
        with self._lock:
            known = self._known.get(campaign)
            is_old = known is None or self._clock() - known.at > FRESH
            if is_old and campaign not in self._asked:
                self._asked.add(campaign)
                self._queue.put(campaign)
                self._begin()
        return known

    def close(self) -> None:
        """Stop working."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(10)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="standings", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (campaign := self._queue.get()) is not None:
            stood = self._stood(campaign)
            with self._lock:
                self._known[campaign] = stood
                self._asked.discard(campaign)

    def _stood(self, campaign: str) -> Stood:
        try:
            return Stood(self._clock(), self._judge(campaign))
        except ThinkTwiceError as error:
            return Stood(self._clock(), None, words_of(error))
        except Exception as error:  # noqa: BLE001  (the thread goes on; a page says that there is no verdict)
            structlog.get_logger("thinktwice.console").error("no verdict", campaign=campaign, exc_info=error)
            return Stood(self._clock(), None)
