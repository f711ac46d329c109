"""Alert tokens: what lets one browser open one alert for at most 24 hours (DESIGN section 5, *Keys*).

A token is ``key-id.expiry.alert-id.mac``: HMAC-SHA256 over the first three parts. Invariants: it is derived
again whenever it is needed and therefore never stored; it has exactly one spelling; every refusal is the same to
the outsider, and unknown keys take as long as wrong ones.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from thinktwice.errors import InputError, ThinkTwiceError
from thinktwice.keyring.keys import Key

TOKEN_LENGTH: Final = 120
"""No token is longer."""

_ALERT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{1,16})\.([0-9]{1,12})\.([A-Za-z0-9_-]{1,40})\.([A-Za-z0-9_-]{43})")
_DOMAIN: Final = b"thinktwice alert token 1\x00"
_NO_KEY: Final = Key("", b"\x00" * 32)


class TokenError(ThinkTwiceError):
    """The token does not open this alert; forged, changed, expired and unknown look the same."""

    def __init__(self) -> None:
        super().__init__("the link is not valid or no longer valid")


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a genuine token says; ``expires_at`` has whole seconds."""

    alert_id: str
    expires_at: datetime


def sign_token(key: Key, alert_id: str, expires_at: datetime) -> str:
    """Return the URL-safe token, at most 120 characters, that opens one alert until ``expires_at``.

    Parts of a second are dropped. The caller keeps the expiry within 24 hours of the decision.

    Raises:
        InputError: The alert id has characters outside ``A-Z a-z 0-9 _ -``, or the time is naive.
    """
    if not _ALERT_ID.fullmatch(alert_id):
        raise InputError.of("is 1 to 40 letters, digits, '-' or '_'", field="alert_id")
    if expires_at.tzinfo is None:
        raise InputError.of("needs a time zone", field="expires_at")
    signed = f"{key.id}.{int(expires_at.timestamp())}.{alert_id}"
    return f"{signed}.{_mac(key, signed)}"


def read_token(keys: Sequence[Key], token: str, now: datetime) -> TokenClaims:
    """Return what a token says once a key of ``keys`` has proven it genuine and it has not expired at ``now``.

    Raises:
        TokenError: In every other case, without saying which.
    """
    parts = _TOKEN.fullmatch(token) if len(token) <= TOKEN_LENGTH else None
    if parts is None:
        raise TokenError
    key = next((key for key in keys if key.id == parts[1]), _NO_KEY)
    expected = _mac(key, token[: parts.end(3)])
    if not hmac.compare_digest(expected.encode(), parts[4].encode()) or key is _NO_KEY:
        raise TokenError
    # Only now are the parts ours: signed by us, so the number is a time that this library made.
    expires_at = datetime.fromtimestamp(int(parts[2]), UTC)
    if now >= expires_at:
        raise TokenError
    return TokenClaims(parts[3], expires_at)


def _mac(key: Key, signed: str) -> str:
    """Return the authentication code of the signed parts, 43 characters of URL-safe base64."""
    digest = hmac.digest(key.secret, _DOMAIN + signed.encode("ascii"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
