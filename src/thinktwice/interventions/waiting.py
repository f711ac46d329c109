"""Which withdrawals wait for a person, read from the journal as it stands.

Invariants: reads only; what is listed is what clearance would hold or refer at this moment, so that queue and authority
never differ; one line for each hold on (customer, destination), however many attempts met it; how much is read depends
on what can still stand, never on how many holds there ever were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from thinktwice.interventions.appeals import Wish
from thinktwice.journal.finder import FOR_A_PAGE, Finder
from thinktwice.journal.seam import JournalReader, RecordKind
from thinktwice.records.decision import Decision
from thinktwice.records.resolution import RecordedResolution
from thinktwice.records.vocabulary import HoldReason, Rung
from thinktwice.signals.state import CustomerState, micros, moment, unpack_customer

REFER_WITHIN: Final = timedelta(hours=4)
"""The service target for speaking with a customer who is referred, or whose hold has no end."""

HOLD_WITHIN: Final = timedelta(hours=24)
"""The service target for speaking with a customer who is held; its end, where that is earlier."""


def due_at(started_at: datetime, until: datetime | None) -> datetime:
    """Return by when a person should have acted."""
    return started_at + REFER_WITHIN if until is None else min(until, started_at + HOLD_WITHIN)


_decision: Final = msgspec.json.Decoder(Decision)
_resolved: Final = msgspec.json.Decoder(RecordedResolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One hold or referral that stands.

    ``decision`` is the newest that met it, ``hold`` the first, by which it is named; ``due_at`` is by when a person
    should have acted; ``proposed_by`` is the first of two who would end it early, and ``proposal`` the id of that act,
    as long as it still counts.
    """

    decision: Decision
    hold: str
    rung: Rung
    reason_class: HoldReason
    started_at: datetime
    until: datetime | None
    due_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    proposal: str | None

    @property
    def risk(self) -> int:
        """How urgent it is beside others due at the same time: 3 the most."""
        signals = self.decision.explanation.signals
        is_bad = self.decision.explanation.is_known_bad or signals.get("has_prior_scam_report") is True
        return 1 + bool(is_bad) + (self.rung == "refer")

    def is_late(self, now: datetime) -> bool:
        """Whether the service target has passed."""
        return now > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A decision that met a hold, and that hold: ``met`` are all decisions that did, the newest first.

    ``waiting`` is None when the hold has ended; ``newer`` is then the first decision of another that stands now.
    """

    decision: Decision
    met: tuple[str, ...]
    waiting: Waiting | None
    released_at: datetime | None
    newer: str | None


class WaitingList:
    """The queue, over one journal and its index."""

    def __init__(self, reader: JournalReader, finder: Finder, clock: Callable[[], datetime]) -> None:
        self._reader = reader
        self._finder = finder
        self._clock = clock

    def behind(self) -> int:
        """Return how many records were not looked through yet; among them may be holds that are not listed."""
        return self._finder.behind()

    def follow(self) -> None:
        """Look through what was recorded since, for as long as a page waits.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        self._finder.follow(FOR_A_PAGE)

    def all(self) -> tuple[Waiting, ...]:
        """Return what waits: the most urgent first, and of equals the riskiest.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        self.follow()
        return tuple(sorted(self._standing(), key=lambda one: (one.due_at, -one.risk)))

    def decision(self, decision_id: str) -> Decision | None:
        """Return a decision, whether it ever waited or not, or None for no such decision.

        Raises:
            UnavailableError: the journal cannot be read.
        """
        body = self._reader.decision(decision_id)
        return None if body is None else _decision.decode(body)

    def find(self, decision_id: str) -> Met | None:
        """Return a decision and the hold that it met, or None for a decision that there is not, or that met none.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        decision = self.decision(decision_id)
        if decision is None:
            return None
        self.follow()
        hold = self._finder.holds([decision_id]).get(decision_id)
        if hold is None and decision.action not in _WAITS:
            return None
        met = self._finder.met([hold.hold])[hold.hold] if hold else (decision_id,)
        now = micros(self._clock())
        state = unpack_customer(self._reader.customer_state(decision.customer_ref))
        standing = [one.decision_id for one in state.holds_at(decision.match_key, now)]
        is_its_own = hold is None or not set(standing).isdisjoint(met)  # what is not looked through yet is taken as new
        return Met(
            decision=decision,
            met=met,
            waiting=_of(decision, hold.hold if hold else decision_id, state, now) if is_its_own else None,
            released_at=hold.released_at if hold else None,
            newer=standing[0] if standing and not is_its_own else None,
        )

    def met(self, waiting: Iterable[Waiting]) -> dict[str, str]:
        """Return the hold of every decision that met one of some.

        Raises:
            UnavailableError: the index cannot be read.
        """
        found = self._finder.met(one.hold for one in waiting)
        return {decision_id: hold for hold, ids in found.items() for decision_id in ids}

    def wishes(self, decision_ids: Iterable[str]) -> tuple[Wish, ...]:
        """Return what the customer asked of us on the pages of decisions, oldest first.

        Raises:
            UnavailableError: the index cannot be read.
        """
        return tuple(Wish(about, at) for _, about, at in self._finder.wishes(decision_ids))

    def acts(self, decision_ids: Iterable[str]) -> tuple[tuple[datetime, RecordedResolution], ...]:
        """Return what staff did about decisions, by whatever way, oldest first, with when it was done.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        found = []
        for seq in self._finder.acts_about(decision_ids):
            (record,) = self._reader.records(kinds=_RESOLUTIONS, limit=1, after_seq=seq - 1)
            found.append((record.recorded_at, _resolved.decode(record.body)))
        return tuple(found)

    def _standing(self) -> Iterator[Waiting]:
        at = self._clock()
        states: dict[str, CustomerState] = {}
        for decision_id, hold in self._finder.waiting(at):
            decision = self.decision(decision_id)
            if decision is None:
                continue
            ref = decision.customer_ref
            if ref not in states:
                states[ref] = unpack_customer(self._reader.customer_state(ref))
            waiting = _of(decision, hold, states[ref], micros(at))
            if waiting is not None:
                yield waiting


_WAITS: Final = frozenset({"hold", "refer"})
_RESOLUTIONS: Final[tuple[RecordKind, ...]] = ("resolution",)


def _of(decision: Decision, named: str, state: CustomerState, now: int) -> Waiting | None:
    """Return what stands between the customer of a decision and its destination, or None for nothing."""
    hold = state.hold_at(decision.match_key, now)
    if hold is None:
        return None
    started = moment(hold.started_at)
    until = moment(hold.until) if hold.until else None
    proposal = state.proposal_at(decision.match_key, now)
    return Waiting(
        decision=decision,
        hold=named,
        rung=hold.rung,
        reason_class=hold.reason_class,
        started_at=started,
        until=until,
        due_at=due_at(started, until),
        proposed_by=proposal.actor if proposal else None,
        proposed_at=moment(proposal.at) if proposal else None,
        proposal=proposal.act_id if proposal else None,
    )
