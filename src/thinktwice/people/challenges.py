"""Challenges: random bytes that a passkey signs, so that an answer is fresh, for one purpose and one browser.

Invariants: a challenge carries its own expiry and a mark of ours over purpose and binding, so that asking for one
writes nothing (a stranger who asks a million times fills no table); it is answered at most once, which is written in
the transaction of the act that it allows.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from thinktwice.audit.ledger import Act
from thinktwice.people.errors import SignInError
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

LASTS: Final = timedelta(minutes=5)
_NONCE: Final = 16
_EXPIRY: Final = 8
LENGTH: Final = _NONCE + _EXPIRY + 32

SPEND: Final = "INSERT OR IGNORE INTO used_challenge (digest, expires_at) VALUES (?, ?)"
FORGET_OLD: Final = "DELETE FROM used_challenge WHERE expires_at < ?"


class Challenges:
    """Makes challenges and tells whether one is ours, fresh and unused."""

    def __init__(self, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._sealing = sealing
        self._clock = clock

    def new(self, purpose: str, binding: str) -> bytes:
        """Return a challenge for one purpose, bound to what the browser holds (a session id, or nothing)."""
        expires = struct.pack(">q", int((self._clock() + LASTS).timestamp()))
        head = os.urandom(_NONCE) + expires
        return head + self._sealing.mark(f"challenge.{purpose}", head + binding.encode())

    def spend(self, act: Act, challenge: bytes, purpose: str, binding: str) -> None:
        """Accept an answered challenge once, inside the act that it allows.

        Raises:
            SignInError: Not ours, for something else, too old, or answered before.
        """
        head, mark = challenge[: _NONCE + _EXPIRY], challenge[_NONCE + _EXPIRY :]
        if len(challenge) != LENGTH or not self._sealing.is_mark(mark, f"challenge.{purpose}", head + binding.encode()):
            raise SignInError("challenge is not one of ours for this purpose")
        expires_at = datetime.fromtimestamp(struct.unpack(">q", head[_NONCE:])[0], act.at.tzinfo)
        if expires_at < act.at:
            raise SignInError("challenge is too old")
        spend_once(act, challenge, expires_at)


def spend_once(act: Act, secret: bytes, expires_at: datetime) -> None:
    """Note that something was answered; it may be forgotten when it would be refused as too old anyway.

    Raises:
        SignInError: It was answered before.
    """
    act.connection.execute(FORGET_OLD, (as_text(act.at - timedelta(days=1)),))
    cursor = act.connection.execute(SPEND, (hashlib.sha256(secret).digest(), as_text(expires_at)))
    if cursor.rowcount == 0:
        raise SignInError("answered before")
