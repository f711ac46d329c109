"""Accounts, credentials, sessions and invitations of staff and officers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0003"
down_revision = "control_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    _create_account()
    _create_invitation()
    _create_totp_app()
    _create_passkey()
    _create_recovery_code()
    _create_account_subject()
    _create_session()
    _create_used_challenge()
    _create_guess()


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text()),
        sa.Column("must_have_passkey", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.Text()),
        sa.Column("access_expires_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index(
        "account_by_email", "account", ["realm", "email_index"], unique=True, sqlite_where=sa.text("ended_at IS NULL")
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.Column("withdrawn_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("invitation_by_account", "invitation", ["account_id"])


def _create_totp_app() -> None:
    op.create_table(
        "totp_app",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.Text()),
        sa.Column("last_step", sa.Integer()),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("totp_app_by_account", "totp_app", ["account_id"])


def _create_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("cose_key", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("is_synced", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("passkey_by_account", "passkey", ["account_id"])


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("recovery_code_by_account", "recovery_code", ["account_id"])


def _create_account_subject() -> None:
    op.create_table(
        "account_subject",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index(
        "account_by_subject",
        "account_subject",
        ["realm", "issuer", "subject_index"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("second_factor_at", sa.Text()),
        sa.Column("source_index", sa.LargeBinary(), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sa.Column("end_reason", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("session_by_account", "session", ["account_id", "opened_at"])


def _create_used_challenge() -> None:
    op.create_table(
        "used_challenge",
        sa.Column("digest", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("used_challenge_by_expiry", "used_challenge", ["expires_at"])


def _create_guess() -> None:
    op.create_table(
        "guess",
        sa.Column("subject", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.Text(), nullable=False),
        sa.Column("free_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("guess_by_time", "guess", ["failed_at"])
