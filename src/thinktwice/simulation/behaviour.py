"""What an invented customer does when an alert appears.

Invariant: these numbers are planted, not measured: they give the demonstration something to count, and tests a known
truth to find again. They say nothing about real customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from thinktwice.records.vocabulary import AlertEventType
from thinktwice.simulation.chronicle import Truth


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of 1: of delivered alerts that are seen; of seen ones that are reviewed, and that end in stopping."""

    seen: float
    reviewed: float
    stopped: float


HABITS: Final[Mapping[Truth, Habits]] = MappingProxyType(
    {
        "genuine": Habits(seen=0.93, reviewed=0.15, stopped=0.03),
        "scam": Habits(seen=0.95, reviewed=0.50, stopped=0.45),
        "poisoning": Habits(seen=0.95, reviewed=0.40, stopped=0.75),
        "sanctioned": Habits(seen=0.95, reviewed=0.10, stopped=0.05),
    }
)
DELIVERED: Final = 0.98


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the browser tells, as (event, seconds after the decision), and whether the withdrawal ends there."""

    events: tuple[tuple[AlertEventType, int], ...]
    is_stopped: bool = False


def react(random: Random, truth: Truth) -> Reaction:
    """Return how one customer reacts to one alert."""
    habits = HABITS[truth]
    if random.random() >= DELIVERED:
        return Reaction(())
    events: list[tuple[AlertEventType, int]] = [("delivered", 1)]
    if random.random() >= habits.seen:
        return Reaction(tuple(events))
    events.append(("seen", 2))
    if random.random() < habits.reviewed:
        events.append(("reviewed", 15))
    is_stopped = random.random() < habits.stopped
    events.append(("cancelled" if is_stopped else "continued", 40))
    return Reaction(tuple(events), is_stopped)
