"""One request as it lies in the database, and what may be seen of it.

Invariant: what is private to staff never reaches an officer: the layer is chosen by the reader's side, in one place.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from thinktwice.cases import statements as sql
from thinktwice.cases.course import Side, State
from thinktwice.cases.form import RequestForm, lacking
from thinktwice.cases.kinds import Kind
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.workflow import Case
from thinktwice.errors import Fault
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import from_text

_CASE: Final = msgspec.json.Decoder(Case)
_FORM: Final = msgspec.json.Decoder(RequestForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRequest:
    """A request; ``number`` is what people call it, ``revision`` counts saved drafts."""

    id: str
    number: int
    agency_id: str
    kind: Kind
    author: str
    stands: Case
    form: RequestForm
    recipient: str
    identity_sealed: bytes
    revision: int
    created_at: datetime
    submitted_at: datetime | None
    decide_by: datetime | None
    decided_at: datetime | None
    refusal: str | None

    @property
    def state(self) -> State:
        """Where it stands in its life."""
        return self.stands.state

    def is_late(self, now: datetime) -> bool:
        """Whether the first decision is overdue."""
        return self.decided_at is None and self.decide_by is not None and now > self.decide_by


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """A step, a message or a file; ``side`` and ``person`` are who, ``text`` the note or message."""

    at: datetime
    kind: str
    side: Side
    person: str
    is_private: bool
    text: str
    name: str = ""
    file_id: str | None = None
    size: int | None = None
    sha256: str | None = None
    verdict: str | None = None


def request_of(row: tuple[Any, ...], sealing: Sealing) -> CaseRequest:
    """Return a request from a row of ``REQUEST_COLUMNS``.

    Raises:
        EnvelopeError: the form cannot be opened with this installation's keys.
    """
    form = _FORM.decode(sealing.open(row[6], f"case_request.form:{row[0]}"))
    return CaseRequest(
        id=row[0],
        number=row[1],
        agency_id=row[2],
        kind=row[3],
        author=row[4],
        stands=_CASE.decode(row[5]),
        form=form,
        recipient=row[7],
        identity_sealed=row[8],
        revision=row[9],
        created_at=datetime.fromisoformat(row[10]),
        submitted_at=from_text(row[11]),
        decide_by=from_text(row[12]),
        decided_at=from_text(row[13]),
        refusal=row[14],
    )


def lacking_in(
    connection: sqlite3.Connection, found: CaseRequest, country: str, bases: LegalBases, now: datetime
) -> tuple[Fault, ...]:
    """Return what a request lacks, files included: an instrument in which malware was found is none."""
    form = found.form
    if connection.execute(sql.SELECT_INFECTED, (form.instrument_file, found.id)).fetchone() is not None:
        form = msgspec.structs.replace(form, instrument_file="")
    return lacking(found.kind, form, country, bases, now)


def timeline_of(
    connection: sqlite3.Connection, case_id: str, sealing: Sealing, *, is_staff: bool
) -> tuple[TimelineEntry, ...]:
    """Return what a side may see of a request, in order of time.

    Raises:
        EnvelopeError: as ``request_of``.
    """
    layer = (case_id, int(is_staff))
    found: list[TimelineEntry] = []
    for _seq, step, side, person, at, state, is_private, note in connection.execute(sql.SELECT_STEPS, layer):
        text = sealing.open(note, f"case_step.note:{case_id}:{step}:{at}") if note else ""
        found.append(_entry(at, step, side, person, is_private, text, name=state))
    for message_id, side, person, is_private, at, body in connection.execute(sql.SELECT_MESSAGES, layer):
        text = sealing.open(body, f"case_message.body:{message_id}")
        found.append(_entry(at, "message", side, person, is_private, text))
    for row in connection.execute(sql.SELECT_FILES, layer):
        file_id, purpose, side, person, is_private, at, name, _type, size, sha256, verdict = row
        found.append(
            TimelineEntry(
                at=datetime.fromisoformat(at),
                kind=purpose,
                side=side,
                person=person,
                is_private=bool(is_private),
                text="",
                name=sealing.open(name, f"case_file.name:{file_id}"),
                file_id=file_id,
                size=size,
                sha256=sha256,
                verdict=verdict,
            )
        )
    return tuple(sorted(found, key=lambda entry: entry.at))


def _entry(at: str, kind: str, side: Side, person: str, is_private: int, text: str, *, name: str = "") -> TimelineEntry:
    return TimelineEntry(
        at=datetime.fromisoformat(at),
        kind=kind,
        side=side,
        person=person,
        is_private=bool(is_private),
        text=text,
        name=name,
    )
