"""What the operator's server is told by webhook: changes of clearance, and notices for old contacts.

Invariants: a message goes into the outbox in the transaction of the act it tells of; the same status is never told
twice in a row; nothing told of a withdrawal holds a typology, a signal, a campaign or a reason (rule 7); a change
that time alone brings is found by a reminder in the same outbox. What a first answer says is not told again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from thinktwice.addresses.destinations import match_keys_for_lookup
from thinktwice.decisions.clearance import FIRST, clear
from thinktwice.decisions.events import destination_of
from thinktwice.decisions.identity import uuid7
from thinktwice.decisions.limiter import Limited
from thinktwice.decisions.screening import Screening
from thinktwice.decisions.working_set import WorkingSet
from thinktwice.outbox.message import OutboxMessage, Topic
from thinktwice.records.clearance import Clearance
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import ClearanceStatus, is_stronger
from thinktwice.signals.state import PastWithdrawal, micros

UNCHANGED: Final = timedelta(days=30)
"""Contacts as old as this are not the thief's (DESIGN section 4, *refer*)."""

_encoder: Final = msgspec.json.Encoder()


class ClearanceChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The clearance of a decision is another one now; ask for it before money leaves all the same."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    status: ClearanceStatus
    until: datetime | None
    is_test: bool


class CustomerNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the account holder, on contacts that have not changed since ``contacts_unchanged_since``, that it waits."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    contacts_unchanged_since: datetime
    is_test: bool


class CampaignLimited(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign interrupts more than was promised and drops to ``drops_to`` until staff lift the limit."""

    campaign: str
    triggers: int
    allowed: int
    within_minutes: int
    drops_to: str


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every webhook (Standard Webhooks)."""

    type: Literal["clearance.changed", "customer.notice", "campaign.limited"]
    timestamp: datetime
    data: ClearanceChanged | CustomerNotice | CampaignLimited


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells during one ask; with ``is_on`` false it only answers."""

    working: WorkingSet
    screening: Screening
    now: datetime
    is_on: bool

    def clearance_of(self, decision: Decision) -> Clearance:
        """Return whether a decided withdrawal may execute now."""
        destination = destination_of(decision)
        listing = self.screening.snapshot.find(match_keys_for_lookup(destination), destination.memo, self.now)
        state = self.working.customer(decision.customer_ref)
        return clear(decision, state, listing.disposition if listing else None, self.now)

    def started(self, decision: Decision, replaced: tuple[PastWithdrawal, ...]) -> None:
        """Tell what a new decision changes: for itself, for what it replaces, for others at its destination."""
        if not self.is_on:
            return
        for past in replaced:
            earlier = self.working.load_decision(past.decision_id)
            if earlier is not None:
                clearance = self.clearance_of(earlier)
                if clearance.status != (past.told or FIRST[earlier.action]):
                    self._tell(earlier, clearance)
        if self._outdoes(decision):
            self.destination_changed(decision)
        if decision.action in ("alert", "hold"):
            self._remind(decision, self.clearance_of(decision).until)
        state = self.working.customer(decision.customer_ref)
        hold = state.hold_at(decision.match_key, micros(self.now))
        if hold is not None and hold.decision_id == decision.decision_id:
            self.destination_changed(decision)
            if hold.reason_class == "account_security":
                self._notice(decision)

    def _outdoes(self, decision: Decision) -> bool:
        """Tell whether a new alert is stronger than one that stands open at its destination."""
        rung, state = decision.intervention, self.working.customer(decision.customer_ref)
        return decision.action == "alert" and any(
            rung is not None and one.match_key == decision.match_key and is_stronger(rung, one.rung)
            for one in state.open_alerts
        )

    def changed(self, decision: Decision) -> None:
        """Tell the clearance of a withdrawal's latest attempt if it is another than the one told last.

        What happens to an earlier attempt may bear on the latest, also on that of a withdrawal in its place: the money
        left with it, or the customer stopped on its page.
        """
        if not self.is_on:
            return
        past = self.working.customer(decision.customer_ref).latest_of(decision.withdrawal_id)
        if past is None:
            return
        is_latest = past.decision_id == decision.decision_id
        latest = decision if is_latest else self.working.load_decision(past.decision_id)
        if latest is None:
            return
        clearance = self.clearance_of(latest)
        if clearance.status == (past.told or FIRST[latest.action]):
            return
        past.told = clearance.status
        self.working.customer_changed(latest.customer_ref)
        self._tell(latest, clearance)
        self._remind(latest, clearance.until)

    def destination_changed(self, decision: Decision) -> None:
        """Tell what changed for every withdrawal of this customer to the destination of a decision."""
        if not self.is_on:
            return
        state = self.working.customer(decision.customer_ref)
        for past in list(state.withdrawals):
            if past.match_key == decision.match_key:
                other = self.working.load_decision(past.decision_id)
                if other is not None:
                    self.changed(other)

    def limited(self, limit: Limited) -> None:
        """Tell the operator that a campaign interrupts more than was promised."""
        if not self.is_on:
            return
        data = CampaignLimited(
            campaign=limit.campaign,
            triggers=limit.triggers,
            allowed=limit.allowed,
            within_minutes=limit.within_minutes,
            drops_to=limit.drops_to,
        )
        self._enqueue(
            "campaign.limited", _encoder.encode(Webhook(type="campaign.limited", timestamp=self.now, data=data))
        )

    def _tell(self, decision: Decision, clearance: Clearance) -> None:
        data = ClearanceChanged(
            decision_id=decision.decision_id,
            withdrawal_id=decision.withdrawal_id,
            attempt=decision.attempt,
            status=clearance.status,
            until=clearance.until,
            is_test=decision.is_test,
        )
        self._enqueue(
            "clearance.changed", _encoder.encode(Webhook(type="clearance.changed", timestamp=self.now, data=data))
        )

    def _notice(self, decision: Decision) -> None:
        data = CustomerNotice(
            decision_id=decision.decision_id,
            withdrawal_id=decision.withdrawal_id,
            attempt=decision.attempt,
            contacts_unchanged_since=self.now - UNCHANGED,
            is_test=decision.is_test,
        )
        self._enqueue(
            "customer.notice", _encoder.encode(Webhook(type="customer.notice", timestamp=self.now, data=data))
        )

    def _remind(self, decision: Decision, due: datetime | None) -> None:
        if due is not None:
            self._enqueue("recheck", decision.decision_id.encode(), due)

    def _enqueue(self, topic: Topic, body: bytes, due: datetime | None = None) -> None:
        at = micros(self.now)
        due_at = at if due is None else max(at, micros(due))
        self.working.enqueue(OutboxMessage(message_id=uuid7(at), topic=topic, body=body, created_at=at, due_at=due_at))
