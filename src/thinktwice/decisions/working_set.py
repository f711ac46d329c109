"""What one batch reads and writes: loaded in a few queries, changed in memory, written once.

Invariants: a state is decoded at most once a batch; only what changed is written; later items of a batch see what
earlier ones did; test traffic has keys of its own and never meets live traffic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from thinktwice.decisions.asks import Ask, Clear, Decide, Note, NoteAlert, Recheck, Resolve
from thinktwice.journal.seam import Batch, NewRecord
from thinktwice.outbox.message import OutboxMessage
from thinktwice.records.decision import Decision
from thinktwice.signals.state import CustomerState, DestinationState, pack, unpack_customer, unpack_destination

_TEST_SPACE: Final = "test\x1f"
decision_decoder: Final = msgspec.json.Decoder(Decision)
decision_encoder: Final = msgspec.json.Encoder(decimal_format="string")


def spaced(key: str, *, is_test: bool) -> str:
    """Return the key under which test or live traffic is kept; a control character keeps the two apart."""
    return _TEST_SPACE + key if is_test else key


class WorkingSet:
    """The states and decisions of one batch."""

    def __init__(self, batch: Batch, asks: Sequence[Ask]) -> None:
        self._batch = batch
        self._decisions: dict[tuple[str, int], Decision] = {}
        self._customers: dict[str, CustomerState] = {}
        self._destinations: dict[str, DestinationState] = {}
        self._changed_customers: set[str] = set()
        self._changed_destinations: set[str] = set()
        self._records: list[NewRecord] = []
        self._messages: list[OutboxMessage] = []
        self._event_digests: dict[str, bytes] = {}
        self._resolutions: dict[str, tuple[bytes, bytes]] = {}
        self._load(asks)

    def _load(self, asks: Sequence[Ask]) -> None:
        keys, ids, events, customers, destinations = _wanted(asks)
        if keys:
            for key, body in self._batch.decisions(keys).items():
                self._decisions[key] = decision_decoder.decode(body)
        if ids:
            for body in self._batch.decisions_by_id(ids).values():
                decision = decision_decoder.decode(body)
                self._decisions[spaced(decision.withdrawal_id, is_test=decision.is_test), decision.attempt] = decision
        if events:
            self._event_digests = dict(self._batch.event_digests(events))
        for decision in self._decisions.values():
            customers.add(decision.customer_ref)
            destinations.add(spaced(decision.match_key, is_test=decision.is_test))
        rows = self._batch.customer_states(customers) if customers else {}
        self._customers = {ref: unpack_customer(rows.get(ref)) for ref in customers}
        rows = self._batch.destination_states(destinations) if destinations else {}
        self._destinations = {key: unpack_destination(rows.get(key)) for key in destinations}

    def decision(self, withdrawal_id: str, attempt: int, *, is_test: bool) -> Decision | None:
        """Return the decision on one attempt, also one made earlier in this batch."""
        return self._decisions.get((spaced(withdrawal_id, is_test=is_test), attempt))

    def decision_by_id(self, decision_id: str) -> Decision | None:
        """Return a decision that an ask of this batch named by its id."""
        for decision in self._decisions.values():
            if decision.decision_id == decision_id:
                return decision
        return None

    def load_decision(self, decision_id: str) -> Decision | None:
        """Return a decision by its id, also one that no ask of this batch named."""
        decision = self.decision_by_id(decision_id)
        if decision is None:
            for body in self._batch.decisions_by_id([decision_id]).values():
                decision = decision_decoder.decode(body)
                self._decisions[spaced(decision.withdrawal_id, is_test=decision.is_test), decision.attempt] = decision
        return decision

    def customer(self, ref: str) -> CustomerState:
        """Return a customer's state, loading it when no ask announced it."""
        state = self._customers.get(ref)
        if state is None:
            state = unpack_customer(self._batch.customer_states([ref]).get(ref))
            self._customers[ref] = state
        return state

    def destination(self, match_key: str, *, is_test: bool) -> DestinationState:
        """Return a destination's state, loading it when no ask announced it."""
        key = spaced(match_key, is_test=is_test)
        state = self._destinations.get(key)
        if state is None:
            state = unpack_destination(self._batch.destination_states([key]).get(key))
            self._destinations[key] = state
        return state

    def customer_changed(self, ref: str) -> None:
        """Have a customer's state written."""
        self._changed_customers.add(ref)

    def destination_changed(self, match_key: str, *, is_test: bool) -> None:
        """Have a destination's state written."""
        self._changed_destinations.add(spaced(match_key, is_test=is_test))

    def event_digest(self, record_id: str) -> bytes | None:
        """Return the digest of an event that was recorded before, also earlier in this batch."""
        return self._event_digests.get(record_id)

    def add_decision(self, decision: Decision, record: NewRecord) -> None:
        """Have a decision recorded."""
        self._decisions[spaced(decision.withdrawal_id, is_test=decision.is_test), decision.attempt] = decision
        self._records.append(record)

    def add_event(self, record: NewRecord) -> None:
        """Have an event recorded."""
        self._event_digests[record.record_id] = record.digest or b""
        self._records.append(record)

    def add_record(self, record: NewRecord) -> None:
        """Have any other act recorded."""
        self._records.append(record)

    def resolution(self, act_id: str) -> tuple[bytes, bytes] | None:
        """Return digest and body of an act of staff that was recorded before, also earlier in this batch."""
        return self._resolutions.get(act_id) or self._batch.resolutions([act_id]).get(act_id)

    def add_resolution(self, record: NewRecord) -> None:
        """Have an act of staff recorded."""
        self._resolutions[record.record_id] = (record.digest or b"", record.body)
        self._records.append(record)

    def enqueue(self, message: OutboxMessage) -> None:
        """Have something told, or looked at later."""
        self._messages.append(message)

    def write(self) -> None:
        """Hand everything that is new or changed to the journal."""
        if self._records:
            self._batch.append(self._records)
        if self._messages:
            self._batch.enqueue(self._messages)
        if self._changed_customers:
            self._batch.put_customer_states({ref: pack(self._customers[ref]) for ref in self._changed_customers})
        if self._changed_destinations:
            self._batch.put_destination_states(
                {key: pack(self._destinations[key]) for key in self._changed_destinations}
            )


def _wanted(
    asks: Sequence[Ask],
) -> tuple[set[tuple[str, int]], set[str], set[str], set[str], set[str]]:
    """Return decision keys, decision ids, event ids, customer references and destination keys to load."""
    keys: set[tuple[str, int]] = set()
    ids: set[str] = set()
    events: set[str] = set()
    customers: set[str] = set()
    destinations: set[str] = set()
    for ask in asks:
        match ask:
            case Decide(withdrawal):
                keys.add((spaced(withdrawal.withdrawal_id, is_test=withdrawal.is_test), withdrawal.attempt))
                customers.add(withdrawal.customer_ref)
                destinations.add(spaced(withdrawal.destination.match_key, is_test=withdrawal.is_test))
            case Note(event):
                events.add(spaced(event.event_id, is_test=event.is_test))
                if event.withdrawal_id is not None and event.attempt is not None:
                    keys.add((spaced(event.withdrawal_id, is_test=event.is_test), event.attempt))
                if event.customer_ref is not None:
                    customers.add(event.customer_ref)
            case NoteAlert():
                events.add(alert_event_id(ask))
                keys.add((spaced(ask.withdrawal_id, is_test=ask.is_test), ask.attempt))
            case Clear(decision_id) | Recheck(decision_id):
                ids.add(decision_id)
            case Resolve(act):
                ids.add(act.decision_id)
    return keys, ids, events, customers, destinations


def alert_event_id(ask: NoteAlert) -> str:
    """Return the id of a browser's event: its own id within its alert, so that no browser can take another's."""
    return f"{ask.alert_id}/{ask.event.event_id}"
