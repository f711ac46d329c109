"""The packaged alert for the time in which the service is away.

Invariant: it names no person, partner, number, list or reason, so that it may be shown to anybody.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Final

from thinktwice_client.records import GenericAlert

LOCALES: Final = ("en", "zh-Hant")


def generic_alert(locale: str | None) -> GenericAlert:
    """Return the text in the packaged language nearest to a BCP 47 locale; English where there is none."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return _text("zh-Hant" if language == "zh" else "en")


@lru_cache
def _text(locale: str) -> GenericAlert:
    found = json.loads((files("thinktwice_client") / "texts" / f"{locale}.json").read_text("utf-8"))
    return GenericAlert(**{**found, "tips": tuple(found["tips"])})
