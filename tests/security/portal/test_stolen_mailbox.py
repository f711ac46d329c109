"""Somebody has an officer's mailbox: links, resets and words in it give nothing without the passkey."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.portal.conftest import Two
from tests.support.agencies import OFFICERS_KEY
from tests.support.authenticator import Authenticator
from tests.support.people import CLI, PASSWORD
from tests.support.portal import SESSION, URL, filed, open_bureau
from thinktwice.cases.desk import Taking
from thinktwice.cases.reported import Standing
from thinktwice.errors import StateError


def test_nobody_can_ask_for_a_reset(two: Two) -> None:
    """There is no page on which a password or a passkey is reset by e-mail."""
    browser = two.bureau.browser()
    for path in ("/reset", "/forgot", "/password/reset", "/sign-in/reset", "/recover"):
        assert browser.get(path).status_code == 404
    page = browser.get("/sign-in").text
    assert "Nobody can do that by e-mail" in page


def test_a_password_opens_nothing_where_a_passkey_is_demanded(two: Two) -> None:
    """The address with any password answers as an unknown address does."""
    browser = two.bureau.browser()
    pages = []
    for email in (two.officer.email, "nobody@police.example.org"):
        browser.get("/sign-in")
        answer = browser.send("/sign-in", {"email": email, "password": PASSWORD})
        pages.append((answer.status_code, browser.heading, answer.text.count("is not right")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 422
    assert SESSION not in browser.cookies


def test_a_foreign_passkey_opens_nothing(two: Two) -> None:
    """A passkey of the attacker's own, and the right one made for another site, are refused alike."""
    browser = two.bureau.browser()
    for device in (Authenticator(origin=URL), Authenticator(origin="https://portal.example.com")):
        browser.get("/sign-in")
        assert browser.send("/sign-in/passkey", {"answer": device.get(browser.options)}).status_code == 422
    assert SESSION not in browser.cookies


def test_an_old_invitation_is_worth_nothing(two: Two) -> None:
    """The link with which an account was set up, found in the mailbox, does not work any more."""
    bureau, people = two.bureau, two.bureau.world.portal
    email = "late@police.example.org"
    account, token = people.invitations.invite(
        CLI, realm="portal", email=email, name="Lee Late", roles=["officer"], agency_id=two.agency
    )
    officer = bureau.browser()
    officer.get(f"/invitation/{token}")
    assert 'type="password"' not in officer.page.text
    officer.send(f"/invitation/{token}")
    device = Authenticator(origin=URL)
    officer.send("/setting-up/passkey", {"answer": device.create(officer.options), "name": "phone"})
    assert people.accounts.find(account.id).state == "active"
    thief = bureau.browser(address="198.51.100.9")
    assert thief.get(f"/invitation/{token}").status_code == 410
    thief.get("/sign-in")
    assert thief.send(f"/invitation/{token}").status_code == 410
    assert SESSION not in thief.cookies


def test_a_link_alone_files_nothing(two: Two) -> None:
    """A fresh link begins a set-up that may do nothing but make a passkey; until then no page opens."""
    people = two.bureau.world.portal
    _account, token = people.invitations.invite(
        CLI, realm="portal", email="fresh@police.example.org", name="F. Resh", roles=["officer"], agency_id=two.agency
    )
    thief = two.bureau.browser(address="198.51.100.10")
    thief.get(f"/invitation/{token}")
    thief.send(f"/invitation/{token}")
    assert thief.heading == "Choose your second factor"
    setting_up = thief.cookies["__Host-tt-portal-setting-up"]
    for cookies in (thief.cookies, {SESSION: setting_up}):
        attempt = two.bureau.browser()
        attempt.cookies = dict(cookies)
        for path in ("/requests", "/requests/new", "/reports", "/officers", "/account"):
            assert attempt.get(path).request.url.path == "/sign-in"


def test_a_session_of_the_console_is_no_session_here(two: Two) -> None:
    """A staff member's secret under the portal's cookie name, or its own, opens nothing."""
    world = two.bureau.world
    token = world.sign_in(world.member("administrator")).token
    for name in (SESSION, "__Host-tt-console-session"):
        browser = two.bureau.browser()
        browser.cookies = {name: token}
        assert browser.get("/requests").request.url.path == "/sign-in"


def test_suspension_ends_sessions_and_open_downloads_at_once(two: Two) -> None:
    """An administrator suspends an officer: no page answers any more, and the passkey opens nothing."""
    bureau = two.bureau
    member = bureau.officer(two.agency)
    browser = bureau.browser(member)
    case_id = filed(browser)
    browser.upload(f"/requests/{case_id}/attachments", {}, "file", "a.txt", b"abc")
    administrator = bureau.browser(two.administrator)
    administrator.get(f"/officers/{member.account_id}/suspend")
    administrator.send(f"/officers/{member.account_id}/suspend")
    assert administrator.page.status_code == 200
    assert browser.get(f"/requests/{case_id}").request.url.path == "/sign-in"
    assert browser.send("/requests/new", {"kind": "information"}).status_code in {401, 403}
    assert member.device is not None
    browser.get("/sign-in")
    assert browser.send("/sign-in/passkey", {"answer": member.device.get(browser.options)}).status_code == 422


def test_access_that_nobody_confirmed_ends_after_90_days(tmp_path: Path) -> None:
    """After 90 days the passkey opens nothing, until the agency's administrator confirms on the page."""
    with open_bureau(tmp_path) as bureau:
        agency = bureau.agency()
        member = bureau.officer(agency)
        bureau.world.clock.move(days=80)
        administrator = bureau.officer(agency, "agency_administrator")
        bureau.world.clock.move(days=10, seconds=1)
        assert SESSION not in bureau.browser(member).cookies
        browser = bureau.browser(administrator)
        browser.get(f"/officers/{member.account_id}")
        browser.send(f"/officers/{member.account_id}/confirm")
        assert "Access lasts 90 more days" in browser.page.text
        assert SESSION in bureau.browser(member).cookies


@pytest.mark.parametrize(
    "email", ["thief@mail.example.com", "thief@police.example.org.evil.example", "x@notpolice.example.org"]
)
def test_an_invitation_goes_to_the_agencys_own_domain_only(two: Two, email: str) -> None:
    """An address elsewhere is refused with the reason, and no account is made."""
    browser = two.bureau.browser(two.administrator)
    browser.get("/officers/invite")
    answer = browser.send("/officers/invite", {"name": "T. Hief", "email": email, "roles": "officer"})
    assert answer.status_code == 422
    assert "police.example.org" in answer.text
    assert two.bureau.world.portal.accounts.by_email("portal", email) is None


def test_the_supervisor_is_to_be_told_of_every_request(two: Two) -> None:
    """A submission leaves notices in the same transaction: to who is named, and to the agency's administrator."""
    bureau = two.bureau
    case_id = filed(bureau.browser(two.officer))
    with bureau.world.ledger.reading() as connection:
        rows = connection.execute("SELECT kind, told_at FROM case_notice WHERE case_id = ?", (case_id,)).fetchall()
    assert [tuple(row) for row in rows] == [("request_submitted", None)] * 2


TABLES = ("case_request", "agency_report", "case_notice", "invitation", "passkey", "campaign_approval", "indicator")


def test_all_that_a_thief_tries_with_the_mailbox_alone_changes_nothing(two: Two) -> None:
    """A reset, risk to life, a flag on a wallet, an approval: each leads to the sign-in or nowhere."""
    bureau = two.bureau

    def kept() -> list[int]:
        with bureau.world.ledger.reading() as connection:
            return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]

    before, thief = kept(), bureau.browser(address="198.51.100.77")
    wallet = "address,0x28c6c06298d514db089934071355e5743bf21d60,ethereum"
    tries = [
        ("/sign-in/reset", {"email": two.officer.email}),
        ("/requests/new", {"kind": "risk_to_life"}),
        ("/reports/new", {"rows": wallet, "handling": "warn", "reason": "A victim paid there.", "days": "90"}),
        (f"/campaigns/hk-joint-anti-scam/versions/{'a' * 64}/approval", {"answer": "{}"}),
    ]
    for path, fields in tries:
        thief.get("/sign-in")
        answer = thief.send(path, fields)
        assert answer.status_code in {401, 403, 404} or answer.request.url.path == "/sign-in", path
    assert kept() == before
    assert SESSION not in thief.cookies


def test_with_a_whole_session_a_thief_still_moves_nothing(two: Two) -> None:
    """One step on: what is filed in an officer's name waits for the agency's own number, and for two other people."""
    bureau = two.bureau
    browser = bureau.browser(two.officer)
    today = bureau.world.clock.now.date().isoformat()
    asked = {
        "identifiers": "account,a-1\naccount,a-2\naccount,a-3",
        "data_categories": ["identity"],
        "period_from": today,
        "period_until": today,
        "zone": "UTC",
        "delivery_key": str(OFFICERS_KEY.to_public()),
    }
    case_id = filed(browser, "risk_to_life", **asked)
    desk, first = bureau.desk, bureau.first
    found, _timeline = desk.find(first, case_id)
    number = bureau.agencies.find(found.agency_id).call_back_number
    assert number is not None
    assert number not in str(found.form)
    desk.step(first, case_id, "take")
    with pytest.raises(StateError, match="a number that it did not give"):
        desk.step(first, case_id, "confirm_requester")
    desk.step(first, case_id, "call_back", Taking(note="the duty officer knows of no such request"))
    desk.step(first, case_id, "refuse", Taking(note="the agency did not send it", refusal="not_verified"))
    browser.get("/reports/new")
    wallet = "address,0x28c6c06298d514db089934071355e5743bf21d60,ethereum"
    fields = {"rows": wallet, "handling": "warn", "reason": "A victim paid there.", "days": "90"}
    assert browser.send("/reports/new", fields).status_code == 200
    bureau.reports.examine(lambda _keys: Standing(is_service=True, is_allowed=False, customers_30d=5_000))
    (waiting,) = [one for one in bureau.reports.waiting(first) if "28c6c062" in one.address]
    assert waiting.needs == {"operator", "second_officer"}
    with bureau.world.ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM indicator").fetchone() == (0,)
        told = connection.execute("SELECT kind FROM case_notice WHERE case_id = ?", (case_id,)).fetchall()
    assert [tuple(row) for row in told] == [("request_submitted",)] * 2
