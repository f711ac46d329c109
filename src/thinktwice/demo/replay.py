"""Replaying a history through the real service, with invented customers who react to what they are shown.

Invariants: every decision is the service's own and is durable; a customer who stopped does not complete, and a victim
who stopped does not come back to the same address; without planted truth (a visitor's own history) nobody reacts and
the lines are recorded as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random

import msgspec

from thinktwice.bootstrap.core import Core
from thinktwice.decisions.asks import Ask, Decide, Note, NoteAlert
from thinktwice.decisions.event_intake import EventIntake
from thinktwice.decisions.history_file import Line
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent
from thinktwice.simulation.behaviour import react
from thinktwice.simulation.chronicle import Truth
from thinktwice.simulation.wire import Body, event_id

BATCH = 256


@dataclass(slots=True)
class Tally:
    """What was decided, by what the withdrawal really was (``""`` where nobody knows), action and campaign."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    decisions: int = 0

    def add(self, decision: Decision, truth: str) -> None:
        """Count one decision."""
        self.decisions += 1
        explanation = decision.explanation
        action = "holdout" if explanation.arm == "holdout" else decision.action
        self.counts[truth, action, explanation.campaign or "–"] += 1


def lines_of(history: Iterable[Body]) -> Iterator[Line]:
    """Turn the bodies of a simulated history into lines."""
    for number, body in enumerate(history, 1):
        time = datetime.fromisoformat(body.get("initiated_at") or body["occurred_at"]).astimezone(UTC)
        yield Line(time, number, "event" if "type" in body else "withdrawal", msgspec.json.encode(body))


class DemoReplay:
    """One replay; ``truth`` by withdrawal id, empty when nobody knows it; ``uncounted`` only set the stage."""

    def __init__(self, core: Core, truth: Mapping[str, Truth], uncounted: Collection[str] = ()) -> None:
        self._uncounted = frozenset(uncounted)
        self.tally = Tally()
        self._core = core
        self._events = EventIntake(core.intake)
        self._truth = truth
        self._random = Random(18222)  # noqa: S311 - a demonstration has to be repeatable
        self._batch: list[Ask] = []
        self._undecided: set[str] = set()
        self._serial = 0
        self._agenda: list[tuple[datetime, int, NoteAlert]] = []
        self._ended: set[str] = set()
        self._avoided: set[tuple[str, str]] = set()

    def run(self, lines: Iterable[Line], tick: Callable[[int], None] = lambda _count: None) -> None:
        """Hand every line to the service, in order; ``tick`` is told how many lines were handled."""
        for line in lines:
            self._take_reactions(line.time)
            if line.kind == "withdrawal":
                self._take_withdrawal(line)
            else:
                self._take_event(line)
            if len(self._batch) >= BATCH:
                self._flush()
            tick(1)
        self._flush()
        self._take_reactions(datetime.now(UTC))
        self._flush()

    def _take_withdrawal(self, line: Line) -> None:
        withdrawal = self._core.intake.withdrawal(line.body, now=line.time)
        if (withdrawal.customer_ref, withdrawal.destination.match_key) in self._avoided:
            self._ended.add(withdrawal.withdrawal_id)
            return
        self._undecided.add(withdrawal.withdrawal_id)
        self._batch.append(Decide(withdrawal, line.time))

    def _take_event(self, line: Line) -> None:
        event = self._events.event(line.body, now=line.time)
        if event.withdrawal_id in self._undecided:
            self._flush()  # what happened next depends on what was decided
            self._take_reactions(line.time)
        if event.withdrawal_id not in self._ended:
            self._batch.append(Note(event, line.time))

    def _take_reactions(self, until: datetime) -> None:
        """Queue what browsers told up to now."""
        while self._agenda and self._agenda[0][0] <= until:
            self._batch.append(heappop(self._agenda)[2])

    def _flush(self) -> None:
        if not self._batch:
            return
        for answer in self._core.service.handle(self._batch):
            if isinstance(answer, Decision):
                self._react(answer)
            elif isinstance(answer, Exception):
                raise answer
        self._batch = []
        self._undecided.clear()

    def _react(self, decision: Decision) -> None:
        """Let the invented customer react, and remember how the withdrawal ends."""
        truth = self._truth.get(decision.withdrawal_id)
        if decision.withdrawal_id not in self._uncounted:
            self.tally.add(decision, truth or "")
        if truth is None:
            return
        if decision.action in {"hold", "refer", "block"}:
            self._ended.add(decision.withdrawal_id)
        elif decision.alert and decision.action == "alert":
            reaction = react(self._random, truth)
            for kind, seconds in reaction.events:
                at = decision.decided_at + timedelta(seconds=seconds)
                claim = AlertEvent(event_id=event_id(self._random, at), type=kind, occurred_at=at)
                ask = NoteAlert(
                    decision.alert.alert_id, decision.withdrawal_id, decision.attempt, decision.is_test, claim, at
                )
                self._serial += 1
                heappush(self._agenda, (at, self._serial, ask))
            if reaction.is_stopped:
                self._ended.add(decision.withdrawal_id)
                self._avoided.add((decision.customer_ref, decision.match_key))
