"""Which withdrawals wait for a person, read from the journal as it stands.

Invariants: reads only; what is listed is what clearance would hold or refer at this moment, so that queue and authority
never differ; one line for each hold on (customer, destination), however many attempts met it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from thinktwice.interventions.appeals import Wish, wishes_of
from thinktwice.journal.finder import FOR_A_PAGE, Finder
from thinktwice.journal.seam import JournalReader
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import HoldReason, Rung
from thinktwice.signals.state import CustomerHold, CustomerState, moment, unpack_customer

REFER_WITHIN: Final = timedelta(hours=4)
"""The service target for speaking with a customer who is referred, or whose hold has no end."""

HOLD_WITHIN: Final = timedelta(hours=24)
"""The service target for speaking with a customer who is held; its end, where that is earlier."""


def due_at(started_at: datetime, until: datetime | None) -> datetime:
    """Return by when a person should have acted."""
    return started_at + REFER_WITHIN if until is None else min(until, started_at + HOLD_WITHIN)


_decision: Final = msgspec.json.Decoder(Decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One hold or referral that stands.

    ``due_at`` is by when a person should have acted; ``proposed_by`` is the first of two who would end it early.
    """

    decision: Decision
    rung: Rung
    reason_class: HoldReason
    started_at: datetime
    until: datetime | None
    due_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None

    @property
    def risk(self) -> int:
        """How urgent it is beside others due at the same time: 3 the most."""
        signals = self.decision.explanation.signals
        is_bad = self.decision.explanation.is_known_bad or signals.get("has_prior_scam_report") is True
        return 1 + bool(is_bad) + (self.rung == "refer")

    def is_late(self, now: datetime) -> bool:
        """Whether the service target has passed."""
        return now > self.due_at


class WaitingList:
    """The queue, over one journal and its index."""

    def __init__(self, reader: JournalReader, finder: Finder, clock: Callable[[], datetime]) -> None:
        self._reader = reader
        self._finder = finder
        self._clock = clock

    def behind(self) -> int:
        """Return how many records were not looked through yet; among them may be holds that are not listed."""
        return self._finder.behind()

    def all(self) -> tuple[Waiting, ...]:
        """Return what waits: the most urgent first, and of equals the riskiest.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        self._finder.follow(FOR_A_PAGE)
        found: dict[tuple[str, str], Waiting] = {}
        states: dict[str, CustomerState] = {}
        for decision in self._decisions():
            key = (decision.customer_ref, decision.match_key)
            if key in found:
                continue
            waiting = self._waiting(decision, states)
            if waiting is not None:
                found[key] = waiting
        return tuple(sorted(found.values(), key=lambda one: (one.due_at, -one.risk)))

    def find(self, decision_id: str) -> tuple[Decision, Waiting | None] | None:
        """Return a decision and the hold that stands against it, or None for no such decision.

        Raises:
            UnavailableError: the journal cannot be read.
        """
        body = self._reader.decision(decision_id)
        if body is None:
            return None
        decision = _decision.decode(body)
        return decision, self._waiting(decision, {})

    def wishes(self, decision: Decision) -> tuple[Wish, ...]:
        """Return what the customer asked of us on the page of a decision.

        Raises:
            UnavailableError: the journal cannot be read.
        """
        return wishes_of(self._reader, decision)

    def _decisions(self) -> Iterator[Decision]:
        for decision_id in self._finder.waiting():
            body = self._reader.decision(decision_id)
            if body is not None:
                yield _decision.decode(body)

    def _waiting(self, decision: Decision, states: dict[str, CustomerState]) -> Waiting | None:
        ref = decision.customer_ref
        if ref not in states:
            states[ref] = unpack_customer(self._reader.customer_state(ref))
        now = int(self._clock().timestamp() * 1_000_000)
        hold = states[ref].hold_at(decision.match_key, now)
        return None if hold is None else _of(decision, hold)


def _of(decision: Decision, hold: CustomerHold) -> Waiting:
    started = moment(hold.started_at)
    until = moment(hold.until) if hold.until else None
    proposal = hold.proposal
    return Waiting(
        decision=decision,
        rung=hold.rung,
        reason_class=hold.reason_class,
        started_at=started,
        until=until,
        due_at=due_at(started, until),
        proposed_by=proposal.actor if proposal else None,
        proposed_at=moment(proposal.at) if proposal else None,
    )
