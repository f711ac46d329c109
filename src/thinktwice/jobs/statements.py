"""Every statement about the table ``job``, by name."""

from __future__ import annotations

from typing import Final

_COLUMNS: Final = """id, task, arguments, state, asked_at, actor_kind, actor_id, attempts, started_at, ended_at, done,
total, cancel_asked_at, result, error"""

INSERT: Final = """
INSERT INTO job (id, task, arguments, idempotency_key, state, asked_at, actor_kind, actor_id, due_at, attempts, done)
VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, 0, 0)"""

BY_KEY: Final = f"SELECT {_COLUMNS} FROM job WHERE task = ? AND idempotency_key = ?"  # noqa: S608 - constants
BY_ID: Final = f"SELECT {_COLUMNS} FROM job WHERE id = ?"  # noqa: S608 - constants
RECENT: Final = f"""
SELECT {_COLUMNS} FROM job
WHERE (:task IS NULL OR task = :task) AND (:states IS NULL OR instr(:states, state))
ORDER BY asked_at DESC, id DESC LIMIT :limit"""  # noqa: S608 - constants

NEXT: Final = f"""
SELECT {_COLUMNS} FROM job
WHERE (state = 'queued' AND due_at <= :now) OR (state = 'running' AND lease_until < :now)
ORDER BY due_at, id LIMIT 1"""  # noqa: S608 - constants
"""What is to be done now? Also what somebody began who has not been heard of since."""

CLAIM: Final = """
UPDATE job SET state = 'running', lease = ?, lease_until = ?, attempts = attempts + 1,
    started_at = coalesce(started_at, ?), done = 0, total = NULL
WHERE id = ?"""

HEARTBEAT: Final = """
UPDATE job SET lease_until = ?, done = ?, total = ? WHERE id = ? AND lease = ? AND state = 'running'
RETURNING cancel_asked_at"""
"""We are still at it. No row: it is not ours any more."""

FINISH: Final = """
UPDATE job SET state = 'done', ended_at = ?, result = ?, lease = NULL, lease_until = NULL, error = NULL,
    done = coalesce(total, done)
WHERE id = ? AND lease = ? AND state = 'running' AND cancel_asked_at IS NULL"""
"""End it in the transaction of its effect; not when somebody cancelled before."""

END: Final = """
UPDATE job SET state = ?, ended_at = ?, error = ?, lease = NULL, lease_until = NULL
WHERE id = ? AND lease IS ? AND state IN ('queued', 'running')"""
"""End it without effect: whoever holds it, or nobody while it waits."""

PUT_BACK: Final = """
UPDATE job SET state = 'queued', due_at = ?, error = ?, lease = NULL, lease_until = NULL, attempts = attempts - ?
WHERE id = ? AND lease = ? AND state = 'running'"""

ASK_TO_CANCEL: Final = (
    "UPDATE job SET cancel_asked_at = ? WHERE id = ? AND state = 'running' AND cancel_asked_at IS NULL"
)
