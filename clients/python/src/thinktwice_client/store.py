"""What the client remembers by itself: holds it was told of, and events not yet delivered.

Invariants: a hold ends only by a *newer* answer of the service (``stamp``: server time in milliseconds), never by the
local clock and never by the repetition of an older decision; an event id is put once; an event leaves the queue only
when it is settled or set aside.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from thinktwice_client.errors import StoreError


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

    def note_answer(self, keys: Sequence[str], stamp: int, *, is_held: bool) -> None:
        """Enter a hold under all its keys, or end the hold of the first key if it is older than ``stamp``.

        The first key is the destination's own; the others are shared by all destinations that it may be another
        spelling of, and end with it alone. Durable on return.
        """

    def is_held(self, keys: Collection[str]) -> bool:
        """Tell whether one of the keys belongs to a hold that has not ended."""

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


class MemoryStore:
    """Remembers in this process only: a restart forgets holds and loses events. For production use ``FileStore``."""

    blocks: bool = False
    is_durable: bool = False

    def __init__(self, capacity: int = 100_000) -> None:
        self._lock: Final = threading.Lock()
        self._capacity = capacity
        self._holds: dict[str, tuple[int, frozenset[str]]] = {}
        self._held: Counter[str] = Counter()
        self._events: dict[str, Queued] = {}
        self._aside: dict[str, tuple[Queued, str]] = {}

    def note_answer(self, keys: Sequence[str], stamp: int, *, is_held: bool) -> None:
        """Enter a hold, or end an older one."""
        with self._lock:
            known = self._holds.get(keys[0])
            if known is None and not is_held:
                return
            known_stamp, known_keys = known or (stamp, frozenset())
            if stamp > known_stamp or (is_held and stamp == known_stamp):
                self._held.subtract(known_keys)
                kept = frozenset(keys) if is_held else frozenset()
                self._held.update(kept)
                self._holds[keys[0]] = (stamp, kept)

    def is_held(self, keys: Collection[str]) -> bool:
        """Tell whether one of the keys belongs to a hold that has not ended."""
        with self._lock:
            return any(self._held[key] > 0 for key in keys)

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
