"""What strangers are refused before anybody is signed in: put down, and bounded so that a flood fills no chain.

Invariants: an entry says what was tried and at which page, never who or from where; of one source at most
``MOST_OF_ONE`` an hour are written and of all together ``MOST_OF_ALL``; a chain that cannot be written opens nothing,
the refusal stands either way.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.errors import UnavailableError

DOOR: Final = Actor("system", "door")
MOST_OF_ONE: Final = 20
MOST_OF_ALL: Final = 200
HOUR: Final = 3600.0
_SOURCES: Final = 10_000

_log: Final = structlog.get_logger(__name__)


class Door:
    """Puts down what strangers tried at one surface."""

    def __init__(self, ledger: Ledger, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._since = monotonic()
        self._all = 0
        self._sources: OrderedDict[str, int] = OrderedDict()

    def refused(self, source: str, act: str, page: str, reason: str) -> None:
        """Enter one refusal, unless this hour has enough of them."""
        if not self._has_room(source):
            return
        try:
            self._ledger.refused(DOOR, act, "page", page, reason)
        except UnavailableError as error:
            _log.warning("a refusal could not be put down", act=act, why=str(error))

    def _has_room(self, source: str) -> bool:
        with self._lock:
            now = self._monotonic()
            if now - self._since >= HOUR:
                self._since, self._all = now, 0
                self._sources.clear()
            count = self._sources.pop(source, 0) + 1
            self._sources[source] = count
            if len(self._sources) > _SOURCES:
                self._sources.popitem(last=False)
            if count > MOST_OF_ONE or self._all >= MOST_OF_ALL:
                return False
            self._all += 1
            return True


def leads_away(path: str) -> bool:
    """Whether an address somebody wants to be sent to is one of another site, however it is spelt."""
    return bool(path) and (not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable())
