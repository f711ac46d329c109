"""Where money goes: from what the customer typed to the keys that lists, holds and histories use.

Invariants: a wrong address is a fact, never an error; every destination has a key; one address typed in any
permitted way has one key; nothing here depends on anything but its arguments.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from thinktwice.addresses.decoding import MAXIMUM_LENGTH, decode, decode_in_all, is_knowable
from thinktwice.addresses.networks import Network
from thinktwice.errors import InputError, Phrase
from thinktwice.records.withdrawal import Destination

_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Copying from a page often brings these along; they are no part of any address. Whitespace is cut besides.
_INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def read_destination(network: Network, address: str, memo: str | None = None) -> Destination:
    """Return where a withdrawal on this network would go.

    ``is_valid`` is False for a wrong checksum, another network's address or no address at all, and None where
    no maintained decoder exists. What does not decode keeps its literal text in the key. A tag inside the
    address (XRP X-address, Monero payment id) wins over ``memo``.

    Raises:
        InputError: field ``destination.address`` (or ``destination.memo``): empty address, more than 256
            characters, control characters or lone surrogates.
    """
    return _read(network.name, network.families, network.has_memo, address, memo)


@lru_cache(maxsize=16_384)
def _read(network: str, families: tuple[str, ...], has_memo: bool, address: str, memo: str | None) -> Destination:
    text = trimmed(address, "destination.address")
    if not text:
        raise InputError.of("is empty; the address to be paid is needed", field="destination.address")
    note = trimmed(memo, "destination.memo") if memo else None
    for family in families:
        found = decode(family, text)
        if found is not None:
            is_valid = found.is_valid and (found.networks is None or network in found.networks)
            note = found.memo or _canonical_memo(family, note)
            match_key = f"{family}:{found.canonical}"
            key = f"{match_key}#{note}" if note and (has_memo or found.memo) else match_key
            return Destination(match_key, key, family, text, found.address_type, is_valid, note)
    family = families[0]
    match_key = f"{family}:{text}"
    note = _canonical_memo(family, note)
    key = f"{match_key}#{note}" if note and has_memo else match_key
    is_valid_or_unknown = False if is_knowable(family, text) else None
    return Destination(match_key, key, family, text, None, is_valid_or_unknown, note)


def _canonical_memo(family: str, memo: str | None) -> str | None:
    """Return a memo without the leading zeros of an XRP tag, which is a number; empty is none."""
    if memo and family == "xrp" and memo.isascii() and memo.isdigit():
        return memo.lstrip("0") or "0"
    return memo or None


def trimmed(text: str, field: str) -> str:
    """Return the text without surrounding whitespace and invisible marks.

    Raises:
        InputError: in ``field``: too long, control characters or lone surrogates.
    """
    text = text.strip().strip(_INVISIBLE).strip()
    if len(text) > MAXIMUM_LENGTH:
        raise InputError.of(
            Phrase("has %(count)s characters; at most %(most)s are possible", count=len(text), most=MAXIMUM_LENGTH),
            field=field,
        )
    if not (text.isascii() and text.isprintable()):
        for place, letter in enumerate(text, 1):
            if unicodedata.category(letter) in _REFUSED_CATEGORIES:
                raise InputError.of(
                    Phrase(
                        "character %(place)s is U+%(letter)s; control characters and lone surrogates cannot be part "
                        "of it",
                        place=place,
                        letter=f"{ord(letter):04X}",
                    ),
                    field=field,
                )
    return text


def decode_everywhere(address: str) -> tuple[str, ...]:
    """Return the match keys of an indicator whose chain is not known: one for every family that can read it.

    What nothing can read gives ``literal:`` and the trimmed text, which matches on any network.

    Raises:
        InputError: field ``destination.address``, as in ``read_destination``.
    """
    text = trimmed(address, "destination.address")
    if not text:
        raise InputError.of("is empty; an address is needed", field="destination.address")
    found = decode_in_all(text)
    return tuple(f"{family}:{decoded.canonical}" for family, decoded in found) or (f"literal:{text}",)


def match_keys_for_lookup(destination: Destination) -> tuple[str, ...]:
    """Return what lists are asked for: the match key, and for undecoded text what it means elsewhere.

    A listed TRON address pasted under Bitcoin does not decode there but is found under its own family; text
    that decodes nowhere is found literally.
    """
    if destination.address_type is not None:
        return (destination.match_key,)
    return (destination.match_key, *decode_everywhere(destination.address))
