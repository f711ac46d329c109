"""The life of a request, explored whole."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from thinktwice.cases.course import ENDED, FROM, SIDES, STEPS, Side, Step
from thinktwice.cases.kinds import KINDS, RULES, Kind
from thinktwice.cases.workflow import Case, advance, start
from thinktwice.errors import SecondPersonError, StateError

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PEOPLE: tuple[tuple[Side, str], ...] = (
    ("officer", "o-1"),
    ("officer", "o-2"),
    ("operator", "p-1"),
    ("operator", "p-2"),
    ("operator", "p-3"),
    ("clock", ""),
)
LATER = timedelta(days=400)


def part_of(kind: Kind, step: Step) -> tuple[str, ...]:
    """Return what a partial approval of data leaves."""
    return ("identity",) if step == "approve_partly" and RULES[kind].outcome == "data" else ()


Way = list[tuple[Step, str, bool]]


def explored(kind: Kind, taken: set[Step] | None = None) -> dict[Case, Way]:
    """Return every case that any order of steps by anybody can reach, each with one way to it."""
    first = start(kind, "o-1", NOW)
    ways: dict[Case, Way] = {first: []}
    waiting = deque([first])
    while waiting:
        case = waiting.popleft()
        for step in STEPS:
            for side, person in PEOPLE:
                for is_late in (False, True):
                    try:
                        now = NOW + LATER if is_late else NOW
                        after = advance(case, step, side=side, person=person, now=now, only=part_of(kind, step))
                    except (StateError, SecondPersonError):
                        continue
                    assert side in SIDES[step]
                    if taken is not None:
                        taken.add(step)
                    assert not is_late or case.expires_at is None or step == "lapse"
                    after = replace(after, expires_at=after.expires_at and NOW + timedelta(days=1))
                    if after not in ways:
                        ways[after] = [*ways[case], (step, person, is_late)]
                        waiting.append(after)
    return ways


def called_in(way: Way) -> tuple[str, ...]:
    """Return who made a call since the request last changed, each once."""
    since = max((index for index, (step, _, _) in enumerate(way) if step == "answer"), default=-1)
    return tuple(dict.fromkeys(person for step, person, _ in way[since + 1 :] if step == "call_back"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_fulfilled_without_its_approvals_on_any_way(kind: Kind) -> None:
    """No production without its approvals, no restriction by one person, the second look independent."""
    ways = explored(kind)
    reached = {case.state for case in ways}
    ends = {"refused", "withdrawn", "expired"} | (set() if RULES[kind].days else {"closed"})  # a measure lapses
    assert {"fulfilled", *ends} <= reached
    for case, way in ways.items():
        if case.state not in {"fulfilled", "delivered"}:
            continue
        needed = 2 if RULES[kind].needs_two else 1
        assert len(set(case.approved_by)) == needed, way
        assert all(person.startswith("p-") for person in case.approved_by), way
        if RULES[kind].needs_call_back:
            assert case.called_by, way
            assert case.approved_by[-1] not in case.called_by, way
            assert case.called_by == called_in(way), way


@pytest.mark.parametrize("kind", KINDS)
def test_what_ended_stays_ended_and_what_is_late_only_expires(kind: Kind) -> None:
    """No step leads out of an end, nor from a request whose time has passed to anything but expired."""
    for case in explored(kind):
        for step in STEPS:
            for side, person in PEOPLE:
                if case.state in ENDED:
                    with pytest.raises(StateError):
                        advance(case, step, side=side, person=person, now=NOW)
                elif case.expires_at is not None:
                    try:
                        after = advance(case, step, side=side, person=person, now=case.expires_at)
                    except (StateError, SecondPersonError):
                        continue
                    assert after.state == "expired"


def test_a_measure_binds_until_its_end_and_not_longer() -> None:
    """It lapses by itself: whether it binds depends on the time alone, not on somebody remembering."""
    case = start("preservation", "o-1", NOW)
    for step, side, person in (
        ("submit", "officer", "o-1"),
        ("take", "operator", "p-1"),
        ("confirm_requester", "operator", "p-1"),
        ("approve", "operator", "p-1"),
    ):
        case = advance(case, step, side=side, person=person, now=NOW)  # type: ignore[arg-type]  # literals of the loop
    with pytest.raises(StateError, match="1 to 90 days"):
        advance(case, "fulfil", side="operator", person="p-1", now=NOW, days=91)
    case = advance(case, "fulfil", side="operator", person="p-1", now=NOW, days=10)
    assert case.is_measure_in_force(NOW + timedelta(days=10, seconds=-1))
    assert not case.is_measure_in_force(NOW + timedelta(days=10))
    with pytest.raises(StateError, match="lapses by itself"):
        advance(case, "close", side="operator", person="p-1", now=NOW)


def test_new_information_asks_for_new_approvals() -> None:
    """What was approved before a question was asked is approved again."""
    ways = explored("risk_to_life")
    assert not [
        case for case in ways if case.state in {"verifying_requester", "needs_information"} and case.approved_by
    ]


def test_every_step_can_be_taken_somewhere() -> None:
    """The table has no dead row."""
    taken: set[Step] = set()
    for kind in KINDS:
        explored(kind, taken)
    assert taken == set(STEPS) == set(FROM) == set(SIDES)
