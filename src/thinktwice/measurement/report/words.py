"""The words of reports in several languages, and how numbers are written in them.

Invariant: a number is rounded where it is written and nowhere before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from thinktwice.errors import InputError, Phrase
from thinktwice.languages.words import SOURCE, read_messages, service_messages
from thinktwice.languages.words import Words as Language
from thinktwice.languages.words import mark as mark  # noqa: PLC0414  (reports mark their texts with it)

LOCALES: Final[Mapping[str, str]] = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}
"""Every language of the reports by its tag, and the CLDR locale that numbers and dates are written in."""


@dataclass(frozen=True, slots=True)
class Words(Language):
    """The words of one language, and its numbers and days as a report writes them."""

    def number(self, value: float, *, digits: int = 0, is_signed: bool = False) -> str:
        """Return a number with exactly so many decimals; a signed one shows its plus."""
        shape = "#,##0" + ("." + "0" * digits if digits else "")
        written = str(format_decimal(abs(round(value, digits)), shape, locale=self.locale))
        sign = "−" if round(value, digits) < 0 else "+" if is_signed and round(value, digits) > 0 else ""
        return sign + written

    def day(self, value: date | datetime | None) -> str:
        """Return a day, of UTC where it is a moment."""
        if value is None:
            return "–"
        day = value.astimezone(UTC).date() if isinstance(value, datetime) and value.tzinfo else value
        return str(format_date(day, "medium", locale=self.locale))

    def moment(self, value: datetime | None) -> str:
        """Return a time in UTC, and say so."""
        if value is None:
            return "–"
        return f"{format_datetime(value.astimezone(UTC), 'medium', locale=self.locale)} UTC"


@lru_cache
def words_of(tag: str) -> Words:
    """Return the words of a language.

    Raises:
        InputError: there are no reports in it.
    """
    if tag not in LOCALES:
        raise InputError.of(Phrase("reports are written in %(choices)s", choices=", ".join(LOCALES)), field="locale")
    return Words(tag, Locale.parse(LOCALES[tag]), _messages(tag))


def _messages(tag: str) -> Mapping[str, tuple[str, ...]]:
    if tag == SOURCE:
        return {}
    folder = tag.replace("-", "_")
    return {**service_messages(folder), **read_messages("thinktwice.measurement.report", folder, "report")}
