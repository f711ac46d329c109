"""Acts of staff on a hold, on their way from the console to the one process that may carry them out.

Invariants: asking is an act of a person with its audit entry; an asked act is carried out once, whoever is killed when,
because its id makes it count once; what came of it is written back once. The state machine that says whether two people
have acted is the deciding process's (``decisions.resolving``), not the console's.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import (
    Fault,
    InputError,
    Phrase,
    ThinkTwiceError,
    UnavailableError,
    packed,
    unpacked,
    words_of,
)
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text, from_text
from thinktwice.records.resolution import (
    IndependentContact,
    RecordedResolution,
    ResolutionAct,
    ResolutionKind,
    ResolutionResult,
)

INSERT_ASKED: Final = """
INSERT INTO resolution_asked (act_id, decision_id, resolution, person, asked_at, request_sealed)
VALUES (?, ?, ?, ?, ?, ?)
"""
SELECT_OPEN: Final = """
SELECT act_id, request_sealed FROM resolution_asked WHERE answered_at IS NULL ORDER BY rowid LIMIT 100
"""
SELECT_OF: Final = """
SELECT act_id, resolution, person, asked_at, answered_at, status, problem, request_sealed FROM resolution_asked
WHERE decision_id IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""
SELECT_ONE: Final = "SELECT answered_at, status, problem FROM resolution_asked WHERE act_id = ?"
SET_ANSWER: Final = """
UPDATE resolution_asked SET answered_at = ?, status = ?, problem = ? WHERE act_id = ? AND answered_at IS NULL
"""
MOST_REASON: Final = 1_000

_json: Final = msgspec.json.Encoder()
_act: Final = msgspec.json.Decoder(ResolutionAct)
Apply = Callable[[ResolutionAct], ResolutionResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One act of staff on a hold: who, why, after which contact, and what came of it (None: it is on its way)."""

    act_id: str
    resolution: ResolutionKind
    person: str
    asked_at: datetime
    answered_at: datetime | None
    status: str | None
    problem: str | None
    reason: str
    contact: IndependentContact | None
    mark_genuine: bool


def check_request(resolution: str, reason: str, contact: IndependentContact | None, now: datetime) -> None:
    """Refuse what the deciding process would refuse, so that the page can say so at the field.

    Raises:
        InputError: no reason, or a contact that lies ahead or is not described.
    """
    faults = []
    if resolution not in {"release", "cancel", "keep"}:
        faults.append(Fault("is release, cancel or keep", "resolution"))
    if not 5 <= len(reason.strip()) <= MOST_REASON:
        faults.append(Fault(Phrase("say why, in 5 to %(most)s characters", most=f"{MOST_REASON:,}"), "reason"))
    if contact is not None:
        if contact.at > now:
            faults.append(Fault("lies in the future: give the time at which you spoke, in UTC", "contact_at"))
        if len(contact.how.strip()) < 3:
            faults.append(
                Fault("say how you reached the customer, on a way the session could not change", "contact_how")
            )
        if not contact.note_ref.strip():
            faults.append(Fault("say where the contact is noted", "contact_note"))
    if faults:
        raise InputError(*faults)


def ask(
    act: Act,
    sealing: Sealing,
    decision_id: str,
    person: str,
    *,
    resolution: ResolutionKind,
    reason: str,
    contact: IndependentContact | None = None,
    mark_genuine: bool = False,
    is_first: bool = False,
) -> str:
    """Ask inside an act of the audit chain, and return the id under which it will count once."""
    act_id = f"console-{uuid.uuid4().hex}"
    asked = ResolutionAct(
        decision_id=decision_id,
        act_id=act_id,
        resolution=resolution,
        reason=reason.strip(),
        actor=person,
        key_id=f"account:{person}",
        digest=b"",
        contact=contact,
        mark_genuine=mark_genuine and resolution == "release",
        is_first=is_first and resolution == "release",
    )
    asked = replace(asked, digest=hashlib.sha256(_json.encode(asked)).digest())
    sealed = sealing.seal(_json.encode(asked).decode(), f"resolution_asked.request:{act_id}")
    act.connection.execute(INSERT_ASKED, (act_id, decision_id, resolution, person, as_text(act.at), sealed))
    act.note(resolution=resolution, act_id=act_id)
    return act_id


def asked_about(connection: sqlite3.Connection, sealing: Sealing, decision_ids: Iterable[str]) -> tuple[Asked, ...]:
    """Return every act asked for here about some decisions, oldest first."""
    rows = connection.execute(SELECT_OF, (json.dumps(tuple(decision_ids)),)).fetchall()
    return tuple(_asked(row, _act.decode(sealing.open(row[7], f"resolution_asked.request:{row[0]}"))) for row in rows)


def with_others(asked: Iterable[Asked], recorded: Iterable[tuple[datetime, RecordedResolution]]) -> tuple[Asked, ...]:
    """Return what was asked for here together with what the operator's own system did, oldest first."""
    found = {one.act_id: one for one in asked}
    for at, done in recorded:
        act = done.act
        if act.act_id not in found:
            found[act.act_id] = Asked(
                act_id=act.act_id,
                resolution=act.resolution,
                person=act.actor,
                asked_at=at,
                answered_at=at,
                status=done.result.status,
                problem=None,
                reason=act.reason,
                contact=act.contact,
                mark_genuine=act.mark_genuine,
            )
    return tuple(sorted(found.values(), key=lambda one: one.asked_at))


class Carrier:
    """Carries asked acts to the deciding process, of which it is a part."""

    def __init__(self, ledger: Ledger, sealing: Sealing, apply: Apply) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._apply = apply

    def carry(self) -> int:
        """Carry out what was asked for since; returns how many acts were answered.

        Raises:
            UnavailableError: a database cannot be written right now; what was not answered is carried next time.
        """
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_OPEN).fetchall()
        for act_id, sealed in rows:
            asked = _act.decode(self._sealing.open(sealed, f"resolution_asked.request:{act_id}"))
            status, problem = self._outcome(asked)
            stored = None if problem is None else json.dumps(packed(problem), ensure_ascii=False)
            with self._ledger.act(Actor("system", "deciding"), "hold.resolved", "decision", asked.decision_id) as act:
                act.connection.execute(SET_ANSWER, (as_text(act.at), status, stored, act_id))
                act.note(act_id=act_id, status=status, problem=None if problem is None else str(problem)[:500])
        return len(rows)

    def _outcome(self, asked: ResolutionAct) -> tuple[str | None, Phrase | None]:
        try:
            return self._apply(asked).status, None
        except UnavailableError:
            raise
        except ThinkTwiceError as error:
            return None, words_of(error)


def _problem(stored: str | None) -> str | None:
    """Return why an act was not done, as the page can say it; what was kept as plain text reads as it does."""
    if stored is None:
        return None
    try:
        return unpacked(json.loads(stored))
    except ValueError:
        return stored


def _asked(row: tuple[Any, ...], act: ResolutionAct) -> Asked:
    return Asked(
        act_id=row[0],
        resolution=row[1],
        person=row[2],
        asked_at=datetime.fromisoformat(row[3]),
        answered_at=from_text(row[4]),
        status=row[5],
        problem=_problem(row[6]),
        reason=act.reason,
        contact=act.contact,
        mark_genuine=act.mark_genuine,
    )
