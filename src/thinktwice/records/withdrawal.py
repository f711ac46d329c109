"""A withdrawal as it arrives (``WithdrawalRequest``) and as every stage sees it (``Withdrawal``).

Invariants: the wire type refuses unknown fields by name; the internal type carries no customer id, only
``customer_ref``; amounts are normalised, so that ``12.0`` and ``12.00`` are one withdrawal.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from thinktwice.records.vocabulary import AgeBand, Channel, CustomerKind, DestinationOwner

AttributeValue = bool | int | Decimal | str | tuple[str, ...]


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a request body."""


class CustomerClaim(_Wire, frozen=True, kw_only=True):
    """Who withdraws, in the operator's words; ``id`` is replaced by a reference at the edge."""

    id: str
    jurisdiction: str
    kind: CustomerKind = "retail"
    locale: str | None = None
    account_opened_at: datetime | None = None
    age_band: AgeBand | None = None


class DestinationClaim(_Wire, frozen=True):
    """Where the money would go, as typed."""

    address: str
    memo: str | None = None
    owner: DestinationOwner | None = None
    vasp: str | None = None
    saved_at: datetime | None = None
    onchain_age_days: int | None = None
    vendor_category: str | None = None
    is_internal: bool | None = None


class AccountClaim(_Wire, frozen=True):
    """The account before this withdrawal; ``fiat_balance`` is in the reporting currency."""

    fiat_balance: Decimal | None = None
    last_deposit_at: datetime | None = None
    credentials_changed_at: datetime | None = None


class SessionClaim(_Wire, frozen=True):
    """What the operator saw of the session; None means not known."""

    ip_country: str | None = None
    is_new_device: bool | None = None
    is_remote_access: bool | None = None
    is_on_call: bool | None = None
    risk_flags: tuple[str, ...] = ()


class WithdrawalRequest(_Wire, frozen=True, kw_only=True):
    """The body of ``POST /v1/decisions``."""

    withdrawal_id: str
    initiated_at: datetime
    customer: CustomerClaim
    asset: str
    network: str
    amount: Decimal
    fiat_amount: Decimal
    fiat_currency: str
    destination: DestinationClaim
    attempt: int = 1
    replaces: str | None = None
    channel: Channel = "app"
    account: AccountClaim = AccountClaim()
    session: SessionClaim = SessionClaim()
    attributes: dict[str, bool | int | float | str | tuple[str, ...]] = {}


class Destination(msgspec.Struct, frozen=True):
    """Where money goes, decoded.

    ``match_key`` is ``family:canonical-address`` and is what indicators and holds match; ``key`` adds
    ``#memo`` where the chain uses one and is what a customer's history remembers. ``address`` is the
    text as the customer typed it, trimmed. ``is_valid`` is None where no maintained decoder exists.
    """

    match_key: str
    key: str
    family: str
    address: str
    address_type: str | None = None
    is_valid: bool | None = None
    memo: str | None = None


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """One withdrawal, normalised; what signals, decisions and alerts read.

    ``digest`` is SHA-256 over the normalised body and tells a repetition from another body under the
    same key (``withdrawal_id``, ``attempt``).
    """

    withdrawal_id: str
    attempt: int
    initiated_at: datetime
    channel: Channel
    customer_ref: str
    customer_kind: CustomerKind
    jurisdiction: str
    asset: str
    network: str
    amount: Decimal
    fiat_amount: Decimal
    fiat_currency: str
    destination: Destination
    digest: bytes
    replaces: str | None = None
    locale: str | None = None
    account_opened_at: datetime | None = None
    age_band: AgeBand | None = None
    destination_owner: DestinationOwner | None = None
    destination_saved_at: datetime | None = None
    onchain_age_days: int | None = None
    vendor_category: str | None = None
    is_internal: bool | None = None
    fiat_balance: Decimal | None = None
    last_deposit_at: datetime | None = None
    credentials_changed_at: datetime | None = None
    ip_country: str | None = None
    is_new_device: bool | None = None
    is_remote_access: bool | None = None
    is_on_call: bool | None = None
    risk_flags: tuple[str, ...] = ()
    attributes: dict[str, AttributeValue] = {}
    is_test: bool = False

    @property
    def is_screenless(self) -> bool:
        """Whether no person looks at a screen while this withdrawal is made."""
        return self.channel in ("api", "batch")
