"""Claims about the links that answers carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.world import World
from thinktwice.decisions.answer import RENEWED, expiry_of
from thinktwice.keyring.tokens import read_token

DECIDED = datetime(2026, 11, 22, 6, 16, 15, 123456, tzinfo=UTC)
FIRST = DECIDED + timedelta(hours=24)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_link_lives_between_twelve_and_twenty_four_hours(passed: timedelta) -> None:
    """Whenever it is asked for, on a grid of twelve hours that begins with the decision."""
    expires_at = expiry_of(FIRST, DECIDED + passed)
    assert RENEWED < expires_at - (DECIDED + passed) <= timedelta(hours=24)
    assert (expires_at - FIRST) % RENEWED == timedelta(0)
    assert expires_at >= FIRST


@pytest.mark.parametrize(
    ("passed", "steps"),
    [
        (timedelta(0), 0),
        (timedelta(hours=12) - timedelta(microseconds=1), 0),
        (timedelta(hours=12), 1),
        (timedelta(hours=24), 2),
        (timedelta(hours=71, minutes=59), 5),
    ],
)
def test_the_link_changes_when_half_its_life_is_over(passed: timedelta, steps: int) -> None:
    """Within a step the same request gets the same bytes."""
    assert expiry_of(FIRST, DECIDED + passed) == FIRST + steps * RENEWED


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_a_fresh_link_changes_nothing_else(world: World) -> None:
    """Decision, action, hold and alert id stay; token, address and expiry are new, and open the same alert."""
    decision = next(found for found in (world.decide(customer__id=f"c-{n}") for n in range(50)) if found.alert)
    first, later = world.answering.answer(decision), world.answering.answer(decision, world.now + timedelta(days=3))
    assert first.alert is not None
    assert later.alert is not None
    assert later.alert.token != first.alert.token
    assert later.alert.url.endswith(later.alert.token)
    same = {"token": "", "url": "", "expires_at": first.alert.expires_at}
    assert replace(later, alert=replace(later.alert, **same)) == replace(first, alert=replace(first.alert, **same))
    claims = read_token(world.keyring.token, later.alert.token, world.now + timedelta(days=3))
    assert claims.alert_id == first.alert.id
