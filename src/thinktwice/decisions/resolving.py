"""What an act of staff does to a hold: the only way in which one ends early.

Invariants: a hold ends early only by two acts of two people with two keys, the first of them with a recorded contact
that was made while the hold stood; nothing executes then: the next attempt is screened afresh, down to a deliberate
confirmation and not below (ADR 4). One person may stop a withdrawal, and the hold stays.
"""

from __future__ import annotations

from datetime import datetime

from thinktwice.errors import InputError, SecondPersonError, StateError
from thinktwice.records.decision import Decision
from thinktwice.records.resolution import ResolutionAct, ResolutionStatus
from thinktwice.signals.memory import remember_genuine, remember_release
from thinktwice.signals.state import CustomerHold, CustomerState, ReleaseProposal, micros


def resolve(act: ResolutionAct, decision: Decision, state: CustomerState, now: datetime) -> ResolutionStatus:
    """Apply one act to the customer's state and return what came of it.

    Raises:
        InputError: a release without a recorded contact that was made while the hold stood.
        SecondPersonError: the same person, or the same key, came twice.
        StateError: there is nothing to resolve, or somebody else was the first of two already.
    """
    at = micros(now)
    holds = state.holds_at(decision.match_key, at)
    if act.resolution == "cancel":
        return _cancel(decision, state, at)
    if decision.action == "block":
        raise StateError("a blocked destination is not resolved here; see the watchlist")
    if not holds:
        raise StateError("no hold stands between this customer and this destination")
    if act.resolution == "keep":
        for hold in holds:
            hold.proposal = None
        return "kept"
    first = state.proposal_at(decision.match_key, at)
    if first is None:
        _check_contact(act, holds, at)
        for hold in holds:
            hold.proposal = ReleaseProposal(act.act_id, act.key_id, act.actor, at, act.mark_genuine)
        return "awaiting_second"
    _check_second(act, first)
    remember_release(state, decision.match_key, at)
    if first.is_genuine and act.mark_genuine:
        remember_genuine(state, decision.destination_key)
    return "released"


def proposed_by(decision: Decision, state: CustomerState, now: datetime) -> str | None:
    """Return the id of the first act that waits for its second, or None."""
    first = state.proposal_at(decision.match_key, micros(now))
    return None if first is None else first.act_id


def _cancel(decision: Decision, state: CustomerState, at: int) -> ResolutionStatus:
    past = state.withdrawal(decision.withdrawal_id)
    if past is None or past.decision_id != decision.decision_id or past.completed_at:
        raise StateError("this attempt no longer waits: it was completed, or another took its place")
    past.cancelled_at = past.cancelled_at or at
    return "cancelled"


def _check_contact(act: ResolutionAct, holds: list[CustomerHold], at: int) -> None:
    if act.contact is None:
        raise InputError.of(
            "a release needs a recorded contact with the customer on a way that the session cannot have changed",
            field="contact",
        )
    if not max(hold.started_at for hold in holds) <= micros(act.contact.at) <= at:
        raise InputError.of("the contact was made while the hold stood, not before and not later", field="contact.at")


def _check_second(act: ResolutionAct, first: ReleaseProposal) -> None:
    if first.key_id == act.key_id or _folded(first.actor) == _folded(act.actor):
        raise SecondPersonError("a release needs a second person with a key of their own")
    if act.is_first:
        raise StateError("somebody else has proposed an early end already; read it, then agree to it or keep the hold")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
