"""The desk at which both sides work on requests: every step, in one transaction with its audit entry.

Invariants: who may take a step is decided by permission, reach and workflow, in this order, and a refusal is an entry
of the chain; submitting never reads customer data, so that nothing shows whether an identifier exists; the supervisor
of an officer is told of every request out of band; a step and its trace in the timeline are one transaction.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.calling import note_call
from thinktwice.cases.course import ENDED, STATES, State, Step
from thinktwice.cases.form import RequestForm, unusable
from thinktwice.cases.kinds import KINDS, may_ask
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.obstacles import check_step, days_of_measure, hindrance
from thinktwice.cases.reach import own_agency, permission_for, reached, side_of
from thinktwice.cases.request import CaseRequest, TimelineEntry, lacking_in, request_of, timeline_of
from thinktwice.cases.rotation import move_identifiers
from thinktwice.cases.sealing import blind, new_case_key
from thinktwice.cases.supervision import tell
from thinktwice.cases.targets import target_of
from thinktwice.cases.workflow import Case, advance, start
from thinktwice.errors import ConflictError, InputError, NotFoundError, Phrase, StateError, ThinkTwiceError
from thinktwice.languages.writing import require_seen
from thinktwice.people.acting import acting
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.permissions import Permission
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

Refusal = Literal["no_jurisdiction", "no_legal_basis", "over_broad", "rights_risk", "not_verified", "not_ours", "other"]
REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)

NEEDS_NOTE: Final[frozenset[Step]] = frozenset(
    {"ask_more", "answer", "call_back", "approve_partly", "reconsider", "refuse", "withdraw"}
)
PRIVATE: Final[frozenset[Step]] = frozenset({"call_back", "reconsider"})
"""Steps whose note is among staff."""

_DECIDED: Final[frozenset[State]] = frozenset({"approved", "partly_approved", "refused"})
_MOST_NOTE: Final = 4_000
_MOST_LISTED: Final = 200
_json: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What comes along: ``refusal`` with refusing, ``days`` with a measure, ``only`` with a partial approval."""

    note: str = ""
    refusal: str | None = None
    days: int | None = None
    only: tuple[str, ...] = ()


class CaseDesk:
    """The requests in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, bases: LegalBases, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._bases = bases
        self._clock = clock

    def draft(self, person: Person, kind: str, form: RequestForm | None = None) -> str:
        """Begin a request, by default with an empty form, and return its id.

        Raises:
            InputError: No such kind, or text that cannot stand anywhere; nothing was begun.
            NotAllowedError: Not an officer, or the agency is not trusted this far.
        """
        if kind not in KINDS:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(KINDS)), field="kind")
        form = form or RequestForm()
        if faults := unusable(form):
            raise InputError(*faults)
        case_id = uuid.uuid4().hex
        with acting(self._ledger, person.actor, "case.draft", "case", case_id) as act:
            person.require("file_request", act.at)
            agency = own_agency(act.connection, person)
            if not may_ask(kind, agency.trust):
                raise NotAllowedError(f"ask for {kind}")
            case = start(kind, person.account_id, act.at)
            key = new_case_key(self._sealing, case_id)
            (number,) = act.connection.execute(sql.NEXT_NUMBER, (agency.id,)).fetchone()
            act.connection.execute(
                sql.INSERT_REQUEST,
                (
                    case_id, number, agency.id, kind, person.account_id, case.state, _json.encode(case).decode(),
                    self._sealed(case_id, form), key.recipient, key.identity_sealed, as_text(act.at),
                    _text(case.expires_at),
                ),
            )  # fmt: skip
            act.after({"kind": kind, "state": case.state})
        return case_id

    def save(self, person: Person, case_id: str, form: RequestForm, revision: int) -> int:
        """Keep a draft's form and return its new revision.

        Raises:
            ConflictError: Somebody saved it since; nothing was changed.
            InputError: Text that cannot stand anywhere.
            NotFoundError: No such draft of this officer's agency.
        """
        if faults := unusable(form):
            raise InputError(*faults)
        with acting(self._ledger, person.actor, "case.save", "case", case_id) as act:
            person.require("file_request", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            if found.state not in {"draft", "needs_information"} or found.author != person.account_id:
                raise NotFoundError("there is no such draft")
            cursor = act.connection.execute(sql.SAVE_FORM, (self._sealed(case_id, form), case_id, revision))
            if cursor.rowcount != 1:
                raise ConflictError("somebody saved this draft since you opened it; look at theirs first")
            move_identifiers(act.connection, self._sealing, case_id, found.form.identifiers)
            act.note(revision=revision + 1)
        return revision + 1

    def lacks(self, person: Person, case_id: str) -> InputError | None:
        """Return what keeps a draft from being submitted, or None.

        Raises:
            NotFoundError: No such request within reach.
        """
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            faults = lacking_in(connection, found, own_agency(connection, person).country, self._bases, self._clock())
        return InputError(*faults) if faults else None

    def step(self, person: Person, case_id: str, step: Step, taking: Taking | None = None) -> Case:
        """Take one step and return how the request stands then.

        Raises:
            InputError: A note or refusal code is missing, or a draft lacks something.
            NotAllowedError: No role allows it.
            NotFoundError: No such request within reach.
            SecondFactorNeededError: The step is dangerous; confirm first.
            SecondPersonError: Somebody else has to.
            StateError: It does not fit how the request stands.
        """
        taking = taking or Taking()
        with acting(self._ledger, person.actor, f"case.{step}", "case", case_id) as act:
            person.require(permission_for(person, step), act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            _check_taking(step, taking)
            if step in {"submit", "answer"}:
                self._check_submission(act.connection, person, found, act.at)
            check_step(act.connection, person, found, step, self._sealing)
            if step == "call_back":
                note_call(act, found)
            if not set(taking.only) <= set(found.form.data_categories):
                raise InputError.of("names only what was asked for", field="only")
            side, who, days = side_of(person), person.account_id, None
            if step == "fulfil":
                days = days_of_measure(found, taking.days, self._country(act.connection, found), self._bases)
            case = advance(found.stands, step, side=side, person=who, now=act.at, days=days, only=taking.only)
            self._write(act, found, case, step, taking, person)
            if step in {"submit", "answer"}:
                self._index(act, found)
            if step == "submit":
                tell(act, self._sealing, found, "request_submitted")
        return case

    def hindrance(self, person: Person, found: CaseRequest, step: Step) -> ThinkTwiceError | None:
        """Return what beyond the machine of states keeps staff from a step right now, or None."""
        with self._ledger.reading() as connection:
            return hindrance(connection, person, found, step, self._sealing)

    def find(self, person: Person, case_id: str) -> tuple[CaseRequest, tuple[TimelineEntry, ...]]:
        """Return a request and what this side may see of its life.

        Raises:
            NotAllowedError: No role allows reading requests.
            NotFoundError: No such request within reach.
        """
        self._require_reading(person)
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            is_staff = person.realm == "console"
            return found, timeline_of(connection, case_id, self._sealing, is_staff=is_staff)

    def of_agency(self, person: Person, *, page: int = 0) -> tuple[CaseRequest, ...]:
        """Return the requests of an officer's agency, newest first.

        Raises:
            NotAllowedError: No role allows reading requests.
            NotFoundError: Not an officer of an active agency.
        """
        self._require_reading(person)
        with self._ledger.reading() as connection:
            agency = own_agency(connection, person)
            rows = connection.execute(sql.SELECT_OF_AGENCY, (agency.id, _MOST_LISTED, page * _MOST_LISTED)).fetchall()
        return tuple(request_of(row, self._sealing) for row in rows)

    def queue(self, person: Person) -> tuple[CaseRequest, ...]:
        """Return what staff have to work on, most urgent first.

        Raises:
            NotAllowedError: Not staff, or no role allows reading requests.
        """
        if person.realm != "console":
            raise NotAllowedError("read_cases")
        self._require_reading(person)
        states = [state for state in STATES if state not in ENDED and state != "draft"]
        with self._ledger.reading() as connection:
            rows = [
                row
                for state in states
                for row in connection.execute(sql.SELECT_BY_STATE, (state, _MOST_LISTED)).fetchall()
            ]
        found = [request_of(row, self._sealing) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.decided_at is not None, one.decide_by or one.created_at)))

    def lapse(self) -> int:
        """Let everything whose time has passed expire, and return how many did; called by the clock.

        The end of a measure that stood is told out of band: the operator's systems and the supervisor learn of it.
        """
        with self._ledger.reading() as connection:
            due = [row[0] for row in connection.execute(sql.SELECT_OVERDUE, (as_text(self._clock()), _MOST_LISTED))]
        lapsed = 0
        for case_id in due:
            with suppress(StateError):  # it changed since it was listed: the others lapse all the same
                self._lapse(case_id)
                lapsed += 1
        return lapsed

    def _lapse(self, case_id: str) -> None:
        with acting(self._ledger, Actor("system", "cases"), "case.lapse", "case", case_id) as act:
            found = request_of(act.connection.execute(sql.SELECT_REQUEST, (case_id,)).fetchone(), self._sealing)
            case = advance(found.stands, "lapse", side="clock", person="", now=act.at)
            self._write(act, found, case, "lapse", Taking(), None)
            if found.stands.measure_until is not None:
                tell(act, self._sealing, found, "measure_lapsed")

    def _require_reading(self, person: Person) -> None:
        permission: Permission = "read_cases" if person.realm == "console" else "read_own_cases"
        person.require(permission, self._clock())

    def _country(self, connection: sqlite3.Connection, found: CaseRequest) -> str:
        return agency_of(connection.execute(SELECT_AGENCY, (found.agency_id,)).fetchone()).country

    def _check_submission(
        self, connection: sqlite3.Connection, person: Person, found: CaseRequest, now: datetime
    ) -> None:
        agency = own_agency(connection, person)
        if not may_ask(found.kind, agency.trust):
            raise NotAllowedError(f"ask for {found.kind}")
        if found.kind == "victim_notification":
            person.require("upload_victims", now)
        if faults := lacking_in(connection, found, agency.country, self._bases, now):
            raise InputError(*faults)

    def _index(self, act: Act, found: CaseRequest) -> None:
        """Index what is asked about, blindly; what an answer adds counts like what was there from the beginning."""
        move_identifiers(act.connection, self._sealing, found.id, found.form.identifiers)
        rows = {(found.id, blind(self._sealing, identifier)) for identifier in found.form.identifiers}
        act.connection.executemany(sql.INSERT_IDENTIFIER, sorted(rows))

    def _write(
        self, act: Act, found: CaseRequest, case: Case, step: Step, taking: Taking, person: Person | None
    ) -> None:
        now = as_text(act.at)
        is_first = step == "submit"
        decide_by = act.at + target_of(act.connection, self._bases, found) if is_first else None
        act.connection.execute(
            sql.SET_STANDS,
            (
                case.state, _json.encode(case).decode(), _text(case.expires_at), taking.refusal,
                now if is_first else None, _text(decide_by), now if case.state in _DECIDED else None,
                now if case.state in ENDED else None, found.id,
            ),
        )  # fmt: skip
        note = taking.note.strip()
        sealed = self._sealing.seal(note, f"case_step.note:{found.id}:{step}:{now}") if note else None
        side, who = ("clock", "") if person is None else (side_of(person), person.account_id)
        act.connection.execute(
            sql.INSERT_STEP, (found.id, step, side, who, now, case.state, int(step in PRIVATE), sealed)
        )
        act.before({"state": found.state, "approved_by": found.stands.approved_by})
        act.after({"state": case.state, "approved_by": case.approved_by})
        if taking.refusal is not None:
            act.note(refusal=taking.refusal)

    def _sealed(self, case_id: str, form: RequestForm) -> bytes:
        return self._sealing.seal(_json.encode(form).decode(), f"case_request.form:{case_id}")


def _check_taking(step: Step, taking: Taking) -> None:
    require_seen(taking.note, "note", has_lines=True, most=_MOST_NOTE)
    if step in NEEDS_NOTE and len(taking.note.strip()) < 5:
        raise InputError.of("say why, in words that the other side or a colleague understands", field="note")
    if (step == "refuse") != (taking.refusal is not None) or (taking.refusal and taking.refusal not in REFUSALS):
        raise InputError.of(Phrase("a refusal has one of %(choices)s", choices=", ".join(REFUSALS)), field="refusal")


def _text(moment: datetime | None) -> str | None:
    return as_text(moment) if moment is not None else None
