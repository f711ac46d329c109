"""From the caller's withdrawal to what is sent, and to the keys under which an answer to it is remembered; pure.

Invariant: two spellings of one destination share at least one mark. The client decodes no addresses, so marks are
coarser than the service's keys: in doubt a known hold covers more, never less.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from thinktwice_client.errors import InvalidInputError

_MANY_SPELLINGS: Final = (
    # Classic and X-addresses of the XRP ledger write one account in many ways (the tag is part of the text).
    ("xrp", re.compile(r"[rx][1-9a-z]{24,46}")),
    # A Bitcoin Cash account is written in base58 or as a cash address; a Litecoin script as 3… or M….
    ("base58", re.compile(r"[13m][1-9a-z]{25,34}|[qp][02-9ac-hj-np-z]{41,}")),
    # Filecoin writes its main network f… and t….
    ("filecoin", re.compile(r"[ft][0-4][0-9a-z]+")),
    # Tron accounts are base58 or hexadecimal with 41 in front.
    ("tron", re.compile(r"t[1-9a-z]{33}|41[0-9a-f]{40}")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One withdrawal as it is asked about; ``plain`` is what its JSON body says.

    What the service says is remembered under both: the customer's money to this destination (``hold_keys``), and this
    very attempt, whatever destination it names the next time (``attempt_key``).
    """

    withdrawal_id: str
    attempt: int
    body: bytes = field(repr=False)
    plain: Mapping[str, Any] = field(repr=False)
    hold_keys: tuple[str, ...] = field(repr=False)
    attempt_key: str = field(repr=False)
    locale: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys under which an answer to this may stand."""
        return (self.attempt_key, *self.hold_keys)


def read_withdrawal(withdrawal: Mapping[str, Any]) -> Asked:
    """Return what to ask; ``Decimal`` and aware ``datetime`` values may be used as they are.

    Raises:
        InvalidInputError: what the client itself needs is missing, or a value has no place in JSON.
    """
    plain = json.loads(encoded(withdrawal))
    attempt, customer, destination = plain.get("attempt", 1), plain.get("customer"), plain.get("destination")
    customer = customer if isinstance(customer, dict) else {}
    withdrawal_id = _text("withdrawal_id", plain.get("withdrawal_id"))
    customer_id = _text("customer.id", customer.get("id"))
    address = _text("destination.address", destination.get("address") if isinstance(destination, dict) else None)
    if not isinstance(attempt, int) or isinstance(attempt, bool):
        raise InvalidInputError("attempt is not a whole number")
    locale = customer.get("locale")
    keys = tuple(_hashed([customer_id, mark]) for mark in destination_marks(address))
    attempt_key = _hashed(["attempt", withdrawal_id, attempt])
    known_locale = locale if isinstance(locale, str) else None
    return Asked(withdrawal_id, attempt, encoded(plain), plain, keys, attempt_key, known_locale)


def encoded(value: Mapping[str, Any]) -> bytes:
    """Return a body.

    Raises:
        InvalidInputError: a value has no place in JSON.
    """
    try:
        return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        # The message of the standard library may quote the value, so it is not repeated.
        raise InvalidInputError(f"cannot be written as JSON ({type(error).__name__})") from None


def destination_marks(address: str) -> tuple[str, ...]:
    """Return every mark of an address, without network and memo, which never separate a hold."""
    text = unicodedata.normalize("NFKC", address)
    text = "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc"))
    text = text.rpartition(":")[2].casefold().removeprefix("0x")
    return (text, *(f"any {name}" for name, shape in _MANY_SPELLINGS if shape.fullmatch(text)))


def _hashed(parts: list[str | int]) -> str:
    """Return a key; hashed, so that a store of holds and alerts names nobody."""
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"{name} is missing or not text")
    return value


def _plain(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    raise TypeError
