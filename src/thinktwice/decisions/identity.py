"""Ids of decisions and alerts: UUID version 7 (RFC 9562), which sort by time and so append cheaply."""

from __future__ import annotations

import os


def uuid7(at_microseconds: int) -> str:
    """Return a new id for a time given in microseconds since 1970; 74 bits of it are random."""
    milliseconds = at_microseconds // 1_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62 | (random_bits & 0x3FFF_FFFF_FFFF_FFFF)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
