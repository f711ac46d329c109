"""The record of a hold belongs to the hold: whatever the customer does next, staff keep what they wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.hosted import hosted
from tests.support.intervention_room import Room
from tests.support.world import START, policy
from thinktwice.errors import NotFoundError, SecondPersonError
from thinktwice.interventions.desk import InterventionDesk
from thinktwice.journal import finder_statements as sql
from thinktwice.journal.finder_holds import NO_END
from thinktwice.journal.times import to_microseconds
from thinktwice.people.person import Person
from thinktwice.storage.sqlite import connect

HOLDING = policy(intervention="hold", holdout=Decimal(0), frequency_cap=None)
REFERRING = policy("refers", jurisdictions=("SG",), intervention="refer", holdout=Decimal(0), hold=None)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose campaigns hold in Hong Kong and refer in Singapore."""
    made = Room(tmp_path, (HOLDING, REFERRING))
    with closing(made):
        yield made


def third(room: Room) -> Person:
    return room.office.person("p-3", "compliance", "intervention_handler")


def kinds(desk: InterventionDesk, person: Person, decision_id: str) -> list[str]:
    return [note.kind for note in desk.find(person, decision_id).notes]


def test_a_customer_who_tries_again_takes_nothing_of_the_record_away(room: Room) -> None:
    """Another attempt and a split meet the same hold: the line, each page and every guard go on with what was done."""
    held = room.world.decide(channel="app")
    room.desk.note(room.first, held.decision_id, "taken", "")
    room.desk.note(room.first, held.decision_id, "contact", "The hospital waits.", "reached")
    room.desk.note(room.first, held.decision_id, "appeal", "She appeals.")
    room.desk.resolve(room.first, held.decision_id, "release", "genuine urgent bill", contact=room.contact())
    room.carrier.carry()
    room.tell_time(minutes=1)
    again = room.world.decide(withdrawal_id=held.withdrawal_id, attempt=2)
    split = room.world.decide(withdrawal_id="a-part", amount="300", fiat_amount="300")
    elsewhere = room.world.decide(withdrawal_id="other", destination__address="0x" + "4" * 40)
    lines = {line.waiting.decision.decision_id: line for line in room.desk.queue(room.second)}
    assert set(lines) == {split.decision_id, elsewhere.decision_id}
    line = lines[split.decision_id]
    assert (line.taken, line.appealed_at, line.waiting.proposed_by) == ("p-1", START, "p-1")
    assert lines[elsewhere.decision_id].taken is None
    for decision in (held, again, split):
        found = room.desk.find(room.second, decision.decision_id)
        assert [note.kind for note in found.notes] == ["taken", "contact", "appeal"]
        assert [one.status for one in found.asked] == ["awaiting_second"]
        assert found.open_appeal is not None
        with pytest.raises(SecondPersonError):
            room.desk.note(room.first, decision.decision_id, "appeal_decided", "No.", "rejected")
    assert room.desk.find(room.second, elsewhere.decision_id).notes == ()
    room.desk.note(room.second, again.decision_id, "taken", "")
    assert {line.taken for line in room.desk.queue(room.second)} == {"p-2", None}
    room.desk.note(third(room), split.decision_id, "appeal_decided", "Call her.", "upheld")
    assert room.desk.find(room.first, held.decision_id).open_appeal is None


def test_a_hold_that_ended_keeps_its_record_to_itself(room: Room) -> None:
    """The next hold at the same destination begins with nothing, and the first one's page says that it has ended."""
    held = room.world.decide()
    room.desk.note(room.first, held.decision_id, "taken", "")
    room.desk.note(room.first, held.decision_id, "contact", "Nobody there.", "no_answer")
    room.tell_time(days=20)
    later = room.world.decide(withdrawal_id="later")
    assert later.action == "hold"
    ((waiting, taken, _),) = room.desk.queue(room.second)
    assert (waiting.decision.decision_id, taken) == (later.decision_id, None)
    assert kinds(room.desk, room.second, later.decision_id) == []
    earlier = room.desk.find(room.second, held.decision_id)
    assert (earlier.waiting, earlier.newer) == (None, later.decision_id)
    assert kinds(room.desk, room.second, held.decision_id) == ["taken", "contact"]


def test_an_early_release_answers_the_appeal(room: Room) -> None:
    """When two end the hold the customer has been answered: at that time, and nobody is late a day after."""
    held = room.world.decide()
    room.desk.note(room.first, held.decision_id, "appeal", "Please look again.")
    room.tell_time(minutes=10)
    for person in (room.first, room.second):
        room.desk.resolve(person, held.decision_id, "release", "a genuine bill", contact=room.contact())
        room.carrier.carry()
    room.tell_time(hours=25)
    assert [(one.kind, one.late) for one in room.desk.service(room.first)[0].kinds if one.began] == [
        ("hold", 0),
        ("appeal", 0),
    ]
    assert room.desk.find(room.first, held.decision_id).open_appeal is None
    assert room.desk.ended_appeals(room.first) == ()
    (appeal,) = [one for one in room.answers.since(START) if one.kind == "appeal"]
    assert appeal.answered_at == START + timedelta(minutes=10)


def test_an_appeal_outlives_a_hold_that_ends_by_itself(room: Room) -> None:
    """It stays on the page of the queue, with its link and its time, until somebody answers it."""
    held = room.world.decide()
    room.tell_time(hours=23)
    again = room.world.decide(withdrawal_id="again")
    with hosted(room.world) as site:
        assert site.send(again, "help", about="appeal") == 303
    assert room.desk.ended_appeals(room.first) == ()  # the hold's own line says so
    assert [line.appealed_at for line in room.desk.queue(room.first)] == [room.world.now]
    asked_at = room.world.now
    room.tell_time(hours=5)
    assert room.desk.queue(room.first) == ()
    (left,) = room.desk.ended_appeals(room.first)
    assert (left.decision.decision_id, left.since) == (again.decision_id, asked_at)
    assert left.due_at == asked_at + timedelta(hours=24)
    room.desk.note(third(room), held.decision_id, "appeal_decided", "Told her that it has ended.", "upheld")
    assert room.desk.ended_appeals(room.first) == ()


def test_what_never_waited_is_no_intervention(room: Room) -> None:
    """A withdrawal that went on is not found here, and nothing can be put down about it."""
    small = room.world.decide(amount="10", fiat_amount="10")
    assert small.action == "proceed"
    with pytest.raises(NotFoundError):
        room.desk.find(room.first, small.decision_id)
    with pytest.raises(NotFoundError):
        room.desk.note(room.first, small.decision_id, "taken", "")
    with pytest.raises(NotFoundError):
        room.desk.resolve(room.first, small.decision_id, "keep", "nothing to keep")


def test_a_proposal_that_has_expired_is_one_no_more(room: Room) -> None:
    """After a day the queue shows none, and the first may begin anew."""
    held = room.world.decide(customer__jurisdiction="SG")
    room.desk.resolve(room.first, held.decision_id, "release", "a genuine bill", contact=room.contact())
    room.carrier.carry()
    room.tell_time(hours=23, minutes=59)
    assert [line.waiting.proposed_by for line in room.desk.queue(room.first)] == ["p-1"]
    room.tell_time(minutes=1)
    assert [line.waiting.proposed_by for line in room.desk.queue(room.first)] == [None]
    room.desk.resolve(room.first, held.decision_id, "release", "called once more", contact=room.contact())
    room.carrier.carry()
    room.desk.resolve(room.second, held.decision_id, "release", "heard that call")
    room.carrier.carry()
    assert room.desk.queue(room.first) == ()


def test_however_many_came_later_an_old_referral_stays_in_the_queue(room: Room) -> None:
    """Thousands of holds that ended and of attempts again push nothing out, and the search for them has an index."""
    old = room.world.decide(customer__jurisdiction="SG")
    room.finder.follow()
    began, ended = to_microseconds(room.world.now), to_microseconds(room.world.now + timedelta(hours=24))
    with closing(connect(room.world.folder / "finder.db")) as index:
        index.execute("BEGIN")
        index.executemany(
            sql.INSERT_WAITING,
            [(f"d-{n}", 100 + n, f"c-{n}", "evm:0x1", began, ended, f"d-{n}") for n in range(6_000)]
            + [(f"again-{n}", 9_000 + n, "c-again", "evm:0x1", began, NO_END, "again-0") for n in range(6_000)],
        )
        index.execute("COMMIT")
        values = (to_microseconds(room.world.now),)
        plan = [row[3] for row in index.execute(f"EXPLAIN QUERY PLAN {sql.SELECT_WAITING}", values)]
    assert any("USING INDEX waiting_by_end" in step for step in plan), plan
    room.tell_time(days=2)
    assert len(room.finder.waiting(room.world.now)) == 2
    assert [line.waiting.decision.decision_id for line in room.desk.queue(room.first)] == [old.decision_id]
    assert [one.kind for one in room.answers.since(START)] == ["refer"]
