"""The words of reports in several languages, and how numbers are written in them.

Invariants: English is the source; a catalogue is the ``.po`` file that translators edit, nothing is compiled; what is
marked fuzzy counts as untranslated; a message without translation shows in English (a test refuses to let that
happen).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from thinktwice.errors import InputError, Phrase

ENGLISH: Final = "en"
LOCALES: Final[Mapping[str, str]] = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}
"""Every language of the reports by its tag, and the CLDR locale that numbers and dates are written in."""


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``tag`` is its BCP 47 name."""

    tag: str
    locale: Locale
    messages: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, **values: object) -> str:
        """Return a text in this language, its ``%(name)s`` places filled."""
        found = self.messages.get(text, text)
        return found % values if values else found.replace("%%", "%")

    def lookup(self, text: str) -> str:
        """Return a text in this language with its places still open, as templates want it."""
        return self.messages.get(text, text)

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
    locale = Locale.parse(LOCALES[tag])
    return Words(tag, locale, {} if tag == ENGLISH else _messages(tag, locale))


def _messages(tag: str, locale: Locale) -> dict[str, str]:
    folder = files("thinktwice.measurement.report") / "locale" / tag.replace("-", "_") / "LC_MESSAGES"
    messages = {}
    for message in read_po(io.BytesIO((folder / "report.po").read_bytes()), locale=locale):
        is_text = isinstance(message.id, str) and isinstance(message.string, str)
        if is_text and message.id and message.string and not message.fuzzy:
            messages[str(message.id)] = str(message.string)
    return messages
