"""What a job is, and what may end it early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from thinktwice.audit.ledger import Actor
from thinktwice.errors import ThinkTwiceError

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: Final[tuple[State, ...]] = get_args(State)

StopReason = Literal["cancelled", "lost", "closing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work as it stands now.

    ``done`` of ``total`` is the progress, in whatever the task counts; ``total`` is None as long as nobody knows.
    ``error`` is for people. ``result`` is what the task said of itself.
    """

    id: str
    task: str
    arguments: Mapping[str, Any]
    state: State
    asked_at: datetime
    actor: Actor
    attempts: int
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int | None
    is_cancel_asked: bool
    result: Mapping[str, Any] | None
    error: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def fraction(self) -> float | None:
        """How far it is, 0 to 1; None when nobody knows."""
        return min(self.done / self.total, 1.0) if self.total else None


class JobStopped(ThinkTwiceError):  # noqa: N818 (no fault: somebody asked for it)
    """Ends a task before it took effect; raised to the task where it tells its progress, and where it finishes."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__({"cancelled": "was cancelled", "lost": "went on elsewhere", "closing": "is put back"}[reason])
        self.reason = reason
