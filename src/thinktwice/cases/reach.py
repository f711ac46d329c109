"""Who reaches which request: the one place where agencies are kept apart.

Invariants: an officer reaches requests of the own agency only, and only while that agency is active; anything else is
answered exactly like a request that does not exist; staff reach all, by permission. Every check reads the database in
the same transaction as what follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from thinktwice.cases import statements as sql
from thinktwice.cases.agencies import SELECT_AGENCY, Agency, agency_of
from thinktwice.cases.course import Side, Step
from thinktwice.cases.request import CaseRequest, request_of
from thinktwice.errors import NotFoundError
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.permissions import Permission
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing

STAFF_STEPS: Final[Mapping[Step, Permission]] = {
    "take": "work_case",
    "ask_more": "work_case",
    "call_back": "record_call_back",
    "confirm_requester": "work_case",
    "approve": "approve_case",
    "approve_partly": "approve_case",
    "confirm_approval": "confirm_case",
    "reconsider": "review_case",
    "refuse": "refuse_case",
    "fulfil": "work_case",
    "deliver": "deliver_production",
    "close": "work_case",
}
OFFICER_STEPS: Final[Mapping[Step, Permission]] = {
    "submit": "file_request",
    "answer": "file_request",
    "withdraw": "withdraw_request",
    "close": "file_request",
}
"""What each side needs for each step; a step that stands in neither table is nobody's."""


def side_of(person: Person) -> Side:
    """Return on which side of a request somebody stands."""
    return "operator" if person.realm == "console" else "officer"


def permission_for(person: Person, step: Step) -> Permission:
    """Return what a step needs.

    Raises:
        NotAllowedError: The step is not one of this side.
    """
    table = STAFF_STEPS if person.realm == "console" else OFFICER_STEPS
    permission = table.get(step)
    if permission is None:
        raise NotAllowedError(step)
    return permission


def own_agency(connection: sqlite3.Connection, person: Person) -> Agency:
    """Return the active agency of an officer.

    Raises:
        NotFoundError: Not an officer, or the agency is not active.
    """
    row = connection.execute(SELECT_AGENCY, (person.agency_id,)).fetchone() if person.realm == "portal" else None
    if row is None or agency_of(row).state != "active":
        raise NotFoundError("there is nothing here")
    return agency_of(row)


def reached(connection: sqlite3.Connection, person: Person, case_id: str, sealing: Sealing) -> CaseRequest:
    """Return a request if this person may know of it.

    Raises:
        NotFoundError: There is none, or it is another agency's, or a draft of an officer (to staff).
    """
    if person.realm == "portal":
        own_agency(connection, person)
        # Another agency's row is never read: a form of many pages would tell by the clock that it is there.
        row = connection.execute(sql.SELECT_OWN_REQUEST, (case_id, person.agency_id)).fetchone()
    else:
        row = connection.execute(sql.SELECT_REQUEST, (case_id,)).fetchone()
    if row is None:
        raise NotFoundError("there is no such request")
    found = request_of(row, sealing)
    if person.realm == "console" and found.submitted_at is None:
        raise NotFoundError("there is no such request")
    return found
