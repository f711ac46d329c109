"""The words of signed-in surfaces in several languages: gettext catalogues, read at start.

Invariants: English is the source and needs no catalogue; a catalogue is the ``.po`` file that translators edit, nothing
is compiled; what is marked fuzzy counts as untranslated; a message without translation shows in English rather than
not at all (a test refuses to let that happen).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE: Final = "en"


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``tag`` is its BCP 47 name, ``name`` what its readers call it."""

    tag: str
    name: str
    locale: Locale
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, text: str, **values: object) -> str:
        """Return a text in this language, its ``%(name)s`` places filled."""
        found = self.messages.get(text, (text,))[0]
        return found % values if values else found.replace("%%", "%")

    def lookup(self, text: str) -> str:
        """Return a text in this language with its places still open, as the templates want it."""
        return self.messages.get(text, (text,))[0]

    def lookup_plural(self, singular: str, plural: str, count: int) -> str:
        """Return the form of a text that suits a number, its places still open."""
        forms = self.messages.get(singular)
        if forms is None:
            return singular if count == 1 else plural
        return forms[0] if len(forms) == 1 or count == 1 else forms[1]

    def moment(self, at: datetime, *, is_exact: bool = False) -> str:
        """Return a time as it is written here, in UTC and saying so; to the minute, or to the second."""
        utc = at.astimezone(UTC)
        time = format_time(utc, "medium" if is_exact else "short", locale=self.locale)
        return f"{format_date(utc, 'medium', locale=self.locale)}, {time} UTC"

    def number(self, number: int | Decimal | float) -> str:
        """Return a number as it is written here."""
        return format_decimal(number, locale=self.locale)


ENGLISH: Final = Words(SOURCE, "English", Locale.parse("en_GB"))


def load_words(package: str, names: Mapping[str, str], domain: str) -> dict[str, Words]:
    """Return the words of every language of a package by tag, English first.

    ``names`` gives each further language, by its folder under ``locale``, the name its readers know.
    """
    found = {SOURCE: ENGLISH}
    for folder, name in names.items():
        content = (files(package) / "locale" / folder / "LC_MESSAGES" / f"{domain}.po").read_bytes()
        locale = Locale.parse(folder)
        found[folder.replace("_", "-")] = Words(folder.replace("_", "-"), name, locale, _messages(content, locale))
    return found


def _messages(content: bytes, locale: Locale) -> dict[str, tuple[str, ...]]:
    messages: dict[str, tuple[str, ...]] = {}
    for message in read_po(io.BytesIO(content), locale=locale):
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if key and forms and all(forms) and not message.fuzzy:
            messages[key] = forms
    return messages


def choose_words(chosen: str | None, accepted: str, offered: Mapping[str, Words]) -> Words:
    """Return the words somebody chose, else those that suit the browser's ``Accept-Language`` best, else English."""
    if chosen is not None and chosen in offered:
        return offered[chosen]
    for tag in _by_weight(accepted[:500]):
        for candidate in (tag, tag.partition("-")[0]):
            match = next((own for own in offered if own.lower().split("-")[0] == candidate), None)
            if match is not None:
                return offered[match]
    return offered[SOURCE]


def _by_weight(accepted: str) -> Iterable[str]:
    weighed = []
    for position, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), position, tag.strip().lower()))
        except ValueError:
            continue
    return [tag for weight, _, tag in sorted(weighed) if weight < 0]
