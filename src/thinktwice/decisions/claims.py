"""What a browser's claim about an alert is worth, and the facts that the server adds when it is recorded.

Invariants: details that only the server may write are taken out of every claim; going on from *ask* needs every
question answered, and is closed while something holds or while somebody else may share the screen; what answers raise
is entered as a hold on (customer, destination), so every later attempt inherits it (DESIGN rule 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from thinktwice.contacts.budget import keeps_line
from thinktwice.decisions.clearance import is_outdone
from thinktwice.decisions.ladder import raised_by
from thinktwice.errors import ConflictError
from thinktwice.records.alert import Choice, OpenAlert
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.decision import AlertReference, Decision, Hold
from thinktwice.records.event import AlertEvent
from thinktwice.records.questionnaire import CONTACT, answers_in, next_question
from thinktwice.records.vocabulary import RUNGS, Rung
from thinktwice.signals.memory import remember_raised
from thinktwice.signals.state import CustomerState, micros

RAISED_TO: Final = "raised_to"
UNTIL: Final = "until"
_OURS: Final = frozenset({RAISED_TO, UNTIL})
_RAISED: Final[dict[str, Rung]] = {"hold": "hold", "refer": "refer"}


def weigh(
    event: AlertEvent, decision: Decision, state: CustomerState, policies: Sequence[CampaignPolicy], now: datetime
) -> AlertEvent:
    """Return the claim as it is recorded, after entering what it raises.

    Raises:
        ConflictError: going on is not open.
    """
    if _OURS & event.detail.keys():
        event = replace(event, detail={name: text for name, text in event.detail.items() if name not in _OURS})
    if event.type == "continued":
        _check_open(decision, state, now)
    if event.type != "answered" or not is_asking(decision):
        return event
    answers = answers_in(event.detail)
    past = state.withdrawal(decision.withdrawal_id)
    if past is not None and past.decision_id == decision.decision_id and next_question(answers) is None:
        past.answered_at = past.answered_at or micros(now)
    explanation = decision.explanation
    is_served = explanation.circumstances.is_hold_served
    rung = raised_by(answers, explanation.signals, is_hold_served=is_served) if answers else None
    if rung is None:
        return event
    hold = _hold_of(rung, decision, policies, now)
    remember_raised(state, decision, rung, hold, micros(now))
    facts = {RAISED_TO: rung} | ({UNTIL: hold.until.isoformat()} if hold.until else {})
    return replace(event, detail=event.detail | facts)


def is_asking(decision: Decision) -> bool:
    """Whether the decision put questions to the customer."""
    return decision.action == "alert" and decision.intervention == "ask"


def must_end_sharing(decision: Decision) -> bool:
    """Whether somebody else was seen on the customer's device, to whom no question is shown."""
    return is_asking(decision) and decision.explanation.signals.get("is_remote_access") is True


def opened(decision: Decision, reference: AlertReference, past: Sequence[AlertEvent]) -> OpenAlert:
    """Return the customer's side of a decision and of what has happened to its alert."""
    types = [event.type for event in past]
    answered = [event.detail for event in past if event.type == "answered"]
    raised = [detail for detail in answered if detail.get(RAISED_TO) in _RAISED]
    answers = {name: answer for detail in answered for name, answer in answers_in(detail).items()}
    contact = next((detail[CONTACT] for detail in answered if CONTACT in detail), None)
    if contact is not None:
        answers[CONTACT] = contact
    found = OpenAlert(
        decision_id=decision.decision_id,
        reference=reference,
        facts=decision.facts,
        intervention=decision.intervention,
        action=decision.action,
        hold=decision.hold,
        decided_at=decision.decided_at,
        answers=answers,
        asked_for=frozenset(event.detail.get("about", "") for event in past if event.type == "help"),
        report=next((event.detail for event in past if event.type == "reported"), {}),
        must_end_sharing=must_end_sharing(decision),
        choice=_choice_of(types),
        event_types=frozenset(types),
        keeps_first_line=keeps_line(reference.alert_id, is_known_bad=decision.explanation.is_known_bad),
    )
    if not raised:
        return found
    strongest = max(raised, key=lambda detail: RUNGS.index(_RAISED[detail[RAISED_TO]]))
    rung = _RAISED[strongest[RAISED_TO]]
    until = datetime.fromisoformat(strongest[UNTIL]) if UNTIL in strongest else None
    hold = Hold(until=until, reason_class="customer_protection")
    return replace(found, action="refer" if rung == "refer" else "hold", intervention=rung, hold=hold)


def _check_open(decision: Decision, state: CustomerState, now: datetime) -> None:
    if decision.action in ("hold", "refer", "block") or state.hold_at(decision.match_key, micros(now)) is not None:
        raise ConflictError("this withdrawal waits or cannot be made; nobody goes on from here")
    if is_outdone(decision, state, now):
        raise ConflictError("a stronger warning came for this destination; start again")
    if not is_asking(decision):
        return
    if must_end_sharing(decision):
        raise ConflictError("end screen sharing and start again on another device")
    past = state.withdrawal(decision.withdrawal_id)
    if past is not None and not past.answered_at:
        raise ConflictError("the questions come first; each can be left with not_sure or prefer_not_to_say")


def _hold_of(rung: Rung, decision: Decision, policies: Sequence[CampaignPolicy], now: datetime) -> Hold:
    """Return the hold that a raised rung means, under the rule of the campaign that asked."""
    rule = next((policy.hold for policy in policies if policy.id == decision.explanation.campaign), None)
    until = now + timedelta(hours=rule.hours) if rule and rung == "hold" else None
    return Hold(until=until, reason_class="customer_protection", appeal=rule.appeal if rule else None)


def _choice_of(types: Sequence[str]) -> Choice | None:
    """Return the choice that stands: to stop outweighs to go on, whichever came first."""
    order: tuple[Choice, ...] = ("reported", "cancelled", "changed", "continued")
    return next((choice for choice in order if choice in types), None)
