"""What lies in the outbox: messages for the receiver, and reminders for ourselves.

Invariants: a message keeps its id over all attempts, and the receiver counts each id once; a reminder never leaves the
process; times are whole microseconds since 1970 UTC, like those of the journal.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Topic = Literal[
    "clearance.changed", "customer.notice", "campaign.limited", "recheck", "audit.checkpoint", "case.notice"
]

RECHECK: Final = "recheck"
"""A reminder to look at a clearance again when its time has come; its body is the decision's id."""


class OutboxMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing to be told, or to be looked at, not before ``due_at``.

    ``body`` of a webhook is the JSON that is signed and sent, byte for byte, at every attempt.
    """

    message_id: str
    topic: Topic
    body: bytes
    created_at: int
    due_at: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A message with its place in the order of writing and the number of attempts that failed."""

    seq: int
    message: OutboxMessage
    attempts: int


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """Webhooks that nobody has acknowledged yet; ``failed`` of them were tried before. Zero seconds when none waits."""

    waiting: int
    failed: int
    oldest_seconds: int
