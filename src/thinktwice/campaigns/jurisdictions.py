"""Which jurisdictions there are, and in which languages their customers must be addressed.

Invariant: every pack speaks English, the language that all others fall back to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from babel import Locale

from thinktwice.errors import Fault, Phrase
from thinktwice.records.campaign import ANYWHERE

_NO_COUNTRY: Final = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)
"""Two letters that CLDR names although ISO 3166 has not assigned them to a country."""

FALLBACK: Final = "en"

REQUIRED_LOCALES: Final[Mapping[str, tuple[str, ...]]] = {"HK": ("en", "zh-Hant")}
"""Languages without which a jurisdiction's pack is refused."""

EXPECTED_LOCALES: Final[Mapping[str, tuple[str, ...]]] = {
    "AE": ("ar",),
    "BR": ("pt",),
    "CN": ("zh-Hans",),
    "MO": ("zh-Hant", "pt"),
    "MY": ("ms", "zh-Hans"),
    "PT": ("pt",),
    "SG": ("zh-Hans", "ms"),
    "TW": ("zh-Hant",),
    ANYWHERE: ("ar", "ms", "pt", "zh-Hans", "zh-Hant"),
}
"""Languages whose absence is worth a warning."""


@cache
def _codes() -> frozenset[str]:
    territories = (str(code) for code in Locale.parse("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NO_COUNTRY


CODES: Final = _codes()
"""All ISO 3166 alpha-2 codes."""


def locale_faults(jurisdictions: Sequence[str], locales: Sequence[str], where: str) -> Iterator[Fault]:
    """Name each language that must be there and is not."""
    required = {FALLBACK, *(locale for code in jurisdictions for locale in REQUIRED_LOCALES.get(code, ()))}
    for locale in sorted(required - set(locales)):
        yield Fault(Phrase("the language %(locale)s is missing; add %(locale)s.md", locale=locale), "messages", where)


def locale_warnings(jurisdictions: Sequence[str], locales: Sequence[str], where: str) -> Iterator[Fault]:
    """Name each language that customers probably need."""
    expected = {locale for code in jurisdictions for locale in EXPECTED_LOCALES.get(code, ())}
    for locale in sorted(expected - set(locales)):
        yield Fault(
            Phrase("many customers read %(locale)s; they will see %(fallback)s", locale=locale, fallback=FALLBACK),
            "messages",
            where,
        )
