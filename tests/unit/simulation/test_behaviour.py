"""Reactions are as planted."""

from __future__ import annotations

from random import Random

import pytest

from thinktwice.simulation.behaviour import HABITS, Habits, Reactions, react
from thinktwice.simulation.truth import Subject

TRIES = 4_000


def share(subject: Subject, word: str, **how: object) -> float:
    random, reactions = Random(5), Reactions()
    found = [react(random, reactions, subject, **how) for _ in range(TRIES)]  # type: ignore[arg-type]  # arm, alerts
    return sum(any(kind == word for kind, _ in one.events) for one in found) / TRIES


@pytest.mark.parametrize("subject", HABITS)
def test_shares_are_those_planted(subject: Subject) -> None:
    """Of many customers, the planted shares see, review and stop."""
    habits, reactions = HABITS[subject], Reactions()
    seen = reactions.delivered * habits.seen
    assert share(subject, "seen") == pytest.approx(seen, abs=0.02)
    assert share(subject, "reviewed") == pytest.approx(seen * habits.reviewed, abs=0.02)
    assert share(subject, "cancelled") == pytest.approx(seen * habits.stopped, abs=0.025)


def test_an_arm_moves_and_habit_wears_off() -> None:
    """A stronger arm makes more stop, each earlier alert makes fewer stop."""
    assert share("scam", "cancelled", arm="b") > share("scam", "cancelled", arm="a")
    assert share("scam", "cancelled", alerts_before=3) < share("scam", "cancelled", alerts_before=1)


def test_every_reaction_draws_equally_often() -> None:
    """Whatever happens, the same amount of randomness is used, so that worlds stay comparable."""
    left = []
    for stopped in (0.0, 1.0):
        random = Random(1)
        react(random, Reactions(habits={"scam": Habits(seen=0.9, reviewed=0.5, stopped=stopped)}), "scam")
        left.append(random.random())
    assert left[0] == left[1]


def test_a_report_through_the_alert_comes_after_the_choice() -> None:
    """Who goes on and reports does so afterwards: a report before would stop the withdrawal."""
    random, reactions = Random(2), Reactions(habits={"scam": Habits(seen=1, reviewed=0, stopped=0, reported=1)})
    events = react(random, reactions, "scam").events
    assert [kind for kind, _ in events] == ["delivered", "seen", "continued", "reported"]
    assert [seconds for _, seconds in events] == sorted(seconds for _, seconds in events)
