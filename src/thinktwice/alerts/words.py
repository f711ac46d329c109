"""The few words that every alert shares, whatever its pack: labels, headings, and what a form answers.

Invariants: these words name no scam, no person and no reason beyond its class; each language has all of them (the
type says so). Guidance: no blame, no fear, never "safe", never "verified".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from thinktwice.alerts.locale import choose_locale
from thinktwice.alerts.wording import ar, en, ms, pt, zh_hans, zh_hant
from thinktwice.alerts.wording.fields import Words

__all__ = ["WORDS", "Words", "words_for"]

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "en": en.WORDS,
        "zh-Hant": zh_hant.WORDS,
        "zh-Hans": zh_hans.WORDS,
        "pt": pt.WORDS,
        "ms": ms.WORDS,
        "ar": ar.WORDS,
    }
)
"""By locale; a pack in another language is shown with English labels until somebody writes them."""


def words_for(locale: str) -> Words:
    """Return the interface words nearest to a locale."""
    return WORDS[choose_locale(locale, tuple(WORDS))]
