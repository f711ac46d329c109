"""An agency's only administrator is not locked out for good: the operator's staff confirm, or give a new link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.authenticator import Authenticator
from tests.support.people import Member
from tests.support.portal import SESSION, URL, Bureau, OfficersBrowser, open_bureau
from thinktwice.audit.entry import Actor
from thinktwice.errors import StateError
from thinktwice.web.console.agencies.desk import AgencyOffice

STAFF = Actor("staff", "acc_staff")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """Give a portal with real accounts."""
    with open_bureau(tmp_path) as made:
        yield made


def desk(bureau: Bureau) -> AgencyOffice:
    """Return what the console's pages about agencies work with."""
    people = bureau.world.portal
    return AgencyOffice(
        agencies=bureau.agencies,
        accounts=people.accounts,
        invitations=people.invitations,
        sessions=people.sessions,
        portal_url=URL,
        name_of=lambda _person: None,
    )


def gets_in(bureau: Bureau, member: Member) -> bool:
    """Whether somebody's passkey opens the portal."""
    return SESSION in bureau.browser(member).cookies


def set_up(browser: OfficersBrowser, link: str) -> Authenticator:
    """Set an account up with a link and return the new passkey."""
    path, device = link.removeprefix(URL), Authenticator(origin=URL)
    browser.get(path)
    browser.send(path)
    browser.send("/setting-up/passkey", {"answer": device.create(browser.options), "name": "phone"})
    return device


def test_staff_confirm_the_only_administrator_of_an_agency(bureau: Bureau) -> None:
    """After 90 days nobody of the agency gets in; a confirmation opens it for 90 days more, and stands in the chain."""
    agency = bureau.agency()
    only = bureau.officer(agency, "agency_administrator")
    bureau.world.clock.move(days=91)
    assert not gets_in(bureau, only)
    office = desk(bureau)
    office.confirm(STAFF, office.officer(agency, only.account_id), bureau.world.clock())
    assert gets_in(bureau, only)
    bureau.world.clock.move(days=91)
    assert not gets_in(bureau, only)
    with bureau.world.ledger.reading() as connection:
        rows = connection.execute(
            "SELECT actor_id, object_id, outcome FROM audit_entry WHERE act = 'account.extend_access'"
        ).fetchall()
    assert rows == [("acc_staff", only.account_id, "done")]


def test_a_new_link_takes_the_lost_passkey_away(bureau: Bureau) -> None:
    """The old passkey and every session end at once; the link sets a new passkey up, and stands nowhere in clear."""
    agency = bureau.agency()
    only = bureau.officer(agency, "agency_administrator")
    before, office = bureau.browser(only), desk(bureau)
    link = office.new_link(STAFF, office.officer(agency, only.account_id))
    assert before.get("/officers").request.url.path == "/sign-in"
    assert not gets_in(bureau, only)
    only.device = set_up(bureau.browser(), link)
    assert gets_in(bureau, only)
    assert [act for act, _ in bureau.world.entries("done") if act == "account.reset"] == ["account.reset"]
    assert json.dumps(bureau.world.entries("done")).count(link.rpartition("/")[2]) == 0


def test_a_link_opens_nothing_while_access_is_over(bureau: Bureau) -> None:
    """Passkey lost and 90 days gone: the link waits for the confirmation, and works then."""
    agency = bureau.agency()
    only, office = bureau.officer(agency, "agency_administrator"), desk(bureau)
    bureau.world.clock.move(days=91)
    link = office.new_link(STAFF, office.officer(agency, only.account_id))
    browser = bureau.browser()
    browser.get(link.removeprefix(URL))
    assert "This link does not work any more" in browser.send(link.removeprefix(URL)).text
    office.confirm(STAFF, office.officer(agency, only.account_id), bureau.world.clock())
    only.device = set_up(bureau.browser(), link)
    assert gets_in(bureau, only)


def test_what_is_suspended_or_has_ended_is_given_no_link(bureau: Bureau) -> None:
    """A suspension is lifted first, by whoever may; what has ended is confirmed by nobody."""
    agency = bureau.agency()
    office, accounts = desk(bureau), bureau.world.portal.accounts
    suspended, ended = bureau.officer(agency), bureau.officer(agency)
    accounts.suspend(STAFF, suspended.account_id)
    accounts.end(STAFF, ended.account_id)
    for member in (suspended, ended):
        with pytest.raises(StateError):
            office.new_link(STAFF, office.officer(agency, member.account_id))
    with pytest.raises(StateError):
        office.confirm(STAFF, office.officer(agency, ended.account_id), bureau.world.clock())
