"""How states change: the only functions that write them.

Invariants: each function is total (it never raises on a well-formed record) and idempotent for one record; entries
that no window reads any more are dropped whenever a state is written, so rows stay small.
"""

from __future__ import annotations

from typing import Final

from thinktwice.records.decision import Decision, Hold
from thinktwice.records.vocabulary import Rung
from thinktwice.records.withdrawal import Destination, Withdrawal
from thinktwice.signals.across import SATURATION
from thinktwice.signals.state import (
    DAY,
    CustomerHold,
    CustomerState,
    DestinationState,
    DestinationTrigger,
    KnownAddress,
    KnownDestination,
    OpenAlert,
    PastWithdrawal,
    Report,
    Trigger,
    Visit,
    micros,
)

NEWEST_PAYERS: Final = 100
OPEN_ALERT_MEMORY: Final = 7 * DAY
_MEMORY: Final = 90 * DAY
_TRIGGER_MEMORY: Final = 90 * DAY
_HOLD_MEMORY: Final = 30 * DAY


def remember_decision(state: CustomerState, withdrawal: Withdrawal, decision: Decision, *, is_lookalike: bool) -> None:
    """Enter a withdrawal that was started, its trigger and its hold.

    An earlier attempt with which money left stays for its money; the withdrawal was started once, by its latest.
    """
    now = micros(decision.decided_at)
    destination = withdrawal.destination
    known = state.destination(destination.key)
    if known is None:
        known = KnownDestination(destination.key, destination.match_key, destination.family, destination.address, now)
        state.destinations.append(known)
    known.is_lookalike = is_lookalike
    replaced = (withdrawal.withdrawal_id, withdrawal.replaces)
    state.withdrawals = [
        past
        for past in state.withdrawals
        if now - max(past.started_at, past.completed_at) < _MEMORY
        and (past.withdrawal_id not in replaced or past.completed_at)
    ]
    state.withdrawals.append(
        PastWithdrawal(
            withdrawal.withdrawal_id,
            withdrawal.attempt,
            decision.decision_id,
            destination.key,
            destination.match_key,
            withdrawal.fiat_amount,
            now,
        )
    )
    for withdrawal_id in replaced:
        if withdrawal_id is not None:
            _mark_latest(state, withdrawal_id)
    explanation = decision.explanation
    if explanation.is_trigger:
        state.triggers = [trigger for trigger in state.triggers if now - trigger.at < _TRIGGER_MEMORY]
        state.triggers.append(Trigger(explanation.experiment or "", destination.match_key, now))
    if decision.action == "alert" and decision.intervention is not None:
        open_alert = OpenAlert(destination.match_key, decision.intervention, withdrawal.fiat_amount, now)
        state.open_alerts = [one for one in state.open_alerts if now - one.at < OPEN_ALERT_MEMORY]
        state.open_alerts.append(open_alert)
    standing = state.hold_at(destination.match_key, now)
    rung = decision.intervention
    if (
        decision.hold is not None
        and rung is not None
        and (standing is None or standing.rung != rung or standing.reason_class != decision.hold.reason_class)
    ):
        _enter_hold(state, destination.match_key, decision.decision_id, rung, decision.hold, now)


def remember_raised(state: CustomerState, decision: Decision, rung: Rung, hold: Hold, now: int) -> None:
    """Enter that the customer's answers raised the rung of a decision to one that waits."""
    standing = state.hold_at(decision.match_key, now)
    if standing is None or standing.rung != rung:
        _enter_hold(state, decision.match_key, decision.decision_id, rung, hold, now)


def _enter_hold(state: CustomerState, match_key: str, decision_id: str, rung: Rung, hold: Hold, now: int) -> None:
    state.holds = [old for old in state.holds if old.stands_at(now) or now - _end_of(old) < _HOLD_MEMORY]
    until = 0 if hold.until is None else micros(hold.until)
    state.holds.append(CustomerHold(match_key, decision_id, rung, now, until, hold.reason_class, hold.appeal))


def _end_of(hold: CustomerHold) -> int:
    return hold.released_at or hold.until


def remember_continued(state: CustomerState, past: PastWithdrawal, now: int) -> None:
    """Enter that the customer went on deliberately; alerts about no more money at that destination are settled."""
    past.continued_at = past.continued_at or now
    state.open_alerts = [
        one
        for one in state.open_alerts
        if one.match_key != past.match_key or one.fiat_amount > past.fiat_amount or one.at > past.continued_at
    ]


def remember_release(state: CustomerState, match_key: str, now: int) -> None:
    """Enter that two people ended every hold that stands at the destination, after they had spoken with the customer.

    Alerts left open there are settled too; the destination keeps its deliberate confirmation like after a served hold.
    """
    for hold in state.holds_at(match_key, now):
        hold.released_at = now
        hold.proposal = None
    state.open_alerts = [one for one in state.open_alerts if one.match_key != match_key]


def remember_genuine(state: CustomerState, key: str) -> None:
    """Enter staff's word that this destination is the customer's own business."""
    known = state.destination(key)
    if known is not None:
        known.is_genuine = True


def remember_visit(state: DestinationState, customer_ref: str, now: int, *, is_trigger: bool) -> None:
    """Enter that a customer started a withdrawal to the destination; the newest 1,000 customers are kept."""
    week = now - 7 * DAY
    state.visits = [visit for visit in state.visits if visit.at > week and visit.customer != customer_ref]
    state.visits.append(Visit(customer_ref, now))
    # One more than the saturation, because the deciding customer is among them and does not count.
    del state.visits[: -(SATURATION + 1)]
    if is_trigger:
        state.triggers = [trigger for trigger in state.triggers if trigger.at > week]
        state.triggers.append(DestinationTrigger(customer_ref, now))
        del state.triggers[: -(2 * SATURATION)]


def remember_completion(state: CustomerState, decision: Decision, destination: Destination, now: int) -> None:
    """Enter that the money left."""
    known = state.destination(destination.key)
    if known is None:
        known = KnownDestination(destination.key, destination.match_key, destination.family, destination.address, now)
        state.destinations.append(known)
    known.completed_at = known.completed_at or now
    past = _paid_attempt(state, decision, destination)
    past.completed_at = past.completed_at or now


def _paid_attempt(state: CustomerState, decision: Decision, destination: Destination) -> PastWithdrawal:
    """Return the entry of the attempt with which the money left, entering it where it is not there any more."""
    decided_at, place = micros(decision.decided_at), len(state.withdrawals)
    for index, past in enumerate(state.withdrawals):
        if past.withdrawal_id == decision.withdrawal_id:
            if past.decision_id == decision.decision_id:
                return past
            if (past.started_at, past.attempt) > (decided_at, decision.attempt):
                place = min(place, index)
    paid = PastWithdrawal(
        decision.withdrawal_id,
        decision.attempt,
        decision.decision_id,
        destination.key,
        destination.match_key,
        decision.facts.fiat_amount,
        decided_at,
    )
    state.withdrawals.insert(place, paid)
    _mark_latest(state, decision.withdrawal_id)
    return paid


def _mark_latest(state: CustomerState, withdrawal_id: str) -> None:
    """Let only the newest attempt that is kept count as a start: a withdrawal is started once."""
    newest: PastWithdrawal | None = None
    for past in state.withdrawals:
        if past.withdrawal_id == withdrawal_id:
            if newest is not None:
                newest.is_earlier = True
            newest = past
    if newest is not None:
        newest.is_earlier = False


def remember_deposit(state: CustomerState, payer: Destination, now: int) -> None:
    """Enter an address that paid the customer; the newest 100 are kept, each with its first time."""
    earlier = next((known for known in state.received if known.match_key == payer.match_key), None)
    first = earlier.known_at if earlier is not None else now
    state.received = [known for known in state.received if known.match_key != payer.match_key]
    state.received.append(KnownAddress(payer.match_key, payer.family, payer.address, first))
    del state.received[:-NEWEST_PAYERS]


def remember_saved(state: CustomerState, saved: Destination, now: int) -> None:
    """Enter an address the customer saved; the first time counts."""
    if all(known.match_key != saved.match_key for known in state.saved):
        state.saved.append(KnownAddress(saved.match_key, saved.family, saved.address, now))


def remember_report(state: CustomerState, decision: Decision, now: int) -> None:
    """Enter that a withdrawal of this customer was reported as a scam."""
    state.last_reported_at = max(state.last_reported_at, now)
    for known in state.destinations:
        if known.match_key == decision.match_key:
            known.is_reported = True
    past = state.withdrawal(decision.withdrawal_id)
    if past is not None:
        past.reported_at = past.reported_at or now


def remember_destination_report(state: DestinationState, withdrawal_id: str, now: int) -> None:
    """Enter a report at the destination; a withdrawal counts once."""
    state.reports = [report for report in state.reports if now - report.at < 30 * DAY]
    if all(report.withdrawal_id != withdrawal_id for report in state.reports):
        state.reports.append(Report(withdrawal_id, now))
        del state.reports[: -(SATURATION + 1)]
