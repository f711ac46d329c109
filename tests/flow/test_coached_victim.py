"""A coached victim tries everything: the hold survives each, two people end it, and its end is a fresh decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.staff import Staff
from tests.support.world import LOOKALIKE, NEW_DESTINATION, World, policy
from thinktwice.decisions.asks import Recheck, Resolve
from thinktwice.decisions.resolution_intake import read_act
from thinktwice.errors import ConflictError, InputError, NotFoundError, SecondPersonError, StateError, ThinkTwiceError
from thinktwice.journal.sqlite import SqliteJournalReader
from thinktwice.outbox.store import OutboxStore
from thinktwice.records.campaign import HoldRule
from thinktwice.signals.state import micros

OTHER = "0x1111111111111111111111111111111111111111"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world whose campaign for Hong Kong holds for a day; half of the customers are in its holdout."""
    holding = policy(intervention="hold", holdout=Decimal("0.5"))
    world = World(tmp_path, (holding, NEW_DESTINATION, LOOKALIKE), is_telling=True)
    yield world
    world.close()


@pytest.fixture
def staff(world: World) -> Staff:
    return Staff(world)


def told(world: World) -> list[tuple[str, str]]:
    """Return withdrawal and status of every change told so far, in order, and remind of what is due."""
    store = OutboxStore(world.folder / "journal.db")
    for due in store.due(micros(world.now), 1000):
        if due.message.topic == "recheck":
            world.ask(Recheck(due.message.body.decode()))
            store.done(due.seq)
    waiting = [one.message for one in store.due(micros(world.now), 1000) if one.message.topic == "clearance.changed"]
    store.close()
    data = [json.loads(one.body)["data"] for one in sorted(waiting, key=lambda one: one.created_at)]
    return [(one["withdrawal_id"], one["status"]) for one in data]


def test_whatever_is_tried_the_hold_stays(world: World) -> None:
    """Cancel, a split in three, another device, amount, channel and language, a new attempt, going on: held each time,
    until the same moment."""
    first = world.decide(withdrawal_id="w-1")
    assert first.action == "hold"
    assert first.hold is not None
    world.note("withdrawal.cancelled", withdrawal_id="w-1", attempt=1)
    assert world.clear(first).status == "cancelled"
    tries: list[dict[str, Any]] = [
        *({"amount": "4000", "fiat_amount": "4001"} for _ in range(3)),
        {"amount": "1", "fiat_amount": "1"},
        {"session__is_new_device": True, "channel": "web"},
        {"channel": "api"},
        {"channel": "batch", "fiat_amount": "50"},
        {"customer__locale": "en", "destination__owner": "self"},
        {"withdrawal_id": "w-1", "attempt": 2},
        {"replaces": "w-1"},
        {"destination__address": "0x25F5AA11BB22CC33DD44EE55FF6600778899B02C", "network": "bsc"},
    ]
    for changes in tries:
        world.pass_time(minutes=1)
        again = world.decide(**changes)
        assert again.action == "hold", changes
        assert again.hold is not None
        assert again.hold.until == first.hold.until
        assert world.clear(again).status == "held"
        if again.alert is not None:
            with pytest.raises(ThinkTwiceError):
                world.claim(again, "continued")


def test_waiting_it_out_leads_to_a_fresh_decision_and_a_confirmation(world: World) -> None:
    """At its end nothing executes; every customer, also of the holdout, and every amount is asked to confirm."""
    for number in range(6):  # half of them are in the holdout
        customer = f"c-{number}"
        first = world.decide(withdrawal_id=f"v-{number}", customer__id=customer)
        world.pass_time(hours=24)
        assert world.clear(first).status == "expired"
        assert (f"v-{number}", "expired") in told(world)
        for amount in ("12003.10", "150", "1"):
            fresh = world.decide(customer__id=customer, fiat_amount=amount)
            assert (fresh.action, fresh.intervention) == ("alert", "confirm"), (number, amount)
            assert world.clear(fresh).status == "open"
        assert fresh.decision_id != first.decision_id
        assert world.clear(first).status == "expired"


def test_an_earlier_yes_does_not_outlive_a_hold(tmp_path: Path) -> None:
    """What was confirmed before a hold is expired after it, although its day is not over."""
    short = policy(holdout=Decimal(0), hold=HoldRule(1, "terms-7.3", 72, "in_app"))
    world = World(tmp_path, (short, NEW_DESTINATION, LOOKALIKE))
    yes = world.decide()
    world.claim(yes, "continued")
    assert world.clear(yes).is_cleared
    assert world.decide(channel="api").action == "hold"
    assert world.clear(yes).status == "held"
    world.pass_time(hours=2)
    assert world.clear(yes).status == "expired"
    world.close()


def test_a_split_does_not_lead_around_an_open_alert(tmp_path: Path) -> None:
    """An alert not gone past is met again by smaller amounts; once gone past for so much it is settled."""
    world = World(tmp_path, (policy(holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE))
    assert world.decide().action == "alert"
    for amount in ("190", "190", "190"):
        assert world.decide(fiat_amount=amount).action == "alert"
    small = world.decide(fiat_amount="190")
    world.claim(small, "continued")
    assert world.decide(fiat_amount="190").action == "alert"  # 12,003.10 were never gone past
    whole = world.decide()
    world.claim(whole, "continued")
    assert world.decide(fiat_amount="190").action == "proceed"
    assert world.decide(destination__address=OTHER, fiat_amount="190").action == "proceed"
    world.close()


def test_a_release_needs_two_people_and_a_recorded_contact(world: World, staff: Staff) -> None:
    """One person, one key, no contact, a contact before the hold, another's name: the hold stays. Two people end it."""
    contact = {"how": "call", "at": (world.now - timedelta(days=1)).isoformat(), "note_ref": "case-7"}
    first = world.decide(withdrawal_id="w-1")
    world.pass_time(minutes=10)
    for changes in ({"contact": None}, {"contact": contact}, {"actor": "Bo Chan"}, {"reason": " "}):
        with pytest.raises(InputError):
            staff.act("An Li", "release", first, **changes)
    waiting = staff.act("An Li", "release", first)
    assert (waiting.status, waiting.clearance.status) == ("awaiting_second", "held")
    for again in ("An Li", "an  li"):
        with pytest.raises(SecondPersonError):
            staff.act(again, "release", first)
    assert world.clear(first).status == "held"
    released = staff.act("Bo Chan", "release", first, contact=None)
    assert (released.status, released.clearance.status) == ("released", "expired")
    assert told(world) == [("w-1", "expired")]
    fresh = world.decide()
    assert (fresh.action, fresh.intervention) == ("alert", "confirm")
    with pytest.raises(StateError):
        staff.act("Bo Chan", "release", first)


def test_money_that_left_with_an_earlier_attempt_is_told_of_the_later(world: World) -> None:
    """The operator hears that the later attempt is not cleared any more, once."""
    first = world.decide(withdrawal_id="w-1", fiat_amount="150")
    world.decide(withdrawal_id="w-1", attempt=2, fiat_amount="100")
    before = told(world)
    world.complete(first)
    world.complete(first)
    assert told(world)[len(before) :] == [("w-1", "expired")]


def test_asking_staff_by_phone_ends_nothing(world: World, staff: Staff) -> None:
    """A victim calls, day after day, and wins one colleague over: without a contact made while the hold stood,
    or with one person however often, it stays; what one has begun lapses after a day."""
    first = world.decide(withdrawal_id="w-1")
    called_us = {"how": "customer called the hotline", "note_ref": "call-1"}
    before = (world.now - timedelta(hours=1)).isoformat()
    with pytest.raises(InputError):
        staff.act("An Li", "release", first, contact=called_us | {"at": before})
    with pytest.raises(InputError):
        staff.act("An Li", "release", first, contact=None)
    for _ in range(5):
        world.pass_time(hours=1)
        with suppress(SecondPersonError):
            staff.act("An Li", "release", first, mark_genuine=True)
        assert world.clear(first).status == "held"
        assert world.decide().action == "hold"
        with suppress(SecondPersonError):
            staff.act("AN LI ", "release", first)
        assert world.clear(first).status == "held"
    staff.act("Cy Wong", "keep", first)  # a second colleague who was not persuaded takes it back
    assert staff.act("Bo Chan", "release", first).status == "awaiting_second"
    assert world.clear(first).status == "held"


def test_one_person_stops_a_withdrawal_and_the_hold_stays(world: World, staff: Staff) -> None:
    """Cancelled by staff: told, final for this withdrawal, and no way around for the next."""
    first = world.decide(withdrawal_id="w-1")
    assert staff.act("An Li", "cancel", first).clearance.status == "cancelled"
    assert told(world) == [("w-1", "cancelled")]
    assert world.decide().action == "hold"


def test_a_kept_hold_needs_two_again(world: World, staff: Staff) -> None:
    """``keep`` takes a first release back."""
    first = world.decide()
    staff.act("An Li", "release", first)
    assert staff.act("Cy Wong", "keep", first).status == "kept"
    assert staff.act("Bo Chan", "release", first).status == "awaiting_second"


def test_marked_genuine_by_both_it_is_established(world: World, staff: Staff) -> None:
    """Staff's word, given twice, lets the destination pass; given once it does not."""
    first = world.decide()
    staff.act("An Li", "release", first, mark_genuine=True)
    staff.act("Bo Chan", "release", first)
    assert world.decide().action == "alert"
    second = world.decide(destination__address=OTHER)
    assert second.action == "hold"
    staff.act("An Li", "release", second, mark_genuine=True)
    staff.act("Bo Chan", "release", second, mark_genuine=True)
    assert world.decide(destination__address=OTHER).explanation.signals["is_established_destination"] is True
    assert world.decide(destination__address=OTHER, fiat_amount="1").action == "proceed"


def test_an_act_counts_once_and_is_kept(world: World, staff: Staff) -> None:
    """The same act again gives the same result, another under its id conflicts, and the journal holds each with name,
    key, reason and contact."""
    first = world.decide()
    once = staff.act("An Li", "release", first, act_id="act-x")
    world.pass_time(minutes=1)
    body = {"act_id": "act-x", "contact": {"how": "call to a number on file", "note_ref": "case-7"}}
    body["contact"]["at"] = (world.now - timedelta(minutes=1)).isoformat()  # type: ignore[index]  # the contact is a dict
    assert staff.act("An Li", "release", first, **body) == once
    with pytest.raises(ConflictError):
        staff.act("Bo Chan", "release", first, **body)
    staff.act("Bo Chan", "release", first)
    reader = SqliteJournalReader(world.folder / "journal.db")
    kept = [json.loads(record.body) for record in reader.records(kinds=["resolution"])]
    reader.close()
    assert [(one["act"]["actor"], one["act"]["key_id"], one["result"]["status"]) for one in kept] == [
        ("An Li", "key_An Li", "awaiting_second"),
        ("Bo Chan", "key_Bo Chan", "released"),
    ]
    assert kept[0]["act"]["contact"]["note_ref"] == "case-7"
    assert kept[1]["seconds"] == "act-x"


def test_a_test_key_resolves_no_live_hold(world: World) -> None:
    """Staff keys of one mode do not see the other's decisions."""
    first = world.decide()
    body = {"act_id": "a", "resolution": "cancel", "reason": "r", "actor": "An Li"}
    act = read_act(first.decision_id, json.dumps(body).encode(), key_id="k", actor="An Li", now=world.now, is_test=True)
    with pytest.raises(NotFoundError):
        world.ask(Resolve(act))
