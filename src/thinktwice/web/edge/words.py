"""The words of signed-in surfaces in several languages, and how times and numbers are written in them.

Invariants: a surface says what its own catalogue holds, and what errors of the packages below say from theirs; where
both translate one text, the surface's own words win.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from thinktwice.languages.words import SOURCE, read_messages, service_messages
from thinktwice.languages.words import Words as Language
from thinktwice.languages.words import mark as mark  # noqa: PLC0414  (every page marks its texts with it)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Language):
    """The words of one language; ``name`` is what its readers call it."""

    name: str

    def moment(self, at: datetime, *, is_exact: bool = False) -> str:
        """Return a time as it is written here, in UTC and saying so; to the minute, or to the second."""
        utc = at.astimezone(UTC)
        time = format_time(utc, "medium" if is_exact else "short", locale=self.locale)
        return f"{format_date(utc, 'medium', locale=self.locale)}, {time} UTC"

    def number(self, number: int | Decimal | float) -> str:
        """Return a number as it is written here."""
        return format_decimal(number, locale=self.locale)


ENGLISH: Final = Words(tag=SOURCE, name="English", locale=Locale.parse("en_GB"))


def load_words(package: str, names: Mapping[str, str], domain: str) -> dict[str, Words]:
    """Return the words of every language of a package by tag, English first.

    ``names`` gives each further language, by its folder under ``locale``, the name its readers know.
    """
    found = {SOURCE: ENGLISH}
    for folder, name in names.items():
        messages = {**service_messages(folder), **read_messages(package, folder, domain)}
        tag = folder.replace("_", "-")
        found[tag] = Words(tag=tag, name=name, locale=Locale.parse(folder), messages=messages)
    return found


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
