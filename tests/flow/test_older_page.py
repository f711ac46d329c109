"""Stopping from the page of an earlier attempt: what is open now is what stops."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.hosted import Hosted, hosted
from tests.support.world import LOOKALIKE, NEW_DESTINATION, World, policy
from thinktwice.alerts.words import WORDS
from thinktwice.records.decision import Decision

SAID = WORDS["en"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    policies = (policy(holdout=Decimal(0), frequency_cap=None), NEW_DESTINATION, LOOKALIKE)
    made = World(tmp_path, policies, is_telling=True)
    yield made
    made.close()


@pytest.fixture
def site(world: World) -> Iterator[Hosted]:
    with hosted(world) as made:
        yield made


CHAINS: dict[str, tuple[dict[str, Any], ...]] = {
    "another attempt": ({"attempt": 2},),
    "one in its place": ({"withdrawal_id": "w-2", "replaces": "w-1"},),
    "several in its place": (
        {"attempt": 2},
        {"withdrawal_id": "w-2", "replaces": "w-1"},
        {"withdrawal_id": "w-2", "attempt": 2},
        {"withdrawal_id": "w-3", "replaces": "w-2"},
    ),
}


def _retried(world: World, chain: str) -> tuple[Decision, Decision]:
    """Return the first attempt and the last of a chain of those that took its place."""
    made = [world.decide(withdrawal_id="w-1", customer__locale="en")]
    for one in CHAINS[chain]:
        world.pass_time(minutes=1)
        changes = {"withdrawal_id": "w-1", "amount": "11000", "fiat_amount": "11000", **one}
        made.append(world.decide(**changes, customer__locale="en"))
    return made[0], made[-1]


def _told(world: World) -> list[tuple[str, str]]:
    """Return what the operator was told of clearances, in order."""
    with closing(sqlite3.connect(world.folder / "journal.db")) as journal:
        bodies = journal.execute("SELECT body FROM outbox WHERE topic = 'clearance.changed' ORDER BY seq").fetchall()
    return [(data["decision_id"], data["status"]) for (body,) in bodies for data in [json.loads(body)["data"]]]


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("choice", ["cancelled", "reported"])
def test_stopping_on_an_older_page_stops_what_is_open(world: World, site: Hosted, choice: str, chain: str) -> None:
    """The customer went on with the newest and stops on the page that they still have open."""
    first, newest = _retried(world, chain)
    assert site.send(newest, "continued", step="second") == 303
    assert world.clear(newest).is_cleared
    assert site.send(first, choice) == 303
    assert world.clear(newest).status == "cancelled"
    assert {"cancelled": SAID.cancelled, "reported": SAID.reported}[choice] in site.page(first)
    assert SAID.waiting.ended_headline in site.page(newest)
    assert _told(world)[-1] == (newest.decision_id, "cancelled")


@pytest.mark.parametrize("chain", CHAINS)
def test_going_on_from_an_older_page_clears_nothing(world: World, site: Hosted, chain: str) -> None:
    """Only what stops reaches further than its own page."""
    first, newest = _retried(world, chain)
    site.send(first, "continued", step="second")
    assert not world.clear(first).is_cleared
    assert world.clear(newest).status == "open"


@pytest.mark.parametrize("chain", CHAINS)
def test_a_stop_on_an_older_page_after_the_money_left_is_not_confirmed(world: World, site: Hosted, chain: str) -> None:
    """What took its place was sent: the older page points to the newer message."""
    first, newest = _retried(world, chain)
    site.send(newest, "continued", step="second")
    world.clear(newest)
    world.complete(newest)
    site.send(first, "cancelled")
    html = site.page(first)
    assert SAID.waiting.lapsed_headline in html
    assert SAID.cancelled not in html
    assert SAID.waiting.sent_headline in site.page(newest)


def test_what_is_asked_after_the_stop_is_another_request(world: World, site: Hosted) -> None:
    """A stop reaches what was open then; who asks again is screened again, and asked again."""
    first, _ = _retried(world, "another attempt")
    site.send(first, "cancelled")
    again = world.decide(withdrawal_id="w-1", attempt=3, customer__locale="en")
    assert (again.action, world.clear(again).status) == ("alert", "open")


def test_another_withdrawal_is_left_alone(world: World, site: Hosted) -> None:
    """A stop reaches no further than the withdrawal and what took its place."""
    first, newest = _retried(world, "one in its place")
    other = world.decide(withdrawal_id="w-9", customer__locale="en")
    site.send(first, "cancelled")
    assert (world.clear(newest).status, world.clear(other).status) == ("cancelled", "open")
