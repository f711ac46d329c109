"""Agencies, their requests, and what is written and filed about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0006"
down_revision = "control_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of cases."""
    _create_agency()
    _create_agency_check()
    _create_case_request()
    _create_case_step()
    _create_case_message()
    _create_case_file()
    _create_case_download()
    _create_case_identifier()
    _create_case_consent()
    _create_case_notice()
    _create_agency_report()


def _create_agency() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trust", sa.Text(), nullable=False),
        sa.Column("call_back_number", sa.Text()),
        sa.Column("call_back_source", sa.Text()),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text()),
        sa.Column("suspended_at", sa.Text()),
        sqlite_strict=True,
    )


def _create_agency_check() -> None:
    op.create_table(
        "agency_check",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("agency_id", sa.Text(), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("agency_check_by_agency", "agency_check", ["agency_id"])


def _create_case_request() -> None:
    op.create_table(
        "case_request",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Text(), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stands", sa.Text(), nullable=False),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.Text()),
        sa.Column("decide_by", sa.Text()),
        sa.Column("expires_at", sa.Text()),
        sa.Column("decided_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sa.Column("refusal", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("case_request_by_agency", "case_request", ["agency_id", "created_at"])
    op.create_index("case_request_number", "case_request", ["agency_id", "number"], unique=True)
    op.create_index("case_request_by_state", "case_request", ["state", "decide_by"])


def _create_case_step() -> None:
    op.create_table(
        "case_step",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Integer(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary()),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("case_step_by_case", "case_step", ["case_id"])


def _create_case_message() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("case_message_by_case", "case_message", ["case_id", "at"])


def _create_case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("case_file_by_case", "case_file", ["case_id", "at"])


def _create_case_download() -> None:
    op.create_table(
        "case_download",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("file_id", sa.Text(), sa.ForeignKey("case_file.id"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("case_download_by_file", "case_download", ["file_id"])


def _create_case_identifier() -> None:
    op.create_table(
        "case_identifier",
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), primary_key=True, nullable=False),
        sa.Column("blind", sa.LargeBinary(), primary_key=True, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("case_identifier_by_blind", "case_identifier", ["blind"])


def _create_case_consent() -> None:
    op.create_table(
        "case_consent",
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), primary_key=True, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )


def _create_case_notice() -> None:
    op.create_table(
        "case_notice",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("case_notice_untold", "case_notice", ["told_at", "made_at"])


def _create_agency_report() -> None:
    op.create_table(
        "agency_report",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("agency_id", sa.Text(), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("match_keys", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("examined_at", sa.Text()),
        sa.Column("second_officer", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("agency_report_by_agency", "agency_report", ["agency_id", "reported_at"])
    op.create_index("agency_report_by_officer", "agency_report", ["officer"])
    op.create_index("agency_report_by_state", "agency_report", ["state", "reported_at"])
