"""Sealing of what identifies people: e-mail addresses, names, secrets of apps, where a session comes from.

Invariants: everything sealed is bound to its place (column and row); the first master key seals, all of them open and
find, so that a rotation needs no stop; without a master key there are no accounts.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence

from thinktwice.errors import UnavailableError
from thinktwice.keyring.envelope import Randomness, blind_index, enclose, open_envelope, rewrap
from thinktwice.keyring.keys import Key


class Sealing:
    """The master keys of one installation, at work."""

    def __init__(self, masters: Sequence[Key], *, randomness: Randomness = os.urandom) -> None:
        """Take the keys, the newest first.

        Raises:
            UnavailableError: There is none.
        """
        if not masters:
            raise UnavailableError("accounts need the key `master`; make one with `thinktwice key generate-keyring`")
        self._masters = tuple(masters)
        self._randomness = randomness

    def seal(self, text: str, place: str) -> bytes:
        """Return the text in an envelope that opens at this place only, such as ``account.email:acc_1``."""
        return enclose(self._masters[0], text.encode(), context=place, randomness=self._randomness)

    def open(self, envelope: bytes, place: str) -> str:
        """Return the text.

        Raises:
            EnvelopeError: Sealed with another key or for another place, or changed.
        """
        return open_envelope(self._masters, envelope, context=place).decode()

    def reseal(self, envelope: bytes, place: str) -> bytes:
        """Return the envelope under the newest key.

        Raises:
            EnvelopeError: As ``open``.
        """
        return rewrap(self._masters, envelope, context=place, randomness=self._randomness)

    def index(self, purpose: str, text: str) -> bytes:
        """Return what a new row is found by."""
        return blind_index(self._masters[0], purpose, text)

    def indexes(self, purpose: str, text: str) -> tuple[bytes, ...]:
        """Return what a row may be found by, under each key, newest first."""
        return tuple(blind_index(master, purpose, text) for master in self._masters)

    def mark(self, purpose: str, message: bytes) -> bytes:
        """Return 32 bytes that prove we made this message for this purpose."""
        return hmac.digest(self._marking_key(self._masters[0], purpose), message, "sha256")

    def is_mark(self, mark: bytes, purpose: str, message: bytes) -> bool:
        """Whether one of the keys made this mark; takes as long for a wrong one."""
        matches = [
            hmac.compare_digest(hmac.digest(self._marking_key(master, purpose), message, "sha256"), mark)
            for master in self._masters
        ]
        return any(matches)

    @staticmethod
    def _marking_key(master: Key, purpose: str) -> bytes:
        return hmac.digest(master.secret, b"thinktwice mark 1\x00" + purpose.encode(), "sha256")
