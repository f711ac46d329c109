"""Invented addresses: valid in form and checksum, made from random bytes, owned by nobody.

Invariants: every address passes its family's checksum; an imitation shares head and tail with its model and differs
in the middle, as in real address poisoning. Checksums come from the families' maintained libraries.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import Final

import base58
from bip_utils import SegwitBech32Encoder  # type: ignore[import-untyped] # it ships no types
from eth_hash.auto import keccak

EVM_NETWORKS: Final = frozenset({"ethereum", "bsc", "base", "polygon", "arbitrum", "optimism"})
IMITABLE_NETWORKS: Final = EVM_NETWORKS | {"tron"}
_TRON_VERSION: Final = b"\x41"
_TRON_LENGTH: Final = 34


def make_address(random: Random, network: str) -> str:
    """Return a new valid address for ``network`` (an EVM network, tron or bitcoin)."""
    body = random.randbytes(20)
    if network in EVM_NETWORKS:
        return checksummed(body.hex())
    if network == "tron":
        return base58.b58encode_check(_TRON_VERSION + body).decode()
    if random.random() < 0.2:
        return base58.b58encode_check(b"\x00" + body).decode()
    return str(SegwitBech32Encoder.Encode("bc", 0, body))


def checksummed(digits: str) -> str:
    """Return ``0x`` and the 40 hex digits in the letter case of EIP-55."""
    proof = keccak(digits.encode()).hex()
    return "0x" + "".join(digit.upper() if int(proof[place], 16) >= 8 else digit for place, digit in enumerate(digits))


def imitate(random: Random, address: str) -> str:
    """Return another valid address that starts and ends like ``address`` (EVM or TRON)."""
    if address.startswith("0x"):
        digits = address[2:].lower()
        head, tail = random.choice(((4, 4), (5, 4), (4, 5)))
        return checksummed(digits[:head] + random.randbytes(20).hex()[: 40 - head - tail] + digits[-tail:])
    return _imitate_tron(random, address, head=6, tail=2)


def _imitate_tron(random: Random, address: str, *, head: int, tail: int) -> str:
    """Search for a TRON address with the same first ``head`` and last ``tail`` characters.

    The head is free: addresses with the same head are an interval of integers. The tail depends on the checksum, so
    it is found by trying, in 58 ** tail attempts on average.
    """
    model = int.from_bytes(base58.b58decode(address), "big")
    span, modulus = 58 ** (_TRON_LENGTH - head), 58**tail
    lowest = model // span * span
    while True:
        payload = (lowest + random.randrange(span)).to_bytes(25, "big")[:21]
        whole = payload + sha256(sha256(payload).digest()).digest()[:4]
        number = int.from_bytes(whole, "big")
        if number % modulus == model % modulus and number // span == model // span and number != model:
            return base58.b58encode(whole).decode()
