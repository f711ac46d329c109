"""Text that people write for other people to read.

Invariant: what is taken holds nothing that a reader would not see: no control character, no mark that turns the
direction of what follows, no half of a character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from thinktwice.errors import Fault, InputError, Phrase

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BREAKS: Final = frozenset("\n\r\t")


def unseen_in(text: str, field: str, *, has_lines: bool = False) -> Iterator[Fault]:
    """Yield a fault of the first character that nobody sees, nothing where there is none."""
    allowed = _BREAKS if has_lines else frozenset()
    for place, letter in enumerate(text, 1):
        if letter not in allowed and unicodedata.category(letter) in _UNSEEN:
            code = f"{ord(letter):04X}"
            said = Phrase("character %(place)s is U+%(letter)s, which nobody sees", place=place, letter=code)
            yield Fault(said, field)
            return


def require_seen(text: str, field: str, *, has_lines: bool = False, most: int | None = None) -> None:
    """Refuse a text with characters that nobody sees, or with more than ``most``.

    Raises:
        InputError: with the first of them, or how many there may be.
    """
    if most is not None and len(text) > most:
        raise InputError.of(Phrase("has at most %(most)s characters", most=f"{most:,}"), field=field)
    if faults := tuple(unseen_in(text, field, has_lines=has_lines)):
        raise InputError(*faults)
