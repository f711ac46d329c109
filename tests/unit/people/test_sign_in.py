"""Nobody gets in without two factors, and everybody who has them does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.people import HOME, PASSWORD, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_password_and_code_open_a_session(world: World) -> None:
    """The password alone opens nothing; with the code it opens a session of this person and realm."""
    member = world.member("analyst")
    waiting = world.console.sign_in.with_password(member.email.upper(), PASSWORD, HOME)
    assert waiting.methods == {"totp", "recovery"}
    assert world.console.sessions.read(waiting.token, "console") is None
    opened = world.console.sign_in.with_totp(waiting.token, world.code(member), HOME)
    person = world.person(opened.token)
    assert (person.account_id, person.roles, person.name) == (member.account_id, {"analyst"}, "Person 1")
    assert world.console.sessions.read(opened.token, "portal") is None
