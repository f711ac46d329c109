"""Whether a decided withdrawal may execute: the only authority before money leaves.

Invariants: derived from what is recorded, never from what a browser says alone; whatever stands against the
withdrawal now wins over what was decided then (a hold, a listing that came since, a newer attempt, a change); an
answer lapses 24 hours after the decision.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from thinktwice.records.clearance import Clearance
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import ClearanceStatus, Disposition
from thinktwice.signals.state import CustomerState, PastWithdrawal, micros, moment

LIFE: Final = timedelta(hours=24)


def clear(decision: Decision, state: CustomerState, disposition: Disposition | None, now: datetime) -> Clearance:
    """Return the clearance of one decision.

    ``disposition`` is what the watchlist says of the destination now, None where it says nothing.
    """
    at = micros(now)
    past = state.withdrawal(decision.withdrawal_id)
    hold = state.hold_at(decision.match_key, at)
    if decision.action == "block" or disposition == "block":
        return _no("blocked")
    if past is None or past.attempt > decision.attempt or past.cancelled_at or past.reported_at:
        return _no("cancelled" if past is not None else "expired")
    if hold is not None:
        until = moment(hold.until) if hold.until else None
        return _no("referred" if hold.rung == "refer" else "held", until)
    lapses_at = decision.decided_at + LIFE
    if _is_stale(decision, past, disposition) or now >= lapses_at:
        return _no("expired")
    if decision.action == "alert" and not past.continued_at:
        return _no("open", lapses_at)
    return Clearance(is_cleared=True, status="cleared", until=lapses_at)


def _is_stale(decision: Decision, past: PastWithdrawal, disposition: Disposition | None) -> bool:
    """Tell whether the withdrawal has to be screened again.

    So it is when it was changed or has left already, when a hold has ended (nothing executes by itself, rule 5), and
    when the destination has become known-bad since it was let through.
    """
    if past.changed_at or past.completed_at or decision.action in ("hold", "refer"):
        return True
    return disposition == "warn" and not decision.explanation.is_known_bad


def _no(status: ClearanceStatus, until: datetime | None = None) -> Clearance:
    return Clearance(is_cleared=False, status=status, until=until)
