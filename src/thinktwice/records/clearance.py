"""What the operator's server is told before money leaves, and what became of the events it sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from thinktwice.errors import Fault
from thinktwice.records.vocabulary import ClearanceStatus

EventStatus = Literal["recorded", "duplicate", "conflict", "rejected", "unknown_withdrawal"]


class Clearance(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one withdrawal may execute now, and until when that answer holds."""

    is_cleared: bool
    status: ClearanceStatus
    until: datetime | None = None


class EventResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event of a batch; a rejected one says why and was not recorded."""

    event_id: str | None
    status: EventStatus
    faults: tuple[Fault, ...] = ()
