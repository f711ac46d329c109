"""Every statement of the index that staff search, each with its purpose in its name."""

from __future__ import annotations

from typing import Final

CREATE: Final = """
CREATE TABLE decision (
    seq INTEGER PRIMARY KEY, decision_id TEXT NOT NULL, withdrawal_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    destination_key TEXT NOT NULL, action TEXT NOT NULL, campaign TEXT, arm TEXT, recorded_at INTEGER NOT NULL,
    customer_ref TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_withdrawal ON decision (withdrawal_id, recorded_at);
CREATE INDEX decision_by_destination ON decision (destination_key, recorded_at);
CREATE INDEX decision_by_customer ON decision (customer_ref, recorded_at);
CREATE INDEX decision_by_campaign ON decision (campaign, recorded_at) WHERE campaign IS NOT NULL;
CREATE INDEX decision_by_action ON decision (action, recorded_at);
CREATE INDEX decision_by_time ON decision (recorded_at);
CREATE TABLE waiting (
    decision_id TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL, customer_ref TEXT NOT NULL, match_key TEXT NOT NULL,
    recorded_at INTEGER NOT NULL, until INTEGER NOT NULL, hold TEXT NOT NULL, released_at INTEGER
) STRICT;
CREATE INDEX waiting_by_place ON waiting (customer_ref, match_key, seq);
CREATE INDEX waiting_by_hold ON waiting (hold, seq);
CREATE INDEX waiting_by_time ON waiting (recorded_at);
CREATE INDEX waiting_by_end ON waiting (until) WHERE released_at IS NULL;
CREATE TABLE wish (seq INTEGER PRIMARY KEY, decision_id TEXT NOT NULL, about TEXT NOT NULL,
    recorded_at INTEGER NOT NULL) STRICT;
CREATE INDEX wish_by_decision ON wish (decision_id);
CREATE INDEX wish_by_time ON wish (recorded_at);
CREATE TABLE act (seq INTEGER PRIMARY KEY, decision_id TEXT NOT NULL, customer_ref TEXT NOT NULL,
    match_key TEXT NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
CREATE INDEX act_by_time ON act (recorded_at);
CREATE INDEX act_by_decision ON act (decision_id);
CREATE TABLE hour_count (hour INTEGER NOT NULL, what TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (hour, what)) STRICT, WITHOUT ROWID;
CREATE TABLE place (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL) STRICT;
INSERT INTO place VALUES (1, 0);
"""
SELECT_NEW: Final = """
SELECT seq, kind, record_id, recorded_at, withdrawal_id, attempt, destination_key, event_type, action, campaign, arm,
       is_test, CASE WHEN kind = 'resolution' OR (kind = 'decision' AND action IN ('hold', 'refer'))
                     OR (kind = 'alert_event' AND event_type IN ('answered', 'help')) THEN body END,
       alert_id, customer_ref
FROM record WHERE seq > ? ORDER BY seq LIMIT ?
"""
SELECT_BY_ALERT: Final = "SELECT record_id FROM record WHERE kind = 'decision' AND alert_id = ?"
INSERT_DECISION: Final = "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_WAITING: Final = """
INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (decision_id) DO UPDATE
SET seq = excluded.seq, until = max(until, excluded.until), released_at = NULL
"""
SELECT_STANDING_HOLD: Final = """
SELECT hold FROM waiting WHERE customer_ref = ? AND match_key = ? AND released_at IS NULL AND until > ?
ORDER BY seq DESC LIMIT 1
"""
"""Which hold does a withdrawal meet at a moment?"""

SET_RELEASED: Final = """
UPDATE waiting SET released_at = ?
WHERE customer_ref = ? AND match_key = ? AND released_at IS NULL AND until > ?
"""
INSERT_WISH: Final = "INSERT INTO wish VALUES (?, ?, ?, ?)"
INSERT_ACT: Final = "INSERT INTO act VALUES (?, ?, ?, ?, ?)"
ADD_COUNT: Final = """
INSERT INTO hour_count VALUES (?, ?, ?) ON CONFLICT (hour, what) DO UPDATE SET number = number + excluded.number
"""
SET_PLACE: Final = "UPDATE place SET seq = ? WHERE only = 1"
SELECT_PLACE: Final = "SELECT seq FROM place"
SELECT_LAST: Final = "SELECT coalesce(max(seq), 0) FROM record"
SELECT_WAITING: Final = """
SELECT decision_id, hold, max(seq) FROM waiting INDEXED BY waiting_by_end WHERE released_at IS NULL AND until > ?
GROUP BY customer_ref, match_key ORDER BY 3 DESC
"""
"""What can still stand: the newest attempt that met each hold."""

SELECT_BEGAN: Final = "SELECT DISTINCT customer_ref FROM waiting INDEXED BY waiting_by_time WHERE recorded_at >= ?"
"""Who met a hold since?"""

SELECT_HOLDS: Final = """
SELECT decision_id, hold, customer_ref, match_key, released_at FROM waiting
WHERE decision_id IN (SELECT value FROM json_each(?))
"""
SELECT_MET: Final = """
SELECT decision_id, hold FROM waiting WHERE hold IN (SELECT value FROM json_each(?)) ORDER BY seq DESC
"""
SELECT_WISHES: Final = """
SELECT decision_id, about, recorded_at FROM wish
WHERE decision_id IN (SELECT value FROM json_each(?)) ORDER BY seq
"""
SELECT_APPEALS: Final = "SELECT decision_id, recorded_at FROM wish WHERE recorded_at >= ? AND about = 'appeal'"
SELECT_ACTS: Final = "SELECT customer_ref, match_key, recorded_at FROM act WHERE recorded_at >= ? ORDER BY recorded_at"
SELECT_ACTS_ABOUT: Final = """
SELECT seq FROM act WHERE decision_id IN (SELECT value FROM json_each(?)) ORDER BY seq
"""
SELECT_HOURS: Final = "SELECT hour, what, number FROM hour_count WHERE hour >= ? AND hour < ? ORDER BY hour, what"
COUNT_CUSTOMERS: Final = """
SELECT count(DISTINCT customer_ref) FROM decision
WHERE (destination_key = ? OR (destination_key >= ? || '#' AND destination_key < ? || '$')) AND recorded_at >= ?
"""
"""How many customers paid, or wanted to pay, to an address, with whatever memo?"""
SELECT_CUSTOMERS: Final = COUNT_CUSTOMERS.replace("count(DISTINCT customer_ref)", "DISTINCT customer_ref")
"""Who were they?"""

SELECT_WARNED: Final = SELECT_CUSTOMERS + " AND recorded_at < ? AND action != 'proceed'"
"""Who of them saw a warning, or more, in a span of time?"""

SELECT_NEWEST: Final = "SELECT decision_id FROM decision ORDER BY seq DESC LIMIT ?"
COUNT_TRIGGERS: Final = """
SELECT campaign, count(*) FROM decision INDEXED BY decision_by_time WHERE recorded_at >= ? AND campaign IS NOT NULL
GROUP BY campaign
"""
"""How often each campaign has fired since; it costs what was decided since, however long the journal is."""
