"""Sealing and checking seals."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.keyring.seal import public_key_of, seal

KEY = Key("seal-1", bytes(range(32)))


def test_a_seal_is_checked_with_the_public_key_alone() -> None:
    """The same key, purpose and statement give the same seal, which the public key verifies."""
    made = seal(KEY, "evidence", b"statement")
    assert made == seal(KEY, "evidence", b"statement")
    Ed25519PublicKey.from_public_bytes(public_key_of(KEY)).verify(made, b"evidence\nstatement")


@pytest.mark.parametrize(
    ("key", "message"),
    [(KEY, b"audit\nstatement"), (KEY, b"evidence\nstatement."), (TEST_KEYRING.token[0], b"evidence\nstatement")],
)
def test_a_seal_holds_for_its_key_purpose_and_statement_only(key: Key, message: bytes) -> None:
    """Another purpose, statement or key, and the seal does not hold."""
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public_key_of(key)).verify(seal(KEY, "evidence", b"statement"), message)


def test_the_secret_is_not_the_signing_key() -> None:
    """What is published says nothing about the secret of the key file, whatever its length."""
    assert public_key_of(Key("a", b"x" * 64)) != public_key_of(Key("a", b"x" * 32))
    assert public_key_of(KEY) not in KEY.secret
