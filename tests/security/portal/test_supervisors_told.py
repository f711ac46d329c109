"""A stolen session cannot choose who learns of its requests: the agency's administrators are told too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.people import CLI, Member
from tests.support.portal import Bureau, filed, open_bureau
from thinktwice.cases.impostors import Sign
from thinktwice.cases.notices import Notices
from thinktwice.cases.weighing import Weighing
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.sealing import Sealing

TYPED = "thief@mail.example.com"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """Give a portal with real accounts."""
    with open_bureau(tmp_path) as made:
        yield made


def recipients(bureau: Bureau) -> list[str]:
    """Return who is to be told, whatever of."""
    untold = Notices(bureau.world.ledger, Sealing(TEST_KEYRING.masters)).untold()
    return [json.loads(notice.body)["data"]["recipient"] for notice in untold]


def signs(bureau: Bureau, case_id: str) -> tuple[Sign, ...]:
    """Return what staff see beside a request."""
    people = bureau.world.console
    weighing = Weighing(bureau.world.ledger, Sealing(TEST_KEYRING.masters), people.accounts, bureau.world.clock)
    return weighing.signs(bureau.first, case_id)


def ask(bureau: Bureau, officer: Member, **changes: str) -> str:
    """File a request that names the thief as the supervisor."""
    return filed(bureau.browser(officer), **{"supervisor_contact": TYPED, **changes})


def test_every_administrator_of_the_agency_is_told_beside_who_is_named(bureau: Bureau) -> None:
    """One notice each: the contact that was typed, and each administrator's own address; nobody of another agency."""
    agency, other = bureau.agency(), bureau.agency("Other Police")
    officer, _colleague = bureau.officer(agency), bureau.officer(agency)
    bureau.officer(other, "agency_administrator")
    one, two = bureau.officer(agency, "agency_administrator"), bureau.officer(agency, "agency_administrator", "officer")
    case_id = ask(bureau, officer)
    assert sorted(recipients(bureau)) == sorted([TYPED, one.email, two.email])
    assert "no_independent_supervisor" not in signs(bureau, case_id)


def test_an_administrator_who_is_named_is_told_once(bureau: Bureau) -> None:
    """The usual case, where the supervisor is the administrator, makes one message and not two."""
    agency = bureau.agency()
    officer, administrator = bureau.officer(agency), bureau.officer(agency, "agency_administrator")
    case_id = ask(bureau, officer, supervisor_contact=f" {administrator.email.upper()} ")
    assert recipients(bureau) == [administrator.email]
    assert "no_independent_supervisor" not in signs(bureau, case_id)


def test_nobody_is_told_of_their_own_request_alone(bureau: Bureau) -> None:
    """Who asks and administers at once is not independent: staff see that nobody else was told."""
    agency = bureau.agency()
    both = bureau.officer(agency, "agency_administrator", "officer")
    case_id = ask(bureau, both)
    assert recipients(bureau) == [TYPED]
    assert "no_independent_supervisor" in signs(bureau, case_id)


@pytest.mark.parametrize("lost", ["suspended", "ended", "expired", "invited"])
def test_an_administrator_who_may_not_sign_in_counts_for_nothing(bureau: Bureau, lost: str) -> None:
    """Suspended, ended, not confirmed for 90 days or not set up yet: not told, and that shows."""
    agency, world = bureau.agency(), bureau.world
    accounts = world.portal.accounts
    if lost == "invited":
        email = "late@police.example.org"
        world.portal.invitations.invite(
            CLI, realm="portal", email=email, name="Lee Late", roles=["agency_administrator"], agency_id=agency
        )
    else:
        administrator = bureau.officer(agency, "agency_administrator")
    if lost == "suspended":
        accounts.suspend(CLI, administrator.account_id)
    if lost == "ended":
        accounts.end(CLI, administrator.account_id)
    if lost == "expired":
        world.clock.move(days=91)
    officer = bureau.officer(agency)
    case_id = ask(bureau, officer)
    assert recipients(bureau) == [TYPED]
    assert "no_independent_supervisor" in signs(bureau, case_id)


def test_an_administrator_who_came_afterwards_does_not_hide_the_sign(bureau: Bureau) -> None:
    """The sign tells who could be told of this request, not who could be told today."""
    agency = bureau.agency()
    officer = bureau.officer(agency)
    case_id = ask(bureau, officer)
    bureau.world.clock.move(hours=1)
    bureau.officer(agency, "agency_administrator")
    assert "no_independent_supervisor" in signs(bureau, case_id)


def test_the_end_of_a_measure_goes_to_the_contact_of_the_request(bureau: Bureau) -> None:
    """It is no alarm, and whoever releases it is told once."""
    agency = bureau.agency()
    officer, administrator = bureau.officer(agency), bureau.officer(agency, "agency_administrator")
    asked = {"supervisor_contact": TYPED, "legal_basis": "crime_exemption"}
    case_id = filed(bureau.browser(officer), "preservation", **asked)
    for step in ("take", "confirm_requester", "approve", "fulfil"):
        bureau.desk.step(bureau.first, case_id, step)
    bureau.world.clock.now += timedelta(days=91)
    assert bureau.desk.lapse() == 1
    assert sorted(recipients(bureau)) == sorted([TYPED, administrator.email, TYPED])
