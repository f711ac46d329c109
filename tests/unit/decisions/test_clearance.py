"""What stands against a withdrawal now, and until when an answer holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.world import NEW_DESTINATION, START, World, policy
from thinktwice.decisions.clearance import LIFE, clear
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import ClearanceStatus, Disposition
from thinktwice.signals.state import CustomerState, PastWithdrawal, micros

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, policies=(NEW_DESTINATION, policy(intervention="hold", holdout=Decimal(0))))
    yield made
    made.close()


def remembered(decision: Decision, decision_id: str | None = None) -> CustomerState:
    """Return the state of a customer who started this withdrawal, or another attempt of it."""
    past = PastWithdrawal(
        decision.withdrawal_id,
        decision.attempt,
        decision_id or decision.decision_id,
        decision.destination_key,
        decision.match_key,
        Decimal(1),
        micros(START),
    )
    return CustomerState(withdrawals=[past])


def test_an_answer_holds_for_a_day_and_not_a_moment_longer(world: World) -> None:
    """A day after the decision the withdrawal is screened again."""
    decision = world.decide(fiat_amount="10")
    assert timedelta(hours=24) == LIFE
    for at, status in ((START, "cleared"), (START + LIFE - INSTANT, "cleared"), (START + LIFE, "expired")):
        found = clear(decision, remembered(decision), None, at)
        assert (found.status, found.is_cleared) == (status, status == "cleared")
        assert found.until == (START + LIFE if status == "cleared" else None)


def test_an_alert_is_open_as_long_and_a_hold_until_its_end(world: World) -> None:
    """Neither is cleared."""
    alert = world.decide(customer__jurisdiction="JP")
    assert (world.clear(alert).status, world.clear(alert).until) == ("open", START + LIFE)
    held = world.decide()
    assert held.hold is not None
    assert (world.clear(held).status, world.clear(held).until) == ("held", held.hold.until)
    assert not world.clear(held).is_cleared
    world.pass_time(hours=25)
    assert world.clear(held).status == "expired"


@pytest.mark.parametrize(
    ("disposition", "status"),
    [(None, "cleared"), ("ignore", "cleared"), ("silent", "cleared"), ("warn", "expired"), ("block", "blocked")],
)
def test_a_list_that_came_later_is_heeded(
    world: World, disposition: Disposition | None, status: ClearanceStatus
) -> None:
    """What is known to be bad since is screened again; a silent entry changes nothing."""
    decision = world.decide(fiat_amount="10")
    assert clear(decision, remembered(decision), disposition, START).status == status


def test_who_was_warned_of_a_listed_destination_is_not_asked_for_ever(world: World) -> None:
    """Its alert knew of the list already."""
    fake, known = f"0xabcd{'2' * 32}1234", f"0xabcd{'1' * 32}1234"
    world.complete(world.decide(destination__address=known, customer__jurisdiction="JP"))
    world.pass_time(days=1)
    decision = world.decide(destination__address=fake, customer__jurisdiction="JP")
    assert decision.explanation.is_known_bad
    assert clear(decision, remembered(decision), "warn", world.now).status == "open"


def test_what_nobody_remembers_or_another_attempt_replaced_is_not_cleared(world: World) -> None:
    """Forgotten is screened again; superseded is over."""
    decision = world.decide(fiat_amount="10")
    assert clear(decision, CustomerState(), None, START).status == "expired"
    assert clear(decision, remembered(decision, "another"), None, START).status == "cancelled"
