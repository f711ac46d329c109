"""Deciding a whole history: the live code, over a file, in a journal of its own.

Invariants: each line's time stands for ``recorded_at``; lines are handled in the order of the history, in batches, by
the same service that answers HTTP; there is one answer per withdrawal line. What can be wrong with a line by itself was
found before; what only shows in its company (a repeated key with another body) is collected as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from thinktwice.bootstrap.core import Core
from thinktwice.decisions.asks import Ask, Decide, Note
from thinktwice.decisions.event_intake import EventIntake
from thinktwice.decisions.history_file import Check, Kind, Line
from thinktwice.errors import Fault, ThinkTwiceError
from thinktwice.records.clearance import EventResult
from thinktwice.records.decision import Decision

BATCH: Final = 512


def checking(core: Core) -> Check:
    """Return the check of one line, which refuses exactly what HTTP would refuse."""
    events = EventIntake(core.intake)

    def check(kind: Kind, body: bytes, time: datetime) -> None:
        if kind == "withdrawal":
            core.intake.withdrawal(body, now=time)
        else:
            events.event(body, now=time)

    return check


@dataclass(slots=True)
class Replay:
    """One pass of a history through a core; counts as it goes."""

    core: Core
    where: str
    faults: list[Fault] = field(default_factory=list)
    decisions: int = 0
    events: int = 0
    unknown: int = 0
    repeated: int = 0

    def run(self, lines: Iterable[Line], tick: Callable[[int], None] = lambda _count: None) -> Iterator[Decision]:
        """Yield the decision of each withdrawal, in order; ``tick`` is told how many lines were handled."""
        waiting = iter(lines)
        while batch := list(islice(waiting, BATCH)):
            answers = self.core.service.handle([self._ask(line) for line in batch])
            for line, answer in zip(batch, answers, strict=True):
                if isinstance(answer, Decision):
                    self.decisions += 1
                    yield answer
                elif isinstance(answer, EventResult):
                    self._note(line, answer)
                elif isinstance(answer, ThinkTwiceError):
                    self.faults.append(Fault(str(answer), None, self.where, line.number))
            tick(len(batch))

    def _ask(self, line: Line) -> Ask:
        if line.kind == "withdrawal":
            return Decide(self.core.intake.withdrawal(line.body, now=line.time), line.time)
        return Note(EventIntake(self.core.intake).event(line.body, now=line.time), line.time)

    def _note(self, line: Line, result: EventResult) -> None:
        self.events += 1
        self.unknown += result.status == "unknown_withdrawal"
        self.repeated += result.status == "duplicate"
        if result.status == "conflict":
            message = "this event_id came before with another content"
            self.faults.append(Fault(message, "event_id", self.where, line.number))
