"""Visitors may break what they like: the next one finds every role again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support.people import CLI, World
from thinktwice.bootstrap.demo_staff import STAFF, DemoStaff
from thinktwice.people.person import Place

HERE = Place("127.0.0.1", "test")


BREAKAGES: dict[str, Callable[[World, str], object]] = {
    "suspended": lambda world, one: world.console.accounts.suspend(CLI, one),
    "ended": lambda world, one: world.console.accounts.end(CLI, one),
    "reset": lambda world, one: world.console.invitations.reset(CLI, one),
    "demoted": lambda world, one: world.console.accounts.change_roles(CLI, one, ["author"]),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_door_that_a_visitor_broke_works_for_the_next_one(world: World, breakage: str) -> None:
    """Suspended, ended, reset or given another role: the analyst's door opens an analyst's session."""
    world.clock.now = datetime.now(UTC)  # the demonstration's own clock is the real one
    staff = DemoStaff(world.console, world.ledger)
    account = world.console.accounts.by_email("console", STAFF["analyst"].email)
    assert account is not None
    BREAKAGES[breakage](world, account.id)
    person = world.console.sessions.read(staff.sign_in_as("analyst", HERE), "console")
    assert person is not None
    assert person.roles == {"analyst"}
