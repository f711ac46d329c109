"""From the queue to the service: each event until it is taken, in order, in batches.

Invariants: an event leaves the queue only on the service's word about that very event; what was sent twice counts
once there, by its id; a refused event is set aside, never dropped.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from thinktwice_client.errors import InvalidInputError
from thinktwice_client.store import Queued
from thinktwice_client.wire import EventResult
from thinktwice_client.withdrawals import encoded

MOST_EVENTS: Final = 100
_MOST_BYTES: Final = 900_000
_LARGEST_EVENT: Final = 64 * 1024
_TAKEN: Final = frozenset({"recorded", "duplicate", "conflict", "unknown_withdrawal"})
"""``conflict`` is an event that came before under this id, told a little differently: it is there, and counts once."""

_TIMES: Final = ("occurred_at", "initiated_at")
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to do with the events of one batch; those in none of the lists are sent again."""

    taken: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    later: list[str] = field(default_factory=list)


def read_event(event: dict[str, Any]) -> Queued:
    """Return an event of the caller for the queue.

    Raises:
        InvalidInputError: it has no id, or no place in JSON, or is too large.
    """
    event_id, body = event.get("event_id"), encoded(event)
    if not isinstance(event_id, str) or not event_id or len(event_id) > 128:
        raise InvalidInputError("an event needs an event_id of its own, which makes it count once")
    if len(body) > _LARGEST_EVENT:
        raise InvalidInputError(f"an event has at most {_LARGEST_EVENT:,} bytes")
    return Queued(event_id, body.decode("utf-8"))


def batches(events: Sequence[Queued]) -> Iterator[list[Queued]]:
    """Cut events into batches that the service takes."""
    batch: list[Queued] = []
    size = 0
    for event in events:
        length = len(event.body.encode("utf-8")) + 1
        if batch and (len(batch) == MOST_EVENTS or size + length > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += length
    if batch:
        yield batch


def body_of(batch: Sequence[Queued], now: datetime) -> bytes:
    """Return the body of one batch; ``now`` is the service's time.

    An event of the future was told by a clock that goes wrong and would be refused: it happened now at the latest.
    """
    return b'{"events":[' + b",".join(_timely(event, now).encode("utf-8") for event in batch) + b"]}"


def settlement(batch: Sequence[Queued], results: Sequence[EventResult]) -> Settlement:
    """Return what follows for each event of a batch from what the service said."""
    found = Settlement()
    told = {result.event_id: result for result in results}
    for event in batch:
        result = told.get(event.event_id)
        if result is None:
            continue
        if result.status in _TAKEN:
            found.taken.append(event.event_id)
        elif result.status == "rejected":
            _sort_refused(event.event_id, result, found)
    return found


def _sort_refused(event_id: str, result: EventResult, found: Settlement) -> None:
    """A time in the future heals by waiting; everything else needs a person."""
    if result.fields and all(name.rpartition(".")[2] in _TIMES for name in result.fields):
        found.later.append(event_id)
        return
    reason = "rejected: " + ", ".join(result.fields)
    _log.error("event %s was refused and set aside: %s", event_id, reason)
    found.refused.append((event_id, reason))


def _timely(event: Queued, now: datetime) -> str:
    try:
        told = json.loads(event.body)
        if datetime.fromisoformat(told["occurred_at"]) <= now:
            return event.body
    except (ValueError, TypeError, KeyError):
        return event.body  # the service says what is wrong with it
    return encoded({**told, "occurred_at": now}).decode("utf-8")
