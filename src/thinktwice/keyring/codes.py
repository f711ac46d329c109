"""Short codes that a person reads: is this message real, is this caller one of us.

Invariants: derived from a token key and never stored; a code of a message can be checked without knowing whose message
it was, so no list of open alerts is kept and any process can check; it holds for 15 minutes after it was shown and not
a minute longer; codes use no letter that is easily taken for another (Crockford's base 32).

A code is 3 characters that stand for the alert and 5 that prove them: a guess is right once in two million, so whoever
checks codes limits the tries.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from thinktwice.keyring.keys import Key

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MINUTES: Final = 15
_NAME, _PROOF = 3, 5
_MESSAGE: Final = b"thinktwice message code 1\x00"
_CALL: Final = b"thinktwice call code 1\x00"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None, "\u2011": None})


class Codes:
    """Makes codes with the first key and accepts those of all."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)

    def of_message(self, alert_id: str, now: datetime) -> str:
        """Return the code to show on an alert at this minute, as ``K7Q-M4T2P``."""
        key = self._keys[0]
        name = _letters(hmac.digest(key.secret, _MESSAGE + alert_id.encode(), "sha256"), _NAME)
        return f"{name}-{_proof(key, name, _minute(now))}"

    def hold_until(self, now: datetime) -> datetime:
        """Return until when a code shown at this minute holds, to the minute."""
        return datetime.fromtimestamp((_minute(now) + MINUTES) * 60, UTC)

    def is_of_a_message(self, typed: str, now: datetime) -> bool:
        """Whether some alert showed this code within the last 15 minutes; forgives case, spaces and hyphens."""
        code = typed[:32].upper().translate(_READ_AS)
        if len(code) != _NAME + _PROOF or any(letter not in ALPHABET for letter in code):
            return False
        name, proof = code[:_NAME].encode(), code[_NAME:].encode()
        matches = [
            hmac.compare_digest(_proof(key, name.decode(), _minute(now) - age).encode(), proof)
            for key in self._keys
            for age in range(MINUTES + 1)
        ]
        return any(matches)

    def of_call(self, alert_id: str) -> str:
        """Return the six digits that a caller of ours says first; staff see the same beside the withdrawal."""
        digest = hmac.digest(self._keys[0].secret, _CALL + alert_id.encode(), "sha256")
        digits = f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"
        return f"{digits[:3]} {digits[3:]}"


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60


def _proof(key: Key, name: str, minute: int) -> str:
    return _letters(hmac.digest(key.secret, _MESSAGE + f"{name} {minute}".encode(), "sha256"), _PROOF)


def _letters(digest: bytes, count: int) -> str:
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(count))
