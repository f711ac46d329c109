"""Living through a history: every withdrawal is screened by the real service, and people react to what they see.

Invariants: every decision is the service's own; what nobody interferes with goes as the history says; a withdrawal that
was stopped is not completed, and a victim who stopped does not come back to the same address; where nobody knows who
somebody is, nobody reacts. One withdrawal's randomness is its own, so that two lives of one world, with and without
alerts, differ by the alerts alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from thinktwice.decisions.asks import Ask, Decide, Note, NoteAlert
from thinktwice.decisions.event_intake import EventIntake
from thinktwice.decisions.history_file import Line
from thinktwice.decisions.intake import Intake
from thinktwice.decisions.service import DecisionService
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent
from thinktwice.simulation.afterwards import Afterwards
from thinktwice.simulation.behaviour import Reaction, react
from thinktwice.simulation.wire import Body, event_id
from thinktwice.simulation.world import Cast

BATCH: Final = 256


def lines_of(history: Iterable[Body]) -> Iterator[Line]:
    """Turn the bodies of a simulated history into lines."""
    return (line_of(body, number) for number, body in enumerate(history, 1))


def line_of(body: Body, number: int = 0) -> Line:
    """Turn one body into a line."""
    time = datetime.fromisoformat(body.get("initiated_at") or body["occurred_at"]).astimezone(UTC)
    return Line(time, number, "event" if "type" in body else "withdrawal", json.dumps(body).encode())


@dataclass(slots=True)
class _Agenda:
    """What is still to happen because of an alert, by time."""

    items: list[tuple[datetime, int, Line | NoteAlert]]
    serial: int = 0

    def add(self, at: datetime, item: Line | NoteAlert) -> None:
        self.serial += 1
        heappush(self.items, (at, self.serial, item))

    def due(self, until: datetime) -> Iterator[Line | NoteAlert]:
        while self.items and self.items[0][0] <= until:
            yield heappop(self.items)[2]


class Life:
    """One life of a history; ``when_decided`` is told every decision."""

    def __init__(
        self,
        intake: Intake,
        service: DecisionService,
        cast: Cast,
        when_decided: Callable[[Decision], None] = lambda _decision: None,
    ) -> None:
        self._intake = intake
        self._service = service
        self._cast = cast
        self._when_decided = when_decided
        self._events = EventIntake(intake)
        self._afterwards = Afterwards(cast)
        self._agenda = _Agenda([])
        self._batch: list[Ask] = []
        self._undecided: set[str] = set()
        self._ended: set[tuple[str, int]] = set()
        self._never: set[str] = set()
        self._avoided: set[tuple[str, str]] = set()
        self._alerts: dict[str, int] = {}

    def run(self, lines: Iterable[Line], tick: Callable[[int], None], *, until: datetime) -> None:
        """Live through every line, in order, and what follows from alerts up to ``until``."""
        for line in lines:
            self._catch_up(line.time)
            self._take(line)
            tick(1)
        self._flush()
        self._catch_up(until)
        self._flush()

    def _catch_up(self, until: datetime) -> None:
        for item in self._agenda.due(until):
            if isinstance(item, Line):
                self._take(item)
            else:
                self._batch.append(item)

    def _take(self, line: Line) -> None:
        if line.kind == "withdrawal":
            self._take_withdrawal(line)
        else:
            self._take_event(line)
        if len(self._batch) >= BATCH:
            self._flush()

    def _take_withdrawal(self, line: Line) -> None:
        withdrawal = self._intake.withdrawal(line.body, now=line.time)
        if (withdrawal.customer_ref, withdrawal.destination.match_key) in self._avoided:
            self._never.add(withdrawal.withdrawal_id)
            return
        self._undecided.add(withdrawal.withdrawal_id)
        self._afterwards.remember(withdrawal, line.body)
        self._batch.append(Decide(withdrawal, line.time))

    def _take_event(self, line: Line) -> None:
        event = self._events.event(line.body, now=line.time)
        name = event.withdrawal_id or ""
        if name in self._undecided:
            self._flush()  # what happened next depends on what was decided
            self._catch_up(line.time)
        if name in self._never or (event.type == "withdrawal.completed" and (name, event.attempt) in self._ended):
            return  # labels come all the same: whoever labels does not know who stopped, nor who was warned
        if event.type == "withdrawal.completed":
            self._afterwards.note_paid(name)
        self._batch.append(Note(event, line.time))

    def _flush(self) -> None:
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        self._undecided.clear()
        for answer in self._service.handle(batch):
            if isinstance(answer, Decision):
                self._meet(answer)
            elif isinstance(answer, Exception):
                raise answer

    def _meet(self, decision: Decision) -> None:
        """Let the invented customer meet a decision, and remember how the withdrawal ends."""
        self._when_decided(decision)
        subject = self._cast.subject(decision.withdrawal_id.partition("~")[0])
        if subject is None:
            return
        if decision.action in {"hold", "refer", "block"}:
            self._end(decision)
        elif decision.alert and decision.action == "alert":
            before = self._alerts.get(decision.customer_ref, 0)
            self._alerts[decision.customer_ref] = before + 1
            random = self._cast.random(f"{decision.withdrawal_id}.{decision.attempt}", "reaction")
            arm = decision.explanation.arm
            self._follow(decision, react(random, self._cast.reactions, subject, arm=arm, alerts_before=before))

    def _follow(self, decision: Decision, reaction: Reaction) -> None:
        assert decision.alert is not None
        random = self._cast.random(f"{decision.withdrawal_id}.{decision.attempt}", "claims")
        for kind, seconds in reaction.events:
            at = decision.decided_at + timedelta(seconds=seconds)
            claim = AlertEvent(event_id=event_id(random, at), type=kind, occurred_at=at)
            ask = NoteAlert(
                decision.alert.alert_id, decision.withdrawal_id, decision.attempt, decision.is_test, claim, at
            )
            self._agenda.add(at, ask)
        if reaction.choice != "go_on":
            self._end(decision)
        if reaction.is_stopped:
            self._avoided.add((decision.customer_ref, decision.match_key))
        for body in self._afterwards.of(decision, reaction):
            line = line_of(body)
            self._agenda.add(line.time, line)

    def _end(self, decision: Decision) -> None:
        """The attempt goes no further; what the history still says about it does not happen."""
        self._ended.add((decision.withdrawal_id, decision.attempt))
