"""What staff note and decide about withdrawals that wait.

Invariants: words about customers are in envelopes under the ``master`` key; an act on a hold is asked for here and done
by the one process that writes the journal; rows are only ever added; an asked act gets its answer once, a hand-off its
acknowledgement.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from thinktwice.storage.control_metadata import CONTROL

INTERVENTION_NOTE = Table(
    "intervention_note",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("outcome", Text),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("told_at", Text),
    Index("intervention_note_by_decision", "decision_id", "at"),
    Index("intervention_note_by_kind", "kind", "at"),
    sqlite_strict=True,
)
"""Taken, a contact attempt, answers, a disposition, an appeal, a hand-off: who, when, what came of it.

``told_at`` is when the other team's system acknowledged a hand-off.
"""

RESOLUTION_ASKED = Table(
    "resolution_asked",
    CONTROL,
    Column("act_id", Text, primary_key=True, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("request_sealed", LargeBinary, nullable=False),
    Column("answered_at", Text),
    Column("status", Text),
    Column("problem", Text),
    Index("resolution_asked_by_decision", "decision_id", "asked_at"),
    Index("resolution_asked_open", "answered_at", "asked_at"),
    sqlite_strict=True,
)
"""An act of staff on a hold, on its way to the deciding process; ``status`` or ``problem`` is what came of it."""
