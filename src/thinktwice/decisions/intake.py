"""From a request body to a withdrawal: checked, normalised, without the customer's id.

Invariants: normalisation is defined here once and feeds the idempotency digest, so ``12.0`` and ``12.00`` are one
withdrawal; all faults of a body are told at once; the customer id leaves this module only as a reference. Test
traffic lives under references of its own, so it cannot touch the history of a live customer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final

import msgspec

from thinktwice.addresses.destinations import read_destination
from thinktwice.addresses.networks import Network, find_network
from thinktwice.decisions.bodies import AHEAD, Checks, decoded, decoder_of
from thinktwice.errors import InputError
from thinktwice.keyring.keys import Keyring, customer_ref
from thinktwice.records.installation import Installation
from thinktwice.records.jurisdictions import JURISDICTIONS, suggestion_for
from thinktwice.records.signal import SignalType, plain_decimal
from thinktwice.records.withdrawal import AttributeValue, Destination, Withdrawal, WithdrawalRequest

_decode: Final = decoder_of(WithdrawalRequest)
_ASSET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._$+-]{0,31}")
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{4,8}){0,3}")
_FOUR_PLACES: Final = Decimal("0.0001")
_EXACT: Final = Context(prec=128, rounding=ROUND_DOWN)
_TEST_SPACE: Final = "test\x1f"
"""Prefix of customer ids of test traffic; no live id can hold a control character."""

_encoder: Final = msgspec.json.Encoder(order="deterministic")

_DECIMALS: Final = ("amount", "fiat_amount", "fiat_balance")
"""The fields of a withdrawal that are numbers; the digest has them in one spelling."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads bodies for one installation with one keyring."""

    installation: Installation
    keyring: Keyring

    def reference(self, customer_id: str, *, is_test: bool) -> str:
        """Return the reference under which a customer is remembered."""
        return customer_ref(self.keyring.ref, _TEST_SPACE + customer_id if is_test else customer_id)

    def withdrawal(self, body: bytes, *, now: datetime, is_test: bool = False) -> Withdrawal:
        """Return the withdrawal of a request body.

        Raises:
            InputError: with every fault, each naming its field.
        """
        return self.normalised(decoded(_decode, body), now=now, is_test=is_test)

    def normalised(self, request: WithdrawalRequest, *, now: datetime, is_test: bool = False) -> Withdrawal:
        """Return the withdrawal of a decoded request.

        Raises:
            InputError: with every fault, each naming its field.
        """
        checks = Checks()
        latest = now + AHEAD
        customer, account, session = request.customer, request.account, request.session
        destination = self.destination(checks, request.network, request.destination.address, request.destination.memo)
        fields: dict[str, object] = {
            "withdrawal_id": checks.identifier("withdrawal_id", request.withdrawal_id),
            "attempt": checks.whole("attempt", request.attempt, least=1, most=10_000),
            "replaces": None if request.replaces is None else checks.identifier("replaces", request.replaces),
            "initiated_at": checks.time("initiated_at", request.initiated_at, latest=latest),
            "channel": request.channel,
            "customer_ref": self.reference(checks.text("customer.id", customer.id, 256) or "", is_test=is_test),
            "customer_kind": customer.kind,
            "jurisdiction": _jurisdiction(checks, "customer.jurisdiction", customer.jurisdiction),
            "locale": _locale(checks, customer.locale),
            "account_opened_at": checks.time("customer.account_opened_at", customer.account_opened_at, latest=latest),
            "age_band": customer.age_band,
            "asset": _asset(checks, request.asset),
            "amount": checks.number("amount", request.amount, whole=20, places=18),
            "fiat_amount": _fiat(checks, "fiat_amount", request.fiat_amount),
            "fiat_currency": self._currency(checks, request.fiat_currency),
            "destination_owner": request.destination.owner,
            "destination_saved_at": checks.time("destination.saved_at", request.destination.saved_at, latest=latest),
            "onchain_age_days": checks.whole(
                "destination.onchain_age_days", request.destination.onchain_age_days, least=0, most=100_000
            ),
            "vendor_category": checks.text("destination.vendor_category", request.destination.vendor_category),
            "is_internal": request.destination.is_internal,
            "fiat_balance": _fiat(checks, "account.fiat_balance", account.fiat_balance),
            "last_deposit_at": checks.time("account.last_deposit_at", account.last_deposit_at, latest=latest),
            "credentials_changed_at": checks.time(
                "account.credentials_changed_at", account.credentials_changed_at, latest=latest
            ),
            "ip_country": None
            if session.ip_country is None
            else _jurisdiction(checks, "session.ip_country", session.ip_country),
            "is_new_device": session.is_new_device,
            "is_remote_access": session.is_remote_access,
            "is_on_call": session.is_on_call,
            "risk_flags": _flags(checks, session.risk_flags),
            "attributes": self._attributes(checks, request.attributes),
        }
        checks.text("destination.vasp", request.destination.vasp)
        checks.done()
        assert destination is not None
        network, place = destination
        return Withdrawal(
            **fields,  # type: ignore[arg-type]  # each value was checked under its own name above
            network=network.name,
            destination=place,
            digest=_digest(fields, network.name, place.key, request.destination.vasp),
            is_test=is_test,
        )

    def destination(
        self, checks: Checks, network: str, address: str, memo: str | None, *, field: str = "destination"
    ) -> tuple[Network, Destination] | None:
        """Return network and decoded destination, or note what is wrong with them."""
        try:
            found = find_network(network, self.installation.network_aliases)
            return found, read_destination(found, address, memo)
        except InputError as error:
            for fault in error.faults:
                checks.fault(fault.field or field, fault.message)
            return None

    def _currency(self, checks: Checks, currency: str) -> str:
        if currency != self.installation.reporting_currency:
            checks.fault("fiat_currency", f"must be {self.installation.reporting_currency}, the reporting currency")
        return currency

    def _attributes(
        self, checks: Checks, given: dict[str, bool | int | float | str | tuple[str, ...]]
    ) -> dict[str, AttributeValue]:
        values: dict[str, AttributeValue] = {}
        for name, value in given.items():
            kind = self.installation.attributes.get(name)
            field = f"attributes.{name[:64]}"
            if kind is None:
                declared = ", ".join(sorted(self.installation.attributes)) or "none"
                checks.fault(field, f"not declared in the settings; declared: {declared}")
                continue
            accepted = _ATTRIBUTE_READERS[kind](checks, field, value)
            if accepted is None:
                checks.fault(field, f"not a value of type {kind}")
            else:
                values[name] = accepted
        return values


def _digest(fields: dict[str, object], network: str, key: str, vasp: str | None) -> bytes:
    normal = fields.copy()
    for name in _DECIMALS:
        value = normal[name]
        if isinstance(value, Decimal):
            normal[name] = plain_decimal(value)
    return hashlib.sha256(_encoder.encode([normal, network, key, vasp])).digest()


def _jurisdiction(checks: Checks, field: str, code: str) -> str:
    if code not in JURISDICTIONS:
        checks.fault(field, suggestion_for(code))
    return code


def _locale(checks: Checks, tag: str | None) -> str | None:
    if tag is None:
        return None
    if not _LOCALE.fullmatch(tag):
        checks.fault("customer.locale", "a language tag (BCP 47) such as en or zh-Hant-HK")
    return tag


def _asset(checks: Checks, ticker: str) -> str:
    if not _ASSET.fullmatch(ticker):
        checks.fault("asset", "a ticker such as USDT")
    return ticker.upper()


def _fiat(checks: Checks, field: str, value: Decimal | None) -> Decimal | None:
    """Accept any finite number of 0 or more; what is finer than four places is cut off."""
    accepted = checks.number(field, value, whole=16, places=40)
    return None if accepted is None else accepted.quantize(_FOUR_PLACES, rounding=ROUND_DOWN, context=_EXACT)


def _flags(checks: Checks, flags: tuple[str, ...]) -> tuple[str, ...]:
    if len(flags) > 64:
        checks.fault("session.risk_flags", "at most 64 flags")
    for index, flag in enumerate(flags[:64]):
        checks.text(f"session.risk_flags[{index}]", flag)
    return tuple(sorted(set(flags)))


_Reader = Callable[[Checks, str, object], AttributeValue | None]


def _text_attribute(checks: Checks, field: str, value: object) -> AttributeValue | None:
    return checks.text(field, value) if isinstance(value, str) else None


def _number_attribute(whole: int, places: int) -> _Reader:
    def read(checks: Checks, field: str, value: object) -> AttributeValue | None:
        if isinstance(value, bool) or not isinstance(value, int | str):
            return None
        try:
            return checks.number(field, Decimal(value), whole=whole, places=places)
        except ArithmeticError:
            return None

    return read


def _texts_attribute(checks: Checks, field: str, value: object) -> AttributeValue | None:
    if not isinstance(value, tuple) or len(value) > 64:
        return None
    for text in value:
        checks.text(field, text)
    return tuple(sorted(set(value)))


_ATTRIBUTE_READERS: Final[dict[SignalType, _Reader]] = {
    "boolean": lambda _checks, _field, value: value if isinstance(value, bool) else None,
    "integer": lambda _checks, _field, value: (
        value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None
    ),
    "amount": _number_attribute(20, 18),
    "money": _number_attribute(16, 4),
    "ratio": _number_attribute(16, 4),
    "text": _text_attribute,
    "texts": _texts_attribute,
}
