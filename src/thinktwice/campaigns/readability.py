"""How hard a text is to read: the length of its sentences in every language, and a school grade where a measure exists.

Invariants: pure; a placeholder counts as one word, because that is how a reader meets it. Sentences are measured in
words, in Chinese in letters. The grade is that of Flesch and Kincaid, made for English and used for English only:
0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid and others, 1975); syllables are counted as
groups of vowels, which is right for nine words in ten and errs to both sides. The measures known for other languages
need lists of words or are not agreed upon, so there the length of sentences has to do, and a native reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

LONGEST_SENTENCE: Final[Mapping[str, int]] = MappingProxyType(
    {"ar": 28, "en": 25, "ms": 25, "pt": 30, "zh-Hans": 60, "zh-Hant": 60}
)
"""Words of a sentence that a hurried reader still holds, by language; in Chinese letters."""

USUAL_LONGEST: Final = 28
"""The same for languages not named above."""

HIGHEST_GRADE: Final = 8.0
"""School grade of the words of a whole message; the reader is worried and in a hurry."""

_END: Final = re.compile(r"(?<=[.!?؟])[”»\"']?\s+|(?<=[。！？])[」』”]?|\n+")
_PLACEHOLDER: Final = re.compile(r"\{[a-z_]+\}")
_LIST_MARK: Final = re.compile(r"^(?:- )?(?:[a-z0-9_]+: )?", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS: Final = re.compile(r"[aeiouy]+")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a section, items of lists each on their own."""
    for part in _END.split(_PLACEHOLDER.sub("X", text)):
        if part and part.strip(" -"):
            yield part.strip()


def length_of(sentence: str, locale: str) -> int:
    """Return how long a sentence is: its words, in Chinese its letters."""
    if locale.startswith("zh"):
        return sum(not letter.isspace() for letter in sentence)
    return len(sentence.split())


def longest_for(locale: str) -> int:
    """Return how long a sentence of a language may be."""
    return LONGEST_SENTENCE.get(locale, USUAL_LONGEST)


def english_grade(texts: Sequence[str]) -> float | None:
    """Return the school grade of English texts taken together, None where they hold no words.

    Float on purpose: it is a rough measure of style, shown with one digit and never stored.
    """
    found = [sentence for text in texts for sentence in sentences(_LIST_MARK.sub("", text))]
    words = [word.lower() for sentence in found for word in _WORD.findall(sentence)]
    if not words:
        return None
    syllables = sum(syllables_of(word) for word in words)
    return 0.39 * len(words) / len(found) + 11.8 * syllables / len(words) - 15.59


def syllables_of(word: str) -> int:
    """Return about how many syllables an English word has: its groups of vowels without a silent e."""
    count = len(_VOWELS.findall(word))
    is_silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "les", "ted", "ded", "ses", "ces", "ges"))
    return max(1, count - is_silent)
