"""What stands in the way of a step beyond the machine of states: who asked, what was put together, who was told.

Invariants: every check reads the database in the transaction of the step; nothing goes out for an agency or an officer
who is suspended; a production that is handed over was put together under the approval that stands, by somebody else
than who hands it over; a measure stands no longer than kind, legal basis and request allow.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.course import Step
from thinktwice.cases.form import most_days
from thinktwice.cases.kinds import RULES
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.wordings import newest
from thinktwice.errors import InputError, Phrase, SecondPersonError, StateError, ThinkTwiceError
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing

BINDING: Final[frozenset[Step]] = frozenset(
    {"confirm_requester", "approve", "approve_partly", "confirm_approval", "fulfil", "deliver"}
)
"""Steps by which staff do, or promise, what the agency asks."""

_SELECT_AUTHOR: Final = "SELECT state FROM account WHERE id = ?"
_SELECT_PRODUCED: Final = """
SELECT person, at FROM case_file WHERE case_id = ? AND purpose = 'production' AND removed_at IS NULL
"""
_SELECT_APPROVED: Final = """
SELECT max(at) FROM case_step WHERE case_id = ? AND step IN ('approve', 'approve_partly', 'confirm_approval')
"""
_ARCHIVE_AND_RECEIPT: Final = 2


def check_step(
    connection: sqlite3.Connection, person: Person, found: CaseRequest, step: Step, sealing: Sealing
) -> None:
    """Refuse a step of staff that something stands in the way of.

    Raises:
        SecondPersonError: Somebody else has to.
        StateError: The agency or officer is suspended; nothing is produced, or nobody told.
    """
    if step in BINDING:
        _check_suspended(connection, found)
    if step in {"fulfil", "deliver"} and RULES[found.kind].outcome == "data":
        _check_produced(connection, person, found, step)
    if step == "fulfil" and found.kind == "victim_notification":
        _check_told(connection, found, sealing)


def hindrance(
    connection: sqlite3.Connection, person: Person, found: CaseRequest, step: Step, sealing: Sealing
) -> ThinkTwiceError | None:
    """Return with what ``check_step`` would refuse, or None."""
    try:
        check_step(connection, person, found, step, sealing)
    except (StateError, SecondPersonError) as error:
        return error
    return None


def days_of_measure(found: CaseRequest, chosen: int | None, country: str, bases: LegalBases) -> int | None:
    """Return for how many days a measure stands; None where the kind is no measure over time.

    Raises:
        InputError: More than kind, legal basis and request allow.
    """
    most = most_days(found.kind, found.form, country, bases)
    if most is None or chosen is None:
        return most
    if not 1 <= chosen <= most:
        raise InputError.of(Phrase("this measure stands for 1 to %(most)s days", most=most), field="days")
    return chosen


def _check_suspended(connection: sqlite3.Connection, found: CaseRequest) -> None:
    agency = agency_of(connection.execute(SELECT_AGENCY, (found.agency_id,)).fetchone())
    if agency.state != "active":
        raise StateError("this agency is suspended: nothing is done for it; refuse the request, or restore the agency")
    author = connection.execute(_SELECT_AUTHOR, (found.author,)).fetchone()
    if author is not None and author[0] == "suspended":
        raise StateError("the officer who asked is suspended: nothing is done until the agency has explained it")


def _check_produced(connection: sqlite3.Connection, person: Person, found: CaseRequest, step: Step) -> None:
    produced = connection.execute(_SELECT_PRODUCED, (found.id,)).fetchall()
    (approved_at,) = connection.execute(_SELECT_APPROVED, (found.id,)).fetchone()
    if len(produced) < _ARCHIVE_AND_RECEIPT:
        raise StateError("put the production together first; where there is nothing to produce, refuse and say so")
    if approved_at is None or any(at < approved_at for _person, at in produced):
        raise StateError("the production was put together under an earlier approval; put it together anew")
    if step == "deliver" and {maker for maker, _at in produced} == {person.account_id}:
        raise SecondPersonError("whoever put the production together does not deliver it alone")


def _check_told(connection: sqlite3.Connection, found: CaseRequest, sealing: Sealing) -> None:
    wording = newest(connection, found.id, sealing)
    if wording is None or wording.told_at is None:
        raise StateError("hand the customers over first; where none is affected, the agency learns that too")
