"""What a signal is: one fact about one withdrawal, declared once.

Invariants: every signal has one definition; a value is None exactly when it is *missing*; floats do not
exist here (DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

SignalType = Literal["boolean", "integer", "amount", "money", "ratio", "text", "texts"]
"""``amount`` is DECIMAL(38,18), ``money`` DECIMAL(20,4), ``ratio`` DECIMAL(20,4) truncated, ``texts`` a list of
text that never holds NULL."""

Origin = Literal["exogenous", "endogenous"]
Family = Literal["request", "destination", "watchlist", "history", "lookalike", "across"]

SignalValue = bool | int | Decimal | str | tuple[str, ...] | None
SignalValues = Mapping[str, SignalValue]


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    """One signal: its name, family, type, unit, whether it may be missing, where it comes from, and its meaning.

    ``origin`` is *endogenous* when the value depends on ThinkTwice's own earlier decisions. ``is_wording_only``
    marks signals that may choose words but never, alone, a rung.
    """

    name: str
    family: Family
    type: SignalType
    meaning: str
    unit: str | None = None
    may_be_missing: bool = False
    origin: Origin = "exogenous"
    is_wording_only: bool = False


Catalogue = Mapping[str, SignalDefinition]

UNLISTED: Mapping[str, SignalValue] = {
    "watchlist_kinds": (),
    "watchlist_sources": (),
    "watchlist_disposition": None,
    "watchlist_confidence": None,
    "days_since_listed": None,
    "is_agency_reported": False,
}
"""The watchlist family of a destination that no list holds."""

_SAID_BY: Mapping[str, str] = {
    "watchlist_disposition": "watchlist_kinds",
    "watchlist_confidence": "watchlist_kinds",
    "days_since_listed": "watchlist_kinds",
    "lookalike_of": "is_lookalike",
}


def is_nothing(name: str, signals: Mapping[str, object]) -> bool:
    """Whether a signal that is missing says that there is nothing, rather than that nobody knows.

    Where no list holds a destination it has no disposition, where nothing is imitated nothing is named, and a first
    payment has no first use before it.
    """
    if signals.get(name) is not None:
        return False
    if name == "days_since_first_use":
        return signals.get("is_first_time_destination") is True
    told = _SAID_BY.get(name)
    return told is not None and told in signals and not signals[told]


PlainValue = bool | int | str | tuple[str, ...] | None
"""A signal value as it is stored and shown: decimals as text without exponent or trailing zeros."""

_DECIMAL_TYPES = frozenset({"amount", "money", "ratio"})


def plain_decimal(value: Decimal) -> str:
    """Return one spelling for each number: no exponent, no trailing zeros, ``0`` for zero."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_plain(signals: SignalValues, decimals: Iterable[str]) -> dict[str, PlainValue]:
    """Return the values as they are stored; ``decimals`` names the signals of a decimal type."""
    plain: dict[str, Any] = dict(signals)
    for name in decimals:
        value = plain[name]
        if value is not None:
            plain[name] = plain_decimal(value) if value else "0"
    return plain


def decimal_signals(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of the signals of a decimal type."""
    return tuple(name for name, definition in catalogue.items() if definition.type in _DECIMAL_TYPES)


def from_plain(stored: Mapping[str, PlainValue], catalogue: Catalogue) -> dict[str, SignalValue]:
    """Return stored values with decimals restored by their declared types; names no longer declared stay as stored."""
    restored: dict[str, SignalValue] = {}
    for name, value in stored.items():
        definition = catalogue.get(name)
        is_decimal = definition is not None and definition.type in _DECIMAL_TYPES
        restored[name] = Decimal(value) if is_decimal and isinstance(value, str) else value
    return restored
