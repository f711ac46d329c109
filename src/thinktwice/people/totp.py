"""Time-based one-time codes (RFC 6238): six digits that an app shows for thirty seconds.

Invariants: a code is right for its own step and the one before and after, because clocks differ; a step that was used
once is never accepted again, nor any earlier one, so that a code seen over somebody's shoulder is worth nothing; the
caller stores the step in the transaction that accepts the code.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
DRIFT_STEPS: Final = 1
SECRET_CHARACTERS: Final = 32
"""Base 32: 160 bits, the length of the hash (RFC 4226, section 4)."""

_CODE: Final = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """Return a new random secret, as apps take it by hand."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """Return the ``otpauth://`` address that apps read from a QR code."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def accepted_step(secret: str, typed: str, now: datetime, *, last_step: int | None) -> int | None:
    """Return the step whose code was typed, or None when the code is wrong, too old, or was used already.

    Args:
        secret: The secret of the app.
        typed: What the person typed; spaces are forgiven.
        now: The time on our clock.
        last_step: The newest step accepted so far; None before the first.
    """
    code = "".join(typed[:16].split())
    if not _CODE.fullmatch(code):
        return None
    app = pyotp.TOTP(secret, interval=STEP_SECONDS)
    step = int(now.timestamp()) // STEP_SECONDS
    found = None
    for candidate in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1):
        is_same = hmac.compare_digest(app.generate_otp(candidate), code)
        if is_same and (last_step is None or candidate > last_step):
            found = candidate
    return found
