"""What the client remembers by itself: what the service held and warned of, and events not yet delivered.

Invariants: a hold or an alert ends only by a *newer* answer of the service (``stamp``: server time in milliseconds),
never by the local clock and never by the repetition of an older decision; alerts alone are bounded in number and time,
and time is the service's too, so that none lapses while it is away; an event id is put once; an event leaves the queue
only when it is settled or set aside.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from thinktwice_client.errors import StoreError
from thinktwice_client.tiers import Answer

Told = Literal["proceed", "alert", "hold", "cleared"]
"""What the service said: ``cleared`` ends an alert, because its customer has confirmed, and never a hold."""

MOST_ALERTS: Final = 100_000
ALERT_LIFE: Final = 7 * 24 * 60 * 60 * 1000
"""Milliseconds until a newer answer pushes an alert out: for so long a repeated destination is warned of again."""


@dataclass(frozen=True, slots=True)
class Word:
    """One answer of the service; ``stamp`` is when it was given.

    The first key is the own one of what was asked about; the others are shared by all destinations that it may be
    another spelling of, and end with it alone.
    """

    keys: Sequence[str] = field(repr=False)
    stamp: int
    told: Told


@dataclass(frozen=True, slots=True)
class Queued:
    """One event on its way; ``body`` is JSON."""

    event_id: str
    body: str = field(repr=False)


class Store(Protocol):
    """Where it is remembered; every method is called from any thread and raises ``StoreError`` when it cannot."""

    blocks: bool
    """Whether a call may wait for a disk or a network; then it is kept off the event loop."""

    is_durable: bool
    """Whether it survives the process."""

    def note_answers(self, words: Sequence[Word]) -> None:
        """Enter a hold or an alert under all its keys, or end what stands under the first key and is older.

        ``proceed`` ends both, ``alert`` a hold, ``cleared`` an alert. Durable on return.
        """

    def floor_of(self, keys: Collection[str]) -> Answer:
        """Return the least that may be answered for these keys: the strongest that stands under one of them."""

    def put(self, events: Sequence[Queued]) -> None:
        """Queue events whose ids are not there yet; durable on return."""

    def has_event(self, event_id: str) -> bool:
        """Tell whether an event waits."""

    def waiting(self, limit: int, *, offset: int = 0) -> list[Queued]:
        """Return the oldest events that wait."""

    def settle(self, event_ids: Collection[str]) -> None:
        """Take delivered events out of the queue."""

    def set_aside(self, event_id: str, reason: str) -> None:
        """Take a refused event out of the queue and keep it, with the reason, for a person."""

    def count(self) -> int:
        """Return how many events wait."""

    def close(self) -> None:
        """Let go of what is open; may be called twice."""


class _Standing:
    """What stands, by its own key: since when, and under which keys (none: it has ended)."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, frozenset[str]]] = {}
        self._count: Counter[str] = Counter()

    def enter(self, keys: Sequence[str], stamp: int) -> None:
        """Let it stand unless it ended later."""
        if stamp >= self._entries.get(keys[0], (stamp,))[0]:
            self._set(keys[0], stamp, frozenset(keys))

    def end(self, key: str, stamp: int) -> None:
        """End what is older."""
        known = self._entries.get(key)
        if known is not None and stamp > known[0]:
            self._set(key, stamp, frozenset())

    def covers(self, keys: Collection[str]) -> bool:
        """Tell whether something stands under one of the keys."""
        return any(key in self._count for key in keys)

    def trim(self, most: int, since: int) -> None:
        """Forget what was entered first where it is too old or too much."""
        while self._entries:
            oldest = next(iter(self._entries))
            if len(self._entries) <= most and self._entries[oldest][0] >= since:
                return
            self._forget(oldest)

    def _set(self, key: str, stamp: int, keys: frozenset[str]) -> None:
        self._forget(key)
        self._entries[key] = (stamp, keys)
        self._count.update(keys)

    def _forget(self, key: str) -> None:
        for name in self._entries.pop(key, (0, frozenset[str]()))[1]:
            self._count[name] -= 1
            if not self._count[name]:
                del self._count[name]


class MemoryStore:
    """Remembers in this process only: a restart forgets holds and loses events. For production use ``FileStore``."""

    blocks: bool = False
    is_durable: bool = False

    def __init__(self, capacity: int = 100_000) -> None:
        self._lock: Final = threading.Lock()
        self._capacity = capacity
        self._holds, self._alerts = _Standing(), _Standing()
        self._events: dict[str, Queued] = {}
        self._aside: dict[str, tuple[Queued, str]] = {}

    def note_answers(self, words: Sequence[Word]) -> None:
        """Enter what stands, and end what is older."""
        with self._lock:
            for word in words:
                if word.told == "hold":
                    self._holds.enter(word.keys, word.stamp)
                elif word.told != "cleared":
                    self._holds.end(word.keys[0], word.stamp)
                if word.told == "alert":
                    self._alerts.enter(word.keys, word.stamp)
                    self._alerts.trim(MOST_ALERTS, word.stamp - ALERT_LIFE)
                elif word.told != "hold":
                    self._alerts.end(word.keys[0], word.stamp)

    def floor_of(self, keys: Collection[str]) -> Answer:
        """Return the strongest that stands."""
        with self._lock:
            if self._holds.covers(keys):
                return "hold"
            return "alert" if self._alerts.covers(keys) else "proceed"

    def put(self, events: Sequence[Queued]) -> None:
        """Queue events once; refused when the queue is full."""
        with self._lock:
            new = [event for event in events if event.event_id not in self._events]
            if len(self._events) + len(new) > self._capacity:
                raise StoreError("the queue in memory is full")
            self._events.update((event.event_id, event) for event in new)

    def has_event(self, event_id: str) -> bool:
        """Tell whether an event waits."""
        with self._lock:
            return event_id in self._events

    def waiting(self, limit: int, *, offset: int = 0) -> list[Queued]:
        """Return the oldest events that wait."""
        with self._lock:
            return list(self._events.values())[offset : offset + limit]

    def settle(self, event_ids: Collection[str]) -> None:
        """Take delivered events out of the queue."""
        with self._lock:
            for event_id in event_ids:
                self._events.pop(event_id, None)

    def set_aside(self, event_id: str, reason: str) -> None:
        """Keep a refused event apart."""
        with self._lock:
            event = self._events.pop(event_id, None)
            if event is not None:
                self._aside[event_id] = (event, reason)

    def count(self) -> int:
        """Return how many events wait."""
        with self._lock:
            return len(self._events)

    def close(self) -> None:
        """Nothing is open."""
