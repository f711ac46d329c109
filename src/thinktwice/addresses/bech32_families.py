"""Families that write addresses in Bech32 and its relatives, some beside Base58Check.

Invariants as in ``decoding``. Bech32 is written wholly in lower or wholly in upper case; lower is canonical.
Cash addresses may leave their prefix out; canonical is without it, and a legacy or token-aware form of
the same hash gives the same address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bip_utils import (  # type: ignore[import-untyped]  # the library ships no type information
    AdaByronAddrDecoder,
    BchBech32Decoder,
    BchBech32Encoder,
    Bech32ChecksumError,
    Bech32Decoder,
    SegwitBech32Decoder,
)

from thinktwice.addresses.base58_families import decode_base58check, decode_litecoin_base58, version_and_hash
from thinktwice.addresses.decoded import Decoded

Decoder = Callable[[str], Decoded | None]

# A wrong checksum is no ValueError in bip_utils; a data part without a single digit is an IndexError.
_UNREADABLE: Final = (ValueError, IndexError, Bech32ChecksumError)


def _bech32(prefix: str, text: str) -> bytes | None:
    """Return the payload of a Bech32 text with this human-readable part, or None."""
    if text[: len(prefix) + 1].lower() != f"{prefix}1":
        return None
    try:
        return bytes(Bech32Decoder.Decode(prefix, text))
    except _UNREADABLE:
        return None


def _segwit(prefix: str, base58_decoder: Decoder, text: str) -> Decoded | None:
    """Read segregated-witness addresses (BIP 173, BIP 350) beside the family's Base58Check ones."""
    if text[: len(prefix) + 1].lower() != f"{prefix}1":
        return base58_decoder(text)
    try:
        version, program = SegwitBech32Decoder.Decode(prefix, text)
    except _UNREADABLE:
        return None
    kinds = {(0, 20): "p2wpkh", (0, 32): "p2wsh", (1, 32): "p2tr"}
    return Decoded(text.lower(), kinds.get((version, len(program)), "witness"))


_CASH: Final = "bitcoincash"
# Version byte: bit 4 marks token-aware wallets (CHIP-2022-02-CashTokens), bit 3 a script, the rest the length.
_CASH_TYPES: Final = {(0x00, 20): "p2pkh", (0x08, 20): "p2sh", (0x0B, 32): "p2sh"}
_TOKEN_AWARE: Final = 0x10


def _bitcoin_cash(text: str) -> Decoded | None:
    legacy = version_and_hash("bitcoin-cash", text)
    if legacy is not None:
        kind, digest = legacy
        return Decoded(_cash_text(0x00 if kind == "p2pkh" else 0x08, digest), kind)
    upper = text == text.upper()
    head = f"{_CASH.upper() if upper else _CASH}:"
    full = text if ":" in text else head + text
    if len(full) < len(head) + 42:
        return None
    try:
        version, digest = BchBech32Decoder.Decode(_CASH, full)
    except _UNREADABLE:
        return None
    byte = version[0] & ~_TOKEN_AWARE
    found = _CASH_TYPES.get((byte, len(digest)))
    return None if found is None else Decoded(_cash_text(byte, digest), found)


def _cash_text(version: int, digest: bytes) -> str:
    full: str = BchBech32Encoder.Encode(_CASH, bytes([version]), digest)
    return full.removeprefix(f"{_CASH}:")


def _zcash(text: str) -> Decoded | None:
    payload = _bech32("zs", text)
    if payload is not None:
        return Decoded(text.lower(), "sapling") if len(payload) == 43 else None
    return decode_base58check("zcash", text)


def _account(prefix: str, lengths: tuple[int, ...], text: str) -> Decoded | None:
    """Read an account of the Cosmos SDK: 20 bytes for keys, 32 for modules and contracts where there are any."""
    payload = _bech32(prefix, text)
    return Decoded(text.lower(), "account") if payload is not None and len(payload) in lengths else None


def _avalanche(text: str) -> Decoded | None:
    """Read X-Chain and P-Chain addresses; those of the C-Chain are EVM ones."""
    chain, _, rest = text.partition("-")
    if chain not in ("X", "P"):
        return None
    payload = _bech32("avax", rest)
    return Decoded(f"{chain}-{rest.lower()}", f"{chain.lower()}_chain") if payload and len(payload) == 20 else None


_MAIN_NET: Final = 1


def _cardano(text: str) -> Decoded | None:
    """Read Shelley addresses (CIP-19: type in the upper, network in the lower half of the header) and Byron ones."""
    if text.startswith(("Ae2", "Ddz")):
        try:
            AdaByronAddrDecoder.DecodeAddr(text)
        except (*_UNREADABLE, TypeError, KeyError, AttributeError, RecursionError):  # hostile CBOR inside
            return None
        return Decoded(text, "byron")
    for prefix in ("addr", "stake"):
        payload = _bech32(prefix, text)
        if payload:
            kind = _shelley_type(prefix, payload)
            return None if kind is None else Decoded(text.lower(), kind)
    return None


def _shelley_type(prefix: str, payload: bytes) -> str | None:
    header, network = payload[0] >> 4, payload[0] & 0x0F
    if network != _MAIN_NET:
        return None
    if prefix == "stake":
        return "stake" if header in (14, 15) and len(payload) == 29 else None
    if header <= 3:
        return "base" if len(payload) == 57 else None
    if header <= 5:
        return "pointer" if 32 <= len(payload) <= 59 else None
    return "enterprise" if header <= 7 and len(payload) == 29 else None


DECODERS: Final[Mapping[str, Decoder]] = {
    "bitcoin": partial(_segwit, "bc", partial(decode_base58check, "bitcoin")),
    "bitcoin-gold": partial(_segwit, "btg", partial(decode_base58check, "bitcoin-gold")),
    "litecoin": partial(_segwit, "ltc", decode_litecoin_base58),
    "bitcoin-cash": _bitcoin_cash,
    "zcash": _zcash,
    "cosmos": partial(_account, "cosmos", (20, 32)),
    "binance-chain": partial(_account, "bnb", (20,)),
    "avalanche": _avalanche,
    "cardano": _cardano,
}
"""Decoders of the families that write Bech32, alone or beside Base58."""
