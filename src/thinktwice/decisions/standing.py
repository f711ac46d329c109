"""How an alert stands when its page is opened, which may be long after it was made.

Invariants: says what clearance would say at that moment, so page and authority never differ; nothing here lowers
protection, because a page offers no way on where clearance is not open; a withdrawal that was decided to proceed is
left as it is. What became of a wait is told in the words for it, never why staff acted. Once money has left nothing
says that it was stopped, whatever was wished before or since; a report stays a report.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from thinktwice.decisions.clearance import clear
from thinktwice.records.alert import OpenAlert, Standing
from thinktwice.records.decision import Decision, Hold
from thinktwice.records.vocabulary import Disposition
from thinktwice.signals.state import CustomerHold, CustomerState, micros, moment


def as_it_stands(
    alert: OpenAlert, decision: Decision, state: CustomerState, disposition: Disposition | None, now: datetime
) -> OpenAlert:
    """Return an opened alert as it stands at ``now``.

    ``disposition`` is what the watchlist says of the destination now, None where it says nothing.
    """
    if decision.action == "proceed":
        return alert
    left = _left_with(decision, state)
    if left is None:
        return _before_it_left(alert, decision, state, disposition, now)
    waiting = _waiting(alert, state.hold_at(decision.match_key, micros(now)))
    choice = alert.choice if alert.choice == "reported" else None
    return replace(waiting, choice=choice, standing="sent" if left == decision.decision_id else "lapsed")


def _before_it_left(
    alert: OpenAlert, decision: Decision, state: CustomerState, disposition: Disposition | None, now: datetime
) -> OpenAlert:
    match clear(decision, state, disposition, now).status:
        case "blocked":
            return replace(_undone(alert), action="block", intervention=None, hold=None)
        case "held" | "referred":
            return _waiting(alert, state.hold_at(decision.match_key, micros(now)))
        case "cancelled" if _undone(alert).choice is None:
            return replace(_undone(alert), standing=_stopped_how(decision, state))
        case "expired" if _undone(alert).choice is None:
            return replace(_undone(alert), standing=_over_how(decision, state, now))
    return alert


def _left_with(decision: Decision, state: CustomerState) -> str | None:
    """Return the decision with which this withdrawal's money has left since ``decision``, which itself comes first."""
    decided_at = micros(decision.decided_at)
    left = [
        one.decision_id
        for one in state.withdrawals
        if one.bears_on(decision.withdrawal_id) and one.completed_at >= decided_at
    ]
    return decision.decision_id if decision.decision_id in left else next(iter(left), None)


def _undone(alert: OpenAlert) -> OpenAlert:
    """Return the alert without a wish to go on, which no longer counts; a wish to stop always does."""
    return replace(alert, choice=None) if alert.choice == "continued" else alert


def _waiting(alert: OpenAlert, hold: CustomerHold | None) -> OpenAlert:
    """Return the alert behind the hold that stands, whichever attempt it came from."""
    if hold is None:
        return alert
    until = moment(hold.until) if hold.until else None
    return replace(
        _undone(alert),
        action="refer" if hold.rung == "refer" else "hold",
        intervention=hold.rung,
        hold=Hold(until=until, reason_class=hold.reason_class, appeal=hold.appeal),
    )


def _stopped_how(decision: Decision, state: CustomerState) -> Standing:
    latest = state.withdrawal(decision.withdrawal_id)
    return "ended" if latest is not None and latest.decision_id == decision.decision_id else "lapsed"


def _over_how(decision: Decision, state: CustomerState, now: datetime) -> Standing:
    """Say how a wait ended; the hold that ended last tells, since another may have been raised meanwhile."""
    past = state.withdrawal(decision.withdrawal_id)
    is_current = past is not None and past.decision_id == decision.decision_id
    at = micros(now)
    ended = [hold for hold in state.holds if hold.match_key == decision.match_key and not hold.stands_at(at)]
    since = [hold for hold in ended if (hold.released_at or hold.until) >= micros(decision.decided_at)]
    if not is_current or not since:
        return "lapsed"
    last = max(since, key=lambda hold: hold.released_at or hold.until)
    return "released" if last.released_at else "over"
