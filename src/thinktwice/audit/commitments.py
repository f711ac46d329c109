"""Commitments: the chain holds that something was said, not what.

Invariants: a salt has 256 random bits and is used once; without it nobody can find what was committed to, not even by
trying every e-mail address there is; the chain holds the hash of the salt, so that salts cannot be swapped unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from thinktwice.audit.entry import Sealed

SALT_BYTES: Final = 32


def commit(salt: bytes, label: str, value: str) -> Sealed:
    """Return what the chain holds of a personal value."""
    return Sealed(digest=_digest(salt, label, value), salt=_name_of(salt))


def opens(sealed: Sealed, salt: bytes, label: str, value: str) -> bool:
    """Tell whether this value under this salt is the one committed to."""
    return hmac.compare_digest(sealed.digest, _digest(salt, label, value)) and belongs(sealed, salt)


def belongs(sealed: Sealed, salt: bytes) -> bool:
    """Tell whether this is the salt of the commitment; needs no value."""
    return hmac.compare_digest(sealed.salt, _name_of(salt))


def _digest(salt: bytes, label: str, value: str) -> str:
    return hmac.new(salt, f"{label}\n{value}".encode(), hashlib.sha256).hexdigest()


def _name_of(salt: bytes) -> str:
    return hashlib.sha256(b"thinktwice audit salt\n" + salt).hexdigest()
