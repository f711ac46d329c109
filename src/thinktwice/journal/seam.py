"""What deciding and staff tools need of a journal, whatever database holds it.

Invariants of every implementation, proved by ``tests/contract/test_journal.py``:

* a batch is one transaction: durable when its block ends cleanly, without any trace when an exception leaves it;
* ``seq`` is 1, 2, 3 … in the order of appending, without gaps; ``recorded_at`` never decreases with it;
* (withdrawal_id, attempt) and the id of a decision are unique among decisions, ``alert_id`` too; the ids of events and
  alert events are unique among both together;
* the ids of resolutions and of outbox messages are unique, each among themselves;
* bodies and states come back byte for byte;
* messages for the outbox are there exactly when the records of their batch are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from thinktwice.outbox.message import OutboxMessage

RecordKind = Literal["decision", "event", "alert_event", "clearance", "resolution"]


class NewRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing to be recorded.

    ``record_id`` is the decision's id, the event's id, or the id of the act; ``recorded_at`` is the server's clock,
    aware, kept to the microsecond; ``digest`` tells a repetition from a conflict; ``body`` is what was acknowledged.
    """

    kind: RecordKind
    record_id: str
    recorded_at: datetime
    body: bytes
    withdrawal_id: str | None = None
    attempt: int | None = None
    customer_ref: str | None = None
    destination_key: str | None = None
    alert_id: str | None = None
    event_type: str | None = None
    digest: bytes | None = None
    action: str | None = None
    campaign: str | None = None
    arm: str | None = None
    is_test: bool = False


class StoredRecord(NewRecord, frozen=True, kw_only=True, gc=False):
    """One recorded thing with its place in the order of everything."""

    seq: int


class Batch(Protocol):
    """One transaction of the writer; reads see what was recorded before and in this batch."""

    def decisions(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
        """Return the bodies of the decisions that exist among (withdrawal_id, attempt)."""

    def latest_attempts(self, withdrawal_ids: Collection[str]) -> dict[str, int]:
        """Return the highest attempt decided so far for each withdrawal that has any."""

    def decisions_by_id(self, ids: Collection[str]) -> dict[str, bytes]:
        """Return the bodies of the decisions that exist among these ids."""

    def event_digests(self, event_ids: Collection[str]) -> dict[str, bytes]:
        """Return the digests of the events and alert events that exist among these ids."""

    def alert_events(self, alert_ids: Collection[str]) -> dict[str, list[bytes]]:
        """Return the bodies of what browsers claimed about each alert, in order; alerts without any are left out."""

    def resolutions(self, act_ids: Collection[str]) -> dict[str, tuple[bytes, bytes]]:
        """Return digest and body of the acts of staff that exist among these ids."""

    def customer_states(self, refs: Collection[str]) -> dict[str, bytes]:
        """Return the packed states of the customers that have one."""

    def destination_states(self, match_keys: Collection[str]) -> dict[str, bytes]:
        """Return the packed states of the destinations that have one."""

    def append(self, records: Sequence[NewRecord]) -> None:
        """Record in this order.

        Raises:
            ConflictError: a unique key exists already; the whole batch is lost, even when the caller goes on.
            ValueError: ``recorded_at`` goes back.
        """

    def put_customer_states(self, states: Mapping[str, bytes]) -> None:
        """Insert or replace packed states by customer reference."""

    def put_destination_states(self, states: Mapping[str, bytes]) -> None:
        """Insert or replace packed states by match key."""

    def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        """Put messages into the outbox, durable with the records of this batch or gone with them.

        Raises:
            ConflictError: a message id exists already; the whole batch is lost.
        """

    def last_recorded_at(self) -> datetime | None:
        """Return the time of the newest record, or None for an empty journal; the next may not be earlier."""


class Journal(Protocol):
    """The writing side; one per journal, used by one thread at a time."""

    def batch(self) -> AbstractContextManager[Batch]:
        """Open one transaction, durable once the block has been left.

        Raises:
            UnavailableError: it could not be made durable; nothing of it may be acknowledged.
        """

    def close(self) -> None:
        """Give up writing; a second call does nothing."""


class JournalReader(Protocol):
    """The reading side, beside a running writer, from any thread; sees committed batches only."""

    def decision(self, decision_id: str) -> bytes | None:
        """Return the body of one decision."""

    def decision_by_alert(self, alert_id: str) -> bytes | None:
        """Return the body of the decision that an alert belongs to."""

    def decision_by_key(self, withdrawal_id: str, attempt: int) -> bytes | None:
        """Return the body of the decision about one attempt of one withdrawal."""

    def records(
        self, *, kinds: Collection[RecordKind], limit: int | None = None, after_seq: int = 0
    ) -> Iterator[StoredRecord]:
        """Yield records of these kinds with a greater ``seq``, in order, at most ``limit``."""

    def newest_decisions(self, campaigns: Collection[str], within: timedelta) -> Iterator[bytes]:
        """Yield the bodies of live decisions of these campaigns, the newest first.

        As far back as ``within`` before the newest record of any kind.
        """

    def alert_events(self, alert_id: str) -> list[StoredRecord]:
        """Return what browsers claimed about one alert, in order."""

    def customer_state(self, ref: str) -> bytes | None:
        """Return what is remembered about one customer, None where that is nothing."""

    def count(self, kind: RecordKind) -> int:
        """Count the records of one kind; reads the whole journal, so it is for tools and tests."""

    def close(self) -> None:
        """Give up reading; a second call does nothing."""
