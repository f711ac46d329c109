"""What speaks for an impostor behind a request: signs for a person to look at, never a decision.

Invariants: pure, told the circumstances; a sign says what was seen and refuses nothing by itself; an urgent request of
an agency we hardly know is always a sign, because that is how stolen mailboxes are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from thinktwice.cases.kinds import RULES, Kind

Sign = Literal[
    "new_device",
    "new_officer",
    "urgent_and_new_agency",
    "foreign_mailbox",
    "shared_mailbox_domain",
    "unusual_hour",
    "unusual_volume",
    "call_back_missing",
    "no_independent_supervisor",
]
SIGNS: Final[tuple[Sign, ...]] = get_args(Sign)

NEW_DEVICE: Final = timedelta(days=7)
NEW_OFFICER: Final = timedelta(days=14)
NEW_AGENCY: Final = timedelta(days=60)
DAY_HOURS: Final = range(7, 21)
"""Hours in the agency's own time in which most offices work; outside of them is a sign, weekends too."""
MANY_IN_A_DAY: Final = 5
TIMES_THE_USUAL: Final = 3
"""A day is unusual with at least as many requests as above, and more than this many times the officer's daily mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known around one submission.

    ``zone`` is the agency's time, None where it is not known; ``officer_at`` since when the officer has access and
    ``device_at`` since when the newest passkey is known that the officer had then; ``requests_before`` counts the
    officer's requests of the 90 days before that day; ``has_independent_supervisor`` says whether somebody was told
    whom the officer did not name.
    """

    kind: Kind
    submitted_at: datetime
    zone: str | None
    agency_at: datetime
    officer_at: datetime | None
    device_at: datetime | None
    agency_domain: str
    mailbox_domain: str
    domains_elsewhere: frozenset[str]
    requests_that_day: int
    requests_before: int
    is_call_back_known: bool
    has_independent_supervisor: bool


def signs_of(seen: Circumstances) -> tuple[Sign, ...]:
    """Return the signs, in the order of their table."""
    found = set(_signs(seen))
    return tuple(sign for sign in SIGNS if sign in found)


def _signs(seen: Circumstances) -> Iterator[Sign]:
    at = seen.submitted_at
    is_new = seen.device_at is not None and timedelta(0) <= at - seen.device_at < NEW_DEVICE
    if is_new and not _came_with_the_officer(seen):
        yield "new_device"
    if seen.officer_at is None or at - seen.officer_at < NEW_OFFICER:
        yield "new_officer"
    if RULES[seen.kind].is_emergency and at - seen.agency_at < NEW_AGENCY:
        yield "urgent_and_new_agency"
    if seen.mailbox_domain and not _is_within(seen.mailbox_domain, seen.agency_domain):
        yield "foreign_mailbox"
    if seen.mailbox_domain in seen.domains_elsewhere:
        yield "shared_mailbox_domain"
    local = at.astimezone(ZoneInfo(seen.zone)) if seen.zone is not None else None
    if local is not None and (local.hour not in DAY_HOURS or local.weekday() >= 5):
        yield "unusual_hour"
    usual = seen.requests_before / 90
    if seen.requests_that_day >= MANY_IN_A_DAY and seen.requests_that_day > TIMES_THE_USUAL * usual:
        yield "unusual_volume"
    if not seen.is_call_back_known:
        yield "call_back_missing"
    if not seen.has_independent_supervisor:
        yield "no_independent_supervisor"


def _came_with_the_officer(seen: Circumstances) -> bool:
    """Whether the newest passkey is the one with which the account was set up."""
    if seen.device_at is None or seen.officer_at is None:
        return False
    return abs(seen.device_at - seen.officer_at) < timedelta(days=1)


def _is_within(mailbox: str, domain: str) -> bool:
    return mailbox == domain or mailbox.endswith(f".{domain}")
