"""Running feeds while the service runs, in a thread of its own.

Invariants: a feed that cannot be asked for now is asked for at the next look, whatever went wrong; what is wrong stands
in the log once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from thinktwice.errors import ThinkTwiceError
from thinktwice.watchlist.feeding import Feeds

POLL_SECONDS: Final = 15.0

_log: Final = structlog.get_logger(__name__)


@contextmanager
def feeding(feeds: Feeds, *, poll_seconds: float = POLL_SECONDS) -> Iterator[None]:
    """Ask for due feeds for as long as the block lasts; without a file of feeds, nothing happens."""
    if feeds.path is None:
        yield
        return
    stopped = threading.Event()
    thread = threading.Thread(target=_follow, args=(feeds, stopped, poll_seconds), name="feeds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _follow(feeds: Feeds, stopped: threading.Event, poll_seconds: float) -> None:
    looked: dict[str, int] = {}
    told: frozenset[str] = frozenset()
    while not stopped.is_set():
        wrong: set[str] = set()
        try:
            feeds.ask_due(looked)
            wrong |= {str(problem) for problem in feeds.problems()}
        except (ThinkTwiceError, OSError) as error:
            wrong.add(str(error))
        except Exception:  # noqa: BLE001 - a thread that ended would import no list any more, in silence
            _log.exception("feeds cannot be looked at; it is tried again")
        for one in sorted(wrong - told):
            _log.warning("a feed needs somebody", problem=one)
        told = frozenset(wrong)
        stopped.wait(poll_seconds)
