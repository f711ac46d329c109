"""Contacts by jurisdiction, and which of them may be shown today.

Invariants: only a contact that was checked, from an official source or by the operator's recorded call-back, and that
has not expired is ever returned for a customer; the others are kept so that the operator can re-check them. Advice
comes before reporting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from thinktwice.contacts.opening import Opening, OpenState

Purpose = Literal["advice", "report", "emergency", "check"]
SourceQuality = Literal["official", "secondary", "press", "unverified"]
Status = Literal["verified", "recheck"]

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
"""In the order in which they help somebody who has not yet sent the money."""


NEEDS_CALL_BACK: Final[tuple[SourceQuality, ...]] = ("secondary", "press")
"""Sources that somebody else wrote: the operator calls the line back before any customer sees it."""


_ELSEWHERE: Final = timedelta(days=1)
"""Where the day begins earlier than here, it is tomorrow already."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """The operator's own call to a line: on which day, by which role (never a person's name), and what was learned."""

    on: date
    by_role: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One line or office that a customer can turn to.

    ``phone`` is written as it is dialled inside the jurisdiction; ``hours`` and ``name`` are English and have
    other languages in ``hours_by_locale`` and ``names``; ``opening`` are the same hours as structure, where they are
    known well enough to say whether somebody answers now. ``source`` is where the fact was read, ``last_verified``
    when, ``expires`` from which day on it is hidden. ``status`` is *recheck* until somebody of the operator has
    confirmed the fact; where the source is not the line's own, ``called_back`` says how. ``calls_per_hour`` is how
    many calls the line has agreed to be sent in an hour, None where nothing was agreed.
    """

    id: str
    jurisdiction: str
    name: str
    purpose: Purpose
    source: str | None
    source_quality: SourceQuality
    last_verified: date
    expires: date
    phone: str | None = None
    url: str | None = None
    hours: str | None = None
    languages: tuple[str, ...] = ()
    status: Status = "recheck"
    note: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    hours_by_locale: Mapping[str, str] = field(default_factory=dict)
    opening: Opening | None = None
    called_back: CallBack | None = None
    calls_per_hour: int | None = None

    @property
    def key(self) -> str:
        """Name this contact among those of all jurisdictions."""
        return f"{self.jurisdiction}/{self.id}"

    @property
    def is_verified(self) -> bool:
        """Whether the fact was checked and comes from an official source or a recorded call-back; only then shown."""
        is_confirmed = self.source_quality in NEEDS_CALL_BACK and self.called_back is not None
        return self.status == "verified" and (self.source_quality == "official" or is_confirmed)

    def done_later_than(self, today: date) -> tuple[str, ...]:
        """Return the fields that say of a day still to come what was done on it; today is a day long everywhere."""
        called_on = None if self.called_back is None else self.called_back.on
        done = {"last_verified": self.last_verified, "called_back": called_on}
        return tuple(name for name, day in done.items() if day is not None and day > today + _ELSEWHERE)

    def is_shown(self, today: date) -> bool:
        """Whether a customer may see this contact on ``today``."""
        return self.is_verified and today < self.expires and not self.done_later_than(today)

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name in every language."""
        return (self.name, *self.names.values())

    def name_in(self, locale: str) -> str:
        """Return the name in this language, else in English."""
        return self.names.get(locale, self.name)

    def hours_in(self, locale: str) -> str | None:
        """Return the hours in this language, else in English, else None when they are not known."""
        return self.hours_by_locale.get(locale, self.hours)

    def state_at(self, moment: datetime) -> OpenState | None:
        """Return whether somebody answers at an aware time, None where that is not known."""
        return self.opening.state_at(moment) if self.opening else None


@dataclass(frozen=True, slots=True)
class Contacts:
    """All contacts by ISO 3166 alpha-2 code; a code that is present but empty is known to have nothing verified."""

    by_jurisdiction: Mapping[str, tuple[Contact, ...]]
    resting: frozenset[str] = frozenset()
    """Keys of lines that are not named first just now, because they have been sent as many calls as they agreed to."""

    def relieving(self, keys: frozenset[str]) -> Contacts:
        """Return the same contacts with these lines named first by nobody; they stay in the list of resources."""
        return replace(self, resting=keys)

    def for_jurisdiction(self, iso2: str, today: date) -> tuple[Contact, ...]:
        """Return what may be shown on ``today``, advice first, then in the order of the file; may be empty."""
        shown = (contact for contact in self.by_jurisdiction.get(iso2, ()) if contact.is_shown(today))
        return tuple(sorted(shown, key=lambda contact: PURPOSES.index(contact.purpose)))

    def to_call(self, iso2: str, today: date, now: datetime | None = None) -> Contact | None:
        """Return the line to name first on a page, advice before reporting; None when there is no phone to give.

        At a time ``now`` a line that is closed comes after every one that is not. A resting line is not named first.
        """
        shown = (contact for contact in self.for_jurisdiction(iso2, today) if contact.key not in self.resting)
        helpful = [contact for contact in shown if contact.phone and contact.purpose in ("advice", "report")]
        if now is not None:
            helpful.sort(key=lambda contact: contact.state_at(now) == "closed")
        return next(iter(helpful), None)
