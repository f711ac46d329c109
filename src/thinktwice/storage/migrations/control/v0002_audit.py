"""The chain of acts and the long work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0002"
down_revision = "control_0001"
branch_labels = None
depends_on = None

NEVER = "CREATE TRIGGER {name} BEFORE {what} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{why}'); END"
FOLLOWS = "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_entry) "
TRIGGERS = (
    ("audit_entry", "audit_entry_never_changes", "UPDATE", "", "an entry of the audit chain is never changed"),
    ("audit_entry", "audit_entry_never_leaves", "DELETE", "", "an entry of the audit chain is never removed"),
    ("audit_entry", "audit_entry_follows", "INSERT", FOLLOWS, "an entry of the audit chain follows the last one"),
    ("audit_chain", "audit_chain_never_changes", "UPDATE", "", "the audit chain keeps its name"),
    ("audit_chain", "audit_chain_never_leaves", "DELETE", "", "the audit chain keeps its name"),
    ("audit_checkpoint", "audit_checkpoint_never_leaves", "DELETE", "", "a checkpoint is never removed"),
)


def upgrade() -> None:
    """Create the chain with its second lock, and the table of jobs."""
    _create_entries()
    _create_what_belongs_to_entries()
    _create_job()
    for table, name, what, when, why in TRIGGERS:
        op.execute(NEVER.format(table=table, name=name, what=what, when=when, why=why))


def _create_entries() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("chain_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("before_hash", sa.Text()),
        sa.Column("after_hash", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("commitments", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("audit_entry_by_act", "audit_entry", ["act"])
    op.create_index("audit_entry_by_actor", "audit_entry", ["actor_kind", "actor_id"])
    op.create_index("audit_entry_by_object", "audit_entry", ["object_kind", "object_id"])


def _create_what_belongs_to_entries() -> None:
    op.create_table(
        "audit_salt",
        sa.Column("seq", sa.Integer(), sa.ForeignKey("audit_entry.seq"), primary_key=True, nullable=False),
        sa.Column("label", sa.Text(), primary_key=True, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.Text()),
        sa.Column("sent_at", sa.Text()),
        sqlite_strict=True,
    )


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("lease", sa.Text()),
        sa.Column("lease_until", sa.Text()),
        sa.Column("cancel_asked_at", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.Column("error", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("job_by_key", "job", ["task", "idempotency_key"], unique=True)
    op.create_index("job_by_state", "job", ["state", "due_at"])
    op.create_index("job_by_asked_at", "job", ["asked_at"])
