"""The course that a request may take: its states, the steps between them, whose each step is, and how long it waits.

Invariants: data and nothing else; whatever is not in a table here does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, get_args

State = Literal[
    "draft",
    "submitted",
    "verifying_requester",
    "needs_information",
    "legal_review",
    "approved",
    "partly_approved",
    "refused",
    "fulfilled",
    "delivered",
    "closed",
    "withdrawn",
    "expired",
]
STATES: Final[tuple[State, ...]] = get_args(State)

Step = Literal[
    "submit",
    "take",
    "ask_more",
    "answer",
    "call_back",
    "confirm_requester",
    "approve",
    "approve_partly",
    "confirm_approval",
    "reconsider",
    "refuse",
    "fulfil",
    "deliver",
    "close",
    "withdraw",
    "lapse",
]
STEPS: Final[tuple[Step, ...]] = get_args(Step)

Side = Literal["officer", "operator", "clock"]

SIDES: Final[Mapping[Step, frozenset[Side]]] = {
    "submit": frozenset({"officer"}),
    "take": frozenset({"operator"}),
    "ask_more": frozenset({"operator"}),
    "answer": frozenset({"officer"}),
    "call_back": frozenset({"operator"}),
    "confirm_requester": frozenset({"operator"}),
    "approve": frozenset({"operator"}),
    "approve_partly": frozenset({"operator"}),
    "confirm_approval": frozenset({"operator"}),
    "reconsider": frozenset({"operator"}),
    "refuse": frozenset({"operator"}),
    "fulfil": frozenset({"operator"}),
    "deliver": frozenset({"operator"}),
    "close": frozenset({"officer", "operator"}),
    "withdraw": frozenset({"officer"}),
    "lapse": frozenset({"clock"}),
}
"""Who may take each step; which permission that needs is the surface's table."""

FROM: Final[Mapping[Step, frozenset[State]]] = {
    "submit": frozenset({"draft"}),
    "take": frozenset({"submitted"}),
    "ask_more": frozenset({"verifying_requester", "legal_review"}),
    "answer": frozenset({"needs_information"}),
    "call_back": frozenset({"verifying_requester"}),
    "confirm_requester": frozenset({"verifying_requester"}),
    "approve": frozenset({"legal_review"}),
    "approve_partly": frozenset({"legal_review"}),
    "confirm_approval": frozenset({"legal_review"}),
    "reconsider": frozenset({"legal_review", "approved", "partly_approved"}),
    "refuse": frozenset({"verifying_requester", "legal_review", "approved", "partly_approved"}),
    "fulfil": frozenset({"approved", "partly_approved"}),
    "deliver": frozenset({"fulfilled"}),
    "close": frozenset({"fulfilled", "delivered"}),
    "withdraw": frozenset(
        {
            "draft",
            "submitted",
            "verifying_requester",
            "needs_information",
            "legal_review",
            "approved",
            "partly_approved",
        }
    ),
    "lapse": frozenset(
        {
            "draft",
            "submitted",
            "verifying_requester",
            "needs_information",
            "legal_review",
            "approved",
            "partly_approved",
            "fulfilled",
        }
    ),
}
"""From which states a step may be taken."""

VERIFIED: Final[tuple[State, ...]] = ("legal_review", "approved", "partly_approved", "fulfilled", "delivered", "closed")
"""In which states it is known, and still holds, that the request is really its agency's."""

ENDED: Final[frozenset[State]] = frozenset({"refused", "closed", "withdrawn", "expired"})

WAITS: Final[Mapping[State, timedelta]] = {
    "draft": timedelta(days=30),
    "needs_information": timedelta(days=14),
    "approved": timedelta(days=30),
    "partly_approved": timedelta(days=30),
}
"""How long a request waits in a state for its side before it expires; an approval that nobody used is none any more."""
