"""The master key can be replaced without a stop, and afterwards the old one is not needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.people import CLI, HOME, PASSWORD, World
from thinktwice.errors import UnavailableError
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.keyring.keys import Key
from thinktwice.people.oidc import Identity
from thinktwice.people.rotation import count_left, rewrap
from thinktwice.people.sealing import Sealing

OLD, NEW, OTHER = (Key(name, bytes([number]) * 32) for number, name in enumerate(("old", "new", "other"), 1))


def test_a_rotation_needs_no_stop_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """With both keys everybody is found; after the rewrap the new key alone is enough, for people, apps and links."""
    world = World(tmp_path, masters=(OLD,))
    member = world.member("analyst")
    identity = Identity(
        issuer="https://idp.example",
        subject="ada",
        has_second_factor=True,
        is_fresh=True,
        once=b"1",
        expires_at=world.clock(),
    )
    world.console.credentials.link_identity(world.person(member.token), identity)
    world.masters = (NEW, OLD)
    world.console = world.open("console")
    later = world.member("author")
    world.sign_in(member)
    assert count_left(world.ledger, NEW) > 0
    assert rewrap(world.ledger, CLI, world.masters) > 0
    assert count_left(world.ledger, NEW) == 0
    assert rewrap(world.ledger, CLI, world.masters) == 0
    world.masters = (NEW,)
    world.console = world.open("console")
    for one in (member, later):
        assert world.person(world.sign_in(one).token).account_id == one.account_id
    with world.ledger.act(CLI, "test.look", "account", member.account_id) as act:
        again = Identity(
            issuer="https://idp.example",
            subject="ada",
            has_second_factor=True,
            is_fresh=True,
            once=b"2",
            expires_at=world.clock(),
        )
        assert world.console.subjects.owner(act, "console", again) == member.account_id
    world.close()


def test_a_rotation_without_the_old_key_changes_nothing(tmp_path: Path) -> None:
    """One envelope that does not open stops it, and everything stays as it was; no key, no accounts."""
    world = World(tmp_path, masters=(OLD,))
    member = world.member("analyst")
    with pytest.raises(EnvelopeError):
        rewrap(world.ledger, CLI, (NEW, OTHER))
    assert world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    with pytest.raises(UnavailableError, match="master"):
        Sealing(())
    world.close()
