"""The shapes of what the API answers, for its description and for the encoding of the slower calls.

Invariant: these only wrap what the decision core hands out; the answer itself is ``decisions.answer.Answer``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from thinktwice.decisions.answer import Answer
from thinktwice.records.clearance import EventStatus
from thinktwice.records.vocabulary import Action
from thinktwice.web.edge.problems import Problem, ProblemFault


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
    """What became of one event; only ``conflict`` and ``rejected`` were not recorded."""

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
    call_code: Annotated[str | None, Meta(description="What a caller of ours says first; the customer sees it.")] = None
