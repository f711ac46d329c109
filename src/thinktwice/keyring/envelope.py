"""Envelopes: what is stored so that the database alone shows nothing (DESIGN section 5, ``master``).

An envelope is a content encrypted with a data key of its own, and that data key encrypted ("wrapped") with a
master key, both with AES-256-GCM. Layout, in bytes::

    magic "TE1" · length of key id (1) · key id · wrap nonce (12) · wrapped data key (48) · nonce (12)
    · ciphertext + tag

Invariants: pure (randomness is an argument); a data key is used for one content only, so no nonce is ever used twice
under one key; the *context* (which column of which row) is authenticated with both layers, so that an envelope moved
to another place does not open; rotation re-wraps the data key and leaves the content as it is; a wrong key, a wrong
context and a changed byte give one and the same error.

The keys used are derived from the ``master`` secret for this one purpose, and another one for the blind index.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from thinktwice.errors import ThinkTwiceError
from thinktwice.keyring.keys import Key

Randomness = Callable[[int], bytes]
"""``os.urandom`` outside of tests."""

MAGIC: Final = b"TE1"
NONCE_BYTES: Final = 12
DATA_KEY_BYTES: Final = 32
WRAPPED_BYTES: Final = NONCE_BYTES + DATA_KEY_BYTES + 16
LONGEST_HEAD: Final = len(MAGIC) + 1 + 255
"""So many bytes of an envelope, at most, name its master key."""
_WRAP: Final = b"thinktwice envelope wrap 1"
_INDEX: Final = b"thinktwice blind index 1\x00"


class EnvelopeError(ThinkTwiceError):
    """An envelope does not open: wrong or missing key, other place, or changed bytes."""

    def __init__(self) -> None:
        super().__init__("cannot be opened with the master keys of this installation")


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key under a master key; ``text`` may be stored, ``key_id`` names the master key."""

    key_id: str
    sealed: bytes


def enclose(master: Key, content: bytes, *, context: str, randomness: Randomness) -> bytes:
    """Return an envelope around ``content`` that opens only with this key and in this context."""
    data_key = randomness(DATA_KEY_BYTES)
    wrapped = wrap_key(master, data_key, context=context, randomness=randomness)
    nonce = randomness(NONCE_BYTES)
    return _head(wrapped) + nonce + AESGCM(data_key).encrypt(nonce, content, _bound(b"content", context))


def open_envelope(masters: Sequence[Key], envelope: bytes, *, context: str) -> bytes:
    """Return the content.

    Raises:
        EnvelopeError: None of the keys made it, it was made for another context, or a byte was changed.
    """
    wrapped, rest = _split(envelope)
    data_key = unwrap_key(masters, wrapped, context=context)
    return _decrypt(data_key, rest, _bound(b"content", context))


def rewrap(masters: Sequence[Key], envelope: bytes, *, context: str, randomness: Randomness) -> bytes:
    """Return the same envelope under the first of the keys; the content is not encrypted anew.

    Raises:
        EnvelopeError: As ``open_envelope``, for the wrapped key.
    """
    wrapped, rest = _split(envelope)
    if wrapped.key_id == masters[0].id:
        return envelope
    data_key = unwrap_key(masters, wrapped, context=context)
    return _head(wrap_key(masters[0], data_key, context=context, randomness=randomness)) + rest


def key_id_of(envelope: bytes) -> str:
    """Return the id of the master key that an envelope needs; its first ``LONGEST_HEAD`` bytes are enough.

    Raises:
        EnvelopeError: It is no envelope.
    """
    return _split(envelope)[0].key_id


def mark_of(master: Key) -> bytes:
    """Return what every envelope under a master key begins with, and no other."""
    key_id = master.id.encode("ascii")
    return MAGIC + bytes([len(key_id)]) + key_id


def wrap_key(master: Key, data_key: bytes, *, context: str, randomness: Randomness) -> WrappedKey:
    """Encrypt a data key, such as one of a case whose files are encrypted in pieces."""
    nonce = randomness(NONCE_BYTES)
    bound = _bound(master.id.encode(), context)
    return WrappedKey(master.id, nonce + _cipher(master).encrypt(nonce, data_key, bound))


def unwrap_key(masters: Sequence[Key], wrapped: WrappedKey, *, context: str) -> bytes:
    """Return the data key.

    Raises:
        EnvelopeError: As ``open_envelope``.
    """
    for master in masters:
        if master.id == wrapped.key_id:
            return _decrypt(_derived(master), wrapped.sealed, _bound(master.id.encode(), context))
    raise EnvelopeError


def blind_index(master: Key, purpose: str, text: str) -> bytes:
    """Return what a secret text is found by: equal texts give equal bytes, which tell nothing without the key."""
    return hmac.digest(master.secret, _INDEX + purpose.encode() + b"\x00" + text.encode(), "sha256")


def _head(wrapped: WrappedKey) -> bytes:
    return mark_of(Key(wrapped.key_id, b"")) + wrapped.sealed


def _split(envelope: bytes) -> tuple[WrappedKey, bytes]:
    """Return the wrapped key and what follows it."""
    if envelope[:3] != MAGIC or len(envelope) < 4:
        raise EnvelopeError
    end = 4 + envelope[3]
    key_id = envelope[4:end]
    if not key_id.isascii():
        raise EnvelopeError
    return WrappedKey(key_id.decode("ascii"), envelope[end : end + WRAPPED_BYTES]), envelope[end + WRAPPED_BYTES :]


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise EnvelopeError from None


def _bound(layer: bytes, context: str) -> bytes:
    """Return what is authenticated beside the ciphertext."""
    return MAGIC + bytes([len(layer)]) + layer + context.encode()


def _cipher(master: Key) -> AESGCM:
    return AESGCM(_derived(master))


def _derived(master: Key) -> bytes:
    return hmac.digest(master.secret, _WRAP, "sha256")
