"""A held withdrawal from the queue to its resolution, across console and deciding process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from tests.support.intervention_room import Room
from thinktwice.decisions.asks import Resolve
from thinktwice.errors import InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.interventions.handing import HandOff, HandOffs
from thinktwice.interventions.recalling import recall_request
from thinktwice.interventions.resolutions import Carrier
from thinktwice.languages.words import Words, service_messages
from thinktwice.people.errors import NotAllowedError

CHINESE = Words("zh-Hant", Locale.parse("zh_Hant"), service_messages("zh_Hant"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room to work in."""
    made = Room(tmp_path)
    yield made
    made.close()


def test_a_hold_is_released_by_two_people_after_a_call_and_a_fresh_decision_follows(room: Room) -> None:
    """The queue shows it, the first word waits, the second releases; nothing executes by itself."""
    held = room.world.decide(channel="api")
    assert held.action == "hold"
    ((waiting, taken, _),) = room.desk.queue(room.first)
    assert (waiting.decision.decision_id, taken, waiting.proposed_by) == (held.decision_id, None, None)
    room.desk.note(room.first, held.decision_id, "taken", "")
    room.desk.note(room.first, held.decision_id, "contact", "A hospital bill for her son.", "reached")
    room.desk.note(room.first, held.decision_id, "disposition", "Spoke with the hospital too.", "genuine")
    room.desk.resolve(room.first, held.decision_id, "release", "genuine urgent bill", contact=room.contact())
    assert room.carrier.carry() == 1
    found = room.desk.find(room.second, held.decision_id)
    assert [one.status for one in found.asked] == ["awaiting_second"]
    assert found.first_human_answer is not None
    with pytest.raises(SecondPersonError):
        room.desk.resolve(room.first, held.decision_id, "release", "me again, really")
    assert room.world.clear(held).status == "held"
    room.desk.resolve(room.second, held.decision_id, "release", "heard the recording of the call")
    assert room.carrier.carry() == 1
    assert [one.status for one in room.desk.find(room.second, held.decision_id).asked][-1] == "released"
    assert room.desk.queue(room.first) == ()
    assert not room.world.clear(held).is_cleared
    assert room.world.decide(withdrawal_id=held.withdrawal_id, attempt=2).action == "alert"


def test_what_the_deciding_process_refuses_is_said_and_changes_nothing(room: Room) -> None:
    """A release without a call is not a release."""
    held = room.world.decide(channel="api")
    room.desk.queue(room.first)
    room.desk.resolve(room.first, held.decision_id, "release", "no call was made")
    room.carrier.carry()
    (asked,) = room.desk.find(room.first, held.decision_id).asked
    assert asked.status is None
    assert "recorded contact" in str(asked.problem)
    assert "須已記錄與客戶的聯絡" in CHINESE.say(asked.problem or "")  # the page says it in its reader's language
    assert room.world.clear(held).status == "held"


def test_an_act_is_carried_once_though_its_answer_was_lost(room: Room) -> None:
    """The same act again, as after a kill between journal and control database."""
    held = room.world.decide(channel="api")
    room.desk.queue(room.first)
    room.desk.resolve(room.first, held.decision_id, "cancel", "the customer asked for it")
    with room.office.ledger.reading() as connection:
        (sealed,) = connection.execute("SELECT request_sealed FROM resolution_asked").fetchone()
    assert b"customer asked" not in sealed
    results = []

    def lose_once(act: object) -> object:
        results.append(room.world.ask(Resolve(act)))  # type: ignore[arg-type]  # the carrier gives acts
        if len(results) == 1:
            raise KeyboardInterrupt
        return results[-1]

    carrier = Carrier(room.office.ledger, room.office.sealing, lose_once)  # type: ignore[arg-type]  # it answers as the service does
    with pytest.raises(KeyboardInterrupt):
        carrier.carry()
    assert carrier.carry() == 1
    assert results[0] == results[1]
    assert carrier.carry() == 0
    assert room.world.clear(held).status == "cancelled"
    assert room.world.decide(channel="api").action == "hold"  # one person may stop a withdrawal; the hold stays


def test_who_may_what_is_asked_each_time(room: Room) -> None:
    """An analyst reads; nobody without the act changes anything; refusals are entries of the chain."""
    held = room.world.decide(channel="api")
    analyst = room.office.person("p-7", "analyst")
    author = room.office.person("p-8", "author")
    assert len(room.desk.queue(analyst)) == 1
    with pytest.raises(NotAllowedError):
        room.desk.queue(author)
    with pytest.raises(NotAllowedError):
        room.desk.note(analyst, held.decision_id, "contact", "I just called", "reached")
    with pytest.raises(NotAllowedError):
        room.desk.resolve(analyst, held.decision_id, "cancel", "because I can")
    with pytest.raises(NotFoundError):
        room.desk.find(analyst, "no-such-decision")
    with room.office.ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM audit_entry WHERE outcome = 'refused'").fetchone()[0] == 2


def test_an_appeal_is_answered_by_somebody_else(room: Room) -> None:
    """Not by who acted on the hold, and only when there is one."""
    held = room.world.decide(channel="api")
    room.desk.queue(room.first)
    with pytest.raises(StateError, match="no appeal"):
        room.desk.note(room.second, held.decision_id, "appeal_decided", "Sounds right.", "upheld")
    room.desk.note(room.first, held.decision_id, "appeal", "She says that the hospital waits.")
    room.desk.resolve(room.first, held.decision_id, "keep", "not reached yet")
    with pytest.raises(SecondPersonError):
        room.desk.note(room.first, held.decision_id, "appeal_decided", "No.", "rejected")
    room.desk.note(room.second, held.decision_id, "appeal_decided", "Call her today.", "upheld")
    with pytest.raises(StateError):
        room.desk.note(room.second, held.decision_id, "appeal_decided", "Again.", "upheld")


def test_the_most_urgent_comes_first_and_what_ended_is_gone(room: Room) -> None:
    """By deadline; a hold that ran out is no work any more, and one hold met by two attempts is one line."""
    first = room.world.decide(channel="api", customer__id="c-1")
    room.tell_time(hours=2)
    second = room.world.decide(channel="api", customer__id="c-2")
    room.world.decide(withdrawal_id="again", channel="api", customer__id="c-2")
    assert [one.decision.customer_ref for one, _, _ in room.desk.queue(room.first)] == [
        first.customer_ref,
        second.customer_ref,
    ]
    room.tell_time(hours=23)
    assert [one.decision.customer_ref for one, _, _ in room.desk.queue(room.first)] == [second.customer_ref]
    with pytest.raises(StateError, match="nothing stands"):
        room.desk.resolve(room.first, first.decision_id, "keep", "too late now")


@pytest.mark.parametrize(
    ("kind", "outcome", "text"),
    [
        ("contact", None, "called her"),
        ("contact", "nonsense", "called her"),
        ("disposition", "guilty", "called her"),
        ("answers", "reached", "called her"),
        ("nonsense", None, "called her"),
        ("answers", None, ""),
        ("answers", None, "x" * 4_001),
    ],
)
def test_what_cannot_be_counted_or_read_is_not_put_down(room: Room, kind: str, outcome: str | None, text: str) -> None:
    """Outcomes come from short lists; words are there and bounded."""
    held = room.world.decide(channel="api")
    with pytest.raises(InputError):
        room.desk.note(room.first, held.decision_id, kind, text, outcome)


def test_the_recall_request_tells_the_receiver_no_more_than_it_needs(room: Room) -> None:
    """The transfer and our reference; no customer, no campaign, no signal."""
    held = room.world.decide(channel="api")
    text = recall_request(held, "Example Exchange", "0xabc")
    assert held.facts.address in text
    assert held.withdrawal_id in text
    assert held.customer_ref not in text


def test_a_hand_off_is_told_until_it_is_acknowledged_and_then_never_again(room: Room) -> None:
    """Under the same id and with the same body each time; other notes are nobody else's business."""
    held = room.world.decide(channel="api")
    room.desk.note(room.first, held.decision_id, "hand_off", "Please look at the account, team B.")
    room.desk.note(room.first, held.decision_id, "contact", "Called her.", "reached")
    hand_offs, heard = HandOffs(room.office.ledger, room.office.sealing), []

    def away(one: HandOff) -> str | None:
        heard.append(one)
        return "away"

    def there(one: HandOff) -> str | None:
        heard.append(one)
        return None

    assert len(hand_offs.tell(away)) == 1
    assert hand_offs.tell(there) == []
    assert hand_offs.tell(there) == []
    assert len(heard) == 2
    assert heard[0] == heard[1]
    assert json.loads(heard[0].body)["data"] == {
        "decision_id": held.decision_id,
        "text": "Please look at the account, team B.",
    }
