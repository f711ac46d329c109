"""How an agency's accepted report becomes an indicator, and how it ends.

Invariants: both happen inside the act of whoever accepted or ended it; an officer's word is a claim like any other, so
the allow list and services still win; nothing here looks anything up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from thinktwice.watchlist.statements import NOTE_CHANGE
from thinktwice.watchlist.store import as_text

Handling = Literal["warn", "silent"]

INSERT_REPORTED: Final = """
INSERT INTO indicator (match_key, memo, address, kind, disposition, confidence, source, label, reference, place,
    listed_at, expires_at, known_from, known_until, is_agency_reported, import_id)
VALUES (?, NULL, ?, 'scam', ?, ?, ?, NULL, ?, NULL, ?, ?, ?, NULL, 1, NULL)
"""
END_REPORTED: Final = """
UPDATE indicator SET known_until = ?
WHERE source = ? AND reference = ? AND is_agency_reported = 1 AND known_until IS NULL
RETURNING match_key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What is listed: ``source`` names the agency, ``reference`` the report; no officer and no reason."""

    report_id: str
    source: str
    address: str
    match_keys: tuple[str, ...]
    handling: Handling
    reported_at: datetime
    expires_at: datetime
    confidence: int = 80


def list_reported(connection: sqlite3.Connection, reported: Reported, now: datetime) -> None:
    """List an accepted report; the next snapshot of every process holds it."""
    at = as_text(now)
    for key in reported.match_keys:
        connection.execute(
            INSERT_REPORTED,
            (
                key, reported.address, reported.handling, reported.confidence, reported.source, reported.report_id,
                reported.reported_at.date().isoformat(), as_text(reported.expires_at), at,
            ),
        )  # fmt: skip
        connection.execute(NOTE_CHANGE, (key, at))


def end_reported(connection: sqlite3.Connection, source: str, report_id: str, now: datetime) -> Sequence[str]:
    """End what a report listed and return the keys it had."""
    at = as_text(now)
    keys = [row[0] for row in connection.execute(END_REPORTED, (at, source, report_id)).fetchall()]
    for key in keys:
        connection.execute(NOTE_CHANGE, (key, at))
    return keys
