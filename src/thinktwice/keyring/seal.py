"""Sealing: Ed25519 signatures (RFC 8032) that others check with the installation's public key alone.

Invariants: the signing key is derived from the ``seal`` secret for this one use; a signature always covers the purpose
it was made for, so that a seal on one kind of document is none on another.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from thinktwice.keyring.keys import Key


def seal(key: Key, purpose: str, statement: bytes) -> bytes:
    """Return the 64-byte signature over the purpose, a line end, and the statement."""
    return _private(key).sign(f"{purpose}\n".encode() + statement)


def public_key_of(key: Key) -> bytes:
    """Return the 32 bytes that may be published; they are what a seal of this key is checked with."""
    return _private(key).public_key().public_bytes_raw()


def _private(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(key.secret, b"thinktwice seal ed25519", "sha256"))
