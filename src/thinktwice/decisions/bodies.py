"""Reading JSON from outside: bounded, strict, and clear about what is wrong.

Invariants: size and depth are bounded before anything is parsed; an unknown field, a wrong type or a number that is
none is refused by its name; a duplicate reading of the rules does not exist (HTTP, files and tests come through here).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final, TypeVar

import msgspec

from thinktwice.errors import Fault, InputError

ITEM_BYTES: Final = 64 * 1024
BATCH_BYTES: Final = 1024 * 1024
DEPTH: Final = 8
AHEAD: Final = timedelta(minutes=5)
_EARLIEST: Final = datetime(2009, 1, 3, tzinfo=UTC)
"""Before the first block nobody withdrew anything."""

_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, or one that nobody ended, to the end: looked for again at each quote in it, that would cost its square."""

_BRACKET: Final = re.compile(rb"[\[\]{}]")
_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_PATH: Final = re.compile(r" - at `\$\.?(.*?)`$")
_UNKNOWN: Final = re.compile(r"contains unknown field `(.+?)`")
_MISSING: Final = re.compile(r"missing required field `(.+?)`")

_EXACT: Final = Context(prec=128)

_T = TypeVar("_T")


class MalformedError(InputError):
    """The body is no JSON text at all, or one that nobody should parse."""


def check_bounds(body: bytes, limit: int) -> None:
    """Refuse a body that is too large or nested too deeply.

    Raises:
        MalformedError: with the limit that was exceeded.
    """
    if len(body) > limit:
        raise MalformedError(Fault(f"at most {limit:,} bytes"))
    if body.count(b"{") + body.count(b"[") <= DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
        depth += 1 if bracket.group() in b"{[" else -1
        if depth > DEPTH:
            raise MalformedError(Fault(f"at most {DEPTH} levels of nesting"))


def decoded(decode: Callable[[bytes], _T], body: bytes, *, limit: int = ITEM_BYTES) -> _T:
    """Return the decoded body.

    Raises:
        MalformedError: the body is no JSON.
        InputError: a field is missing, unknown or of a wrong type.
    """
    check_bounds(body, limit)
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        raise InputError(fault_of(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(Fault(f"malformed JSON: {error}"[:200])) from None


def fault_of(error: msgspec.ValidationError) -> Fault:
    """Turn a validation message into a fault that names the field by its dotted path."""
    message = str(error)
    path = _PATH.search(message)
    field = path.group(1) if path else ""
    if path:
        message = message[: path.start()]
    for pattern, words in ((_UNKNOWN, "unknown field; remove it"), (_MISSING, "required field is missing")):
        named = pattern.search(message)
        if named:
            return Fault(words, ".".join(part for part in (field, named.group(1)) if part))
    return Fault(message, field or None)


class Checks:
    """Collects what is wrong with one body, so that a caller sees all of it at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, field: str, message: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(message, field))

    def done(self) -> None:
        """Raise all faults, if there are any.

        Raises:
            InputError: with every fault noted.
        """
        if self.faults:
            raise InputError(*self.faults)

    def identifier(self, field: str, value: str) -> str:
        """Accept 1 to 128 visible ASCII characters."""
        if not _ID.fullmatch(value):
            self.fault(field, "1 to 128 visible ASCII characters without spaces")
        return value

    def text(self, field: str, value: str | None, limit: int = 128) -> str | None:
        """Accept a short text without control characters."""
        if value is not None and (len(value) > limit or not value.isprintable() or not value):
            self.fault(field, f"1 to {limit} printable characters")
        return value

    def time(self, field: str, value: datetime | None, *, latest: datetime) -> datetime | None:
        """Accept an aware time that is neither absurdly early nor ahead of ``latest``; return it in UTC."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                self.fault(field, "needs an offset, such as Z or +08:00")
                return None
            try:
                value = value.astimezone(UTC)
            except OverflowError:
                self.fault(field, "no such time")
                return None
        if value > latest:
            self.fault(field, f"more than 5 minutes ahead of the server's clock ({latest - AHEAD:%Y-%m-%dT%H:%M:%SZ})")
        if value < _EARLIEST:
            self.fault(field, "earlier than 2009-01-03")
        return value

    def number(self, field: str, value: Decimal | None, *, whole: int, places: int) -> Decimal | None:
        """Accept a number of 0 or more with at most ``whole`` digits before and ``places`` after the point."""
        if value is None:
            return None
        digits, _, fraction = str(value).partition(".")
        if len(digits) <= whole and len(fraction) <= places and (digits + fraction).isdecimal():
            return value  # nearly always: plain digits, as many as are allowed; the rest is looked at closely
        if not value.is_finite() or value < 0:
            self.fault(field, "a number of 0 or more")
            return None
        if value and (value.adjusted() >= whole or value.adjusted() < -places - 40):
            self.fault(field, f"at most {whole} digits before the point")
            return None
        exponent = value.normalize(_EXACT).as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            self.fault(field, f"at most {places} digits after the point")
            return None
        return value

    def whole(self, field: str, value: int | None, *, least: int, most: int) -> int | None:
        """Accept a whole number within bounds."""
        if value is not None and not least <= value <= most:
            self.fault(field, f"a whole number from {least} to {most}")
        return value


def decoder_of(kind: Any) -> Callable[[bytes], Any]:
    """Return a strict JSON decoder for a record type."""
    return msgspec.json.Decoder(kind).decode
