"""What is remembered stays small, counts once, and does not depend on the order in which news arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.world import NEW_DESTINATION, World
from thinktwice.signals.across import SATURATION, across_signals
from thinktwice.signals.memory import NEWEST_PAYERS, remember_destination_report, remember_visit
from thinktwice.signals.state import DAY, DestinationState

NOW = 1_800_000_000_000_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, policies=(NEW_DESTINATION,))
    yield made
    made.close()


def test_a_busy_destination_counts_to_a_thousand_and_grows_no_further() -> None:
    """Three thousand customers, triggers and reports: a bounded row, and counts that say "a thousand or more"."""
    state = DestinationState()
    for number in range(3 * SATURATION):
        remember_visit(state, f"c-{number}", NOW + number, is_trigger=True)
        remember_destination_report(state, f"w-{number}", NOW + number)
    found = across_signals(state, "c-2999", "w-2999", NOW + DAY // 2, is_service=False)
    assert set(found.values()) == {SATURATION}
    assert len(state.visits) <= SATURATION + 1
    assert len(state.triggers) <= 2 * SATURATION
    assert len(state.reports) <= SATURATION + 1


def test_a_known_service_never_counts() -> None:
    """However many customers pay it."""
    state = DestinationState()
    remember_visit(state, "c-1", NOW, is_trigger=True)
    assert set(across_signals(state, "c-2", "w", NOW, is_service=True).values()) == {0}
    assert across_signals(state, "c-2", "w", NOW, is_service=False)["destination_customers_24h"] == 1


def test_a_late_completion_of_an_older_attempt_is_one_withdrawal(world: World) -> None:
    """Started once, by its latest attempt; the money that left counts, and does not leave again with the latest."""
    first = world.decide(withdrawal_id="w-a", fiat_amount="150")
    second = world.decide(withdrawal_id="w-a", attempt=2, fiat_amount="100")
    assert world.clear(second).is_cleared
    world.complete(first)
    assert world.clear(second).status == "expired"
    world.complete(first)
    signals = world.decide(withdrawal_id="w-b").explanation.signals
    assert signals["withdrawals_24h"] == 1
    assert signals["fiat_sum_24h"] == "150"
    assert signals["is_first_time_destination"] is False
    world.note("withdrawal.cancelled", withdrawal_id="w-a", attempt=2)
    assert world.clear(second).status == "cancelled"


def test_what_was_paid_stays_paid_when_the_withdrawal_is_attempted_again(world: World) -> None:
    """A small further attempt under the same number takes nothing off the sums, and is another payment."""
    first = world.decide(withdrawal_id="w-a", fiat_amount="150")
    world.complete(first)
    world.pass_time(hours=1)
    second = world.decide(withdrawal_id="w-a", attempt=2, fiat_amount="1")
    assert world.clear(second).is_cleared
    assert world.clear(first).status == "cancelled"
    signals = world.decide(withdrawal_id="w-b").explanation.signals
    assert (signals["withdrawals_24h"], signals["fiat_sum_24h"]) == (1, "150")
    world.complete(second)
    world.note("withdrawal.cancelled", withdrawal_id="w-a", attempt=1)
    signals = world.decide(withdrawal_id="w-c").explanation.signals
    assert (signals["withdrawals_24h"], signals["fiat_sum_24h"]) == (2, "151")


def test_an_event_that_comes_twice_changes_nothing_more(world: World) -> None:
    """A completion counts from its first telling on."""
    decision = world.decide(withdrawal_id="w-a", fiat_amount="300")
    world.complete(decision)
    world.pass_time(days=20)
    world.complete(decision)
    world.pass_time(days=15)
    signals = world.decide(withdrawal_id="w-b").explanation.signals
    assert signals["days_since_first_use"] == 35
    assert signals["fiat_sum_30d"] == "0"
    assert signals["is_established_destination"] is True


def test_of_those_who_paid_a_customer_the_newest_hundred_are_kept(world: World) -> None:
    """The oldest of 101 is forgotten as an anchor; the second oldest is not."""
    payers = [f"0x{number:08x}{'ab' * 14}{number:04x}" for number in range(0x1000, 0x1000 + NEWEST_PAYERS + 1)]
    for address in payers:
        world.note(
            "deposit.received",
            customer_id="c-1",
            network="ethereum",
            from_address=address,
            fiat_amount="100",
        )
        world.pass_time(minutes=1)
    forgotten, kept = (f"{one[:10]}{'cd' * 14}{one[-4:]}" for one in payers[:2])
    assert world.decide(destination__address=forgotten).explanation.signals["is_lookalike"] is False
    assert world.decide(destination__address=kept).explanation.signals["lookalike_of"] == payers[1]


def test_what_imitates_or_was_reported_is_no_anchor(world: World) -> None:
    """Only what a customer paid in good faith can be imitated; staff's word on one address frees no other."""
    known, fake, fakes_fake = (f"0xabcd{middle * 32}1234" for middle in "123")
    world.complete(world.decide(destination__address=known))
    world.pass_time(days=1)
    imitating = world.decide(destination__address=fake)
    world.complete(imitating)
    world.pass_time(days=1)
    assert world.decide(destination__address=fakes_fake).explanation.signals["lookalike_of"] == known
    paid = world.decide(destination__address=known, customer__id="c-2")
    world.complete(paid)
    world.note("scam.reported", withdrawal_id=paid.withdrawal_id, attempt=paid.attempt, source="complaint")
    world.pass_time(days=1)
    assert world.decide(destination__address=fake, customer__id="c-2").explanation.signals["is_lookalike"] is False
