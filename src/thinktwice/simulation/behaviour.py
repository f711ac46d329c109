"""What an invented customer does when an alert appears.

Invariant: these numbers are planted, not measured: they give the demonstration something to count, and tests a known
truth to find again. They say nothing about real customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Final, Literal

from thinktwice.records.vocabulary import AlertEventType
from thinktwice.simulation.truth import Subject

Choice = Literal["go_on", "stop", "reduce", "redirect", "displace"]
"""``stop``: nothing is sent; ``reduce``: less is sent; ``redirect``: to a destination paid before; ``displace``: the
same scam collects elsewhere later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one kind of customer reacts; shares of 1.

    ``seen``: of delivered alerts; ``reviewed``, ``stopped``, ``reported`` (through the alert): of seen ones;
    ``reduced``: of those who do not stop; ``redirected`` and ``displaced``: of those who stop; ``prompted``: of seen
    ones whose money left nevertheless, a complaint that would not have been made without the alert. ``complained``
    (about being interrupted) and ``contacted`` (had to ask somebody): of seen ones.
    """

    seen: float
    reviewed: float
    stopped: float
    reduced: float = 0.0
    redirected: float = 0.0
    displaced: float = 0.0
    reported: float = 0.0
    prompted: float = 0.0
    complained: float = 0.0
    contacted: float = 0.0


HABITS: Final[Mapping[Subject, Habits]] = MappingProxyType(
    {
        "genuine": Habits(seen=0.93, reviewed=0.15, stopped=0.03, reduced=0.02, redirected=0.3, complained=0.004,
                          contacted=0.01),
        "scam": Habits(seen=0.95, reviewed=0.50, stopped=0.45, reduced=0.06, redirected=0.02, displaced=0.12,
                       reported=0.10, prompted=0.05),
        "coached": Habits(seen=0.95, reviewed=0.08, stopped=0.05, displaced=0.5),
        "poisoning": Habits(seen=0.95, reviewed=0.40, stopped=0.75, redirected=0.6),
        "takeover": Habits(seen=0.95, reviewed=0.02, stopped=0.05, displaced=0.5),
        "sanctioned": Habits(seen=0.95, reviewed=0.10, stopped=0.05),
    }
)  # fmt: skip


def _by_arm() -> dict[str, float]:
    return {"a": 1.0, "b": 1.1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """How everybody reacts.

    ``delivered`` is the share of alerts that reach a browser. ``by_arm`` multiplies reviewing and stopping in an arm
    (1 where it is not named). ``habituation`` is the share of both that each earlier alert of the same customer takes
    away: 0.15 leaves 85 % at the second and 72 % at the third.
    """

    habits: Mapping[Subject, Habits] = field(default_factory=lambda: HABITS)
    delivered: float = 0.98
    by_arm: Mapping[str, float] = field(default_factory=_by_arm)
    habituation: float = 0.15

    def strength(self, arm: str | None, alerts_before: int) -> float:
        """Return by how much an alert moves this customer, compared with the first alert of a plain arm."""
        return self.by_arm.get(arm or "", 1.0) * (1 - self.habituation) ** alerts_before


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the browser tells, as (event, seconds after the decision), and what is done.

    ``is_prompted``: a report follows that the alert prompted; ``said``: what the operator is told about being
    interrupted (``complaint``, ``contact``).
    """

    events: tuple[tuple[AlertEventType, int], ...]
    choice: Choice = "go_on"
    is_prompted: bool = False
    said: tuple[str, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """Whether the withdrawal ends there."""
        return self.choice in {"stop", "redirect", "displace"}


def react(
    random: Random, reactions: Reactions, subject: Subject, *, arm: str | None = None, alerts_before: int = 0
) -> Reaction:
    """Return how one customer reacts to one alert; every call draws equally often, so that worlds stay comparable."""
    habits, strength = reactions.habits[subject], reactions.strength(arm, alerts_before)
    delivered, seen, reviewed, reported, stopped, how, prompted, complained, contacted = (
        random.random() for _ in range(9)
    )
    if delivered >= reactions.delivered:
        return Reaction(())
    events: list[tuple[AlertEventType, int]] = [("delivered", 1)]
    if seen >= habits.seen:
        return Reaction(tuple(events))
    events.append(("seen", 2))
    if reviewed < habits.reviewed * strength:
        events.append(("reviewed", 15))
    choice = _choose(habits, how, is_stopped=stopped < habits.stopped * strength)
    told: Mapping[Choice, AlertEventType] = {"go_on": "continued", "reduce": "changed"}
    events.append((told.get(choice, "cancelled"), 40))
    if reported < habits.reported:
        events.append(("reported", 7_200))  # afterwards, with the page still open: a report before would stop it
    said = (("complaint",) if complained < habits.complained else ()) + (
        ("contact",) if contacted < habits.contacted else ()
    )
    is_leaving = choice in {"go_on", "reduce"}
    return Reaction(tuple(events), choice, is_leaving and prompted < habits.prompted, said)


def _choose(habits: Habits, how: float, *, is_stopped: bool) -> Choice:
    if not is_stopped:
        return "reduce" if how < habits.reduced else "go_on"
    if how < habits.redirected:
        return "redirect"
    return "displace" if how < habits.redirected + habits.displaced else "stop"
