"""Requests about the same thing: what staff see of them, and what agencies may learn of each other.

Invariants: staff see every overlap; an agency learns of another one only when the officers of both requests agreed and
the operator knows both, agency and requester, and then its name, its case number and nothing of what it asked; until
then there is no way to tell whether anybody else asks, not even by the clock: no request is read whose officers did not
agree, and none at all for a request that is not known itself. Identifiers meet as blind indexes, under every master
key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.course import ENDED, VERIFIED, State
from thinktwice.cases.kinds import TRUST_ORDER, Kind
from thinktwice.cases.reach import reached
from thinktwice.cases.request import CaseRequest, request_of
from thinktwice.cases.sealing import blinds
from thinktwice.errors import StateError
from thinktwice.people.acting import acting
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

_AT_ONCE: Final = 500
_MOST_SHOWN: Final = 100
MEETINGS: Final = "SELECT case_id FROM case_identifier WHERE blind IN ({places}) AND case_id != ?"
HAS_CONSENT: Final = "SELECT 1 FROM case_consent WHERE case_id = ? AND ended_at IS NULL"
# CROSS JOIN keeps the order: a request is looked at after its consent was found, and only then.
_KNOWN: Final = f"""
SELECT 1 FROM case_consent c CROSS JOIN case_request r ON r.id = c.case_id CROSS JOIN agency a ON a.id = r.agency_id
WHERE c.case_id = {{case_id}} AND c.ended_at IS NULL AND r.state IN {VERIFIED} AND a.state = 'active'
AND a.trust IN {TRUST_ORDER[TRUST_ORDER.index("verified") :]}"""  # noqa: S608  (constants)
IS_KNOWN: Final = _KNOWN.format(case_id="?")
"""Whether a request takes part: its officers agreed, it was verified and still stands, and so does its agency."""
KNOWN_MEETINGS: Final = f"{MEETINGS} AND EXISTS ({_KNOWN.format(case_id='case_identifier.case_id')})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another request about something of this one, as staff see it.

    ``shared`` counts the identifiers in common; a duplicate is of the same agency and kind; ``is_agreed`` says that
    both sides agreed to learn of each other.
    """

    case_id: str
    number: int
    agency_id: str
    agency: str
    kind: Kind
    state: State
    shared: int
    is_duplicate: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Another agency with the same interest, as an officer may see it when both agreed."""

    agency: str
    case_number: str
    unit: str


class Deconfliction:
    """Overlaps of the requests in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def overlaps(self, person: Person, case_id: str) -> tuple[Overlap, ...]:
        """Return what else was asked about the same, for staff.

        Raises:
            NotAllowedError: Not staff, or no role allows reading requests.
            NotFoundError: No such request.
        """
        if person.realm != "console":
            raise NotAllowedError("read_cases")
        person.require("read_cases", self._clock())
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            return tuple(_overlap(connection, found, *other) for other in self._others(connection, found))

    def agree(self, person: Person, case_id: str) -> None:
        """Agree that agencies with the same interest learn of this request, whether there are any or not.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency.
            StateError: It is a draft, or has ended.
        """
        with acting(self._ledger, person.actor, "case.agree_contact", "case", case_id) as act:
            person.require("consent_to_contact", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            if found.submitted_at is None or found.state in ENDED:
                raise StateError("this fits a request that is under way")
            act.connection.execute(sql.INSERT_CONSENT, (case_id, person.account_id, as_text(act.at)))
            act.after({"agrees": True})

    def disagree(self, person: Person, case_id: str) -> None:
        """Take the agreement back; what was learnt before cannot be unlearnt.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency.
        """
        with acting(self._ledger, person.actor, "case.disagree_contact", "case", case_id) as act:
            person.require("consent_to_contact", act.at)
            reached(act.connection, person, case_id, self._sealing)
            act.connection.execute(sql.END_CONSENT, (as_text(act.at), case_id))
            act.after({"agrees": False})

    def is_agreed(self, person: Person, case_id: str) -> bool:
        """Whether this request's agency agreed.

        Raises:
            NotFoundError: No such request within reach.
        """
        with self._ledger.reading() as connection:
            reached(connection, person, case_id, self._sealing)
            return _has_consent(connection, case_id)

    def contacts(self, person: Person, case_id: str) -> tuple[Contact, ...]:
        """Return the other agencies of which an officer may learn: known ones that agreed, when the own one is and did.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency.
        """
        person.require("consent_to_contact", self._clock())
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            if connection.execute(IS_KNOWN, (case_id,)).fetchone() is None:
                return ()
            others = [other for other, _shared in self._others(connection, found, KNOWN_MEETINGS)]
            return tuple(
                Contact(
                    agency=_agency_name(connection, other.agency_id),
                    case_number=other.form.case_number,
                    unit=other.form.unit,
                )
                for other in others
                if other.agency_id != found.agency_id
            )

    def _others(
        self, connection: sqlite3.Connection, found: CaseRequest, meetings: str = MEETINGS
    ) -> list[tuple[CaseRequest, int]]:
        shared: dict[str, int] = {}
        for case_id in self._meetings(connection, found, meetings):
            shared[case_id] = shared.get(case_id, 0) + 1
        most = sorted(shared, key=lambda one: (-shared[one], one))[:_MOST_SHOWN]
        rows = [connection.execute(sql.SELECT_REQUEST, (case_id,)).fetchone() for case_id in most]
        others = [request_of(row, self._sealing) for row in rows]
        return [(other, shared[other.id]) for other in others if other.state not in {"withdrawn", "expired"}]

    def _meetings(self, connection: sqlite3.Connection, found: CaseRequest, meetings: str) -> Iterator[str]:
        """Yield the other request of each identifier that another one names too."""
        marks = [mark for identifier in found.form.identifiers for mark in blinds(self._sealing, identifier)]
        for start in range(0, len(marks), _AT_ONCE):
            some = marks[start : start + _AT_ONCE]
            places = ", ".join("?" * len(some))
            yield from (row[0] for row in connection.execute(meetings.format(places=places), (*some, found.id)))


def _overlap(connection: sqlite3.Connection, found: CaseRequest, other: CaseRequest, shared: int) -> Overlap:
    return Overlap(
        case_id=other.id,
        number=other.number,
        agency_id=other.agency_id,
        agency=_agency_name(connection, other.agency_id),
        kind=other.kind,
        state=other.state,
        shared=shared,
        is_duplicate=other.agency_id == found.agency_id and other.kind == found.kind and other.state != "refused",
        is_agreed=_has_consent(connection, found.id) and _has_consent(connection, other.id),
    )


def _has_consent(connection: sqlite3.Connection, case_id: str) -> bool:
    return connection.execute(HAS_CONSENT, (case_id,)).fetchone() is not None


def _agency_name(connection: sqlite3.Connection, agency_id: str) -> str:
    return agency_of(connection.execute(SELECT_AGENCY, (agency_id,)).fetchone()).name
