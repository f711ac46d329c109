"""When a line is answered, as structure, so that a page can say whether it is open now.

Invariants: pure; times are wall-clock times of the contact's own zone, so summer time needs no care; what is not known
is not said: a line whose hours on public holidays are unknown is never called open, because today may be one, but
outside its weekly hours it is closed on every day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from thinktwice.contacts.fields import Fields, Form
from thinktwice.errors import Phrase

OpenState = Literal["open", "closed"]

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES: Final = 24 * 60
_ONE_DAY: Final = f"(?:{'|'.join(_DAYS)})"
_SPELL: Final = Form(
    re.compile(rf"({_ONE_DAY})(?:-({_ONE_DAY}))? ([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])"),
    'write days and times as "mon-fri 09:00-17:30"; after midnight as "sat 20:00-02:00", to its end as "00:00-24:00"',
)
ALWAYS: Final = "always"
_FIELDS: Final = ("zone", "week", "holidays")


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of every week: from a minute of a weekday (Monday is 0) to a minute, past 1440 on the next day."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Weekly hours in one zone; without a zone a line is always open.

    ``texts`` are the hours as they were written; ``holds_on_holidays`` says that they hold on public holidays too.
    """

    zone: str | None = None
    texts: tuple[str, ...] = ()
    holds_on_holidays: bool = True

    @property
    def is_always(self) -> bool:
        """Whether the line never closes."""
        return self.zone is None

    def state_at(self, moment: datetime) -> OpenState | None:
        """Return whether the line is open at an aware time, None where that is not known."""
        if self.zone is None:
            return "open"
        local = moment.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        is_in = any(_holds(spell, local.weekday(), minute) for text in self.texts for spell in spells_in(text))
        if is_in:
            return "open" if self.holds_on_holidays else None
        return "closed"


@lru_cache(maxsize=512)
def spells_in(text: str) -> tuple[Spell, ...]:
    """Return the weekly stretches that one line such as ``mon-fri 09:00-17:30`` names; none when it names none."""
    found = _SPELL.pattern.fullmatch(text)
    if found is None:
        return ()
    first = _DAYS.index(found[1])
    last = _DAYS.index(found[2]) if found[2] else first
    start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if end > _DAY_MINUTES or end == start:
        return ()
    end = end + _DAY_MINUTES if end < start else end
    return tuple(Spell((first + more) % 7, start, end) for more in range((last - first) % 7 + 1))


def read_opening(fields: Fields) -> Opening | None:
    """Read the field ``opening`` of a contact: the word *always*, or a zone with the hours of a week."""
    found = fields.entry("opening")
    if found is None:
        return None
    if isinstance(found.value, str):
        if found.value != ALWAYS:
            fields.fault("opening", "write always, or a zone and the hours of a week")
        return Opening()
    group = fields.group("opening", _FIELDS)
    if group is None:
        return None
    zone = group.text("zone")
    if zone not in _zones():
        group.fault("zone", "write the name of a time zone, such as Asia/Hong_Kong")
    texts = group.texts("week", form=_SPELL)
    for text in texts:
        if _SPELL.pattern.fullmatch(text) and not spells_in(text):
            group.fault("week", Phrase("%(text)s has no time in it, or ends after 24:00", text=text))
    if group.entry("week") is not None and not texts:
        group.fault("week", "write at least one line of days and times")
    holds = group.entry("holidays") is not None and group.choice("holidays", ("as_usual", "unknown")) == "as_usual"
    return Opening(zone, texts, holds)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _holds(spell: Spell, weekday: int, minute: int) -> bool:
    """Whether a minute of a weekday lies in a stretch, which may have begun the day before."""
    if weekday == spell.weekday:
        return spell.start <= minute < spell.end
    is_day_after = weekday == (spell.weekday + 1) % 7
    return is_day_after and minute < spell.end - _DAY_MINUTES
