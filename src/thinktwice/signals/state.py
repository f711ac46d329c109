"""What ThinkTwice remembers of one customer and of one destination, each packed into one row.

Invariants: times are whole microseconds since 1970 UTC; nothing here names a customer in clear; a state is changed
only by the functions of ``signals.memory``; entries older than every window that reads them are dropped there.
Fields are stored by position: append new ones at the end, with a default.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from thinktwice.records.vocabulary import ClearanceStatus, HoldReason, Rung

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
PROPOSAL_LIFE: Final = DAY
"""The first of two acts waits this long for its second; then the contact is too old to end a hold on."""


def micros(at: datetime) -> int:
    """Return an aware time as whole microseconds since 1970 UTC."""
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    """Return the aware UTC time of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=at)


class _Packed(msgspec.Struct, array_like=True, gc=False):
    """Stored by position."""


class KnownDestination(_Packed):
    """A destination that this customer has used; ``completed_at`` is the first completion, 0 for none."""

    key: str
    match_key: str
    family: str
    address: str
    started_at: int
    completed_at: int = 0
    is_lookalike: bool = False
    is_reported: bool = False
    is_genuine: bool = False


class KnownAddress(_Packed):
    """An address the customer saved, or one that paid them."""

    match_key: str
    family: str
    address: str
    known_at: int


class PastWithdrawal(_Packed):
    """An attempt of a withdrawal, its latest or one that was paid, and what became of it; a time of 0 means never.

    ``told`` is the status that the last webhook gave, None when it is still the one that the decision itself gave;
    ``is_earlier`` that a later attempt of the same withdrawal is kept too; ``replaced`` the withdrawals in whose place
    this one came, one after the other.
    """

    withdrawal_id: str
    attempt: int
    decision_id: str
    key: str
    match_key: str
    fiat_amount: Decimal
    started_at: int
    completed_at: int = 0
    cancelled_at: int = 0
    changed_at: int = 0
    continued_at: int = 0
    cleared_at: int = 0
    reported_at: int = 0
    told: ClearanceStatus | None = None
    answered_at: int = 0
    is_earlier: bool = False
    replaced: tuple[str, ...] = ()

    def bears_on(self, withdrawal_id: str) -> bool:
        """Tell whether this is an attempt of a withdrawal, or of one that took its place."""
        return self.withdrawal_id == withdrawal_id or withdrawal_id in self.replaced


class Trigger(_Packed):
    """A campaign's audience was true for a withdrawal to this destination, whatever the arm."""

    experiment: str
    match_key: str
    at: int


class ReleaseProposal(_Packed):
    """What the first of two people said who end a hold early: who, with which key, when, and whether for good."""

    act_id: str
    key_id: str
    actor: str
    at: int
    is_genuine: bool = False


class CustomerHold(_Packed):
    """A hold on (customer, destination); ``until`` 0 means until staff resolve it, ``released_at`` that two did."""

    match_key: str
    decision_id: str
    rung: Rung
    started_at: int
    until: int
    reason_class: HoldReason
    appeal: str | None = None
    released_at: int = 0
    proposal: ReleaseProposal | None = None

    def stands_at(self, now: int) -> bool:
        """Tell whether it still holds."""
        return not self.released_at and (self.until == 0 or self.until > now)


class OpenAlert(_Packed):
    """An alert that the customer has not gone past deliberately, for so much money."""

    match_key: str
    rung: Rung
    fiat_amount: Decimal
    at: int


class CustomerState(msgspec.Struct, array_like=True):
    """All that decisions about one customer need to remember."""

    destinations: list[KnownDestination] = []
    saved: list[KnownAddress] = []
    received: list[KnownAddress] = []
    withdrawals: list[PastWithdrawal] = []
    triggers: list[Trigger] = []
    holds: list[CustomerHold] = []
    last_reported_at: int = 0
    open_alerts: list[OpenAlert] = []

    def destination(self, key: str) -> KnownDestination | None:
        """Return what is known of one destination."""
        for known in self.destinations:
            if known.key == key:
                return known
        return None

    def withdrawal(self, withdrawal_id: str) -> PastWithdrawal | None:
        """Return the latest attempt of one withdrawal; the newest entries are last and are searched first."""
        for past in reversed(self.withdrawals):
            if past.withdrawal_id == withdrawal_id:
                return past
        return None

    def latest_of(self, withdrawal_id: str) -> PastWithdrawal | None:
        """Return the latest attempt of one withdrawal, or of one that took its place."""
        for past in reversed(self.withdrawals):
            if past.bears_on(withdrawal_id):
                return past
        return None

    def holds_at(self, match_key: str, now: int) -> list[CustomerHold]:
        """Return the holds that stand at this destination now."""
        return [hold for hold in self.holds if hold.match_key == match_key and hold.stands_at(now)]

    def proposal_at(self, match_key: str, now: int) -> ReleaseProposal | None:
        """Return the first of two acts, when it is about every hold that stands there and not too old."""
        found = [hold.proposal for hold in self.holds_at(match_key, now)]
        newest = found[0] if found else None
        if newest is None or any(one != newest for one in found) or now - newest.at >= PROPOSAL_LIFE:
            return None
        return newest

    def hold_at(self, match_key: str, now: int) -> CustomerHold | None:
        """Return the strongest hold that stands at this destination now; of equals, the one that ends last."""
        if not self.holds:
            return None
        return max(
            self.holds_at(match_key, now),
            key=lambda hold: (
                hold.rung == "refer",
                hold.reason_class == "account_security",
                not hold.until,
                hold.until,
            ),
            default=None,
        )


class Visit(_Packed):
    """The latest withdrawal that one customer started to a destination."""

    customer: str
    at: int


class DestinationTrigger(_Packed):
    """A trigger at a destination."""

    customer: str
    at: int


class Report(_Packed):
    """A withdrawal to a destination was reported as a scam."""

    withdrawal_id: str
    at: int


class DestinationState(msgspec.Struct, array_like=True):
    """All that decisions about one destination need to remember across customers, oldest first."""

    visits: list[Visit] = []
    triggers: list[DestinationTrigger] = []
    reports: list[Report] = []


_encoder = msgspec.msgpack.Encoder()
_customer_decoder = msgspec.msgpack.Decoder(CustomerState)
_destination_decoder = msgspec.msgpack.Decoder(DestinationState)


def pack(state: CustomerState | DestinationState) -> bytes:
    """Return the packed row."""
    return _encoder.encode(state)


def unpack_customer(row: bytes | None) -> CustomerState:
    """Return the state of a packed row, or an empty one."""
    return CustomerState() if row is None else _customer_decoder.decode(row)


def unpack_destination(row: bytes | None) -> DestinationState:
    """Return the state of a packed row, or an empty one."""
    return DestinationState() if row is None else _destination_decoder.decode(row)
