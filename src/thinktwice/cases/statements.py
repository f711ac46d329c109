"""Every statement that cases run, each with its purpose in its name."""

from __future__ import annotations

from typing import Final

REQUEST_COLUMNS: Final = (
    "id, number, agency_id, kind, author, stands, form_sealed, recipient, identity_sealed, revision, created_at, "
    "submitted_at, decide_by, decided_at, refusal"
)
SELECT_REQUEST: Final = f"SELECT {REQUEST_COLUMNS} FROM case_request WHERE id = ?"  # noqa: S608  (columns are a constant)
SELECT_OWN_REQUEST: Final = f"SELECT {REQUEST_COLUMNS} FROM case_request WHERE id = ? AND agency_id = ?"  # noqa: S608  (columns are a constant)
SELECT_OF_AGENCY: Final = f"""
SELECT {REQUEST_COLUMNS} FROM case_request WHERE agency_id = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?
"""  # noqa: S608  (columns are a constant)
SELECT_BY_STATE: Final = f"""
SELECT {REQUEST_COLUMNS} FROM case_request WHERE state = ? ORDER BY decide_by, created_at, id LIMIT ?
"""  # noqa: S608  (columns are a constant)
SELECT_OVERDUE: Final = (
    "SELECT id FROM case_request WHERE expires_at <= ? AND ended_at IS NULL ORDER BY expires_at LIMIT ?"
)
NEXT_NUMBER: Final = "SELECT coalesce(max(number), 0) + 1 FROM case_request WHERE agency_id = ?"
INSERT_REQUEST: Final = """
INSERT INTO case_request (id, number, agency_id, kind, author, state, stands, form_sealed, recipient, identity_sealed,
                          revision, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
"""
SAVE_FORM: Final = "UPDATE case_request SET form_sealed = ?, revision = revision + 1 WHERE id = ? AND revision = ?"
SET_STANDS: Final = """
UPDATE case_request SET state = ?, stands = ?, expires_at = ?, refusal = coalesce(?, refusal),
       submitted_at = coalesce(submitted_at, ?), decide_by = coalesce(?, decide_by),
       decided_at = coalesce(decided_at, ?), ended_at = ?
WHERE id = ?
"""
INSERT_STEP: Final = """
INSERT INTO case_step (case_id, step, side, person, at, state, is_private, note_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
SELECT_STEPS: Final = """
SELECT seq, step, side, person, at, state, is_private, note_sealed FROM case_step
WHERE case_id = ? AND is_private <= ? ORDER BY seq
"""
INSERT_MESSAGE: Final = """
INSERT INTO case_message (id, case_id, side, person, is_private, at, body_sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SELECT_MESSAGES: Final = """
SELECT id, side, person, is_private, at, body_sealed FROM case_message
WHERE case_id = ? AND is_private <= ? ORDER BY rowid
"""
INSERT_FILE: Final = """
INSERT INTO case_file (id, case_id, purpose, side, person, is_private, at, name_sealed, type, size, sha256, verdict)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
FILE_COLUMNS: Final = "id, purpose, side, person, is_private, at, name_sealed, type, size, sha256, verdict"
SELECT_FILES: Final = f"""
SELECT {FILE_COLUMNS} FROM case_file WHERE case_id = ? AND is_private <= ? AND removed_at IS NULL ORDER BY rowid
"""  # noqa: S608  (columns are a constant)
SELECT_INFECTED: Final = "SELECT 1 FROM case_file WHERE id = ? AND case_id = ? AND verdict = 'infected'"
INSERT_DOWNLOAD: Final = """
INSERT INTO case_download (id, file_id, person, session_id, token_hash, made_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SELECT_DOWNLOAD: Final = """
SELECT d.id, f.case_id, f.id FROM case_download d JOIN case_file f ON f.id = d.file_id
WHERE d.token_hash = ? AND d.person = ? AND d.session_id = ? AND d.used_at IS NULL AND d.expires_at > ?
AND f.removed_at IS NULL
"""
USE_DOWNLOAD: Final = "UPDATE case_download SET used_at = ? WHERE id = ? AND used_at IS NULL"
INSERT_IDENTIFIER: Final = "INSERT OR IGNORE INTO case_identifier (case_id, blind) VALUES (?, ?)"
INSERT_CONSENT: Final = """
INSERT INTO case_consent (case_id, person, at) VALUES (?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET person = excluded.person, at = excluded.at, ended_at = NULL
"""
END_CONSENT: Final = "UPDATE case_consent SET ended_at = ? WHERE case_id = ? AND ended_at IS NULL"
INSERT_NOTICE: Final = "INSERT INTO case_notice (id, case_id, kind, recipient_sealed, made_at) VALUES (?, ?, ?, ?, ?)"
SELECT_UNTOLD: Final = """
SELECT id, case_id, kind, recipient_sealed, made_at FROM case_notice WHERE told_at IS NULL ORDER BY made_at LIMIT ?
"""
SET_TOLD: Final = "UPDATE case_notice SET told_at = ? WHERE id = ? AND told_at IS NULL"
COUNT_BY_KIND: Final = """
SELECT agency_id, kind, state, refusal, submitted_at, decided_at, json_extract(stands, '$.measure_until') IS NOT NULL
FROM case_request WHERE submitted_at IS NOT NULL ORDER BY submitted_at, id
"""
