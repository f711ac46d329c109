"""What is answered while the service is away, and what is told afterwards.

Invariants: the answer is at least the tier's, at least what was answered before for the same attempt, at least what the
service last said of this attempt or of this customer's money to this destination, and ``hold`` where nothing can be
known or recorded; an answer that lets money go is recorded first.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice_client.errors import StoreError
from thinktwice_client.generic_alert import generic_alert
from thinktwice_client.records import AwayReason, Clearance, ClearanceStatus, Decision
from thinktwice_client.store import Queued, Store
from thinktwice_client.tiers import STRENGTH, Answer, Tiers, strongest
from thinktwice_client.withdrawals import Asked, encoded

CLEARED: Final = "cleared"
"""The answer that a ``decision.fallback`` event tells when money was let go without the service."""

_STATUS: Final[dict[str, ClearanceStatus]] = {"alert": "open", "hold": "held", "refer": "referred", "block": "blocked"}
_HELD_ACTIONS: Final = frozenset({"hold", "refer", "block"})
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """Answers from tiers and store alone; may be used from any thread."""

    tiers: Tiers
    store: Store

    def decision(self, asked: Asked, away: AwayReason, now: datetime) -> Decision:
        """Return the answer for a withdrawal; ``now`` is when it is given, by the service's clock as far as known."""
        name, tier = self.tiers.of(asked.plain)
        answer, is_known_hold, is_recorded = tier.answer, False, True
        try:
            floor = self.store.floor_of(asked.keys)
            before = [given for given in STRENGTH if self.store.has_event(event_id_of(asked, given))]
            answer, is_known_hold = strongest(tier.answer, *before, floor), floor == "hold"
            self.store.put([fallback_event(asked, answer, now)])
        except StoreError as error:
            # Two faults at once: whether there is a hold is not known, so the money stays.
            _log.error("no service (%s) and no local store (%s): holding", away, error)
            answer, is_recorded = "hold", False
        return Decision(
            withdrawal_id=asked.withdrawal_id,
            attempt=asked.attempt,
            action=answer,
            source="fallback",
            tier=name,
            generic_alert=generic_alert(asked.locale) if answer == "alert" else None,
            away=away,
            is_known_hold=is_known_hold,
            is_recorded=is_recorded,
            withdrawal=asked.plain,
        )

    def unrecorded(self, asked: Asked, away: AwayReason) -> Decision:
        """Return the answer for when the store does not answer in time.

        What it was asked to record may still be recorded later, so the service may be told of a weaker answer than
        this one; never of a stronger.
        """
        return Decision(
            withdrawal_id=asked.withdrawal_id,
            attempt=asked.attempt,
            action="hold",
            source="fallback",
            tier=self.tiers.of(asked.plain)[0],
            away=away,
            is_recorded=False,
            withdrawal=asked.plain,
        )

    def clearance(self, asked: Asked, decision: Decision, away: AwayReason, now: datetime) -> Clearance:
        """Return whether money may leave without the service: only ``proceed``, only where the tier says so.

        Never where the service last said anything else, whatever decision is brought.
        """
        status: ClearanceStatus = _STATUS.get(decision.action, "away")
        try:
            floor = self.store.floor_of(asked.keys)
            if floor == "hold" and decision.action not in _HELD_ACTIONS:
                status = "held"
            elif floor == "alert" and decision.action == "proceed":
                status = "open"
            elif decision.action == "proceed" and self.tiers.of(asked.plain)[1].is_clearing:
                self.store.put([fallback_event(asked, CLEARED, now)])
                status = CLEARED
        except StoreError as error:
            _log.error("no service (%s) and no local store (%s): not cleared", away, error)
            status = "away"
        return Clearance(is_cleared=status == CLEARED, status=status, source="fallback", decision=decision, away=away)


def event_id_of(asked: Asked, answer: Answer | str) -> str:
    """Return the id of the event that tells one answer; the same again for the same answer, so it counts once."""
    key = json.dumps([asked.withdrawal_id, asked.attempt, answer]).encode("utf-8")
    return f"fallback-{hashlib.sha256(key).hexdigest()[:32]}"


def fallback_event(asked: Asked, answer: Answer | str, now: datetime) -> Queued:
    """Return the event that tells what was answered."""
    event_id = event_id_of(asked, answer)
    event = {
        "event_id": event_id,
        "type": "decision.fallback",
        "occurred_at": now,
        "withdrawal": asked.plain,
        "answer": answer,
    }
    return Queued(event_id, encoded(event).decode("utf-8"))
