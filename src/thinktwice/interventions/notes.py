"""What staff put down about one withdrawal that waits.

Invariants: a note is never changed and never taken back; its words are sealed; dispositions, outcomes of calls and
appeals are from short lists, so that they can be counted; whether a suspicious-transaction report exists is nowhere
here (tipping-off).
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from thinktwice.audit.ledger import Act
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text, from_text

NoteKind = Literal["taken", "contact", "answers", "disposition", "appeal", "appeal_decided", "hand_off", "recall"]
NOTE_KINDS: Final[tuple[NoteKind, ...]] = get_args(NoteKind)

ContactOutcome = Literal["reached", "no_answer", "refused", "wrong_number"]
Disposition = Literal["genuine", "scam", "unsure", "unreachable"]
AppealOutcome = Literal["upheld", "rejected"]

OUTCOMES: Final[dict[NoteKind, tuple[str, ...]]] = {
    "contact": get_args(ContactOutcome),
    "disposition": get_args(Disposition),
    "appeal_decided": get_args(AppealOutcome),
}
"""Which outcomes a kind has; the others have none."""

QUESTIONS: Final = (
    "What is this withdrawal for?",
    "How would you get the money back if it went wrong?",
    "Who else knows about it?",
    "What did they say that we would say?",
)
"""The open questions of a call (CONTENT, *refer*)."""

MOST_TEXT: Final = 4_000

INSERT_NOTE: Final = """
INSERT INTO intervention_note (id, decision_id, kind, person, at, outcome, text_sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SELECT_NOTES: Final = """
SELECT id, kind, person, at, outcome, text_sealed, told_at FROM intervention_note
WHERE decision_id IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""
SELECT_TAKEN: Final = """
SELECT decision_id, person FROM intervention_note
WHERE kind = 'taken' AND decision_id IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line of an intervention's history; ``told_at`` is when the other team's system took a hand-off."""

    id: str
    kind: NoteKind
    person: str
    at: datetime
    outcome: str | None
    text: str
    told_at: datetime | None = None


def check_note(kind: str, outcome: str | None, text: str) -> None:
    """Refuse what cannot be put down.

    Raises:
        InputError: an unknown kind or outcome, or words that are missing or too many.
    """
    faults = []
    if kind not in NOTE_KINDS:
        faults.append(Fault(Phrase("is one of %(choices)s", choices=", ".join(NOTE_KINDS)), "kind"))
    else:
        outcomes = OUTCOMES.get(kind, ())
        if (outcome or None) not in (outcomes or (None,)):
            faults.append(
                Fault(
                    Phrase("is one of %(choices)s", choices=", ".join(outcomes)) if outcomes else Phrase("has none"),
                    "outcome",
                )
            )
    least = 0 if kind == "taken" else 3
    if not least <= len(text.strip()) <= MOST_TEXT:
        faults.append(Fault(Phrase("say what happened, in up to %(most)s characters", most=f"{MOST_TEXT:,}"), "text"))
    if faults:
        raise InputError(*faults)


def add_note(
    act: Act, sealing: Sealing, decision_id: str, person: str, *, kind: str, outcome: str | None, text: str
) -> str:
    """Write a checked note inside an act and return its id."""
    note_id = uuid.uuid4().hex
    sealed = sealing.seal(text.strip(), f"intervention_note.text:{note_id}")
    act.connection.execute(INSERT_NOTE, (note_id, decision_id, kind, person, as_text(act.at), outcome or None, sealed))
    act.note(kind=kind, outcome=outcome or None)
    return note_id


def read_notes(connection: sqlite3.Connection, sealing: Sealing, decision_ids: Iterable[str]) -> tuple[Note, ...]:
    """Return the notes on some decisions, oldest first."""
    rows: list[tuple[Any, ...]] = connection.execute(SELECT_NOTES, (json.dumps(tuple(decision_ids)),)).fetchall()
    return tuple(
        Note(
            id=note_id,
            kind=kind,
            person=person,
            at=datetime.fromisoformat(at),
            outcome=outcome,
            text=sealing.open(sealed, f"intervention_note.text:{note_id}"),
            told_at=from_text(told_at),
        )
        for note_id, kind, person, at, outcome, sealed, told_at in rows
    )


def taken_by(connection: sqlite3.Connection, decision_ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return who took which of some decisions, oldest first."""
    return tuple(connection.execute(SELECT_TAKEN, (json.dumps(tuple(decision_ids)),)))
