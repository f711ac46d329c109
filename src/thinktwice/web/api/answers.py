"""The shapes of what the API answers, for its description and for the encoding of the slower calls.

Invariant: nothing in ``Answer`` may be unfit for a browser (DESIGN section 5): no campaign id, no reason, no signal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from thinktwice.records.clearance import EventStatus
from thinktwice.records.vocabulary import Action, HoldReason, Rung
from thinktwice.web.edge.problems import Problem, ProblemFault


class AlertLink(msgspec.Struct, frozen=True):
    """How the customer's browser reaches the alert."""

    id: str
    url: Annotated[str, Meta(description="The hosted page; holds the token, so it must not be logged.")]
    token: Annotated[str, Meta(description="For the custom element: Authorization: Bearer.")]
    locale: Annotated[str, Meta(description="The language of the words chosen (BCP 47).")]
    expires_at: datetime


class HoldNotice(msgspec.Struct, frozen=True):
    """What the customer may know of a hold."""

    until: Annotated[datetime | None, Meta(description="Null: until staff resolve it.")]
    reason_class: HoldReason
    appeal_url: str | None


class Answer(msgspec.Struct, frozen=True):
    """What ThinkTwice answers to a withdrawal; all of it may reach a browser."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    action: Action
    intervention: Rung | None
    alert: AlertLink | None
    hold: HoldNotice | None


class BatchItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Exactly one of the two: the decision of one withdrawal, or why there is none."""

    decision: Answer | None = None
    problem: Problem | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """One item for each withdrawal of the batch, in order."""

    results: tuple[BatchItem, ...]


class EncodedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ``BatchItem`` whose decision is already JSON."""

    decision: msgspec.Raw | None = None
    problem: Problem | None = None


class EventAnswer(msgspec.Struct, frozen=True):
    """What became of one event; anything but ``recorded`` and ``duplicate`` was not recorded."""

    event_id: str | None
    status: EventStatus
    faults: tuple[ProblemFault, ...] = ()


class EventsAnswer(msgspec.Struct, frozen=True):
    """One item for each event, in order."""

    results: tuple[EventAnswer, ...]


class Health(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"]


class Readiness(msgspec.Struct, frozen=True):
    """Whether decisions can be made, and the state of each part."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, str]


class StaffDecision(msgspec.Struct, frozen=True):
    """The staff record of a decision; never shown to a customer."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    action: Action
    explanation: Annotated[dict[str, Any], Meta(description="Everything needed to derive the decision again.")]
