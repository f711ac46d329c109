"""The packaged alert for the time in which the service is away.

Invariant: it names no person, partner, number, list or reason, so that it may be shown to anybody.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Final

from thinktwice_client.records import GenericAlert

LOCALES: Final = ("ar", "en", "ms", "pt", "zh-Hans", "zh-Hant")
"""The languages of the service's own shared words."""

_TRADITIONAL: Final = frozenset(
    ["au", "bn", "gb", "gf", "hk", "id", "mo", "pa", "pf", "ph", "sr", "th", "tw", "us", "vn"]
)
"""Where Chinese without a script is likely written in traditional characters (CLDR), as the service takes it."""


def generic_alert(locale: str | None) -> GenericAlert:
    """Return the text in the packaged language nearest to a BCP 47 locale; English where there is none."""
    language, *rest = (locale or "").strip().replace("_", "-").lower().split("-")
    if language == "zh":
        is_traditional = "hant" in rest or ("hans" not in rest and bool(_TRADITIONAL & set(rest)))
        language = "zh-Hant" if is_traditional else "zh-Hans"
    return _text(language if language in LOCALES else "en")


@lru_cache
def _text(locale: str) -> GenericAlert:
    found = json.loads((files("thinktwice_client") / "texts" / f"{locale}.json").read_text("utf-8"))
    return GenericAlert(**{**found, "tips": tuple(found["tips"])})
