"""Gathering what surrounds a request, for the staff who look at it: which signs of an impostor there are.

Invariants: read by staff only and never told to an agency; mailboxes are compared in memory and nothing of them is
kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import phonenumbers
from phonenumbers import timezone

from thinktwice.audit.ledger import Ledger
from thinktwice.cases.agencies import SELECT_AGENCY, Agency, agency_of
from thinktwice.cases.impostors import Circumstances, Sign, signs_of
from thinktwice.cases.reach import reached
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.supervision import has_independent_supervisor
from thinktwice.people.accounts import Account, AccountStore
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text, from_text

SELECT_DEVICE: Final = """
SELECT max(created_at) FROM passkey WHERE account_id = ? AND created_at <= ? AND (ended_at IS NULL OR ended_at > ?)
"""
COUNT_BEFORE: Final = """
SELECT count(*) FROM case_request WHERE author = ? AND submitted_at >= ? AND submitted_at <= ? AND id != ?
"""
_UNKNOWN_ZONE: Final = "Etc/Unknown"


class Weighing:
    """What staff are shown beside a request."""

    def __init__(self, ledger: Ledger, sealing: Sealing, accounts: AccountStore, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._accounts = accounts
        self._clock = clock

    def signs(self, person: Person, case_id: str) -> tuple[Sign, ...]:
        """Return what speaks for an impostor.

        Raises:
            NotAllowedError: Not staff, or no role allows reading requests.
            NotFoundError: No such request.
        """
        if person.realm != "console":
            raise NotAllowedError("read_cases")
        person.require("read_cases", self._clock())
        officers = self._accounts.all("portal")
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            agency = agency_of(connection.execute(SELECT_AGENCY, (found.agency_id,)).fetchone())
            return signs_of(_circumstances(connection, found, agency, officers))


def _circumstances(
    connection: sqlite3.Connection, found: CaseRequest, agency: Agency, officers: tuple[Account, ...]
) -> Circumstances:
    at = found.submitted_at or found.created_at
    author = next((officer for officer in officers if officer.id == found.author), None)
    device = connection.execute(SELECT_DEVICE, (found.author, as_text(at), as_text(at))).fetchone()[0]
    elsewhere = {_domain(one) for one in officers if one.agency_id != agency.id and one.state != "ended"}
    return Circumstances(
        kind=found.kind,
        submitted_at=at,
        zone=zone_of(agency.call_back_number),
        agency_at=agency.created_at,
        officer_at=author.activated_at if author else None,
        device_at=from_text(device),
        agency_domain=agency.domain,
        mailbox_domain=_domain(author) if author else "",
        domains_elsewhere=frozenset(elsewhere - {""}),
        requests_that_day=1 + _count(connection, found, at - timedelta(days=1), at),
        requests_before=_count(connection, found, at - timedelta(days=91), at - timedelta(days=1)),
        is_call_back_known=agency.call_back_number is not None,
        has_independent_supervisor=has_independent_supervisor(connection, found, at),
    )


def zone_of(number: str | None) -> str | None:
    """Return the time zone of a telephone number in E.164, None where it has several or none."""
    if number is None:
        return None
    zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    return zones[0] if len(zones) == 1 and zones[0] != _UNKNOWN_ZONE else None


def _domain(account: Account) -> str:
    return account.email.rpartition("@")[2].lower() if account.email else ""


def _count(connection: sqlite3.Connection, found: CaseRequest, since: datetime, until: datetime) -> int:
    values = (found.author, as_text(since), as_text(until), found.id)
    return int(connection.execute(COUNT_BEFORE, values).fetchone()[0])
