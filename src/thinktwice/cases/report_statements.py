"""The statements of agencies' reports, each with its purpose in its name."""

from __future__ import annotations

from typing import Final

_MOST_LISTED: Final = 500
_COLUMNS: Final = (
    "id, agency_id, officer, network, address, match_keys, handling, reported_at, expires_at, state, needs, "
    "second_officer, decided_by"
)
INSERT_REPORT: Final = """
INSERT INTO agency_report (id, agency_id, officer, network, address, match_keys, handling, reason_sealed, reported_at,
                           expires_at, state, needs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', ?)
"""
SELECT_REPORT: Final = f"SELECT {_COLUMNS} FROM agency_report WHERE id = ?"  # noqa: S608  (columns are a constant)
SELECT_OWN: Final = f"""
SELECT {_COLUMNS} FROM agency_report WHERE agency_id = ? ORDER BY reported_at DESC, id LIMIT {_MOST_LISTED}
"""  # noqa: S608  (columns are a constant)
SELECT_WAITING: Final = f"""
SELECT {_COLUMNS} FROM agency_report WHERE state = 'received' ORDER BY reported_at, id LIMIT {_MOST_LISTED}
"""  # noqa: S608  (columns are a constant)
SELECT_UNEXAMINED: Final = f"""
SELECT {_COLUMNS} FROM agency_report WHERE state = 'received' AND examined_at IS NULL ORDER BY reported_at, id LIMIT 100
"""  # noqa: S608  (columns are a constant)
SELECT_EARLIER: Final = "SELECT 1 FROM agency_report WHERE officer = ? AND state = 'accepted' LIMIT 1"
SET_NEEDS: Final = "UPDATE agency_report SET needs = ?, examined_at = coalesce(examined_at, ?) WHERE id = ?"
SET_SECOND: Final = "UPDATE agency_report SET second_officer = ?, needs = ? WHERE id = ?"
SET_DECIDED: Final = "UPDATE agency_report SET state = ?, needs = '', decided_by = ?, decided_at = ? WHERE id = ?"
SELECT_REASON: Final = "SELECT reason_sealed FROM agency_report WHERE id = ?"
SELECT_SUSPENDED: Final = "SELECT 1 FROM account WHERE id = ? AND state = 'suspended'"
