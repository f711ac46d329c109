"""The life of one release of a campaign, as a table.

Invariants: pure; what is not in the table is refused with the reason; nothing leaves ``ended`` or ``withdrawn``, so a
release that was stopped never comes back by itself: whoever wants it again submits it again and has it approved again.
A release that is in force shows its partners only as long as their approval stands: an officer who withdraws takes the
badge away at the next render, but does not silence the operator's own warning (a stolen police mailbox must not be
able to leave customers unwarned; DESIGN rules 5, 8 and 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from thinktwice.errors import Phrase, StateError, joined

State = Literal["draft", "in_review", "approved", "live", "shadow", "paused", "ended", "withdrawn"]
Step = Literal[
    "submit",
    "send_back",
    "take_back",
    "complete",
    "go_live",
    "go_shadow",
    "resume",
    "resume_shadow",
    "pause",
    "end",
    "withdraw",
    "partner_withdraw",
]
"""What can happen to a release.

``send_back`` is an approver, ``take_back`` an author; ``complete``: the last approval arrived; ``go_live`` and
``go_shadow`` begin; ``resume`` and ``resume_shadow`` go on after a pause, as what it was; ``withdraw`` is an approver
of the operator, ``partner_withdraw`` a partner's officer.
"""

STATES: Final[tuple[State, ...]] = get_args(State)
STEPS: Final[tuple[Step, ...]] = get_args(Step)

IN_FORCE: Final[frozenset[State]] = frozenset({"live", "shadow"})
"""States in which a release decides; in ``shadow`` it decides and records, and answers ``proceed``."""

UNDER_WAY: Final[frozenset[State]] = IN_FORCE | {"paused"}
"""States of what began and is not over; at most one release of a campaign is in one of them."""

WAITING: Final[frozenset[State]] = frozenset({"in_review", "approved"})
"""States of what was submitted and has not begun."""

OVER: Final[frozenset[State]] = frozenset({"ended", "withdrawn"})

TABLE: Final[Mapping[tuple[State, Step], State]] = MappingProxyType(
    {
        ("draft", "submit"): "in_review",
        ("in_review", "send_back"): "draft",
        ("in_review", "take_back"): "draft",
        ("in_review", "complete"): "approved",
        ("in_review", "withdraw"): "withdrawn",
        ("in_review", "partner_withdraw"): "withdrawn",
        ("approved", "take_back"): "draft",
        ("approved", "go_live"): "live",
        ("approved", "go_shadow"): "shadow",
        ("approved", "withdraw"): "withdrawn",
        ("approved", "partner_withdraw"): "withdrawn",
        ("live", "pause"): "paused",
        ("live", "end"): "ended",
        ("live", "withdraw"): "withdrawn",
        ("live", "partner_withdraw"): "live",
        ("shadow", "go_live"): "live",
        ("shadow", "pause"): "paused",
        ("shadow", "end"): "ended",
        ("shadow", "withdraw"): "withdrawn",
        ("shadow", "partner_withdraw"): "shadow",
        ("paused", "go_live"): "live",
        ("paused", "go_shadow"): "shadow",
        ("paused", "resume"): "live",
        ("paused", "resume_shadow"): "shadow",
        ("paused", "end"): "ended",
        ("paused", "withdraw"): "withdrawn",
        ("paused", "partner_withdraw"): "paused",
    }
)
"""State before, what happens, state after."""

_SAID: Final[Mapping[Step, str]] = {
    "submit": Phrase("submitted for review"),
    "send_back": Phrase("sent back"),
    "take_back": Phrase("taken back by its authors"),
    "complete": Phrase("approved"),
    "go_live": Phrase("made live"),
    "go_shadow": Phrase("run as a shadow"),
    "resume": Phrase("resumed"),
    "resume_shadow": Phrase("resumed as a shadow"),
    "pause": Phrase("paused"),
    "end": Phrase("stopped"),
    "withdraw": Phrase("withdrawn"),
    "partner_withdraw": Phrase("withdrawn by a partner"),
}


def after(state: State, step: Step) -> State:
    """Return the state after a step.

    Raises:
        StateError: the table has no such step from this state; the message says which there are.
    """
    found = TABLE.get((state, step))
    if found is None:
        possible = [_SAID[one] for one in steps_from(state)]
        rest = Phrase("it can be %(steps)s", steps=joined(possible, ", ")) if possible else Phrase("nothing can follow")
        raise StateError(
            Phrase(
                "a release that is %(state)s cannot be %(step)s; %(rest)s",
                state=said(state),
                step=_SAID[step],
                rest=rest,
            )
        )
    return found


def steps_from(state: State) -> tuple[Step, ...]:
    """Return what can happen in a state, in the order of ``STEPS``."""
    return tuple(step for step in STEPS if (state, step) in TABLE)


def said(state: State) -> Phrase:
    """Return a state as words."""
    return Phrase(state.replace("_", " "))


def read_state(text: str) -> State:
    """Return a stored state.

    Raises:
        StateError: no release of ours was ever stored in it.
    """
    for state in STATES:
        if state == text:
            return state
    raise StateError(Phrase("%(text)s is no state of a release", text=repr(text)))
