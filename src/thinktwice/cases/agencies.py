"""Agencies: entered, verified step by step by named people, trusted as far as that goes, suspended at once.

Invariants: trust follows from recorded steps, never from what an applicant says; another number to call takes the trust
back until two people stand for it; whoever is suspended keeps no session and no open download. Every change is an entry
of the audit chain.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.cases.kinds import TRUST_ORDER, Trust
from thinktwice.cases.verification import CHECK_STEPS, CheckStep, check_trust, read_number
from thinktwice.errors import Fault, InputError, NotFoundError, Phrase, StateError
from thinktwice.people.acting import acting
from thinktwice.people.sealing import Sealing
from thinktwice.people.sessions import end_sessions
from thinktwice.people.times import as_text, from_text
from thinktwice.records.jurisdictions import JURISDICTIONS

AgencyState = Literal["applied", "active", "suspended", "set_aside"]
OUT: Final[Mapping[AgencyState, AgencyState]] = {"active": "suspended", "applied": "set_aside"}
BACK: Final[Mapping[AgencyState, AgencyState]] = {out: former for former, out in OUT.items()}
"""Where a suspension leads, an application's too, and the way back: to what an agency was, and never further."""

_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_COLUMNS: Final = (
    "id, name, country, domain, state, trust, call_back_number, call_back_source, created_at, suspended_at"
)
SELECT_AGENCY: Final = f"SELECT {_COLUMNS} FROM agency WHERE id = ?"  # noqa: S608  (columns are a constant)
SELECT_AGENCIES: Final = f"SELECT {_COLUMNS} FROM agency ORDER BY name, id"  # noqa: S608  (columns are a constant)
INSERT_AGENCY: Final = """
INSERT INTO agency (id, name, country, domain, state, trust, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_CHECK: Final = (
    "INSERT INTO agency_check (id, agency_id, step, person, at, note_sealed) VALUES (?, ?, ?, ?, ?, ?)"
)
SELECT_CHECKS: Final = (
    "SELECT id, step, person, at, note_sealed FROM agency_check WHERE agency_id = ? ORDER BY at, rowid"
)
SET_NUMBER: Final = "UPDATE agency SET call_back_number = ?, call_back_source = ? WHERE id = ?"
SET_TRUST: Final = "UPDATE agency SET trust = ?, state = 'active' WHERE id = ?"
LOWER_TRUST: Final = "UPDATE agency SET trust = ? WHERE id = ?"
SET_STATE: Final = "UPDATE agency SET state = ?, suspended_at = ? WHERE id = ?"
SELECT_OFFICERS: Final = "SELECT id FROM account WHERE realm = 'portal' AND agency_id = ? AND ended_at IS NULL"
END_DOWNLOADS: Final = """
UPDATE case_download SET expires_at = ? WHERE person = ? AND used_at IS NULL AND expires_at > ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency as the operator sees it."""

    id: str
    name: str
    country: str
    domain: str
    state: AgencyState
    trust: Trust
    call_back_number: str | None
    call_back_source: str | None
    created_at: datetime
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One step of verification that a named person took."""

    id: str
    step: CheckStep
    person: str
    at: datetime
    note: str


class Agencies:
    """The agencies in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def find(self, agency_id: str) -> Agency:
        """Return one agency.

        Raises:
            NotFoundError: No such agency.
        """
        with self._ledger.reading() as connection:
            row = connection.execute(SELECT_AGENCY, (agency_id,)).fetchone()
        if row is None:
            raise NotFoundError("there is no such agency")
        return agency_of(row)

    def all(self) -> tuple[Agency, ...]:
        """Return every agency by name."""
        with self._ledger.reading() as connection:
            return tuple(map(agency_of, connection.execute(SELECT_AGENCIES).fetchall()))

    def checks(self, agency_id: str) -> tuple[Check, ...]:
        """Return the steps of verification taken so far, oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_CHECKS, (agency_id,)).fetchall()
        return tuple(
            Check(
                id=check_id,
                step=step,
                person=person,
                at=datetime.fromisoformat(at),
                note=self._sealing.open(note, f"agency_check.note:{check_id}"),
            )
            for check_id, step, person, at, note in rows
        )

    def register(self, actor: Actor, *, name: str, country: str, domain: str, is_applying: bool = False) -> str:
        """Enter an agency and return its id; one that applies by itself waits to be looked at.

        Raises:
            InputError: A name, country or domain that cannot be used.
        """
        _check(name, country, domain)
        agency_id = f"agency_{uuid.uuid4().hex[:16]}"
        state: AgencyState = "applied" if is_applying else "active"
        with acting(self._ledger, actor, "agency.register", "agency", agency_id) as act:
            values = (agency_id, name.strip(), country, domain, state, TRUST_ORDER[0], as_text(act.at), actor.id)
            act.connection.execute(INSERT_AGENCY, values)
            act.after({"name": name.strip(), "country": country, "domain": domain, "state": state})
        return agency_id

    def record_check(
        self,
        actor: Actor,
        agency_id: str,
        step: str,
        note: str,
        *,
        number: str | None = None,
        source: str | None = None,
    ) -> bool:
        """Record a step of verification; a call-back names the number called and where that number was found.

        Returns whether the agency is only registered now, because it was trusted with another number.

        Raises:
            InputError: An unknown step, no note, or a call-back without number and independent source.
            NotFoundError: No such agency.
        """
        if step not in CHECK_STEPS:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(CHECK_STEPS)), field="step")
        if not 10 <= len(note.strip()) <= 2_000:
            raise InputError.of("say what you checked and how, in 10 to 2,000 characters", field="note")
        called = read_number(number, source) if step == "call_back" else None
        is_lowered = False
        with acting(self._ledger, actor, "agency.check", "agency", agency_id) as act:
            row = act.connection.execute(SELECT_AGENCY, (agency_id,)).fetchone()
            if row is None:
                raise NotFoundError("there is no such agency")
            check_id = uuid.uuid4().hex
            sealed = self._sealing.seal(note.strip(), f"agency_check.note:{check_id}")
            act.connection.execute(INSERT_CHECK, (check_id, agency_id, step, actor.id, as_text(act.at), sealed))
            if called is not None:
                act.connection.execute(SET_NUMBER, (*called, agency_id))
                act.note(number=called[0])
                is_lowered = _lower_trust(act, agency_of(row), called[0])
            act.note(step=step)
        return is_lowered

    def set_trust(self, actor: Actor, agency_id: str, trust: Trust) -> None:
        """Say how far an agency is trusted, which its recorded steps must bear.

        Raises:
            NotFoundError: No such agency.
            SecondPersonError: All steps were taken by the actor alone, or the number to call is the actor's.
            StateError: Steps are missing.
        """
        with acting(self._ledger, actor, "agency.set_trust", "agency", agency_id) as act:
            row = act.connection.execute(SELECT_AGENCY, (agency_id,)).fetchone()
            if row is None:
                raise NotFoundError("there is no such agency")
            steps = [(step, person) for _, step, person, _, _ in act.connection.execute(SELECT_CHECKS, (agency_id,))]
            check_trust(trust, steps, actor.id)
            agency = agency_of(row)
            if agency.state in BACK:
                raise StateError("a suspended agency is not trusted; restore it first")
            act.before({"trust": agency.trust, "state": agency.state})
            act.connection.execute(SET_TRUST, (trust, agency_id))
            act.after({"trust": trust, "state": "active"})
            act.note(trust=trust)

    def suspend(self, actor: Actor, agency_id: str, reason: str) -> None:
        """Take everything from an agency at once: sessions and open downloads of all its officers.

        An application is set aside.

        Raises:
            InputError: No reason.
            NotFoundError: No such agency.
            StateError: It is suspended already.
        """
        self._turn(actor, agency_id, OUT, reason)

    def restore(self, actor: Actor, agency_id: str, reason: str) -> None:
        """Let an agency back in as it was: in use, or still an application.

        Raises:
            InputError: No reason.
            NotFoundError: No such agency.
            StateError: It is not suspended.
        """
        self._turn(actor, agency_id, BACK, reason)

    def _turn(self, actor: Actor, agency_id: str, turns: Mapping[AgencyState, AgencyState], reason: str) -> None:
        if not 5 <= len(reason.strip()) <= 500:
            raise InputError.of("say why, in 5 to 500 characters", field="reason")
        name = "agency.suspend" if turns is OUT else "agency.restore"
        with acting(self._ledger, actor, name, "agency", agency_id) as act:
            row = act.connection.execute(SELECT_AGENCY, (agency_id,)).fetchone()
            if row is None:
                raise NotFoundError("there is no such agency")
            former = agency_of(row).state
            if former not in turns and turns is OUT:
                raise StateError("it is suspended already")
            if former not in turns:
                raise StateError("only what was suspended is let back in")
            act.before({"state": former})
            state, now = turns[former], as_text(act.at)
            act.connection.execute(SET_STATE, (state, now if turns is OUT else None, agency_id))
            act.after({"state": state})
            act.commit_to("reason", reason.strip())
            if turns is OUT:
                for (officer,) in act.connection.execute(SELECT_OFFICERS, (agency_id,)).fetchall():
                    end_sessions(act, officer, "agency suspended")
                    act.connection.execute(END_DOWNLOADS, (now, officer, now))


def _lower_trust(act: Act, agency: Agency, number: str) -> bool:
    """Take the trust back that rests on another number; two people give it again."""
    if agency.trust == TRUST_ORDER[0] or agency.call_back_number == number:
        return False
    act.before({"trust": agency.trust})
    act.connection.execute(LOWER_TRUST, (TRUST_ORDER[0], agency.id))
    act.after({"trust": TRUST_ORDER[0]})
    act.note(trust=TRUST_ORDER[0])
    return True


def _check(name: str, country: str, domain: str) -> None:
    faults = []
    if not 3 <= len(name.strip()) <= 120 or not name.isprintable():
        faults.append(Fault("is the agency's name, 3 to 120 characters", "name"))
    if country not in JURISDICTIONS:
        faults.append(Fault("is an ISO 3166 code like HK", "country"))
    if not _DOMAIN.fullmatch(domain):
        faults.append(Fault("is the agency's own domain, like police.gov.hk", "domain"))
    if faults:
        raise InputError(*faults)


def agency_of(row: tuple[str, ...]) -> Agency:
    """Return an agency from a row of ``SELECT_AGENCY``."""
    agency_id, name, country, domain, state, trust, number, source, created_at, suspended_at = row
    return Agency(
        id=agency_id,
        name=name,
        country=country,
        domain=domain,
        state=cast("AgencyState", state),
        trust=cast("Trust", trust),
        call_back_number=number,
        call_back_source=source,
        created_at=datetime.fromisoformat(created_at),
        suspended_at=from_text(suspended_at),
    )
