"""How many alerts of the last hour named a line first, against the calls that the line agreed to be sent.

Invariants: an alert counts once, however often its page is opened, and keeps the line it was given; an alert that may
not lose its line is counted and never turned away; times are passed in, nothing is read from a clock. The count is of
alerts that name the line, an upper bound of calls, because nobody here sees a telephone ring.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from itertools import takewhile

from thinktwice.contacts.registry import Contact, Contacts

HOUR = timedelta(hours=1)
KEPT_IN = 4
"""One alert in this many keeps its line though the budget is spent, so that a line shown means nothing."""


def keeps_line(alert_id: str, *, is_known_bad: bool) -> bool:
    """Whether an alert names the line though its budget is spent: each known-bad one, and a quarter of all others.

    Without the quarter, the line on a page would tell that the destination is on a list (rule 7).
    """
    return is_known_bad or hashlib.sha256(alert_id.encode()).digest()[0] % KEPT_IN == 0


class CallBudget:
    """The naming of each line with a budget within the last hour; one per process that shows alerts."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, datetime]] = {}

    def relieve(
        self, contacts: Contacts, iso2: str, alert_id: str, *, keeps_first_line: bool, today: date, now: datetime
    ) -> Contacts:
        """Return the contacts for one alert, with spent lines resting, and count the line that it will name."""
        shown = contacts.for_jurisdiction(iso2, today)
        if all(contact.calls_per_hour is None for contact in shown):
            return contacts
        spent = frozenset(contact.key for contact in shown if self._is_spent(contact, alert_id, now))
        relieved = contacts if keeps_first_line else contacts.relieving(spent)
        first = relieved.to_call(iso2, today, now)
        if first is not None and first.calls_per_hour is not None:
            self._named.setdefault(first.key, {}).setdefault(alert_id, now)
        return relieved

    def _is_spent(self, contact: Contact, alert_id: str, now: datetime) -> bool:
        if contact.calls_per_hour is None:
            return False
        named = self._named.get(contact.key, {})
        # They stand in the order of their times, so what is older than an hour stands first and is forgotten.
        for old in list(takewhile(lambda name: named[name] <= now - HOUR, named)):
            del named[old]
        return alert_id not in named and len(named) >= contact.calls_per_hour
