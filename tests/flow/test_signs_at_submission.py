"""Signs of an impostor tell how things stood when a request was submitted, whenever staff look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.authenticator import Authenticator
from tests.support.people import Member
from tests.support.portal import Bureau, filed, open_bureau
from thinktwice.cases.weighing import Weighing
from thinktwice.people.sealing import Sealing


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path) as made:
        yield made


def add_device(bureau: Bureau, member: Member) -> None:
    """Let an officer set up one more passkey."""
    person, credentials = bureau.person(member), bureau.world.portal.credentials
    device = Authenticator(origin=bureau.world.portal.party.origins[0])
    credentials.add_passkey(person, device.create(credentials.passkey_options(person)), "one more")


def signs(bureau: Bureau, case_id: str) -> tuple[str, ...]:
    world = bureau.world
    weighing = Weighing(world.ledger, Sealing(world.masters), world.portal.accounts, world.clock)
    return weighing.signs(bureau.staff("staff-1"), case_id)


def test_a_passkey_made_later_says_nothing_about_an_earlier_request(bureau: Bureau) -> None:
    """Neither does it raise the sign, nor does it hide that the passkey of the day was new."""
    member = bureau.officer(bureau.agency())
    bureau.world.clock.move(days=30)
    before = filed(bureau.browser(member))
    bureau.world.clock.move(days=2)
    add_device(bureau, member)
    after = filed(bureau.browser(member))
    assert "new_device" not in signs(bureau, before)
    assert "new_device" in signs(bureau, after)
    bureau.world.clock.move(days=20)
    add_device(bureau, member)
    assert "new_device" not in signs(bureau, before)
    assert "new_device" in signs(bureau, after)
