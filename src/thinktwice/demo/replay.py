"""Replaying a history through the real service, with invented customers who react to what they are shown.

Invariants: every decision is the service's own and is durable; without planted truth (a visitor's own history) nobody
reacts and the lines are recorded as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from thinktwice.bootstrap.core import Core
from thinktwice.decisions.history_file import Line
from thinktwice.records.decision import Decision
from thinktwice.simulation.living import Life, lines_of
from thinktwice.simulation.world import Cast

__all__ = ["DemoReplay", "Tally", "lines_of"]


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


class DemoReplay:
    """One replay; ``cast`` knows who everybody is, or nobody; ``uncounted`` only set the stage."""

    def __init__(self, core: Core, cast: Cast, uncounted: Collection[str] = ()) -> None:
        self._uncounted = frozenset(uncounted)
        self._cast = cast
        self.tally = Tally()
        self._life = Life(core.intake, core.service, cast, self._count)

    def run(
        self,
        lines: Iterable[Line],
        tick: Callable[[int], None] = lambda _count: None,
        *,
        until: datetime | None = None,
    ) -> None:
        """Hand every line to the service, in order; ``tick`` is told how many lines were handled.

        What follows from alerts happens up to ``until``, by default now.
        """
        self._life.run(lines, tick, until=until or datetime.now(UTC))

    def _count(self, decision: Decision) -> None:
        if decision.withdrawal_id not in self._uncounted:
            self.tally.add(decision, self._cast.truth.get(decision.withdrawal_id.partition("~")[0], ""))
