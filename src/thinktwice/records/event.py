"""What the operator tells after a decision, and what a browser claims about an alert.

Invariants: each event carries a client id and counts once; operator events are facts, browser events are
claims and never the only authority for anything that moves money.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from thinktwice.records.vocabulary import AlertEventType
from thinktwice.records.withdrawal import Destination, Withdrawal


class _Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A part common to all operator events."""

    event_id: str
    occurred_at: datetime


class _WithdrawalEvent(_Event, frozen=True, kw_only=True):
    """An event about one attempt of one withdrawal."""

    withdrawal_id: str
    attempt: int = 1


class WithdrawalCompleted(_WithdrawalEvent, frozen=True, tag="withdrawal.completed"):
    """The money left to the destination that was decided on."""


class WithdrawalCancelled(_WithdrawalEvent, frozen=True, tag="withdrawal.cancelled"):
    """The withdrawal will not be executed."""


class WithdrawalChanged(_WithdrawalEvent, frozen=True, kw_only=True, tag="withdrawal.changed"):
    """The customer changed the amount or the destination; a new attempt is to be screened."""

    amount: Decimal | None = None
    destination: str | None = None


class DepositReceived(_Event, frozen=True, kw_only=True, tag="deposit.received"):
    """Crypto arrived at the customer's account; the sender is an anchor for lookalikes."""

    customer_id: str
    network: str
    from_address: str
    fiat_amount: Decimal


class AddressBookSaved(_Event, frozen=True, kw_only=True, tag="address_book.saved"):
    """The customer saved an address."""

    customer_id: str
    network: str
    address: str


class ScamReported(_WithdrawalEvent, frozen=True, kw_only=True, tag="scam.reported"):
    """Somebody reported this withdrawal as a scam; ``source`` says who."""

    label: str = "scam"
    source: str


class OutcomeLabelled(_WithdrawalEvent, frozen=True, kw_only=True, tag="outcome.labelled"):
    """A later finding about this withdrawal, such as ``scam`` or ``genuine``, and who found it."""

    label: str
    source: str


class DecisionFallback(_Event, frozen=True, kw_only=True, tag="decision.fallback"):
    """ThinkTwice was away; the client answered by itself and says so now."""

    withdrawal: dict[str, Any]
    answer: str


OperatorEvent = (
    WithdrawalCompleted
    | WithdrawalCancelled
    | WithdrawalChanged
    | DepositReceived
    | AddressBookSaved
    | ScamReported
    | OutcomeLabelled
    | DecisionFallback
)

EVENT_TYPES: tuple[str, ...] = (
    "withdrawal.completed",
    "withdrawal.cancelled",
    "withdrawal.changed",
    "deposit.received",
    "address_book.saved",
    "scam.reported",
    "outcome.labelled",
    "decision.fallback",
)


class AlertEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a browser claims happened to one alert."""

    event_id: str
    type: AlertEventType
    occurred_at: datetime
    detail: dict[str, str] = {}


class NotedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An operator event, normalised: no customer id, addresses decoded; what is stored and what stages read.

    ``digest`` is SHA-256 over the normalised event and tells a repetition from another event under the same id.
    """

    event_id: str
    type: str
    occurred_at: datetime
    digest: bytes
    withdrawal_id: str | None = None
    attempt: int | None = None
    customer_ref: str | None = None
    destination: Destination | None = None
    amount: Decimal | None = None
    fiat_amount: Decimal | None = None
    label: str | None = None
    source: str | None = None
    withdrawal: Withdrawal | None = None
    answer: str | None = None
    is_test: bool = False
