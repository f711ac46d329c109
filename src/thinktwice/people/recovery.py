"""Recovery codes: what lets a person in once when the second factor is lost.

Invariants: a set of ten is shown once, when it is made, and ends the set before; each code works once; only hashes are
stored, bound to the account. A code has 80 random bits, so a fast hash is enough, as for API keys.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is easily taken for another."""

CODES: Final = 10
GROUPS: Final = 4
GROUP_LENGTH: Final = 4
_READ_AS: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v", "-": None, " ": None, "\u2011": None})


def new_codes() -> tuple[str, ...]:
    """Return ten new codes such as ``k7qm-0v3d-x9ta-4rpc``."""
    return tuple(
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
        for _ in range(CODES)
    )


def hash_code(account_id: str, code: str) -> bytes:
    """Return what is stored of a code, and what a typed one is looked up by; forgives case, spaces and hyphens."""
    plain = code[:64].lower().translate(_READ_AS)
    return hashlib.sha256(f"{account_id}\n{plain}".encode()).digest()
