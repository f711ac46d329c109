"""The page of a hold: what the second of two sees of the first, what each is offered, and what was really sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.support.console import open_console
from tests.support.intervention_room import Room
from tests.support.staff import Staff
from tests.support.world import policy
from thinktwice.interventions.desk import InterventionDesk
from thinktwice.interventions.handing import HandOffs
from thinktwice.people.permissions import Role
from thinktwice.records.decision import Decision
from thinktwice.web.console.interventions.pages import AREA

HOLDING = policy(intervention="hold", holdout=Decimal(0), frequency_cap=None)
SUSPECTS_LOOKALIKES = policy(
    "lookalike",
    priority=100,
    jurisdictions=("*",),
    audience="is_lookalike",
    intervention="hold",
    holdout=Decimal(0),
    frequency_cap=None,
    partners=(),
)
OWN = "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c"
ALIKE = "0x25f5aa11" + "0" * 24 + "8899b02c"
AS_IT_IS, STOP, PROPOSE = "Keep it as it is", "Stop this withdrawal", "Propose an early end"
GENUINE = "This destination is genuine for this customer"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose campaign holds."""
    with closing(Room(tmp_path, (HOLDING,))) as made:
        yield made


class Reader:
    """Somebody at the console."""

    def __init__(self, room: Room, account_id: str = "p-1", role: Role = "intervention_handler") -> None:
        self._room = room
        self._account_id = account_id
        self._role: Role = role

    def ask(
        self, path: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Open a page, or send a form of it."""
        room = self._room
        now = room.world.now
        desks = {InterventionDesk: room.desk}
        console = open_console(room.world.folder, [AREA], clock=lambda: room.world.now, desks=desks)
        with closing(console.ledger):
            secret = console.sign_in(
                self._role,
                account_id=self._account_id,
                opened_at=now,
                second_factor_at=now,
                expires_at=now + timedelta(hours=1),
            )
            if fields is None:
                return console.get(path, secret, headers=headers)
            return console.post(path, fields, secret)

    def text(self, decision: Decision | None, **headers: str) -> str:
        """Return the words of a decision's page, or of the queue."""
        path = f"/interventions/{decision.decision_id}" if decision else "/interventions"
        return words(self.ask(path, headers=headers))

    def send(self, decision: Decision, form: str, **fields: str) -> httpx.Response:
        """Send a form of a decision's page, and let the deciding process do what is asked."""
        answer = self.ask(f"/interventions/{decision.decision_id}/{form}", fields)
        self._room.carrier.carry()
        return answer


def words(answer: httpx.Response) -> str:
    text = " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.text)).split())
    return text.replace(" ,", ",").replace(" :", ":")


def proposal(room: Room, **more: str) -> dict[str, str]:
    """Return a filled-in proposal of an early end."""
    return {
        "resolution": "release",
        "reason": "an urgent, genuine bill",
        "contact_how": "the number on file since 2021",
        "contact_at": room.world.now.strftime("%Y-%m-%dT%H:%M"),
        "contact_note": "call 17",
        **more,
    }


def test_the_second_of_two_reads_what_the_first_said(room: Room) -> None:
    """Who, why, how and when the customer was reached and where that is noted; who took it and who noted what."""
    held = room.world.decide()
    first, second = Reader(room), Reader(room, "p-2")
    first.send(held, "take")
    assert "Taken by Ines Call" in first.text(None)
    first.send(held, "notes", kind="contact", outcome="reached", text="The hospital's own bill.")
    assert first.send(held, "resolution", **proposal(room)).status_code == 303
    for reader in (second, Reader(room, "p-9", "analyst"), Reader(room, "p-8", "compliance")):
        text = reader.text(held)
        for said in ("an urgent, genuine bill", "the number on file since 2021", "call 17", "20 Nov 2026"):
            assert said in text
        assert "Taken by Ines Call" in text
        assert re.search(r"Contact attempt: Reached [^|]{5,40}, Ines Call The hospital's own bill\.", text), text
        assert re.search(r"End it early: Waits for a second person [^|]{5,40}, Ines Call an urgent", text), text
        assert re.search(r"Proposed: end it early [^|]{5,40}, Ines Call an urgent", text), text


def test_a_first_word_over_http_is_read_too(room: Room) -> None:
    """The page shows person, reason and call of the operator's own system, and that person answers no appeal."""
    held = room.world.decide()
    Staff(room.world).act("p-7", "release", held, reason="rang the branch")
    text = Reader(room, "p-2").text(held)
    for said in ("p-7", "rang the branch", "call to a number on file", "case-7"):
        assert said in text
    room.desk.note(room.first, held.decision_id, "appeal", "Please look again.")
    answer = {"kind": "appeal_decided", "outcome": "rejected", "text": "No, it stays."}
    assert Reader(room, "p-7").send(held, "notes", **answer).status_code == 403
    assert Reader(room, "p-2").send(held, "notes", **answer).status_code == 303


def test_each_is_offered_what_each_may_do(room: Room) -> None:
    """Keeping and stopping always; a proposal only while there is none; the end only to the second, in words."""
    held = room.world.decide()
    first, second = Reader(room), Reader(room, "p-2")
    assert all(choice in first.text(held) for choice in (AS_IT_IS, STOP, PROPOSE))
    first.send(held, "resolution", **proposal(room))
    for reader in (first, second):
        text = reader.text(held)
        assert AS_IT_IS in text
        assert STOP in text
        assert PROPOSE not in text
    assert "Agree to end it early" not in first.text(held)
    assert "To take it back, keep the hold below." in first.text(held)
    assert "the hold ends at once" in second.text(held)
    assert "Waits for a second person" in first.text(held)
    first.send(held, "resolution", resolution="keep", reason="the customer rang back, unsure")
    assert PROPOSE in first.text(held)
    assert "Waits for a second person" not in first.text(held)  # what was taken back, or is too old, waits no more
    first.send(held, "resolution", **proposal(room))
    first.send(held, "resolution", resolution="cancel", reason="the customer asked for it")
    assert room.world.clear(held).status == "cancelled"


def test_a_page_that_is_out_of_date_ends_nothing(room: Room) -> None:
    """Two who propose at the same time are no two people of one proposal; whoever agrees, agrees to one that stands."""
    held = room.world.decide()
    first, second = Reader(room), Reader(room, "p-2")
    path = f"/interventions/{held.decision_id}/resolution"
    assert (first.ask(path, proposal(room)).status_code, second.ask(path, proposal(room)).status_code) == (303, 303)
    room.carrier.carry()
    assert room.world.clear(held).status == "held"
    assert "somebody else has proposed an early end already" in second.text(held)
    refused = second.send(held, "resolution", **proposal(room))
    assert refused.status_code == 409
    assert "somebody else has proposed an early end already" in words(refused)
    first.send(held, "resolution", resolution="keep", reason="the customer rang back, unsure")
    late = second.send(held, "confirmation", resolution="release", reason="heard the call too")
    assert late.status_code == 409
    assert "no proposal to end this early stands any more" in words(late)
    assert room.world.clear(held).status == "held"


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_false_lookalike_is_established_when_both_say_so(tmp_path: Path, is_confirmed: bool) -> None:
    """The box stands in the proposal, the second sees it and confirms it or not; only both together count."""
    with closing(Room(tmp_path, (SUSPECTS_LOOKALIKES,))) as room:
        known = room.world.decide(destination__address=OWN)
        room.world.complete(known)
        room.tell_time(days=40)
        held = room.world.decide(destination__address=ALIKE)
        assert (held.action, held.explanation.signals["is_lookalike"]) == ("hold", True)
        first, second = Reader(room), Reader(room, "p-2")
        assert GENUINE in first.text(held)
        first.send(held, "resolution", **proposal(room, mark_genuine="yes"))
        assert "Your colleague says so." in second.text(held)
        box = {"mark_genuine": "yes"} if is_confirmed else {}
        second.send(held, "confirmation", resolution="release", reason="rang the same number", **box)
        again = room.world.decide(destination__address=ALIKE)
        assert again.explanation.signals["is_lookalike"] is not is_confirmed
        assert again.explanation.signals["is_established_destination"] is is_confirmed


def test_without_the_first_word_the_second_is_offered_no_box(room: Room) -> None:
    """What would have no effect is not offered."""
    held = room.world.decide()
    Reader(room).send(held, "resolution", **proposal(room))
    assert GENUINE not in Reader(room, "p-2").text(held)


def test_a_hand_off_says_whether_it_was_sent(room: Room, tmp_path: Path) -> None:
    """It waits until the other system took it; without a webhook nothing is sent, and the page says so."""
    held = room.world.decide()
    reader = Reader(room)
    reader.send(held, "notes", kind="hand_off", text="Team B, please look.")
    assert "Waits to be sent" in reader.text(held)
    HandOffs(room.office.ledger, room.office.sealing).tell(lambda _one: None)
    assert "Their system took it:" in reader.text(held)
    with closing(Room(tmp_path / "alone", (HOLDING,), has_webhook=False)) as alone:
        held, reader = alone.world.decide(), Reader(alone)
        assert "No webhook is set up: this is only noted here." in reader.text(held)
        reader.send(held, "notes", kind="hand_off", text="Team B, please look.")
        assert "Not sent: no webhook is set up." in reader.text(held)


def test_a_withdrawal_that_went_on_has_no_such_page(room: Room) -> None:
    """It never waited: nothing is shown, nobody can take it, and yet money can be asked back."""
    small = room.world.decide(amount="10", fiat_amount="10")
    reader = Reader(room)
    assert reader.ask(f"/interventions/{small.decision_id}").status_code == 404
    assert reader.send(small, "take").status_code == 404
    assert reader.send(small, "notes", kind="contact", outcome="reached", text="a call").status_code == 404
    assert reader.ask(f"/interventions/{small.decision_id}/recall").status_code == 200


def test_a_call_that_lies_ahead_is_told_as_a_fault(room: Room) -> None:
    """The page says what is wrong and what would be right."""
    held = room.world.decide()
    ahead = (room.world.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    refused = Reader(room).send(held, "resolution", **proposal(room, contact_at=ahead))
    assert refused.status_code == 422
    assert "lies in the future: give the time at which you spoke, in UTC" in words(refused)


def test_a_recall_request_leaves_a_trace(room: Room) -> None:
    """Who sent it, to whom, about which transaction; on its own page and on that of the hold."""
    held = room.world.decide()
    reader = Reader(room)
    reader.send(held, "recall", sent_to="fraud@receiver.example", transaction="0xabc")
    for text in (words(reader.ask(f"/interventions/{held.decision_id}/recall")), reader.text(held)):
        assert re.search(r"Recall request [^|]{5,40}, Ines Call fraud@receiver\.example 0xabc", text), text
    assert reader.send(held, "recall", transaction="0xabc").status_code == 422


def test_our_questions_are_read_in_the_readers_language(room: Room) -> None:
    """What the customer said stays as it was said."""
    held = room.world.decide()
    Reader(room).send(held, "notes", kind="answers", **{"answer-0": "For the hospital."})
    assert "What is this withdrawal for? For the hospital." in Reader(room).text(held)
    chinese = Reader(room).text(held, **{"Accept-Language": "zh-Hant"})
    assert "For the hospital." in chinese
    assert "What is this withdrawal for?" not in chinese
