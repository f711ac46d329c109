"""The chain of acts, its checkpoints, and the long work.

Invariants: an entry of the chain is never changed or removed, which triggers enforce as a second lock; what could say
something about a person is a salted commitment whose salt lies in a table of its own, so that erasing the salt leaves
the chain whole. Whoever may write the file may drop the triggers: that is what checkpoints outside are for.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, event

from thinktwice.storage.control_metadata import CONTROL

AUDIT_CHAIN = Table(
    "audit_chain",
    CONTROL,
    Column("chain_id", Text, primary_key=True, nullable=False),
    Column("begun_at", Text, nullable=False),
    sqlite_strict=True,
)
"""Which chain this is: one row, written with the first entry. Its hash is the ``previous`` of that entry."""

AUDIT_ENTRY = Table(
    "audit_entry",
    CONTROL,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("before_hash", Text),
    Column("after_hash", Text),
    Column("details", Text, nullable=False),
    Column("commitments", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_entry_by_act", "act"),
    Index("audit_entry_by_actor", "actor_kind", "actor_id"),
    Index("audit_entry_by_object", "object_kind", "object_id"),
    sqlite_strict=True,
)
"""One act; ``details`` and ``commitments`` are canonical JSON objects, hashes are hexadecimal SHA-256."""

AUDIT_SALT = Table(
    "audit_salt",
    CONTROL,
    Column("seq", Integer, ForeignKey("audit_entry.seq"), primary_key=True, nullable=False),
    Column("label", Text, primary_key=True, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""What opens a commitment; erasing it makes the commitment a random number.

The one table of the chain that may lose rows.
"""

AUDIT_CHECKPOINT = Table(
    "audit_checkpoint",
    CONTROL,
    Column("number", Integer, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("filed_at", Text),
    Column("sent_at", Text),
    sqlite_strict=True,
)
"""A signed statement how long the chain was and how it ended, and whether the witnesses outside have it yet."""

JOB = Table(
    "job",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("task", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", Text),
    Column("ended_at", Text),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("lease", Text),
    Column("lease_until", Text),
    Column("cancel_asked_at", Text),
    Column("result", Text),
    Column("error", Text),
    Index("job_by_key", "task", "idempotency_key", unique=True),
    Index("job_by_state", "state", "due_at"),
    Index("job_by_asked_at", "asked_at"),
    sqlite_strict=True,
)
"""One piece of long work: what was asked, by whom, how far it is, how it ended."""

_NEVER: Final = "CREATE TRIGGER {name} BEFORE {what} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{why}'); END"
_FOLLOWS: Final = "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_entry) "

TRIGGERS: Final = tuple(
    (table, _NEVER.format(name=name, what=what, table=table.name, when=when, why=why))
    for table, name, what, when, why in (
        (AUDIT_ENTRY, "audit_entry_never_changes", "UPDATE", "", "an entry of the audit chain is never changed"),
        (AUDIT_ENTRY, "audit_entry_never_leaves", "DELETE", "", "an entry of the audit chain is never removed"),
        (AUDIT_ENTRY, "audit_entry_follows", "INSERT", _FOLLOWS, "an entry of the audit chain follows the last one"),
        (AUDIT_CHAIN, "audit_chain_never_changes", "UPDATE", "", "the audit chain keeps its name"),
        (AUDIT_CHAIN, "audit_chain_never_leaves", "DELETE", "", "the audit chain keeps its name"),
        (AUDIT_CHECKPOINT, "audit_checkpoint_never_leaves", "DELETE", "", "a checkpoint is never removed"),
    )
)
"""The second lock, each with its table. ``REPLACE`` cannot pass either: the third refuses a number that exists."""

for _table, _statement in TRIGGERS:
    event.listen(_table, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]  # sqlalchemy leaves it so
