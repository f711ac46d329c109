"""Agencies, their requests, and what is written and filed about them.

Invariants: what an agency tells and what staff answer (forms, messages, notes, names of files) is in envelopes under
the ``master`` key; files lie encrypted beside the database; identifiers are kept as blind indexes outside the form;
rows get an end, they are never deleted.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from thinktwice.storage.control_metadata import CONTROL

AGENCY = Table(
    "agency",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("trust", Text, nullable=False),
    Column("call_back_number", Text),
    Column("call_back_source", Text),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text),
    Column("suspended_at", Text),
    sqlite_strict=True,
)
"""``state`` is applied, active, suspended, or set_aside of an application; ``call_back_number`` is one that the agency
did not give."""

AGENCY_CHECK = Table(
    "agency_check",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("note_sealed", LargeBinary, nullable=False),
    Index("agency_check_by_agency", "agency_id"),
    sqlite_strict=True,
)
"""One step of verifying an agency, by a named person: domain, call_back, vouching or document."""

CASE_REQUEST = Table(
    "case_request",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("number", Integer, nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("stands", Text, nullable=False),
    Column("form_sealed", LargeBinary, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("submitted_at", Text),
    Column("decide_by", Text),
    Column("expires_at", Text),
    Column("decided_at", Text),
    Column("ended_at", Text),
    Column("refusal", Text),
    Index("case_request_by_agency", "agency_id", "created_at"),
    Index("case_request_number", "agency_id", "number", unique=True),
    Index("case_request_by_state", "state", "decide_by"),
    sqlite_strict=True,
)
"""One request, numbered within its agency; ``stands`` is the workflow's state as JSON, files are for ``recipient``."""

CASE_STEP = Table(
    "case_step",
    CONTROL,
    Column("seq", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("case_request.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_private", Integer, nullable=False),
    Column("note_sealed", LargeBinary),
    Index("case_step_by_case", "case_id"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
"""What happened to a request, in order; both sides see what is not private."""

CASE_MESSAGE = Table(
    "case_message",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("case_id", Text, ForeignKey("case_request.id"), nullable=False),
    Column("side", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("is_private", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Index("case_message_by_case", "case_id", "at"),
    sqlite_strict=True,
)
"""What one side wrote to the other; a private one is among staff only."""

CASE_FILE = Table(
    "case_file",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("case_id", Text, ForeignKey("case_request.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("is_private", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("removed_at", Text),
    Index("case_file_by_case", "case_id", "at"),
    sqlite_strict=True,
)
"""A file of a request: attachment, instrument or production; ``verdict`` is what the malware scan said."""

CASE_DOWNLOAD = Table(
    "case_download",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("file_id", Text, ForeignKey("case_file.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Index("case_download_by_file", "file_id"),
    sqlite_strict=True,
)
"""A leave to download one file once, soon, in one session."""

CASE_IDENTIFIER = Table(
    "case_identifier",
    CONTROL,
    Column("case_id", Text, ForeignKey("case_request.id"), primary_key=True, nullable=False),
    Column("blind", LargeBinary, primary_key=True, nullable=False),
    Index("case_identifier_by_blind", "blind"),
    sqlite_strict=True,
)
"""What a submitted request asks about, as blind indexes: equal identifiers meet, nothing can be read."""

CASE_CONSENT = Table(
    "case_consent",
    CONTROL,
    Column("case_id", Text, ForeignKey("case_request.id"), primary_key=True, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("ended_at", Text),
    sqlite_strict=True,
)
"""An agency agrees that another one asking about the same may learn of it."""

CASE_NOTICE = Table(
    "case_notice",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("case_id", Text, ForeignKey("case_request.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient_sealed", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("told_at", Text),
    Index("case_notice_untold", "told_at", "made_at"),
    sqlite_strict=True,
)
"""Something to be told out of band, such as a request to the officer's supervisor; told by the operator's systems."""

AGENCY_REPORT = Table(
    "agency_report",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("officer", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("match_keys", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),
    Column("reported_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("examined_at", Text),
    Column("second_officer", Text),
    Column("decided_by", Text),
    Column("decided_at", Text),
    Index("agency_report_by_agency", "agency_id", "reported_at"),
    Index("agency_report_by_officer", "officer"),
    Index("agency_report_by_state", "state", "reported_at"),
    sqlite_strict=True,
)
"""An address that an officer reports; ``needs`` are the people still wanted, separated by spaces."""

CASE_WORDING = Table(
    "case_wording",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("case_id", Text, ForeignKey("case_request.id"), nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("digest", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Text),
    Column("withdrawn_at", Text),
    Column("told_at", Text),
    Column("told_about", Integer),
    Index("case_wording_by_case", "case_id", "at"),
    sqlite_strict=True,
)
"""Words for the customers on an agency's list; ``approved_by`` is its officer, ``told_about`` the rounded count."""

CASE_TEMPLATE = Table(
    "case_template",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("form_sealed", LargeBinary, nullable=False),
    Column("ended_at", Text),
    Index("case_template_by_agency", "agency_id", "at"),
    sqlite_strict=True,
)
"""A form that an agency's officers start from; nothing of a single case is in it."""

REPORT_FEEDBACK = Table(
    "report_feedback",
    CONTROL,
    Column("agency_id", Text, ForeignKey("agency.id"), primary_key=True, nullable=False),
    Column("week", Text, primary_key=True, nullable=False),
    Column("warned", Integer),
    Column("at", Text, nullable=False),
    sqlite_strict=True,
)
"""How many customers an agency's reports warned in the week that begins at ``week``: rounded, none when too few."""
