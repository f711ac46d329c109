"""What a decoder found out about one text."""

from __future__ import annotations

from typing import NamedTuple


class Decoded(NamedTuple):
    """One address read by one family.

    ``canonical`` is the same for every permitted way of writing; ``is_valid`` is False where the text names
    an address but breaks a rule of writing; ``memo`` is the tag that some texts carry inside;
    ``networks`` are the only ones of the family that accept this way of writing (None: all).
    """

    canonical: str
    address_type: str
    is_valid: bool = True
    memo: str | None = None
    networks: frozenset[str] | None = None
