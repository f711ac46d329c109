"""How soon a person answers: what counts, from when, against which target."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.intervention_room import Room
from tests.support.staff import Staff
from tests.support.world import START, policy
from thinktwice.bootstrap.first_answers import FirstAnswerMetrics, _look
from thinktwice.decisions.clock import utc_now
from thinktwice.interventions.first_answers import (
    APPEAL_WITHIN,
    WEEK,
    FirstAnswer,
    FirstAnswers,
    Service,
    Waits,
    Week,
    week_of,
)
from thinktwice.interventions.waiting import HOLD_WITHIN, REFER_WITHIN

HOLDING = policy(intervention="hold", holdout=Decimal(0), frequency_cap=None)
REFERRING = policy("refers", jurisdictions=("SG",), intervention="refer", holdout=Decimal(0), hold=None)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose campaigns hold in Hong Kong and refer in Singapore."""
    made = Room(tmp_path, (HOLDING, REFERRING))
    yield made
    made.close()


def one(room: Room, kind: Waits) -> FirstAnswer:
    room.finder.follow()
    (found,) = [answer for answer in room.answers.since(START) if answer.kind == kind]
    return found


def counted(room: Room, kind: Waits) -> Service:
    room.finder.follow()
    return {service.kind: service for service in room.answers.weeks()[0].kinds}[kind]


def test_a_hold_is_answered_when_somebody_tried_to_reach_the_customer(room: Room) -> None:
    """Taking it is no answer, and neither is handing it on; an attempt is, and the first one counts."""
    held = room.world.decide()
    room.tell_time(minutes=10)
    room.desk.note(room.first, held.decision_id, "taken", "")
    room.desk.note(room.first, held.decision_id, "hand_off", "to the other team")
    assert one(room, "hold").answered_at is None
    room.tell_time(minutes=20)
    room.desk.note(room.first, held.decision_id, "contact", "rang", "no_answer")
    room.tell_time(minutes=20)
    room.desk.note(room.second, held.decision_id, "disposition", "spoke", "genuine")
    assert one(room, "hold") == FirstAnswer(
        kind="hold", since=START, due_at=START + HOLD_WITHIN, answered_at=START + timedelta(minutes=30)
    )
    assert counted(room, "hold") == Service(
        kind="hold", began=1, in_time=1, late=0, open=0, median=timedelta(minutes=30)
    )


def test_a_referral_that_nobody_answers_is_late_from_the_moment_its_time_has_passed(room: Room) -> None:
    """Open until four hours are over, late after; an answer then is late too and stays late."""
    referred = room.world.decide(customer__jurisdiction="SG")
    assert referred.action == "refer"
    room.tell_time(hours=4)
    assert (counted(room, "refer").open, counted(room, "refer").share) == (1, None)
    room.tell_time(seconds=1)
    assert (counted(room, "refer").late, counted(room, "refer").share) == (1, 0.0)
    room.desk.note(room.first, referred.decision_id, "contact", "rang", "reached")
    assert (counted(room, "refer").late, counted(room, "refer").began) == (1, 1)
    assert one(room, "refer").due_at == START + REFER_WITHIN


def test_a_hold_inherited_by_other_attempts_is_one(room: Room) -> None:
    """Three attempts are one hold, and a note on any of them answers it."""
    room.world.decide()
    room.tell_time(minutes=5)
    room.world.decide(fiat_amount="300", amount="300")
    third = room.world.decide(fiat_amount="400", amount="400")
    room.tell_time(minutes=5)
    room.desk.note(room.first, third.decision_id, "answers", "For her son.")
    assert one(room, "hold").answered_at == START + timedelta(minutes=10)


def test_the_operators_own_system_answers_too(room: Room) -> None:
    """The first word of two over HTTP is an answer, though nobody opened the console."""
    held = room.world.decide()
    room.tell_time(hours=2)
    Staff(room.world).act("Officer one", "release", held)
    assert one(room, "hold").answered_at == START + timedelta(hours=2)
    room.tell_time(hours=1)
    Staff(room.world).act("Officer two", "release", held, act_id="act-second")
    assert one(room, "hold").answered_at == START + timedelta(hours=2)


def test_an_appeal_has_a_time_of_its_own(room: Room) -> None:
    """It begins when it is put down, is answered by an answer to an appeal alone, and asking again is another."""
    held = room.world.decide()
    room.desk.note(room.first, held.decision_id, "contact", "rang", "reached")
    room.tell_time(hours=1)
    room.desk.note(room.first, held.decision_id, "appeal", "It is urgent.")
    asked_at = room.world.now
    room.tell_time(hours=1)
    handler = room.office.person("p-3", "compliance", "intervention_handler")
    assert one(room, "appeal").answered_at is None
    room.desk.note(handler, held.decision_id, "appeal_decided", "We looked again.", "upheld")
    assert one(room, "appeal") == FirstAnswer(
        kind="appeal", since=asked_at, due_at=asked_at + APPEAL_WITHIN, answered_at=room.world.now
    )
    room.tell_time(minutes=1)
    room.desk.note(room.first, held.decision_id, "appeal", "And again.")
    assert counted(room, "appeal").open == 1


def test_weeks_are_apart(room: Room) -> None:
    """What began eight days ago stands in the week before, and test traffic nowhere."""
    room.world.decide(is_test=True)
    room.world.decide()
    room.tell_time(days=8)
    room.world.decide(customer__id="c-9")
    room.finder.follow()
    weeks = room.answers.weeks()
    assert [week.began for week in weeks] == [1, 1, 0, 0]
    assert [week.late for week in weeks] == [0, 1, 0, 0]
    assert weeks[0].since == room.world.now - WEEK


def test_the_newest_week_is_told_as_gauges(room: Room) -> None:
    """By kind and standing, with the median in seconds; nothing before the first look."""
    metrics, registry = FirstAnswerMetrics(), CollectorRegistry()
    registry.register(metrics)
    assert b"first_answer" not in generate_latest(registry)
    late = FirstAnswer(kind="refer", since=START, due_at=START + REFER_WITHIN, answered_at=START + timedelta(hours=5))
    metrics.newest = week_of([late], START - WEEK, START + timedelta(hours=6))
    told = generate_latest(registry).decode()
    assert 'thinktwice_first_answers{kind="refer",standing="late"} 1.0' in told
    assert 'thinktwice_first_answers{kind="refer",standing="in_time"} 0.0' in told
    assert 'thinktwice_first_answer_median_seconds{kind="refer"} 18000.0' in told


def test_after_a_defect_nothing_old_is_told_and_it_looks_again(room: Room) -> None:
    """An error that nobody foresaw takes the gauges away until a look succeeds, and does not end the thread."""
    told, stopped = FirstAnswerMetrics(), threading.Event()
    seen: list[Week | None] = []

    class Failing(FirstAnswers):
        def weeks(self) -> tuple[Week, ...]:
            seen.append(told.newest)
            if len(seen) == 2:
                raise ValueError("nobody foresaw this")
            if len(seen) == 4:
                stopped.set()
            return room.answers.weeks()

    _look(Failing(room.reader, room.finder, room.office.ledger.reading, utc_now), told, stopped, 0.0)
    assert [one is not None for one in seen] == [False, True, False, True]
