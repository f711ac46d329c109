"""What a choice on the page does to the withdrawal that the page is about.

Invariants: to go on bears on the page's own attempt alone; to stop bears on what is open now, be it another attempt or
a withdrawal that took its place, because whoever stops on an older page means the money; what has left cannot be
stopped, and nothing is entered that would say so.
"""

from __future__ import annotations

from typing import Final

from thinktwice.errors import ConflictError
from thinktwice.records.decision import Decision
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.memory import remember_continued
from thinktwice.signals.state import CustomerState

MOST_REPLACED: Final = 100
"""Withdrawals in a row, each in the place of the one before, of which the last still knows the first. A page lives for
a day at most, so more than these are no customer's doing, and a row in memory stays small."""


def replaced_by(state: CustomerState, withdrawal: Withdrawal) -> tuple[str, ...]:
    """Return the withdrawals in whose place this one comes, as they are known before it is entered."""
    names = [withdrawal.withdrawal_id, *([withdrawal.replaces] if withdrawal.replaces else [])]
    earlier = [past.replaced for name in names if (past := state.withdrawal(name)) is not None]
    found = dict.fromkeys([*(name for chain in earlier for name in chain), *names[1:]])
    return tuple(name for name in found if name != withdrawal.withdrawal_id)[-MOST_REPLACED:]


def remember_replaced(state: CustomerState, withdrawal: Withdrawal, replaced: tuple[str, ...]) -> None:
    """Enter in whose place a withdrawal came, after it was entered itself."""
    latest = state.withdrawal(withdrawal.withdrawal_id)
    if latest is not None:
        latest.replaced = replaced


def remember_choice(state: CustomerState, decision: Decision, choice: str, now: int) -> bool:
    """Enter a choice; return whether it changed anything. A choice to stop stands, whatever comes after it.

    Raises:
        ConflictError: to go on, after a stop.
    """
    if choice == "cancelled":
        return _stop(state, decision, now)
    past = state.withdrawal(decision.withdrawal_id)
    if past is None or past.attempt != decision.attempt:
        return False
    if choice == "changed":
        past.changed_at = past.changed_at or now
    elif choice == "continued":
        if past.cancelled_at or past.reported_at or past.changed_at:
            raise ConflictError("this withdrawal was stopped; start a new one")
        remember_continued(state, past, now)
    return True


def stop_as_reported(state: CustomerState, decision: Decision, now: int) -> None:
    """Let a report reach what is open now; that the withdrawal itself was reported is entered already."""
    latest = state.latest_of(decision.withdrawal_id)
    if latest is not None:
        latest.reported_at = latest.reported_at or now


def _stop(state: CustomerState, decision: Decision, now: int) -> bool:
    latest = state.latest_of(decision.withdrawal_id)
    if latest is None or latest.completed_at:
        return False
    latest.cancelled_at = latest.cancelled_at or now
    return True
