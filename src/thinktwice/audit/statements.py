"""Every statement about the tables of the chain, by name."""

from __future__ import annotations

from typing import Final

BEGINNING: Final = "SELECT chain_id, begun_at FROM audit_chain"
"""Which chain is this?"""

BEGIN_CHAIN: Final = "INSERT INTO audit_chain (chain_id, begun_at) VALUES (?, ?)"
"""Begin it; only with its first entry."""

LAST: Final = "SELECT seq, at, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"
"""What does the next entry follow?"""

INSERT: Final = """
INSERT INTO audit_entry (seq, at, actor_kind, actor_id, act, object_kind, object_id, outcome, before_hash, after_hash,
                         details, commitments, previous_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
"""Write one entry."""

INSERT_SALT: Final = "INSERT INTO audit_salt (seq, label, salt) VALUES (?, ?, ?)"
"""Keep what opens one commitment."""

COLUMNS: Final = """seq, at, actor_kind, actor_id, act, object_kind, object_id, outcome, before_hash, after_hash,
details, commitments, previous_hash, hash"""
"""An entry as a row, with its hash last."""

ENTRIES_AFTER: Final = f"SELECT {COLUMNS} FROM audit_entry WHERE seq > ? ORDER BY seq"  # noqa: S608 - constants
"""The chain from an entry on, in order."""

ENTRY: Final = f"SELECT {COLUMNS} FROM audit_entry WHERE seq = ?"  # noqa: S608 - constants
"""One entry."""

FOUND: Final = f"""
SELECT {COLUMNS} FROM audit_entry
WHERE seq < :before AND (:act IS NULL OR act = :act OR act LIKE :act || '.%')
AND (:actor_kind IS NULL OR actor_kind = :actor_kind) AND (:actor_id IS NULL OR actor_id = :actor_id)
AND (:object_kind IS NULL OR object_kind = :object_kind) AND (:object_id IS NULL OR object_id = :object_id)
AND (:outcome IS NULL OR outcome = :outcome) AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY seq DESC LIMIT :limit"""  # noqa: S608 - constants
"""Entries by what they say, newest first."""

ACTS: Final = "SELECT DISTINCT act FROM audit_entry ORDER BY act"
"""Which acts were ever done?"""

SALTS: Final = "SELECT s.seq, s.label, s.salt, e.commitments FROM audit_salt s LEFT JOIN audit_entry e ON e.seq = s.seq"
"""Every salt that is left, with the commitments of its entry."""

SALT: Final = "SELECT salt FROM audit_salt WHERE seq = ? AND label = ?"
"""What opens one commitment, unless it was erased."""

ERASE_SALTS: Final = """
DELETE FROM audit_salt WHERE seq IN (SELECT seq FROM audit_entry WHERE object_kind = ? AND object_id = ?)"""
"""Make every commitment about one object a random number."""

LAST_CHECKPOINT: Final = "SELECT document, made_at FROM audit_checkpoint ORDER BY number DESC LIMIT 1"
"""What was signed last?"""

INSERT_CHECKPOINT: Final = """
INSERT INTO audit_checkpoint (number, entries, document, made_at, attempts, due_at) VALUES (?, ?, ?, ?, 0, ?)"""
"""Keep a checkpoint until, and after, the witnesses have it."""

CHECKPOINTS: Final = """
SELECT number, entries, document, made_at, filed_at, sent_at FROM audit_checkpoint ORDER BY number DESC LIMIT ?"""
"""The newest checkpoints and who has them."""

UNWITNESSED: Final = """
SELECT number, document, filed_at, sent_at, attempts FROM audit_checkpoint
WHERE due_at <= ? AND ((? AND filed_at IS NULL) OR (? AND sent_at IS NULL)) ORDER BY number LIMIT 100"""
"""What has a witness not been told yet, oldest first?"""

FILED: Final = "UPDATE audit_checkpoint SET filed_at = ? WHERE number = ? AND filed_at IS NULL"
SENT: Final = "UPDATE audit_checkpoint SET sent_at = ? WHERE number = ? AND sent_at IS NULL"
POSTPONE: Final = "UPDATE audit_checkpoint SET attempts = attempts + 1, due_at = ? WHERE number = ?"
