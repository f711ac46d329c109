"""What an event changes in the memory of its customer and destination.

Invariant: an event about a withdrawal that was never decided is recorded but changes nothing, because nobody knows
whose it is.
"""

from __future__ import annotations

from thinktwice.addresses.destinations import read_destination
from thinktwice.addresses.networks import NETWORKS
from thinktwice.decisions.choosing import stop_as_reported
from thinktwice.decisions.working_set import WorkingSet
from thinktwice.records.decision import Decision
from thinktwice.records.event import NotedEvent
from thinktwice.records.installation import Installation
from thinktwice.records.withdrawal import Destination
from thinktwice.signals.memory import (
    remember_completion,
    remember_deposit,
    remember_destination_report,
    remember_report,
    remember_saved,
)

SCAM_LABEL = "scam"


def destination_of(decision: Decision) -> Destination:
    """Return the destination of a decision, decoded again from what the customer typed."""
    return read_destination(NETWORKS[decision.facts.network], decision.facts.address, decision.facts.memo)


def apply_event(event: NotedEvent, working: WorkingSet, installation: Installation, now: int) -> bool:
    """Change the states that an event is about; return False when its withdrawal is not known."""
    if event.customer_ref is not None and event.destination is not None:
        _remember_address(event, working, installation, now)
        return True
    if event.withdrawal_id is None or event.attempt is None:
        return True
    decision = working.decision(event.withdrawal_id, event.attempt, is_test=event.is_test)
    if decision is None:
        return False
    if event.type in ("scam.reported", "outcome.labelled"):
        if event.label == SCAM_LABEL:
            report(decision, working, now)
        return True
    state = working.customer(decision.customer_ref)
    working.customer_changed(decision.customer_ref)
    if event.type == "withdrawal.completed":
        remember_completion(state, decision, destination_of(decision), now)
        return True
    past = state.withdrawal(decision.withdrawal_id)
    if past is not None and past.attempt == decision.attempt:
        if event.type == "withdrawal.cancelled":
            past.cancelled_at = past.cancelled_at or now
        elif event.type == "withdrawal.changed":
            past.changed_at = past.changed_at or now
    return True


def report(decision: Decision, working: WorkingSet, now: int) -> None:
    """Enter a report of a withdrawal as a scam, whoever makes it."""
    state = working.customer(decision.customer_ref)
    remember_report(state, decision, now)
    stop_as_reported(state, decision, now)
    working.customer_changed(decision.customer_ref)
    across = working.destination(decision.match_key, is_test=decision.is_test)
    remember_destination_report(across, decision.withdrawal_id, now)
    working.destination_changed(decision.match_key, is_test=decision.is_test)


def _remember_address(event: NotedEvent, working: WorkingSet, installation: Installation, now: int) -> None:
    assert event.customer_ref is not None
    assert event.destination is not None
    state = working.customer(event.customer_ref)
    if event.type == "address_book.saved":
        remember_saved(state, event.destination, now)
    elif event.fiat_amount is not None and event.fiat_amount >= installation.minimum_anchor_deposit:
        remember_deposit(state, event.destination, now)
    working.customer_changed(event.customer_ref)
