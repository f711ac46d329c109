"""The life of a release, explored exhaustively."""

from __future__ import annotations

import pytest

from thinktwice.campaigns.lifecycle import (
    IN_FORCE,
    OVER,
    STATES,
    STEPS,
    TABLE,
    State,
    Step,
    after,
    read_state,
    steps_from,
)
from thinktwice.errors import StateError

EVERY = [(state, step) for state in STATES for step in STEPS]


@pytest.mark.parametrize(("state", "step"), EVERY)
def test_every_state_and_step_leads_somewhere_known_or_is_refused_with_what_is_possible(
    state: State, step: Step
) -> None:
    """All combinations: those of the table lead to a state, all others are refused and say what can be done."""
    if (state, step) in TABLE:
        assert after(state, step) in STATES
        return
    with pytest.raises(StateError) as refused:
        after(state, step)
    assert state.replace("_", " ") in str(refused.value)
    assert ("nothing can follow" in str(refused.value)) == (steps_from(state) == ())


def _paths(longest: int) -> list[tuple[tuple[Step, ...], tuple[State, ...]]]:
    """Every sequence of possible steps from a draft, with the states it passes."""
    found: list[tuple[tuple[Step, ...], tuple[State, ...]]] = [((), ("draft",))]
    done = list(found)
    for _ in range(longest):
        found = [
            ((*steps, step), (*states, after(states[-1], step)))
            for steps, states in found
            for step in steps_from(states[-1])
        ]
        done += found
    return done


def test_nothing_is_in_force_that_was_not_approved_since_it_was_last_submitted() -> None:
    """On every path of up to eight steps, before the first moment in force lie ``submit`` and then ``complete``."""
    checked = 0
    for steps, states in _paths(8):
        if states[-1] not in IN_FORCE:
            continue
        checked += 1
        since = len(steps) - 1 - steps[::-1].index("submit")
        assert "complete" in steps[since:]
        assert "send_back" not in steps[since:]
    assert checked > 200


def test_every_state_can_be_reached_and_what_is_over_stays_over() -> None:
    """No state is dead, and nothing follows ``ended`` and ``withdrawn``."""
    assert {states[-1] for _, states in _paths(5)} == set(STATES)
    assert {state for state in STATES if not steps_from(state)} == OVER


def test_an_approver_can_withdraw_from_review_on_and_whatever_is_in_force_can_be_stopped() -> None:
    """There is no state after the draft, and before the end, from which there is no way out."""
    for state in STATES:
        if state in OVER or state == "draft":
            continue
        assert after(state, "withdraw") == "withdrawn"
        assert after(state, "partner_withdraw") in {state, "withdrawn"}
        if state in IN_FORCE:
            assert after(state, "end") == "ended"
            assert after(state, "pause") == "paused"


def test_a_partner_cannot_silence_a_warning_that_is_in_force() -> None:
    """An officer's withdrawal takes the badge, never the warning (rules 5 and 9)."""
    assert all(after(state, "partner_withdraw") == state for state in STATES if state in IN_FORCE)


def test_a_state_that_nobody_stored_is_refused() -> None:
    """A foreign word in the database is not taken for a state."""
    assert read_state("live") == "live"
    with pytest.raises(StateError):
        read_state("alive")
