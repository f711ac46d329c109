"""A checkpoint: the signed statement how long the chain was at a time, and with which hash it ended.

Invariants: a checkpoint is one line of JSON that says everything needed to check it but the public key; the signature
covers the canonical JSON (RFC 8785) of the statement under a purpose of its own, so nothing else that this key sealed
can pass for a checkpoint. Pure: whoever checks needs neither database nor network.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from thinktwice.errors import InputError, Phrase
from thinktwice.keyring.keys import Key
from thinktwice.keyring.seal import seal

CHECKPOINT_FORMAT: Final = "thinktwice-checkpoint/1"

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: of which chain, how many entries there were, the hash of the last, and when that was.

    ``number`` counts the checkpoints of a chain and ``previous`` is the hash of the statement before, so that
    checkpoints taken away are missed too.
    """

    chain: str
    begun_at: str
    number: int
    entries: int
    head: str
    at: str
    previous: str | None
    format: str = CHECKPOINT_FORMAT


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An Ed25519 signature in base64, and the name of the key that made it."""

    key: str
    signature: str


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement with its signature."""

    statement: Statement
    seal: Signature


def sign(statement: Statement, key: Key) -> Checkpoint:
    """Return the statement, signed."""
    signature = base64.b64encode(seal(key, CHECKPOINT_FORMAT, _ENCODER.encode(statement))).decode()
    return Checkpoint(statement=statement, seal=Signature(key=key.id, signature=signature))


def hash_of_statement(statement: Statement) -> str:
    """Return the hash by which the next checkpoint names this one."""
    return hashlib.sha256(_ENCODER.encode(statement)).hexdigest()


def write_line(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as one line of JSON, line end included."""
    return _ENCODER.encode(checkpoint) + b"\n"


def read_line(line: bytes | str) -> Checkpoint:
    """Read what ``write_line`` wrote.

    Raises:
        InputError: it is no checkpoint.
    """
    try:
        checkpoint = msgspec.json.decode(line, type=Checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError.of(Phrase("is no checkpoint: %(error)s", error=error)) from None
    if checkpoint.statement.format != CHECKPOINT_FORMAT:
        raise InputError.of(
            Phrase(
                "has the format %(statement)s, not %(checkpoint_format)s",
                statement=repr(checkpoint.statement.format[:40]),
                checkpoint_format=CHECKPOINT_FORMAT,
            )
        )
    return checkpoint


def is_signed(checkpoint: Checkpoint, public_keys: Collection[bytes]) -> bool:
    """Tell whether one of these keys (32 bytes each) signed the statement."""
    try:
        signature = base64.b64decode(checkpoint.seal.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    signed = f"{CHECKPOINT_FORMAT}\n".encode() + _ENCODER.encode(checkpoint.statement)
    return any(_is_by(key, signature, signed) for key in public_keys)


def _is_by(public_key: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
