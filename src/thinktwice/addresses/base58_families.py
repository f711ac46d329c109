"""Families that write addresses in Base58 or Base32: Bitcoin's line, TRON, XRP, Solana, Substrate, Monero, and others.

Invariants as in ``decoding``. Version bytes are those of each project's ``chainparams.cpp``; XRP X-addresses
follow the XRPL Labs X-address specification (XLS-5d).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final

import base58
from bip_utils import (  # type: ignore[import-untyped]  # the library ships no type information
    Base58XmrDecoder,
    Base58XmrEncoder,
    FilSecp256k1AddrDecoder,
    SS58ChecksumError,
    SS58Decoder,
    SS58Encoder,
    XmrAddrDecoder,
    XmrAddrEncoder,
    XmrIntegratedAddrDecoder,
)
from bip_utils.utils.crypto import Sha512_256  # type: ignore[import-untyped]  # as above

from thinktwice.addresses.decoded import Decoded

_HASH_BYTES: Final = 20
_LITECOIN_SCRIPT: Final = b"\x32"

VERSIONS: Final[Mapping[str, Mapping[bytes, str]]] = {
    "bitcoin": {b"\x00": "p2pkh", b"\x05": "p2sh"},
    "bitcoin-cash": {b"\x00": "p2pkh", b"\x05": "p2sh"},
    "bitcoin-sv": {b"\x00": "p2pkh", b"\x05": "p2sh"},
    "bitcoin-gold": {b"\x26": "p2pkh", b"\x17": "p2sh"},
    "litecoin": {b"\x30": "p2pkh", _LITECOIN_SCRIPT: "p2sh", b"\x05": "p2sh"},
    "dogecoin": {b"\x1e": "p2pkh", b"\x16": "p2sh"},
    "dash": {b"\x4c": "p2pkh", b"\x10": "p2sh"},
    "zcash": {b"\x1c\xb8": "p2pkh", b"\x1c\xbd": "p2sh"},
    "verge": {b"\x1e": "p2pkh", b"\x21": "p2sh"},
    "tron": {b"\x41": "account"},
}
"""Version bytes of Base58Check addresses by family, with the type of address they announce."""


@lru_cache(maxsize=1024)
def _checked(text: str, alphabet: bytes = base58.BITCOIN_ALPHABET) -> bytes | None:
    """Base58Check payload; cached, because the same text is tried for many families in a row."""
    try:
        return base58.b58decode_check(text, alphabet=alphabet)
    except ValueError:
        return None


def version_and_hash(family: str, text: str) -> tuple[str, bytes] | None:
    """Return type and hash of a Base58Check address of one of ``VERSIONS``, or None."""
    payload = _checked(text)
    if payload is None:
        return None
    kind = VERSIONS[family].get(payload[:-_HASH_BYTES])
    return None if kind is None else (kind, payload[-_HASH_BYTES:])


def decode_base58check(family: str, text: str) -> Decoded | None:
    """Read a Base58Check address; its text is canonical, as Base58 has no second way of writing."""
    found = version_and_hash(family, text)
    return None if found is None else Decoded(text, found[0])


def decode_litecoin_base58(text: str) -> Decoded | None:
    """Read ``L…``, ``M…`` and the older ``3…``, which is the same script as ``M…``."""
    found = version_and_hash("litecoin", text)
    if found is None:
        return None
    kind, digest = found
    canonical = text if kind == "p2pkh" else base58.b58encode_check(_LITECOIN_SCRIPT + digest).decode()
    return Decoded(canonical, kind)


def _xrp(text: str) -> Decoded | None:
    """Read classic ``r…`` and X-addresses (prefix 0x0544, account, flag, 64-bit tag, little-endian)."""
    payload = _checked(text, base58.XRP_ALPHABET)
    if payload is None:
        return None
    if len(payload) == 1 + _HASH_BYTES and payload[0] == 0:
        return Decoded(text, "account")
    if len(payload) != 2 + _HASH_BYTES + 1 + 8 or payload[:2] != b"\x05\x44":
        return None
    flag, tag = payload[22], int.from_bytes(payload[23:], "little")
    if flag > 1 or tag >= 1 << 32 or (flag == 0 and tag):
        return None
    classic = base58.b58encode_check(b"\x00" + payload[2:22], alphabet=base58.XRP_ALPHABET).decode()
    return Decoded(classic, "x_address", memo=str(tag) if flag else None)


def _solana(text: str) -> Decoded | None:
    """Read 32 bytes of Base58; a key off the curve is a program's account, which can be paid as well."""
    if not 32 <= len(text) <= 44:
        return None
    try:
        key = base58.b58decode(text)
    except ValueError:
        return None
    if len(key) != 32:
        return None
    return Decoded(text, "account")


_SS58_NETWORKS: Final[Mapping[int, frozenset[str]]] = {
    0: frozenset({"polkadot"}),
    2: frozenset({"kusama"}),
    42: frozenset({"polkadot", "kusama"}),  # the generic prefix, read by every wallet
}


def _substrate(text: str) -> Decoded | None:
    """Read SS58 of any chain: the account is the public key; the prefix only says for whom it was printed."""
    if not 46 <= len(text) <= 50:
        return None
    try:
        prefix, key = SS58Decoder.Decode(text)
    except (ValueError, IndexError, SS58ChecksumError):
        return None
    networks = _SS58_NETWORKS.get(prefix, frozenset())
    return Decoded(SS58Encoder.Encode(key, 0), "account", networks=networks)


_MONERO_STANDARD: Final = b"\x12"
# By version byte and length of text; an integrated address is a standard one with a payment id of 8 bytes.
_MONERO_TYPES: Final = {
    (_MONERO_STANDARD, 95): "standard",
    (b"\x13", 106): "integrated",
    (b"\x2a", 95): "subaddress",
}


def _monero(text: str) -> Decoded | None:
    """Read standard, integrated and sub-addresses; the standard address inside an integrated one is canonical."""
    if len(text) not in (95, 106):
        return None
    try:
        raw = Base58XmrDecoder.Decode(text)
        kind = _MONERO_TYPES.get((raw[:1], len(text)))
        if kind is None or Base58XmrEncoder.Encode(raw) != text:
            return None
        if kind != "integrated":
            XmrAddrDecoder.DecodeAddr(text, net_ver=raw[:1])
            return Decoded(text, kind)
        payment_id = raw[65:73]
        keys = XmrIntegratedAddrDecoder.DecodeAddr(text, net_ver=raw[:1], payment_id=payment_id)
        standard = XmrAddrEncoder.EncodeKey(keys[:32], pub_vkey=keys[32:], net_ver=_MONERO_STANDARD)
    except (ValueError, OverflowError, IndexError):
        return None
    return Decoded(standard, kind, memo=payment_id.hex())


_ALGORAND: Final = re.compile(r"[A-Z2-7]{58}", re.ASCII)


def _algorand(text: str) -> Decoded | None:
    """Read key and checksum. bip_utils refuses what is off the curve, but applications and multisigs lie there."""
    if not _ALGORAND.fullmatch(text):
        return None
    raw = base64.b32decode(text + "======")
    if base64.b32encode(raw).decode()[:58] != text or Sha512_256.QuickDigest(raw[:32])[-4:] != raw[32:]:
        return None
    return Decoded(text, "account")


_FILECOIN: Final = re.compile(r"f1[a-z2-7]{38}[aiqy]", re.ASCII)  # the last digit carries two bits, three are padding


def _filecoin(text: str) -> Decoded | None:
    if not _FILECOIN.fullmatch(text):
        return None
    try:
        FilSecp256k1AddrDecoder.DecodeAddr(text)
    except ValueError:
        return None
    return Decoded(text, "secp256k1")


DECODERS: Final[Mapping[str, Callable[[str], Decoded | None]]] = {
    **{name: partial(decode_base58check, name) for name in ("bitcoin-sv", "dogecoin", "dash", "verge", "tron")},
    "xrp": _xrp,
    "solana": _solana,
    "substrate": _substrate,
    "monero": _monero,
    "algorand": _algorand,
    "filecoin": _filecoin,
}
"""Decoders of the families that write nothing but Base58 or Base32."""
