"""Characters that no file of ours holds, because nobody can see them or nobody knows what they mean.

Invariants: pure; what is refused is named by its code point. A character without a meaning of its own looks different
on every telephone, and may be a mark of ours (``alerts.prose`` marks filled values with two of them).
"""

from __future__ import annotations

import unicodedata
from typing import Final

from thinktwice.errors import Phrase

_DIRECTION_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that can make a text read differently from what it holds (Trojan Source, CVE-2021-42574)."""

_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Marks, letters and symbols that show nothing, besides all that Unicode itself calls a control or a separator."""

_SEEN: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
"""Signs of Arabic and Syriac that Unicode calls controls of format, and that are seen."""

_JOINERS: Final = frozenset("\u200c\u200d")
_JOINED: Final = (
    "ARABIC",
    "BENGALI",
    "DEVANAGARI",
    "GUJARATI",
    "GURMUKHI",
    "KANNADA",
    "KHMER",
    "MALAYALAM",
    "MONGOLIAN",
    "MYANMAR",
    "NKO",
    "ORIYA",
    "SINHALA",
    "SYRIAC",
    "TAMIL",
    "TELUGU",
    "TIBETAN",
)
"""First words of the Unicode names of letters between which a joiner changes the shape of a word."""


def refused_character(line: str) -> Phrase | None:
    """Say which character of a line is refused first, None when there is none; tabs are left alone."""
    if line.isascii() and line.isprintable():
        return None
    for place, char in enumerate(line):
        category = unicodedata.category(char)
        if char in _DIRECTION_MARKS:
            return Phrase("remove the direction mark U+%(char)s", char=f"{ord(char):04X}")
        if char in _JOINERS and not _joins(line[:place]):
            return Phrase("remove the invisible character U+%(char)s", char=f"{ord(char):04X}")
        if char in _INVISIBLE or (category in {"Cc", "Cf", "Zl", "Zp"} and char not in _SEEN | _JOINERS | {"\t"}):
            return Phrase("remove the invisible character U+%(char)s", char=f"{ord(char):04X}")
        if category in {"Cn", "Co", "Cs"}:
            return Phrase("remove U+%(char)s, which means nothing; write a letter or a sign", char=f"{ord(char):04X}")
    return None


def _joins(before: str) -> bool:
    """Whether a joiner after this text stands behind a letter of a script that needs it."""
    letter = next((one for one in reversed(before) if unicodedata.category(one)[0] == "L"), "")
    is_behind = bool(before) and unicodedata.category(before[-1])[0] in "LM"
    return is_behind and unicodedata.name(letter, "").split(" ", 1)[0] in _JOINED


def folded(text: str) -> str:
    """Return a text as an eye takes it: wide and other forms of a letter plain, without marks and what nobody sees.

    It is for looking for something in a text, never for showing it: a script that needs its marks loses them.
    """
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in _UNSEEN)


_UNSEEN: Final = frozenset({"Cf", "Me", "Mn"})
