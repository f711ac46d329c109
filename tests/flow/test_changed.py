"""The customer changes amount or destination after the alert: what was asked about is no longer what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.hosted import Hosted, hosted
from tests.support.world import LOOKALIKE, NEW_DESTINATION, World, policy
from thinktwice.alerts.words import WORDS
from thinktwice.errors import ConflictError
from thinktwice.records.decision import Decision

SAID = WORDS["en"]
OTHER = "0x1111111111111111111111111111111111111111"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (policy(holdout=Decimal(0), frequency_cap=None), NEW_DESTINATION, LOOKALIKE))
    yield made
    made.close()


@pytest.fixture
def site(world: World) -> Iterator[Hosted]:
    with hosted(world) as made:
        yield made


def test_a_changed_withdrawal_is_screened_again(world: World, site: Hosted) -> None:
    """Said by the customer's own page: nothing is cleared by it, nobody goes on from it, and it counts once."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    assert world.clear(decision).status == "open"
    world.claim(decision, "changed")
    assert world.clear(decision).status == "expired"
    assert site.send(decision, "continued", step="second") == 303
    assert world.clear(decision).status == "expired"
    html = site.page(decision)
    assert SAID.cancelled in html
    assert "/continue" not in html
    again = world.decide(withdrawal_id="w-1", attempt=2, customer__locale="en", amount="400", fiat_amount="401")
    assert (again.action, world.clear(again).status) == ("alert", "open")


def test_who_went_on_and_then_changed_is_asked_again(world: World, site: Hosted) -> None:
    """A clearance belongs to what was asked about; the change takes it back, and going on again does not give it."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    world.claim(decision, "continued")
    assert world.clear(decision).is_cleared
    world.claim(decision, "changed")
    assert world.clear(decision).status == "expired"
    site.send(decision, "continued", step="second")
    assert world.clear(decision).status == "expired"


def test_the_operator_says_that_it_was_changed(world: World, site: Hosted) -> None:
    """The page of the earlier request says that it no longer counts; the new destination is a decision of its own."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    world.note("withdrawal.changed", withdrawal_id="w-1", attempt=1, amount="400.00")
    assert world.clear(decision).status == "expired"
    assert SAID.waiting.lapsed_headline in site.page(decision)
    moved = world.decide(withdrawal_id="w-1", attempt=2, destination__address=OTHER)
    assert moved.action == "alert"
    assert world.clear(moved).status == "open"


def _lapses(world: World, decision: Decision) -> None:
    world.pass_time(hours=25)


def _is_changed(world: World, decision: Decision) -> None:
    world.note("withdrawal.changed", withdrawal_id=decision.withdrawal_id, attempt=1, amount="400.00")


@pytest.mark.parametrize("happens", [_lapses, _is_changed])
def test_who_went_on_is_told_when_it_no_longer_counts(
    world: World, site: Hosted, happens: Callable[[World, Decision], None]
) -> None:
    """A day later, or changed by the operator: the page says how to go on, not that one has."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    site.send(decision, "continued", step="second")
    assert SAID.continued in site.page(decision)
    happens(world, decision)
    assert world.clear(decision).status == "expired"
    html = site.page(decision)
    assert SAID.continued not in html
    assert SAID.waiting.lapsed_headline in html


def test_a_change_is_no_way_around_a_hold(tmp_path: Path) -> None:
    """On a hold a change ends nothing: the next attempt at this destination waits as long."""
    world = World(tmp_path, (policy(intervention="hold", holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE))
    held = world.decide(withdrawal_id="w-1")
    world.claim(held, "changed")
    with pytest.raises(ConflictError):
        world.claim(held, "continued")
    again = world.decide(withdrawal_id="w-1", attempt=2, amount="5", fiat_amount="5")
    assert again.action == "hold"
    assert again.hold is not None
    assert held.hold is not None
    assert again.hold.until == held.hold.until
    world.close()
