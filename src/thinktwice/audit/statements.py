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
