"""What the surfaces ask: bodies in, answers out, each durable before it is given.

Invariants: reading and answering happen at the asynchronous edge, deciding in the one group-commit thread; a browser
reaches an alert only through a valid token; a browser's claim about an alert counts once per event id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from thinktwice.addresses.destinations import match_keys_for_lookup
from thinktwice.decisions.answer import Answering, explained
from thinktwice.decisions.asks import Ask, Clear, Decide, Note, NoteAlert, Resolve
from thinktwice.decisions.bodies import AHEAD, BATCH_BYTES, Checks, decoded, decoder_of
from thinktwice.decisions.claims import opened
from thinktwice.decisions.clock import utc_now
from thinktwice.decisions.event_intake import EventIntake, Rejected
from thinktwice.decisions.events import destination_of
from thinktwice.decisions.exposure import MEETINGS
from thinktwice.decisions.intake import Intake
from thinktwice.decisions.resolution_intake import read_act
from thinktwice.decisions.screens_met import screen_of
from thinktwice.decisions.standing import as_it_stands
from thinktwice.decisions.working_set import decision_decoder
from thinktwice.errors import ConflictError, InputError, NotFoundError, ThinkTwiceError
from thinktwice.journal.seam import JournalReader, StoredRecord
from thinktwice.journal.writer import GroupCommit
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.tokens import read_token
from thinktwice.records.alert import OpenAlert
from thinktwice.records.clearance import Clearance, EventResult
from thinktwice.records.decision import AlertReference, Decision
from thinktwice.records.event import AlertEvent
from thinktwice.records.resolution import ResolutionResult
from thinktwice.signals.state import unpack_customer
from thinktwice.watchlist.snapshot import Snapshot

MOST_WITHDRAWALS: Final = 100


class _Withdrawals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    withdrawals: list[msgspec.Raw]


_decode_batch: Final = decoder_of(_Withdrawals)
_alert_event: Final = msgspec.json.Decoder(AlertEvent)


class DecisionDesk:
    """The operator's side."""

    def __init__(
        self,
        writer: GroupCommit[Ask, Any],
        reader: JournalReader,
        intake: Intake,
        answering: Answering,
        *,
        readiness: Callable[[], dict[str, str]] = dict,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._intake = intake
        self._events = EventIntake(intake)
        self._answering = answering
        self._readiness = readiness
        self._clock = clock

    async def decide(self, body: bytes, *, is_test: bool) -> bytes:
        """Decide one withdrawal and return the answer as JSON.

        Raises:
            InputError: the body cannot be used.
            ConflictError: the same key came before with another body.
            UnavailableError: it cannot be made durable right now.
        """
        withdrawal = self._intake.withdrawal(body, now=self._clock(), is_test=is_test)
        return self._answering.encoded(await self._writer.ask(Decide(withdrawal)), self._clock())

    async def answer(self, decision_id: str, *, is_test: bool) -> bytes:
        """Return the answer to an earlier withdrawal once more, with a link that opens now.

        Raises:
            NotFoundError: no decision of this mode has this id.
        """
        body = await asyncio.to_thread(self._reader.decision, decision_id)
        decision = None if body is None else decision_decoder.decode(body)
        if decision is None or decision.is_test != is_test:
            raise NotFoundError("no decision has this id")
        return self._answering.encoded(decision, self._clock())

    async def decide_many(self, body: bytes, *, is_test: bool) -> list[bytes | ThinkTwiceError]:
        """Decide up to 100 withdrawals in order; each has its own answer or error.

        Raises:
            InputError: the body as a whole cannot be used.
        """
        items = decoded(_decode_batch, body, limit=BATCH_BYTES).withdrawals
        if len(items) > MOST_WITHDRAWALS:
            raise InputError.of(f"at most {MOST_WITHDRAWALS} withdrawals in one request", field="withdrawals")
        answers = await asyncio.gather(
            *(self.decide(bytes(item), is_test=is_test) for item in items), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, ThinkTwiceError):
                raise answer
        return [answer for answer in answers if isinstance(answer, bytes | ThinkTwiceError)]

    async def clear(self, decision_id: str, *, is_test: bool) -> Clearance:
        """Say whether a withdrawal may execute.

        Raises:
            NotFoundError: no decision has this id.
            UnavailableError: it cannot be made durable right now.
        """
        clearance: Clearance = await self._writer.ask(Clear(decision_id, is_test))
        return clearance

    async def resolve(
        self, decision_id: str, body: bytes, *, key_id: str, actor: str, is_test: bool
    ) -> ResolutionResult:
        """Apply one act of staff to a withdrawal that waits.

        Raises:
            InputError: the body cannot be used, or a release lacks its recorded contact.
            NotFoundError: no decision has this id.
            ConflictError: the act's id came before with another act.
            SecondPersonError: a release needs another person.
            StateError: there is nothing to resolve.
            UnavailableError: it cannot be made durable right now.
        """
        act = read_act(decision_id, body, key_id=key_id, actor=actor, now=self._clock(), is_test=is_test)
        result: ResolutionResult = await self._writer.ask(Resolve(act))
        return result

    async def note(self, body: bytes, *, is_test: bool) -> list[EventResult]:
        """Record a batch of operator events; each has its own result.

        Raises:
            InputError: the body as a whole cannot be used.
            UnavailableError: nothing can be made durable right now.
        """
        items = self._events.batch(body, now=self._clock(), is_test=is_test)
        return list(await asyncio.gather(*(self._note_one(item) for item in items)))

    async def _note_one(self, item: Rejected | Any) -> EventResult:
        if isinstance(item, Rejected):
            return EventResult(event_id=item.event_id, status="rejected", faults=item.faults)
        result: EventResult = await self._writer.ask(Note(item))
        return result

    async def explain(self, decision_id: str) -> dict[str, object]:
        """Return the staff record of a decision.

        Raises:
            NotFoundError: no decision has this id.
        """
        body = await asyncio.to_thread(self._reader.decision, decision_id)
        if body is None:
            raise NotFoundError("no decision has this id")
        decision = decision_decoder.decode(body)
        return staff_record(decision) | {"call_code": self._answering.call_code(decision)}

    def readiness(self) -> dict[str, str]:
        """Return the state of each part; ``ok`` and ``ok; …`` are ready, anything else is not."""
        return self._readiness()


def staff_record(decision: Decision) -> dict[str, object]:
    """Return everything stored about a decision, as JSON-able values; for staff only."""
    record: dict[str, object] = msgspec.to_builtins(decision)
    record["digest"] = decision.digest.hex()
    stored = record["explanation"]
    assert isinstance(stored, dict)
    record["explanation"] = {**stored, **explained(decision)}
    return record


class AlertDesk:
    """The customer's side: one alert, opened by its token."""

    def __init__(
        self,
        writer: GroupCommit[Ask, Any],
        reader: JournalReader,
        keyring: Keyring,
        snapshot: Callable[[], Snapshot],
        *,
        badge: Callable[[Decision], tuple[str, ...]] = lambda _decision: (),
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._keys = keyring.token
        self._snapshot = snapshot
        self._badge = badge
        self._clock = clock

    async def open(self, token: str) -> OpenAlert:
        """Return the alert behind a valid token, as it stands now.

        Raises:
            TokenError: forged, changed or expired.
            NotFoundError: nothing is known under its id.
        """
        return await asyncio.to_thread(self._opened, token)

    async def note(self, token: str, events: Sequence[AlertEvent]) -> None:
        """Make events durable, each once.

        Raises:
            TokenError: forged, changed or expired.
            InputError: an event cannot be used.
            ConflictError: the choice is no longer open.
            UnavailableError: it cannot be made durable right now.
        """
        claims = read_token(self._keys, token, self._clock())
        decision, records = await asyncio.to_thread(self._read, claims.alert_id)
        assert decision.alert is not None
        delivered_at = next((record.recorded_at for record in records if record.event_type == "delivered"), None)
        alert_id = decision.alert.alert_id
        badge: tuple[str, ...] = ()
        screen: dict[str, str] = {}
        if any(event.type in MEETINGS for event in events):
            badge = await asyncio.to_thread(self._badge, decision)
            screen = screen_of(await asyncio.to_thread(self._standing, decision, decision.alert, records))
        checks = Checks()
        for index, event in enumerate(events):
            checks.identifier(f"events[{index}].event_id", event.event_id)
            checks.time(f"events[{index}].occurred_at", event.occurred_at, latest=self._clock() + AHEAD)
        checks.done()
        results = await asyncio.gather(
            *(
                self._writer.ask(
                    NoteAlert(
                        alert_id,
                        decision.withdrawal_id,
                        decision.attempt,
                        decision.is_test,
                        event,
                        delivered_at=delivered_at,
                        badge=badge,
                        screen=screen,
                    )
                )
                for event in events
            ),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
            if result.status == "conflict":
                raise ConflictError("this event id came before with another content")

    def _opened(self, token: str) -> OpenAlert:
        claims = read_token(self._keys, token, self._clock())
        decision, records = self._read(claims.alert_id)
        assert decision.alert is not None
        reference = msgspec.structs.replace(decision.alert, expires_at=claims.expires_at)
        return self._standing(decision, reference, records)

    def _standing(self, decision: Decision, reference: AlertReference, records: Sequence[StoredRecord]) -> OpenAlert:
        """Return the alert at the screen at which it stands now."""
        now = self._clock()
        alert = opened(decision, reference, [_alert_event.decode(record.body) for record in records])
        state = unpack_customer(self._reader.customer_state(decision.customer_ref))
        destination = destination_of(decision)
        listing = self._snapshot().find(match_keys_for_lookup(destination), destination.memo, now)
        return as_it_stands(alert, decision, state, listing.disposition if listing else None, now)

    def _read(self, alert_id: str) -> tuple[Decision, list[StoredRecord]]:
        body = self._reader.decision_by_alert(alert_id)
        if body is None:
            raise NotFoundError("no such alert")
        return decision_decoder.decode(body), self._reader.alert_events(alert_id)
