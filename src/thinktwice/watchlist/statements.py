"""The SQL of the watchlist store, one name and one purpose each.

Invariant: a statement about a match key is identified by (source, match key, kind, memo) among those still known.
"""

from __future__ import annotations

from typing import Final

CREATE_STAGE: Final = """
DROP TABLE IF EXISTS temp.staged;
DROP TABLE IF EXISTS temp.ended;
CREATE TEMP TABLE staged (
    match_key TEXT NOT NULL, memo TEXT, address TEXT NOT NULL, kind TEXT NOT NULL, disposition TEXT NOT NULL,
    confidence INTEGER, label TEXT, reference TEXT, place TEXT, listed_at TEXT, expires_at TEXT
);
CREATE UNIQUE INDEX temp.staged_once ON staged (match_key, kind, coalesce(memo, ''));
CREATE TEMP TABLE ended (id INTEGER PRIMARY KEY);
"""
"""Where a list is collected before it touches the database."""

STAGE: Final = """
INSERT INTO temp.staged VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (match_key, kind, coalesce(memo, '')) DO UPDATE SET
    address = excluded.address, disposition = excluded.disposition, confidence = excluded.confidence,
    label = excluded.label, reference = excluded.reference, place = excluded.place, listed_at = excluded.listed_at,
    expires_at = excluded.expires_at
WHERE coalesce(excluded.confidence, 70) > coalesce(staged.confidence, 70)
"""
"""Collect one statement; among equals the first stays."""

_SAME: Final = "i.match_key = s.match_key AND i.kind = s.kind AND i.memo IS s.memo AND i.known_until IS NULL"
_EQUAL: Final = """
i.address = s.address AND i.disposition = s.disposition AND i.confidence IS s.confidence AND i.label IS s.label
AND i.reference IS s.reference AND i.listed_at IS s.listed_at AND i.expires_at IS s.expires_at
"""

FIND_REFRESHED: Final = f"""
INSERT INTO temp.ended
SELECT i.id FROM temp.staged s CROSS JOIN indicator i ON {_SAME} WHERE i.source = ? AND NOT ({_EQUAL})
"""  # noqa: S608 - constants
"""Statements of the source that now read differently."""

FIND_VANISHED: Final = f"""
INSERT INTO temp.ended
SELECT i.id FROM indicator i WHERE i.source = ? AND i.known_until IS NULL
AND NOT EXISTS (SELECT 1 FROM temp.staged s WHERE {_SAME})
"""  # noqa: S608 - constants
"""Statements of the source that its list no longer holds."""

END_FOUND: Final = "UPDATE indicator SET known_until = ? WHERE id IN (SELECT id FROM temp.ended)"

INSERT_STAGED: Final = f"""
INSERT INTO indicator (match_key, memo, address, kind, disposition, confidence, source, label, reference, place,
    listed_at, expires_at, known_from, known_until, is_agency_reported, import_id)
SELECT s.match_key, s.memo, s.address, s.kind, s.disposition, s.confidence, ?, s.label, s.reference, s.place,
    s.listed_at, s.expires_at, ?, NULL, 0, ?
FROM temp.staged s WHERE NOT EXISTS (SELECT 1 FROM indicator i WHERE {_SAME} AND i.source = ?)
ORDER BY s.rowid
"""  # noqa: S608 - constants
"""Staged statements that are not known yet, or no longer as they read."""

NOTE_CHANGES: Final = """
INSERT INTO watchlist_change (match_key, changed_at)
SELECT match_key, ? FROM (
    SELECT match_key FROM indicator WHERE id > ?
    UNION SELECT match_key FROM indicator WHERE id IN (SELECT id FROM temp.ended)
) ORDER BY match_key
"""
"""Every key touched by a merge, once."""

NOTE_CHANGE: Final = "INSERT INTO watchlist_change (match_key, changed_at) VALUES (?, ?)"

NOTE_IMPORT: Final = """
INSERT INTO indicator_import (source, format, file_name, file_sha256, kind, imported_at, actor, entries, faults)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

ALLOW: Final = """
INSERT INTO allowed_destination (match_key, memo, address, reason, author, known_from, known_until)
VALUES (?, ?, ?, ?, ?, ?, NULL)
"""

END_ALLOWANCE: Final = """
UPDATE allowed_destination SET known_until = ? WHERE match_key = ? AND memo IS ? AND known_until IS NULL
"""

DELIST: Final = """
UPDATE indicator SET known_until = ? WHERE match_key = ? AND known_until IS NULL AND (? IS NULL OR source = ?)
"""

CURRENT_ALLOWANCE: Final = """
SELECT min(id) FROM allowed_destination WHERE match_key = ? AND memo IS ? AND known_until IS NULL
"""
"""Which allowance is it that an end would end?"""

CURRENT_INDICATOR: Final = """
SELECT min(id) FROM indicator WHERE match_key = ? AND known_until IS NULL AND (? IS NULL OR source = ?)
"""
"""Which statement is the first that a delisting would end?"""

_ABOUT: Final = """
SELECT i.match_key, i.memo, i.address, i.kind, i.disposition, i.confidence, i.source, i.label, i.reference, i.place,
    i.listed_at, i.expires_at, i.known_from, i.known_until, i.is_agency_reported, m.actor, m.file_name
FROM indicator i LEFT JOIN indicator_import m ON m.id = i.import_id
"""
_ALLOWANCES: Final = """
SELECT match_key, memo, address, reason, author, known_from, known_until FROM allowed_destination
"""

ABOUT_KEY: Final = f"{_ABOUT} WHERE i.match_key = ? ORDER BY i.id"
"""Everything ever said about a key, oldest first, with who brought it."""

ALL_CURRENT: Final = f"{_ABOUT} WHERE i.known_until IS NULL ORDER BY i.id"

ALLOWANCES_OF_KEY: Final = f"{_ALLOWANCES} WHERE match_key = ? ORDER BY id"

ALL_ALLOWANCES: Final = f"{_ALLOWANCES} WHERE known_until IS NULL ORDER BY id"
