"""Where the world is written down: lines with their times, and the truth about each withdrawal.

Invariants: lines come out in time order, those of one second in the order written; nothing after the end of the
history comes out, as an operator's file would not hold it yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.truth import Truth
from thinktwice.simulation.wire import Body, Payment, event, stamp, withdrawal


class Chronicle:
    """Collects the lines of one world, and holds what every writer needs: the parameters and the randomness."""

    def __init__(self, parameters: Parameters, random: Random) -> None:
        self.parameters = parameters
        self.random = random
        self._until = stamp(parameters.ends_at)
        self._lines: list[tuple[str, int, Body]] = []
        self.truth: dict[str, Truth] = {}
        self.coached: set[str] = set()

    def withdraw(self, payment: Payment, truth: Truth) -> str:
        """Write a withdrawal and what it really is; returns its id."""
        number = f"sim-w{len(self.truth) + 1:07d}"
        body = withdrawal(self.random, number, payment)
        self._lines.append((body["initiated_at"], len(self._lines), body))
        self.truth[number] = truth
        return number

    def note(self, kind: str, moment: datetime, **facts: object) -> None:
        """Write an event."""
        body = event(self.random, kind, moment, **facts)
        self._lines.append((body["occurred_at"], len(self._lines), body))

    def lines(self) -> Iterator[Body]:
        """Yield everything written, in time order, up to the end of the history."""
        self._lines.sort(key=lambda line: line[:2])
        return (body for moment, _, body in self._lines if moment <= self._until)
