"""What can be asked of the decision service; each is one item of a batch and gets one answer.

``at`` stands for the recorded time when a history is replayed; None means the service's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from thinktwice.records.event import AlertEvent, NotedEvent
from thinktwice.records.resolution import ResolutionAct
from thinktwice.records.withdrawal import Withdrawal


@dataclass(frozen=True, slots=True)
class Decide:
    """Screen one attempt of one withdrawal; answered by its ``Decision``."""

    withdrawal: Withdrawal
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Record one operator event; answered by an ``EventResult``."""

    event: NotedEvent
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteAlert:
    """Record what a browser claims about an alert; answered by an ``EventResult``.

    ``delivered_at`` is when its first delivery was recorded, from which on a choice is timed; ``badge`` names the
    partners whose badge it carried and ``screen`` the screen at which it stood, as the server knows.
    """

    alert_id: str
    withdrawal_id: str
    attempt: int
    is_test: bool
    event: AlertEvent
    at: datetime | None = None
    delivered_at: datetime | None = None
    badge: tuple[str, ...] = ()
    screen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clear:
    """Say whether one decided withdrawal may execute; answered by a ``Clearance``."""

    decision_id: str
    is_test: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recheck:
    """Look at one clearance again, because its time has come; answered by a ``Clearance``, and told if it changed."""

    decision_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resolve:
    """Apply one act of staff; answered by a ``ResolutionResult``."""

    act: ResolutionAct
    at: datetime | None = None


Ask = Decide | Note | NoteAlert | Clear | Recheck | Resolve
