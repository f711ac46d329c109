"""Letters that pass for others: a name written with them reads like a partner's and is not.

Invariants: pure; a word mixes no letters of alphabets that look alike; a text in a language whose alphabets are known
holds no letter of another; a text in any language is not written in another alphabet with nothing but letters that pass
for Latin ones. What is found is named by its code point, so that somebody can see the difference. Which letters look
alike is in ``likeness``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from thinktwice.contacts.likeness import LATIN_ALIKE, skeleton
from thinktwice.errors import Phrase

_WORD: Final = re.compile(r"[^\W\d_]+")
_ALIKE: Final = frozenset(
    {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH", "MATHEMATICAL"}
)
"""First words of the Unicode names of letters that can be taken for Latin ones, and of Latin itself."""

ALPHABETS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ar": frozenset({"ARABIC", "LATIN"}),
        "en": frozenset({"LATIN"}),
        "ms": frozenset({"LATIN"}),
        "pt": frozenset({"LATIN", "FEMININE", "MASCULINE"}),
        "zh": frozenset({"CJK", "LATIN"}),
    }
)
"""By language the first words of the Unicode names of its letters; Latin is everywhere, for assets and names."""


@lru_cache(maxsize=8192)
def alphabet_of(letter: str) -> str:
    """Return the first word of a letter's Unicode name, such as ``CYRILLIC``."""
    return unicodedata.name(letter, "UNNAMED").split()[0].split("-")[0]


def passing_letter(text: str, locale: str | None = None) -> str | None:
    """Say which letter of a text passes for another, None when there is none.

    In a language that is not named here only words that mix alphabets are found, and texts of which every letter of
    another alphabet passes for a Latin one.
    """
    allowed = ALPHABETS.get((locale or "").split("-")[0])
    is_passing = allowed is None and _passes_whole(text)
    for word in _WORD.findall(text):
        alphabets = {alphabet_of(letter) for letter in word}
        for letter in word:
            is_alike = alphabet_of(letter) in _ALIKE - {"LATIN"}
            is_foreign = allowed is not None and (alphabet_of(letter) not in allowed or letter in LATIN_ALIKE)
            if is_foreign or (is_alike and (is_passing or len(alphabets & _ALIKE) > 1)):
                name = unicodedata.name(letter, "a letter without a name")
                return Phrase(
                    "%(word)s holds U+%(letter)s (%(name)s); it passes for another letter, write that one",
                    word=repr(word),
                    letter=f"{ord(letter):04X}",
                    name=name,
                )
    return None


def _passes_whole(text: str) -> bool:
    """Whether a text has letters of an alphabet like the Latin one, and every such letter passes for a Latin one."""
    alike = [letter for letter in text if letter.isalpha() and alphabet_of(letter) in _ALIKE - {"LATIN"}]
    return bool(alike) and all(skeleton(letter).isascii() for letter in alike)
