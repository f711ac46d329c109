"""From event bodies to noted events: each item by itself, so that one bad event never hides the others.

Invariant: a noted event holds no customer id; a fallback's withdrawal is normalised like any other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from thinktwice.decisions.bodies import AHEAD, BATCH_BYTES, Checks, decoded, decoder_of
from thinktwice.decisions.intake import Intake
from thinktwice.errors import Fault, InputError
from thinktwice.records.event import (
    AddressBookSaved,
    DecisionFallback,
    DepositReceived,
    NotedEvent,
    OperatorEvent,
    OutcomeLabelled,
    ScamReported,
    WithdrawalCancelled,
    WithdrawalChanged,
    WithdrawalCompleted,
)
from thinktwice.records.signal import plain_decimal
from thinktwice.records.withdrawal import Destination, WithdrawalRequest

MOST_EVENTS: Final = 1_000


class _EventsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    events: list[msgspec.Raw]


_decode_batch: Final = decoder_of(_EventsBody)
_decode_event: Final = decoder_of(OperatorEvent)
_encoder: Final = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that cannot be used, and why; ``event_id`` where it could be read."""

    event_id: str | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class EventIntake:
    """Reads event bodies for one installation."""

    intake: Intake

    def batch(self, body: bytes, *, now: datetime, is_test: bool = False) -> list[NotedEvent | Rejected]:
        """Return one entry per event, in order.

        Raises:
            InputError: the body as a whole cannot be used.
        """
        items = decoded(_decode_batch, body, limit=BATCH_BYTES).events
        if len(items) > MOST_EVENTS:
            raise InputError.of(f"at most {MOST_EVENTS} events in one request", field="events")
        return [self._item(index, bytes(raw), now=now, is_test=is_test) for index, raw in enumerate(items)]

    def _item(self, index: int, body: bytes, *, now: datetime, is_test: bool) -> NotedEvent | Rejected:
        try:
            return self.event(body, now=now, is_test=is_test)
        except InputError as error:
            faults = tuple(
                replace(fault, field=f"events[{index}]" + (f".{fault.field}" if fault.field else ""))
                for fault in error.faults
            )
            return Rejected(_event_id_of(body), faults)

    def event(self, body: bytes, *, now: datetime, is_test: bool = False) -> NotedEvent:
        """Return one event of a body or of a line of a history.

        Raises:
            InputError: with every fault, each naming its field.
        """
        event: OperatorEvent = decoded(_decode_event, body)
        checks = Checks()
        checks.identifier("event_id", event.event_id)
        occurred_at = checks.time("occurred_at", event.occurred_at, latest=now + AHEAD)
        noted = self._noted(checks, event, now=now, is_test=is_test)
        checks.done()
        assert occurred_at is not None
        noted = msgspec.structs.replace(noted, occurred_at=occurred_at)
        return msgspec.structs.replace(noted, digest=_digest(noted))

    def _noted(self, checks: Checks, event: OperatorEvent, *, now: datetime, is_test: bool) -> NotedEvent:
        noted = NotedEvent(
            event_id=event.event_id,
            type=event.__struct_config__.tag,  # type: ignore[arg-type]  # our tags are texts
            occurred_at=event.occurred_at,
            digest=b"",
            is_test=is_test,
        )
        replaced = msgspec.structs.replace
        match event:
            case DepositReceived():
                return replaced(
                    noted,
                    customer_ref=self._reference(checks, event.customer_id, is_test=is_test),
                    destination=self._address(checks, event.network, event.from_address, "from_address"),
                    fiat_amount=checks.number("fiat_amount", event.fiat_amount, whole=16, places=40),
                )
            case AddressBookSaved():
                return replaced(
                    noted,
                    customer_ref=self._reference(checks, event.customer_id, is_test=is_test),
                    destination=self._address(checks, event.network, event.address, "address"),
                )
            case DecisionFallback():
                return replaced(
                    noted,
                    withdrawal=self._fallback_withdrawal(event, now=now, is_test=is_test),
                    answer=checks.text("answer", event.answer, 64),
                )
            case _:
                return self._about_withdrawal(checks, noted, event)

    def _about_withdrawal(
        self,
        checks: Checks,
        noted: NotedEvent,
        event: WithdrawalCompleted | WithdrawalCancelled | WithdrawalChanged | ScamReported | OutcomeLabelled,
    ) -> NotedEvent:
        noted = msgspec.structs.replace(
            noted,
            withdrawal_id=checks.identifier("withdrawal_id", event.withdrawal_id),
            attempt=checks.whole("attempt", event.attempt, least=1, most=10_000),
        )
        if isinstance(event, WithdrawalChanged):
            checks.text("destination", event.destination, 256)
            amount = checks.number("amount", event.amount, whole=20, places=18)
            return msgspec.structs.replace(noted, amount=amount, answer=event.destination)
        if isinstance(event, ScamReported | OutcomeLabelled):
            return msgspec.structs.replace(
                noted,
                label=checks.text("label", event.label, 64),
                source=checks.text("source", event.source, 64),
            )
        return noted

    def _reference(self, checks: Checks, customer_id: str, *, is_test: bool) -> str:
        return self.intake.reference(checks.text("customer_id", customer_id, 256) or "", is_test=is_test)

    def _address(self, checks: Checks, network: str, address: str, field: str) -> Destination | None:
        found = self.intake.destination(checks, network, address, None, field=field)
        return None if found is None else found[1]

    def _fallback_withdrawal(self, event: DecisionFallback, *, now: datetime, is_test: bool) -> object:
        try:
            request = msgspec.convert(event.withdrawal, WithdrawalRequest, strict=True)
            return self.intake.normalised(request, now=now, is_test=is_test)
        except msgspec.ValidationError as error:
            raise InputError.of(str(error), field="withdrawal") from None
        except InputError as error:
            raise InputError(
                *(replace(fault, field=f"withdrawal.{fault.field or ''}".rstrip(".")) for fault in error.faults)
            ) from None


def _digest(noted: NotedEvent) -> bytes:
    plain = {
        name: plain_decimal(value) if isinstance(value, Decimal) else value
        for name, value in msgspec.structs.asdict(noted).items()
        if name != "digest"
    }
    return hashlib.sha256(_encoder.encode(plain)).digest()


def _event_id_of(body: bytes) -> str | None:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    name = found.get("event_id") if isinstance(found, dict) else None
    return name if isinstance(name, str) and name.isprintable() and len(name) <= 128 else None
