"""One whole world: its history, its truth, and the lists that know some of it.

Invariant: ``make_world`` is a function of its parameters alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from thinktwice.simulation.behaviour import Reactions
from thinktwice.simulation.chronicle import Chronicle
from thinktwice.simulation.fraud import Indicator, write_lookalikes, write_sanctioned, write_scams, write_takeovers
from thinktwice.simulation.genuine import write_past, write_present
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.people import make_people
from thinktwice.simulation.truth import Subject, Truth
from thinktwice.simulation.wire import Body, stamp

LIST_NAME = "synthetic-sample"
"""The source name of the sample watchlist: it says of itself that it is invented."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who stands behind each withdrawal and how they react: all that living through a history needs to know."""

    truth: Mapping[str, Truth] = field(default_factory=dict)
    coached: frozenset[str] = frozenset()
    reactions: Reactions = field(default_factory=Reactions)
    seed: int = 0
    reported_scams: float = 0.75

    def subject(self, withdrawal_id: str) -> Subject | None:
        """Return who starts a withdrawal; None where nobody knows, and so nobody reacts."""
        return "coached" if withdrawal_id in self.coached else self.truth.get(withdrawal_id)

    def random(self, withdrawal_id: str, purpose: str) -> Random:
        """Return the randomness of one matter of one withdrawal, whatever else happens in this world or another."""
        return Random(f"{self.seed}:{withdrawal_id}:{purpose}")  # noqa: S311 - a simulation has to be repeatable


@dataclass(frozen=True, slots=True)
class World:
    """``history`` in time order, as it would go without any alert; ``truth`` by withdrawal id.

    ``indicators`` are what the sample watchlist holds; ``coached`` are withdrawals by victims who are talked through
    every warning.
    """

    parameters: Parameters
    history: tuple[Body, ...]
    truth: Mapping[str, Truth]
    indicators: tuple[Indicator, ...]
    coached: frozenset[str] = frozenset()

    @property
    def cast(self) -> Cast:
        """Who stands behind each withdrawal."""
        given = self.parameters
        return Cast(self.truth, self.coached, given.reactions, given.seed, given.reported_scams)

    def history_jsonl(self) -> Iterator[str]:
        """Yield the history as lines of JSON, each with its line end."""
        for body in self.history:
            yield json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"

    def watchlist_csv(self) -> str:
        """Return the sample watchlist as CSV; every row says that it is synthetic."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("address", "network", "kind", "confidence", "listed_at", "source", "label"))
        for entry in self.indicators:
            day = stamp(entry.listed_at)[:10]
            rows.writerow((entry.address, entry.network, entry.kind, 80, day, LIST_NAME, "synthetic, nobody's address"))
        return text.getvalue()


def make_world(parameters: Parameters) -> World:
    """Invent a world: honest customers first, then the fraud planted among them."""
    random = Random(parameters.seed)  # noqa: S311 - a simulation has to be repeatable, not unpredictable
    chronicle = Chronicle(parameters, random)
    people = make_people(random, parameters)
    for person in people:
        write_past(chronicle, person)
    write_lookalikes(chronicle, people)
    write_present(chronicle, people)
    listed = [*write_scams(chronicle, people), *write_sanctioned(chronicle, people)]
    write_takeovers(chronicle, people)
    coached = frozenset(chronicle.coached)
    return World(parameters, tuple(chronicle.lines()), chronicle.truth, tuple(listed), coached)
