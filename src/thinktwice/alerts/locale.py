"""Which language a customer reads, and how that language is written.

Invariants: a choice is always one of the languages offered; the locale chooses wording only, never a rung.
The order of fall-back is: the tag itself, the tag shortened from the right, its likely script, any tag of the
same language, English, the first language offered (so ``zh-HK`` → ``zh-Hant`` → ``en``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global

Direction = Literal["ltr", "rtl"]
FALLBACK = "en"
_LONGEST_TAG = 35  # RFC 5646, section 4.4.1: room for any tag that names a language and not a person


def choose_locale(requested: str | None, available: Sequence[str]) -> str:
    """Return the one of ``available`` that suits ``requested`` best; any text may be requested.

    Raises:
        ValueError: nothing is available.
    """
    return _chosen(requested, tuple(available))


@lru_cache(maxsize=1024)
def _chosen(requested: str | None, available: tuple[str, ...]) -> str:
    if not available:
        raise ValueError("a message exists in at least one language")
    offered = {tag.lower(): tag for tag in reversed(available)}
    for candidate in _candidates(requested or ""):
        if candidate in offered:
            return offered[candidate]
    language = _normal(requested or "").split("-")[0]
    same_language = (tag for tag in available if tag.lower().split("-")[0] == language)
    return next(same_language, offered.get(FALLBACK, available[0]))


@lru_cache(maxsize=1024)
def _candidates(requested: str) -> tuple[str, ...]:
    """Return lower-case tags from the most to the least particular."""
    tag = _normal(requested)
    if not tag:
        return ()
    parts = tag.split("-")
    shortened = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    likely = get_global("likely_subtags")
    scripts = [
        "-".join(str(full).lower().split("_")[:2])
        for full in (likely.get(_cldr(short)) for short in shortened)
        if full is not None
    ]
    exact, rest = shortened[:-1] or shortened, shortened[-1:]
    return tuple(dict.fromkeys([*exact, *scripts[:1], *rest]))


def _normal(tag: str) -> str:
    """Return a tag in lower case with hyphens, or nothing when it cannot be a tag."""
    if len(tag) > _LONGEST_TAG:
        return ""
    cleaned = tag.strip().replace("_", "-").lower()
    return cleaned if cleaned.replace("-", "").isalnum() and cleaned.isascii() else ""


def _cldr(tag: str) -> str:
    """Write ``zh-hant-hk`` as CLDR does: ``zh_Hant_HK``."""
    language, *rest = tag.split("-")
    return "_".join([language, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


_WRITTEN_AS = {"pt": "pt_PT"}
"""How we write a language where CLDR does not know it in the place; its bare ``pt`` is that of Brazil, ours is not."""


@lru_cache(maxsize=512)
def spoken_locale(locale: str, jurisdiction: str) -> Locale:
    """Return the CLDR locale of a language as it is written in a jurisdiction, without it when CLDR has none."""
    spoken = _cldr(_normal(locale))
    for tag in (f"{spoken}_{jurisdiction}", _WRITTEN_AS.get(spoken, spoken), FALLBACK):
        try:
            return Locale.parse(tag, resolve_likely_subtags=False)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR knows English")


def language_tag(locale: str, jurisdiction: str) -> str:
    """Return the BCP 47 tag for a ``lang`` attribute, such as ``zh-Hant-HK``."""
    return str(spoken_locale(locale, jurisdiction)).replace("_", "-")


def direction_of(locale: str) -> Direction:
    """Return the direction in which the language is written."""
    return "rtl" if spoken_locale(locale, "ZZ").text_direction == "rtl" else "ltr"


def place_in(jurisdiction: str, locale: str) -> str:
    """Return what a jurisdiction is called in a language; nothing for everywhere."""
    return str(spoken_locale(locale, jurisdiction).territories.get(jurisdiction, ""))


_OWN_NAMES = {"zh-hant": "繁體中文", "zh-hans": "简体中文", "ms": "Bahasa Melayu", "pt": "Português"}


def own_name(locale: str) -> str:
    """Return the language's name in itself, as a reader looks for it in a list of languages."""
    known = _OWN_NAMES.get(locale.lower())
    if known is not None:
        return known
    name = spoken_locale(locale, "ZZ").get_display_name()
    return name[:1].upper() + name[1:] if name else locale
