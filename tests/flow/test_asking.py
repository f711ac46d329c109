"""The rung *ask*, from the question to the clearance: no answer is a way around."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.world import World, policy
from thinktwice.decisions.asks import NoteAlert
from thinktwice.decisions.claims import opened
from thinktwice.errors import ConflictError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent

CALM = {"origin": "known_in_person", "on_call": "no", "money_back": "large_part", "coached": "no"}
COACHED = CALM | {"coached": "yes"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (policy(intervention="ask", holdout=Decimal(0), frequency_cap=None),))
    yield made
    made.close()


def _answer(world: World, decision: Decision, answers: dict[str, str], event_id: str = "answers-1") -> Any:
    assert decision.alert is not None
    event = AlertEvent(event_id=event_id, type="answered", occurred_at=world.now, detail=answers)
    alert_id = decision.alert.alert_id
    return world.ask(NoteAlert(alert_id, decision.withdrawal_id, decision.attempt, decision.is_test, event))


def _seen(world: World, decision: Decision) -> OpenAlert:
    assert decision.alert is not None
    reader = SqliteJournalReader(world.folder / "journal.db")
    records = reader.alert_events(decision.alert.alert_id)
    reader.close()
    return opened(decision, decision.alert, [msgspec.json.decode(one.body, type=AlertEvent) for one in records])


def test_going_on_needs_every_answer(world: World) -> None:
    """Without the questions, or with some of them, going on is refused; with all of them it clears."""
    decision = world.decide()
    with pytest.raises(ConflictError):
        world.claim(decision, "continued")
    _answer(world, decision, {"origin": "own_wallet"})
    with pytest.raises(ConflictError):
        world.claim(decision, "continued")
    _answer(world, decision, CALM, "answers-2")
    world.claim(decision, "continued")
    assert world.clear(decision).is_cleared


def test_coached_answers_hold_the_money_and_every_later_attempt(world: World) -> None:
    """Yes, I was told what to answer: held; changing the answer, the amount or the attempt changes nothing."""
    decision = world.decide(withdrawal_id="w-c")
    _answer(world, decision, COACHED)
    assert world.clear(decision).status == "held"
    _answer(world, decision, CALM, "answers-2")
    with pytest.raises(ConflictError):
        world.claim(decision, "continued")
    assert world.clear(decision).status == "held"
    again = world.decide(withdrawal_id="w-c", attempt=2, amount="1", fiat_amount="1")
    assert again.action == "hold"
    shown = _seen(world, decision)
    assert (shown.action, shown.intervention) == ("hold", "hold")
    assert shown.hold is not None
    assert again.hold is not None
    assert shown.hold.until == again.hold.until


def test_at_the_end_of_a_raised_hold_the_customer_is_screened_again(world: World) -> None:
    """The old attempt expires; the new one asks again, and who is on their own now may go on."""
    decision = world.decide()
    _answer(world, decision, COACHED)
    world.pass_time(hours=24)
    assert world.clear(decision).status == "expired"
    again = world.decide()
    assert (again.action, again.intervention) == ("alert", "ask")
    _answer(world, again, CALM, "answers-2")
    world.claim(again, "continued")
    assert world.clear(again).is_cleared


def test_my_own_wallet_is_no_answer_where_others_pay_it(world: World) -> None:
    """Three customers say that one address is theirs: a person speaks with them."""
    for number in range(3):
        world.decide(customer__id=f"other-{number}")
    decision = world.decide()
    _answer(world, decision, CALM | {"origin": "own_wallet"})
    assert world.clear(decision).status == "referred"
    shown = _seen(world, decision)
    assert (shown.action, shown.intervention) == ("refer", "refer")


def test_who_shares_the_screen_is_asked_nothing_and_cannot_go_on(world: World) -> None:
    """The scripted answers of somebody who looks on are worth nothing; another device starts afresh."""
    decision = world.decide(session__is_remote_access=True)
    assert _seen(world, decision).must_end_sharing
    _answer(world, decision, CALM)
    with pytest.raises(ConflictError):
        world.claim(decision, "continued")
    assert not world.clear(decision).is_cleared


def test_a_browser_cannot_write_what_the_server_adds(world: World) -> None:
    """A forged rung or end in the details is taken out before anything is kept."""
    decision = world.decide()
    _answer(world, decision, CALM | {"raised_to": "refer", "until": "2020-01-01T00:00:00+00:00"})
    shown = _seen(world, decision)
    assert (shown.action, shown.hold) == ("alert", None)
    assert shown.answers == CALM


def test_the_same_answers_sent_twice_count_once(world: World) -> None:
    """A repetition is known by its id although the server added facts to what it kept."""
    decision = world.decide()
    assert _answer(world, decision, COACHED).status == "recorded"
    assert _answer(world, decision, COACHED).status == "duplicate"
    assert _answer(world, decision, CALM).status == "conflict"


def test_the_journal_says_what_answers_raised(world: World) -> None:
    """The fact stands on the answer itself, so it can be shown who raised what, and when it ends."""
    decision = world.decide()
    _answer(world, decision, COACHED)
    assert decision.alert is not None
    reader = SqliteJournalReader(world.folder / "journal.db")
    (record,) = reader.alert_events(decision.alert.alert_id)
    reader.close()
    detail = msgspec.json.decode(record.body)["detail"]
    assert detail["raised_to"] == "hold"
    assert detail["until"].startswith("2026-11-21T12:00")
