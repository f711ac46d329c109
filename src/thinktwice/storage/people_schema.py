"""Accounts, credentials, sessions and invitations of staff and officers.

Invariants: e-mail addresses, names and secrets of apps are stored in envelopes under the ``master`` key and found by
blind indexes; passwords, links, sessions and recovery codes are stored as hashes only; rows get an end, they are never
deleted. ``guess`` and ``used_challenge`` are counters, not records: what no longer says anything is removed.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from thinktwice.storage.control_metadata import CONTROL

ACCOUNT = Table(
    "account",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("realm", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("email_sealed", LargeBinary, nullable=False),
    Column("email_index", LargeBinary, nullable=False),
    Column("roles", Text, nullable=False),
    Column("agency_id", Text),
    Column("must_have_passkey", Integer, nullable=False),
    Column("password_hash", Text),
    Column("created_at", Text, nullable=False),
    Column("activated_at", Text),
    Column("access_expires_at", Text),
    Column("ended_at", Text),
    Column("language", Text),
    Index("account_by_email", "realm", "email_index", unique=True, sqlite_where=text("ended_at IS NULL")),
    sqlite_strict=True,
)
"""A person in one realm; ``state`` is invited, active, suspended or ended, ``roles`` are separated by spaces."""

INVITATION = Table(
    "invitation",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Column("withdrawn_at", Text),
    Index("invitation_by_account", "account_id"),
    sqlite_strict=True,
)
"""A link that lets its holder set up one account, once; ``kind`` is invitation or reset."""

TOTP_APP = Table(
    "totp_app",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("confirmed_at", Text),
    Column("last_step", Integer),
    Column("ended_at", Text),
    Index("totp_app_by_account", "account_id"),
    sqlite_strict=True,
)
"""An app that shows codes; ``last_step`` is the newest step accepted, so that no code is accepted twice."""

PASSKEY = Table(
    "passkey",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("cose_key", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("transports", Text, nullable=False),
    Column("is_synced", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("used_at", Text),
    Column("ended_at", Text),
    Index("passkey_by_account", "account_id"),
    sqlite_strict=True,
)
"""A passkey; ``public_key`` is its DER SubjectPublicKeyInfo, which is all that offline verification needs."""

RECOVERY_CODE = Table(
    "recovery_code",
    CONTROL,
    Column("code_hash", LargeBinary, primary_key=True, nullable=False),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("created_at", Text, nullable=False),
    Column("used_at", Text),
    Column("ended_at", Text),
    Index("recovery_code_by_account", "account_id"),
    sqlite_strict=True,
)
"""A code that replaces the second factor once."""

ACCOUNT_SUBJECT = Table(
    "account_subject",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("realm", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject_index", LargeBinary, nullable=False),
    Column("subject_sealed", LargeBinary, nullable=False),
    Column("linked_at", Text, nullable=False),
    Column("ended_at", Text),
    Index(
        "account_by_subject",
        "realm",
        "issuer",
        "subject_index",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
    ),
    sqlite_strict=True,
)
"""Whom an identity provider (OIDC) calls by which name; sealed to be re-indexed when the master key changes."""

SESSION = Table(
    "session",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("realm", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("second_factor_at", Text),
    Column("source_index", LargeBinary, nullable=False),
    Column("place_sealed", LargeBinary, nullable=False),
    Column("ended_at", Text),
    Column("end_reason", Text),
    Index("session_by_account", "account_id", "opened_at"),
    sqlite_strict=True,
)
"""One browser of one person; ``stage`` is enrolment, second_factor or open, and only open opens anything."""

USED_CHALLENGE = Table(
    "used_challenge",
    CONTROL,
    Column("digest", LargeBinary, primary_key=True, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index("used_challenge_by_expiry", "expires_at"),
    sqlite_strict=True,
)
"""What was answered once and must not be again; kept until it would be refused as too old."""

GUESS = Table(
    "guess",
    CONTROL,
    Column("subject", LargeBinary, primary_key=True, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failed_at", Text, nullable=False),
    Column("free_at", Text, nullable=False),
    Index("guess_by_time", "failed_at"),
    sqlite_strict=True,
)
"""How often in a row somebody was wrong about one account or from one source, and from when on they may try again."""
