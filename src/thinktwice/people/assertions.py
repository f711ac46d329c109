"""Passkey assertions that anyone can verify later, without us: a pure verifier over ``cryptography`` alone.

A passkey signs ``authenticatorData || SHA-256(clientDataJSON)`` (W3C Web Authentication, section 7.2); the client data
hold the challenge. When the challenge stands for a document (a version hash and a nonce), the assertion is a
signature on that document by the holder of the passkey.

Invariants: pure; needs no database and no network; every check that the standard demands of a relying party is made
here again: type, challenge, origin, relying party, presence, verification of the user, signature. What our own records
say (whose key it was, whether it had been withdrawn) is not among them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from thinktwice.errors import ThinkTwiceError

_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04


class ProofError(ThinkTwiceError):
    """An assertion does not prove what it should; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a passkey signed, byte for byte, with the key to check it."""

    credential_id: bytes
    public_key: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    def as_json(self) -> dict[str, str]:
        """Return it as text (unpadded URL-safe base64), as it is stored and exported."""
        return {name: encode(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Assertion:
        """Read what ``as_json`` wrote.

        Raises:
            ProofError: A part is missing or no base64.
        """
        try:
            return cls(**{name: decode(str(values[name])) for name in cls.__dataclass_fields__})
        except (KeyError, ValueError):
            raise ProofError("a part of the assertion is missing or unreadable") from None


@dataclass(frozen=True, slots=True)
class Proven:
    """What a good assertion says beside the challenge: where it was given and the key's counter."""

    origin: str
    sign_count: int
    is_synced: bool


def verify(
    assertion: Assertion, *, challenge: bytes, origins: Collection[str], rp_id: str, public_key: bytes | None = None
) -> Proven:
    """Check that the holder of the passkey signed this challenge on one of our pages.

    Args:
        assertion: What was signed.
        challenge: What must have been signed, such as a version hash and a nonce.
        origins: The origins of our own pages, such as ``https://console.example.org``.
        rp_id: The domain that the passkey belongs to.
        public_key: The key known to be the holder's (DER); default: the one inside, which proves nothing about whose.

    Raises:
        ProofError: Anything is not as it should be.
    """
    if public_key is not None and public_key != assertion.public_key:
        raise ProofError("was made with another passkey")
    origin = _check_client_data(assertion.client_data, challenge, origins)
    count, is_synced = _check_authenticator_data(assertion.authenticator_data, rp_id)
    signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
    _check_signature(assertion.public_key, assertion.signature, signed)
    return Proven(origin, count, is_synced)


def encode(value: bytes) -> str:
    """Return unpadded URL-safe base64."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of unpadded URL-safe base64.

    Raises:
        ValueError: It is none.
    """
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("is not URL-safe base64") from error


def _check_client_data(text: bytes, challenge: bytes, origins: Collection[str]) -> str:
    """Return the origin of client data made for this challenge on a page of ours."""
    try:
        said = json.loads(text)
        signed = decode(said["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProofError("the client data are unreadable") from None
    if said.get("type") != "webauthn.get":
        raise ProofError("was made for something other than signing")
    if signed != challenge:
        raise ProofError("another challenge was signed")
    if said.get("origin") not in origins or said.get("crossOrigin") is True or "topOrigin" in said:
        raise ProofError(f"was given on another page ({str(said.get('origin'))[:100]})")
    return str(said["origin"])


def _check_authenticator_data(data: bytes, rp_id: str) -> tuple[int, bool]:
    """Return the counter and whether the key is synced, from data of a verified user at our site."""
    if len(data) < 37 or data[:32] != hashlib.sha256(rp_id.encode()).digest():
        raise ProofError("was made for another site")
    flags = data[32]
    if not flags & _PRESENT or not flags & _VERIFIED:
        raise ProofError("the device did not verify its user")
    return int.from_bytes(data[33:37], "big"), bool(flags & 0x10)


def _check_signature(public_key: bytes, signature: bytes, signed: bytes) -> None:
    """Check a signature by the kind of key: ECDSA with SHA-256, Ed25519, or RSA (PKCS #1 v1.5, SHA-256)."""
    try:
        key = load_der_public_key(public_key)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise ProofError("the key is of a kind that passkeys do not use here")
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        raise ProofError("the signature does not match") from None
