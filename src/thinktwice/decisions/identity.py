"""Ids of decisions and alerts: UUID version 7 (RFC 9562), which sort by time and so append cheaply."""

from __future__ import annotations

import os
from typing import Final

_VARIANT: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
"""The two variant bits ``10`` in front of two random ones, as a hex digit."""


def uuid7(at_microseconds: int) -> str:
    """Return a new id for a time given in microseconds since 1970; 74 bits of it are random."""
    time = f"{at_microseconds // 1_000:012x}"
    noise = os.urandom(10).hex()
    return f"{time[:8]}-{time[8:]}-7{noise[:3]}-{_VARIANT[noise[3]]}{noise[4:7]}-{noise[7:19]}"
