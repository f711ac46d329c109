"""Doing something whenever the control database has changed, in a thread of its own.

Invariants: a change that any process commits is met within ``POLL_SECONDS``; a turn that fails is taken again; closing
waits for the turn under way.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import structlog

from thinktwice.errors import ThinkTwiceError
from thinktwice.storage.sqlite import connect

POLL_SECONDS: Final = 0.2

_log: Final = structlog.get_logger(__name__)


@contextmanager
def following(control: Path, turn: Callable[[], object], name: str) -> Iterator[None]:
    """Take a turn at once and after each change, for as long as the block lasts."""
    stopped = threading.Event()
    thread = threading.Thread(target=_follow, args=(control, turn, name, stopped), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _follow(control: Path, turn: Callable[[], object], name: str, stopped: threading.Event) -> None:
    seen: int | None = None
    with closing(connect(control, read_only=True)) as connection:
        while not stopped.is_set():
            try:
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    turn()
                    seen = version
            except (ThinkTwiceError, sqlite3.Error) as error:
                _log.warning("a turn failed and is taken again", what=name, error=str(error))
            stopped.wait(POLL_SECONDS)
