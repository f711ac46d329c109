"""Reaching for what is somebody else's: sideways into another account, upwards into another role; all of it audited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from tests.support.console_browser import SESSION, Browser, peopled_console
from tests.support.people import PASSWORD, World
from thinktwice.web.edge.asgi import App

Peopled = tuple[World, App]


@pytest.fixture
def peopled(tmp_path: Path) -> Iterator[Peopled]:
    with peopled_console(tmp_path) as made:
        yield made


def signed_in(peopled: Peopled, *roles: str) -> tuple[Browser, str]:
    world, app = peopled
    member, browser = world.member(*roles), Browser(app)
    browser.sign_in(world, member)
    return browser, member.account_id


def test_nobody_ends_a_session_or_factor_of_somebody_else(peopled: Peopled) -> None:
    """The own account's pages find nothing under another person's ids."""
    world, _ = peopled
    browser, own = signed_in(peopled, "analyst")
    other = world.member("analyst")
    (session,) = [one.id for one in world.console.sessions.list(other.account_id)]
    (app,) = world.console.factors.of(other.account_id).apps
    browser.get("/account")
    assert browser.send(f"/account/sessions/{session}/end").status_code == 404
    browser.get("/account")
    assert browser.send(f"/account/second-factor/{app.id}/remove").status_code == 404
    assert browser.get(f"/account/second-factor/{app.id}/remove").status_code == 404
    assert len(world.console.sessions.list(other.account_id)) == 1
    assert world.console.factors.of(other.account_id).apps == (app,)
    assert own != other.account_id


def test_a_field_of_a_form_cannot_name_another_account(peopled: Peopled) -> None:
    """Whatever ids a form of one's own account carries, it changes one's own."""
    world, _ = peopled
    browser, _own = signed_in(peopled, "analyst")
    other = world.member("analyst")
    new = "seven purple kettles sing"
    browser.get("/account/password")
    fields = {"password": new, "again": new, "current": PASSWORD, "account_id": other.account_id, "email": other.email}
    assert "The password is changed" in browser.send("/account/password", fields).text
    assert world.sign_in(other).token


@pytest.mark.parametrize("role", ["author", "approver", "analyst", "intervention_handler", "case_handler"])
def test_nobody_without_the_role_makes_themselves_an_administrator(peopled: Peopled, role: str) -> None:
    """The form's address is known and its token is right; the permission is not there."""
    world, _ = peopled
    browser, own = signed_in(peopled, role)
    browser.get("/account")
    for path, fields in (
        (f"/people/{own}/roles", {"roles": "administrator"}),
        ("/people/invite", {"email": "friend@example.org", "name": "Friend", "roles": "administrator"}),
        ("/keys/new", {"name": "mine", "mode": "live", "scope": "staff"}),
    ):
        browser.get("/account")
        assert browser.send(path, fields).status_code == 403
    assert world.console.accounts.find(own).roles == {role}
    assert [act for act, _ in world.entries()] == ["page.open"] * 3


def test_an_administrator_does_not_change_their_own_roles(peopled: Peopled) -> None:
    """Nobody raises themselves, not even who may raise others; the attempt stands in the chain."""
    world, _ = peopled
    browser, own = signed_in(peopled, "administrator")
    browser.get(f"/people/{own}/roles")
    answer = browser.send(f"/people/{own}/roles", {"roles": ["administrator", "approver", "compliance"]})
    assert answer.status_code == 409
    assert world.console.accounts.find(own).roles == {"administrator"}
    assert world.entries()[-1][0] == "account.change_roles"


def test_officers_accounts_are_not_found_among_staff(peopled: Peopled) -> None:
    """An administrator of the console neither sees nor suspends an agency's officer here."""
    world, _ = peopled
    browser, _own = signed_in(peopled, "administrator")
    officer = world.member("officer", realm="portal", agency="agy_1")
    assert officer.email not in browser.get("/people").text
    assert browser.get(f"/people/{officer.account_id}").status_code == 404
    browser.get("/people")
    for act in ("suspend", "reset", "end", "restore", "roles", "invitation/withdraw"):
        assert browser.send(f"/people/{officer.account_id}/{act}", {"roles": "analyst"}).status_code == 404
        browser.get("/people")
    assert world.portal.accounts.find(officer.account_id).state == "active"


def test_a_dangerous_form_waits_for_a_fresh_second_factor_and_comes_back(peopled: Peopled) -> None:
    """After ten minutes an invitation asks for the second factor first; then the form is there again."""
    world, _ = peopled
    member, browser = world.member("administrator"), Browser(peopled[1])
    browser.sign_in(world, member)
    world.clock.move(minutes=11)
    browser.get("/people/invite")
    assert browser.heading == "Is it still you?"
    old = browser.cookies[SESSION]
    (wanted,) = re.findall(r'name="next" value="(/people[^"]*)"', browser.page.text)
    browser.send("/confirm/code", {"code": world.code(member), "next": wanted})
    assert browser.heading == "Invite a person"
    assert browser.cookies[SESSION] != old, "the session's secret is renewed when it gains a right"
    assert Browser(peopled[1], cookies={SESSION: old}).get("/").url.path == "/sign-in"


def test_a_dangerous_act_late_sends_back_to_its_form(peopled: Peopled) -> None:
    """Ten minutes pass while the form is open: nothing happens, and after confirming the form is there again."""
    world, _ = peopled
    member, browser = world.member("administrator"), Browser(peopled[1])
    browser.sign_in(world, member)
    browser.get("/people/invite")
    world.clock.move(minutes=11)
    browser.send("/people/invite", {"email": "new@example.org", "name": "New", "roles": "analyst"})
    assert browser.heading == "Is it still you?"
    assert 'value="/people/invite"' in browser.page.text
    assert world.console.accounts.by_email("console", "new@example.org") is None


def test_the_whole_life_of_an_account(peopled: Peopled) -> None:
    """Invited, set up by its owner from the link, roles changed, suspended, restored, reset, ended: each an entry."""
    world, app = peopled
    admin, _ = signed_in(peopled, "administrator")
    admin.get("/people/invite")
    admin.send("/people/invite", {"email": "new@example.org", "name": "A new colleague", "roles": ["analyst"]})
    found = re.search(r'id="link">https://console\.example\.org(/invitation/[A-Za-z0-9_-]{43})<', admin.page.text)
    assert found
    newcomer = Browser(app, address="198.51.100.5")
    newcomer.get(found[1])
    assert newcomer.heading == "Set your account up"
    phrase = "four violet engines humming"
    newcomer.send(found[1], {"password": phrase, "again": phrase + "x"})
    assert "The two passwords differ." in newcomer.page.text
    newcomer.send(found[1], {"password": phrase, "again": phrase})
    assert newcomer.heading == "Choose your second factor"
    newcomer.send("/setting-up/app")
    secret = re.search(r'id="manual-key">([A-Z2-7 ]+)<', newcomer.page.text)
    app_id = re.search(r'name="app" value="([^"]+)"', newcomer.page.text)
    assert secret
    assert app_id
    newcomer.send("/setting-up/app/code", {"app": app_id[1], "code": "000000"})
    assert newcomer.page.status_code == 422
    code = pyotp.TOTP(secret[1].replace(" ", "")).at(world.clock.now)
    newcomer.send("/setting-up/app/code", {"app": app_id[1], "code": code})
    assert newcomer.heading == "Your recovery codes"
    assert len(re.findall(r"<li>[0-9a-z]{4}-", newcomer.page.text)) == 10
    assert newcomer.get("/").url.path == "/"
    assert Browser(app).get(found[1]).status_code == 410, "the link is used up"
    account = world.console.accounts.by_email("console", "new@example.org")
    assert account is not None
    path = f"/people/{account.id}"
    for act, fields, said in (
        ("roles", {"roles": ["author"]}, "The roles are changed"),
        ("suspend", {}, "The account is suspended"),
        ("restore", {}, "The account is in use again"),
        ("reset", {}, "Give this link to them"),
        ("end", {}, "The account has ended"),
    ):
        world.clock.move(seconds=1)
        admin.get(f"{path}/{act}" if act != "restore" else path)
        assert said in admin.send(f"{path}/{act}", fields).text
    assert newcomer.get("/").url.path == "/sign-in"
    done = [act for act, _ in world.entries("done")]
    assert done[-5:] == [
        "account.change_roles",
        "account.suspend",
        "account.restore",
        "account.reset",
        "account.end",
    ]


def test_a_keys_secret_is_shown_once(peopled: Peopled) -> None:
    """On the answer to the form that made it; never on a page that can be opened again."""
    world, _ = peopled
    admin, _ = signed_in(peopled, "administrator")
    admin.get("/keys/new")
    admin.send("/keys/new", {"name": "", "mode": "live"})
    assert admin.page.status_code == 422
    admin.send("/keys/new", {"name": "withdrawals", "mode": "live", "scope": ["decide", "clear"]})
    secret = re.search(r"tt_live_[A-Za-z0-9_-]{43}", admin.page.text)
    assert secret
    assert admin.page.headers["cache-control"] == "no-store"
    key_id = re.search(r"key_[0-9a-f]{16}", admin.get("/keys").text)
    assert key_id
    for path in ("/keys", f"/keys/{key_id[0]}/revoke", "/settings"):
        assert secret[0] not in admin.get(path).text
    admin.get(f"/keys/{key_id[0]}/revoke")
    assert "The key is revoked" in admin.send(f"/keys/{key_id[0]}/revoke").text
    assert [act for act, _ in world.entries("done")][-2:] == ["key.create", "key.revoke"]


def test_what_people_type_is_text(peopled: Peopled) -> None:
    """A name that is markup shows as its letters on every page that shows it."""
    world, _ = peopled
    admin, _ = signed_in(peopled, "administrator")
    name = "<img src=x onerror=alert(1)>"
    admin.get("/people/invite")
    admin.send("/people/invite", {"email": "x@example.org", "name": name, "roles": "analyst"})
    account = world.console.accounts.by_email("console", "x@example.org")
    for page in (
        admin.page.text,
        admin.get("/people").text,
        admin.get(f"/people/{account.id}").text if account else "",
    ):
        assert "<img" not in page
    admin.get("/keys/new")
    admin.send("/keys/new", {"name": "<script>1</script>", "mode": "live", "scope": "read"})
    assert "<script>1" not in admin.get("/keys").text
