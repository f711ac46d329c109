"""What a customer asked of us on the page of a hold, and which appeals are still without an answer.

Invariants: a press on the page is an appeal as much as one that support notes; however often somebody asks before the
answer it is one appeal, which began with the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

import msgspec

from thinktwice.journal.seam import JournalReader
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent

About = Literal["appeal", "call_me"]
_ABOUT: Final = frozenset({"appeal", "call_me"})
_event: Final = msgspec.json.Decoder(AlertEvent)


@dataclass(frozen=True, slots=True)
class Wish:
    """The customer asked that a person look at it again (*appeal*), or call."""

    about: About
    at: datetime


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal and its answer, as long as there is none: None."""

    since: datetime
    answered_at: datetime | None


def wishes_of(reader: JournalReader, decision: Decision) -> tuple[Wish, ...]:
    """Return what the customer asked on the page of a decision, oldest first, by when it was recorded.

    Raises:
        UnavailableError: the journal cannot be read.
    """
    if decision.alert is None:
        return ()
    found = []
    for record in reader.alert_events(decision.alert.alert_id):
        about = _event.decode(record.body).detail.get("about") if record.event_type == "help" else None
        if about in _ABOUT:
            found.append(Wish(cast("About", about), record.recorded_at))
    return tuple(found)


def appeals_of(asked: Iterable[datetime], answered: Iterable[datetime]) -> tuple[Appeal, ...]:
    """Return every appeal, oldest first."""
    told = sorted([*((at, False) for at in asked), *((at, True) for at in answered)])
    found: list[Appeal] = []
    since: datetime | None = None
    for at, is_answer in told:
        if not is_answer:
            since = since or at
        elif since is not None:
            found.append(Appeal(since, at))
            since = None
    return tuple(found) if since is None else (*found, Appeal(since, None))
