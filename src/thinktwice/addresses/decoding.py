"""From text to the one canonical form of an address, per family.

Invariants: a decoder never raises, it returns None for what it cannot read; only ASCII decodes, so that no
look-alike letter of Unicode becomes a digit; all ways in which a chain writes one address give one
``canonical``. Checksums are the libraries' work; here is only which bytes mean what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from eth_hash.auto import keccak

from thinktwice.addresses import base58_families, bech32_families
from thinktwice.addresses.decoded import Decoded
from thinktwice.addresses.networks import FAMILIES

MAXIMUM_LENGTH: Final = 256
"""The longest text read as an address, in characters; a Zcash unified address has 213."""

_EVM: Final = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)
# Where bip_utils knows a network but not every form of its addresses, those forms are neither right nor
# wrong: Zcash unified (F4Jumble) and Litecoin MWEB; Filecoin ids, actors, BLS keys and delegated addresses.
_UNKNOWABLE: Final[Mapping[str, re.Pattern[str]]] = {
    "eos": re.compile(r".*", re.DOTALL),
    "zcash": re.compile(r"u1[02-9ac-hj-np-z]{38,}", re.ASCII),
    "litecoin": re.compile(r"ltcmweb1[02-9ac-hj-np-z]{38,}", re.ASCII),
    "filecoin": re.compile(r"f0[0-9]+|f[23][a-z2-7]+|f4[0-9]+f[a-z2-7]+", re.ASCII),
}


def _evm(text: str) -> Decoded | None:
    """EIP-55: a failed checksum is a fact about validity, but letter case must not evade a list."""
    if not _EVM.fullmatch(text):
        return None
    digits = text[2:]
    lower = digits.lower()
    is_valid = digits in (lower, lower.upper()) or digits == _with_checksum(lower)
    return Decoded(f"0x{lower}", "account", is_valid)


def _with_checksum(lower: str) -> str:
    marks = keccak(lower.encode()).hex()
    return "".join([digit.upper() if mark > "7" else digit for digit, mark in zip(lower, marks, strict=False)])


_DECODERS: Final[Mapping[str, Callable[[str], Decoded | None]]] = {
    "evm": _evm,
    **base58_families.DECODERS,
    **bech32_families.DECODERS,
}


@lru_cache(maxsize=16_384)
def decode(family: str, text: str) -> Decoded | None:
    """Return what a trimmed text means in a family, or None when the family cannot read it."""
    decoder = _DECODERS.get(family)
    if decoder is None or not text.isascii() or len(text) > MAXIMUM_LENGTH:
        return None
    return decoder(text)


def is_knowable(family: str, text: str) -> bool:
    """Say whether a text that does not decode is thereby wrong: False where no maintained decoder exists."""
    pattern = _UNKNOWABLE.get(family)
    return pattern is None or not pattern.fullmatch(text)


@lru_cache(maxsize=16_384)
def decode_in_all(text: str) -> tuple[tuple[str, Decoded], ...]:
    """Return every family that can read a trimmed text, with what it means there."""
    found = ((family, decode(family, text)) for family in FAMILIES)
    return tuple((family, decoded) for family, decoded in found if decoded is not None)
