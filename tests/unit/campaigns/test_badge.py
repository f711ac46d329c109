"""The badge: shown on exactly what was approved, as long as the approval stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, POLICE, DeskWorld, folder_files
from tests.support.control import APPROVER, OFFICER
from tests.support.passkeys import Passkey
from thinktwice.campaigns import badge as badge_module
from thinktwice.campaigns.approval import Statement
from thinktwice.campaigns.badge import Badges, Showing
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.contacts.registry import Contacts


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path / "data")


def badges(world: DeskWorld) -> Badges:
    return Badges(world.control, lambda: world.partners)


def shown(world: DeskWorld, version: str, found: Badges | None = None, campaign: str | None = HK) -> list[str]:
    showing = Showing(contacts=world.contacts, jurisdiction="HK", today=world.today)
    return [partner.id for partner in (found or badges(world)).shown(campaign, version, showing)]


def test_a_badge_begins_with_the_officers_approval_and_ends_with_its_withdrawal_at_the_next_render(
    world: DeskWorld,
) -> None:
    """The operator's approval alone shows nothing; the officer's does; one withdrawal later it is gone, with the same
    object that showed it before.
    """
    release, asked = world.submitted(), badges(world)
    world.approve(release, OPERATOR, APPROVER, world.approver_key)
    assert shown(world, release.version, asked) == []
    world.approve(release, POLICE, OFFICER, world.officer_key)
    assert shown(world, release.version, asked) == [POLICE]
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no longer")
    assert shown(world, release.version, asked) == []
    assert shown(world, release.version, asked, None) == []


def other_phone(world: DeskWorld) -> None:
    first, *others = world.contacts.by_jurisdiction["HK"]
    changed = first.__class__(**{name: getattr(first, name) for name in first.__slots__} | {"phone": "2860 5013"})
    world.contacts = Contacts({**world.contacts.by_jurisdiction, "HK": (changed, *others)})


CHANGES: dict[str, Callable[[DeskWorld], None]] = {
    "another phone": other_phone,
    "an expired contact": lambda world: setattr(world, "today", world.today + timedelta(days=3650)),
    "another logo": lambda world: world.change_partner(logo=b"\x89PNG\r\n\x1a\n\x01"),
    "another name": lambda world: world.change_partner(name="Hong Kong Police Farce"),
    "the key taken out of the file": lambda world: world.change_partner(keys=()),
    "the origin of the key taken out": lambda world: world.change_partner(
        keys=(replace(world.officer_key.pinned, origins=("https://elsewhere.example.org",)),)
    ),
    "another key in the file": lambda world: world.change_partner(keys=(Passkey("officer").pinned,)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_not_as_approved_carries_no_badge(world: DeskWorld, what: str) -> None:
    """What stands around the words was approved too; and the key must be pinned still."""
    version, asked = world.approved().version, badges(world)
    assert shown(world, version, asked) == [POLICE]
    CHANGES[what](world)
    assert shown(world, version, asked) == []


def test_another_renderer_carries_no_badge(world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade that makes the same words look different needs a new approval."""
    version = world.approved().version
    monkeypatch.setattr(badge_module, "RENDERER_VERSION", "999")
    assert shown(world, version) == []


def test_a_version_withdrawn_in_the_file_stays_without_a_badge_whatever_the_database_says(world: DeskWorld) -> None:
    """The way out when the database cannot be trusted: nobody who writes it can undo the file."""
    version = world.approved().version
    world.change_partner(withdrawn=frozenset({version}))
    assert shown(world, version) == []


FORGE = """
UPDATE campaign_approval SET public_key = ?, nonce = ?, authenticator_data = ?, client_data_json = ?, signature = ?
WHERE side <> 'operator'
"""


def attack(world: DeskWorld, *statements: tuple[str, tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(world.control)) as connection, connection:
        for sql, values in statements:
            connection.execute(sql, values)


def test_an_attacker_who_writes_the_whole_database_but_holds_no_passkey_makes_no_badge(world: DeskWorld) -> None:
    """Other words under the approved hash, the approval moved to other words, one forged with a key of the attacker's
    own, also in place of the stored one, and a nonce exchanged: none verifies.
    """
    approved = world.approved()
    words = {**folder_files(HK)}
    words["messages/en.md"] = words["messages/en.md"].replace("Take a moment", "Send it now", 1)
    if words == folder_files(HK):
        lines = words["messages/en.md"].split("## headline\n", 1)
        words["messages/en.md"] = lines[0] + "## headline\nSend it now\n" + lines[1].split("\n", 1)[1]
    other = world.submitted(words)
    assert other.version != approved.version
    forger = Passkey("officer")
    said = Statement(campaign=HK, version=other.version, side=POLICE, nonce="mine")
    forged = forger.sign(said.challenge)
    move = ("UPDATE campaign_approval SET version = ?", (other.version,))
    attack(world, move)
    assert shown(world, other.version) == []
    raw = (forger.public_key, "mine", forged.authenticator_data, forged.client_data_json, forged.signature)
    attack(
        world,
        (
            FORGE,
            raw,
        ),
    )
    assert shown(world, other.version) == []
    attack(
        world,
        ("UPDATE campaign_version SET version = 'gone' WHERE version = ?", (approved.version,)),
        ("UPDATE campaign_version SET version = ? WHERE version = ?", (approved.version, other.version)),
        ("UPDATE campaign_approval SET version = ?", (approved.version,)),
    )
    assert shown(world, approved.version) == []


def test_a_damaged_or_missing_database_shows_no_badge_and_no_error(world: DeskWorld) -> None:
    """An alert without a badge is always true."""
    version = world.approved().version
    attack(world, ("UPDATE campaign_version SET content = 'x'", ()))
    assert shown(world, version) == []
    assert shown(world, version, Badges(world.folder / "absent.db", lambda: world.partners)) == []


def test_asking_costs_less_than_a_millisecond(world: DeskWorld) -> None:
    """A render asks each time; the signature is checked once."""
    import time

    version, asked = world.approved().version, badges(world)
    assert shown(world, version, asked) == [POLICE]
    begun = time.perf_counter()
    for _ in range(20):
        shown(world, version, asked)
    assert (time.perf_counter() - begun) / 20 < 0.005
