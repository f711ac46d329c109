"""Attacks on signing in, through the pages: fixation, cookies, spraying, replay, other origins, ended sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.authenticator import Authenticator
from tests.support.console_browser import SESSION, Browser, peopled_console
from tests.support.people import CLI, PASSWORD, World
from thinktwice.web.edge.asgi import App

Peopled = tuple[World, App]


@pytest.fixture
def peopled(tmp_path: Path) -> Iterator[Peopled]:
    with peopled_console(tmp_path) as made:
        yield made


def test_password_and_code_open_a_session(peopled: Peopled) -> None:
    """Both factors are needed; after the first one nothing opens yet."""
    world, app = peopled
    member, browser = world.member("analyst"), Browser(app)
    browser.get("/sign-in")
    browser.send("/sign-in", {"email": member.email, "password": PASSWORD})
    assert browser.heading == "Your second factor"
    assert SESSION not in browser.cookies
    assert Browser(app, cookies=dict(browser.cookies)).get("/").url.path == "/sign-in"
    browser.send("/sign-in/second/code", {"code": world.code(member)})
    assert browser.heading == "Today"


def test_the_sessions_cookie_is_this_hosts_alone(peopled: Peopled) -> None:
    """Host prefix, Secure, HttpOnly, SameSite, whole path, no domain, ends with the browser."""
    world, app = peopled
    member, browser = world.member("analyst"), Browser(app)
    browser.get("/sign-in")
    browser.send("/sign-in", {"email": member.email, "password": PASSWORD})
    token = {"form_token": browser.page.text.split('name="form_token" value="')[1].split('"')[0]}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://console.example.org"}
    answer = browser._send(
        "POST", "/sign-in/second/code", urlencode({**token, "code": world.code(member)}).encode(), headers
    )
    (line,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION + "=")]
    parts = {part.strip().lower() for part in line.split(";")[1:]}
    assert parts == {"httponly", "secure", "samesite=lax", "path=/"}


def test_a_planted_session_is_never_adopted(peopled: Peopled) -> None:
    """A secret that a browser brings along opens nothing before sign-in and nothing after it (session fixation)."""
    world, app = peopled
    member, planted = world.member("analyst"), "A" * 43
    browser = Browser(app, cookies={SESSION: planted})
    browser.sign_in(world, member)
    assert browser.heading == "Today"
    assert browser.cookies[SESSION] != planted
    assert Browser(app, cookies={SESSION: planted}).get("/").url.path == "/sign-in"


def test_two_cookies_of_one_name_open_nothing(peopled: Peopled) -> None:
    """A neighbour that plants a second cookie gains nothing, and its victim is asked to sign in."""
    world, app = peopled
    secret = world.sign_in(world.member("analyst")).token
    browser = Browser(app)
    answer = browser.get("/", headers={"Cookie": f"{SESSION}={secret}; {SESSION}={'A' * 43}"})
    assert answer.url.path == "/sign-in"


def test_signing_out_ends_the_session_everywhere(peopled: Peopled) -> None:
    """The secret is worth nothing afterwards, not only forgotten by the browser."""
    world, app = peopled
    browser = Browser(app)
    browser.sign_in(world, world.member("analyst"))
    stolen = browser.cookies[SESSION]
    browser.send("/sign-out")
    assert browser.heading == "Sign in"
    assert Browser(app, cookies={SESSION: stolen}).get("/").url.path == "/sign-in"


@pytest.mark.parametrize("way", ["idle", "old", "suspended", "roles changed", "ended by another", "reset"])
def test_an_ended_session_opens_nothing(peopled: Peopled, way: str) -> None:
    """Time, suspension, changed roles, an administrator's hand: the next request finds nobody."""
    world, app = peopled
    member, browser = world.member("analyst"), Browser(app)
    browser.sign_in(world, member)
    if way == "idle":
        world.clock.move(minutes=31)
    elif way == "old":
        for _ in range(25):
            world.clock.move(minutes=29)
            browser.get("/")
    elif way == "suspended":
        world.console.accounts.suspend(CLI, member.account_id)
    elif way == "roles changed":
        world.console.accounts.change_roles(CLI, member.account_id, ["author"])
    elif way == "ended by another":
        for session in world.console.sessions.list(member.account_id):
            world.console.sessions.end(CLI, session.id)
    else:
        world.console.invitations.reset(CLI, member.account_id)
    assert browser.get("/").url.path == "/sign-in"


def test_a_page_that_refreshes_itself_keeps_no_session_alive(peopled: Peopled) -> None:
    """Requests that say so do not count as somebody's presence."""
    world, app = peopled
    browser = Browser(app)
    browser.sign_in(world, world.member("analyst"))
    for _ in range(4):
        world.clock.move(minutes=10)
        browser.get("/", headers={"X-Refreshing": "1"})
    assert browser.get("/").url.path == "/sign-in"


def test_a_session_of_the_portal_opens_nothing_here(peopled: Peopled) -> None:
    """An officer's secret, and an officer's passkey, are strangers to the console."""
    world, app = peopled
    officer = world.member("officer", realm="portal", agency="agy_1")
    browser = Browser(app, cookies={SESSION: officer.token})
    assert browser.get("/").url.path == "/sign-in"


def test_a_code_works_once(peopled: Peopled) -> None:
    """The same code of an app, seen over a shoulder, lets nobody else in (TOTP replay)."""
    world, app = peopled
    member, browser, thief = world.member("analyst"), Browser(app), Browser(app, address="198.51.100.9")
    for one in (browser, thief):
        one.get("/sign-in")
        one.send("/sign-in", {"email": member.email, "password": PASSWORD})
    code = world.code(member)
    browser.send("/sign-in/second/code", {"code": code})
    assert browser.heading == "Today"
    thief.send("/sign-in/second/code", {"code": code})
    assert thief.page.status_code == 422
    assert SESSION not in thief.cookies
    assert ("session.open", '{"reason":"wrong or used code"}') in world.entries()


def test_a_passkey_signs_in_alone_on_this_origin_only(peopled: Peopled) -> None:
    """A passkey opens a session; the same passkey lured by another origin, or replayed, does not."""
    world, app = peopled
    member, browser = world.member("analyst", with_passkey=True), Browser(app)
    device = member.device
    assert device is not None
    browser.get("/sign-in")
    answer = device.get(browser.options)
    browser.send("/sign-in/passkey", {"answer": answer})
    assert browser.heading == "Today"
    again = Browser(app)
    again.get("/sign-in")
    again.send("/sign-in/passkey", {"answer": answer})
    assert again.page.status_code == 422
    again.get("/sign-in")
    device.origin = "https://console.example.org.evil.example"
    again.send("/sign-in/passkey", {"answer": device.get(again.options)})
    assert again.page.status_code == 422
    assert "does not open an account" in again.page.text
    assert SESSION not in again.cookies
    assert len([act for act, _ in world.entries() if act == "session.open"]) == 2


def test_the_answer_of_a_passkey_belongs_to_one_browser(peopled: Peopled) -> None:
    """What one browser was asked cannot be answered in another (login forgery with an attacker's own passkey)."""
    world, app = peopled
    member = world.member("analyst", with_passkey=True)
    assert member.device is not None
    attacker, victim = Browser(app), Browser(app)
    attacker.get("/sign-in")
    answer = member.device.get(attacker.options)
    victim.get("/sign-in")
    victim.send("/sign-in/passkey", {"answer": answer})
    assert victim.page.status_code == 422


def test_wrong_answers_look_alike(peopled: Peopled) -> None:
    """Unknown address, wrong password, suspended account: the same page, so that no address can be tried out."""
    world, app = peopled
    known, suspended = world.member("analyst"), world.member("analyst")
    world.console.accounts.suspend(CLI, suspended.account_id)
    pages = set()
    for email, password in (
        ("nobody@example.org", PASSWORD),
        (known.email, "wrong password here"),
        (suspended.email, PASSWORD),
    ):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.send("/sign-in", {"email": email, "password": password})
        assert browser.page.status_code == 422
        pages.add(re.sub(r'(value|data-options)="[^"]*"', "", browser.page.text))
    assert len(pages) == 1


def test_spraying_one_password_over_many_accounts_is_slowed_down(peopled: Peopled) -> None:
    """Many accounts from one source: after twenty the source waits, whatever account it names, and is told so."""
    world, app = peopled
    member, browser = world.member("analyst"), Browser(app, address="198.51.100.77")
    browser.get("/sign-in")
    for number in range(21):
        browser.send("/sign-in", {"email": f"person{number}@example.org", "password": "Summer2026!Summer"})
    assert "Retry-After" in browser.page.headers
    browser.send("/sign-in", {"email": member.email, "password": PASSWORD})
    assert browser.page.status_code == 422, "even the right password waits"
    home = Browser(app)
    home.sign_in(world, member)
    assert home.heading == "Today", "its owner, elsewhere, does not wait"
    assert len([act for act, _ in world.entries() if act == "session.begin"]) >= 20


def test_hammering_the_sign_in_is_refused_before_any_password_is_hashed(tmp_path: Path) -> None:
    """One address has so many tries a minute, whatever it tries."""
    with peopled_console(tmp_path, sign_ins_per_minute=5) as (_world, app):
        browser = Browser(app)
        browser.get("/sign-in")
        statuses = []
        for _ in range(7):
            browser.get("/sign-in")
            browser.send("/sign-in", {"email": "a@example.org", "password": "x"})
            statuses.append(browser.page.status_code)
        assert statuses[:5] == [422] * 5
        assert statuses[5:] == [429, 429]
        assert "Retry-After" in browser.page.headers


def test_a_recovery_code_lets_in_once_and_does_nothing_dangerous(peopled: Peopled) -> None:
    """It opens the own account, not an invitation of somebody; used again, it opens nothing."""
    world, app = peopled
    member, browser = world.member("administrator"), Browser(app)
    code = member.codes[0]
    for expected in (True, False):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.send("/sign-in", {"email": member.email, "password": PASSWORD})
        browser.send("/sign-in/second/recovery", {"recovery": code.upper()})
        assert (SESSION in browser.cookies) is expected
        if expected:
            assert "recovery code" in browser.page.text
            assert browser.get("/people/invite").url.path == "/confirm"


def test_where_to_go_after_signing_in_is_a_page_of_ours(peopled: Peopled) -> None:
    """The page that was wanted opens; an address elsewhere does not."""
    world, app = peopled
    member = world.member("administrator")
    for wanted, opened in (("/people", "/people"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.send("/sign-in", {"email": member.email, "password": PASSWORD, "next": wanted})
        browser.send("/sign-in/second/code", {"code": world.code(member), "next": wanted})
        assert browser.page.url.path == opened
        assert browser.page.url.host == "console.example.org"


def test_a_passkey_of_somebody_else_is_no_second_factor(peopled: Peopled) -> None:
    """Knowing one person's password and holding another's passkey opens neither account."""
    world, app = peopled
    victim, thief = world.member("administrator", with_passkey=True), world.member("analyst", with_passkey=True)
    assert thief.device is not None
    browser = Browser(app)
    browser.get("/sign-in")
    browser.send("/sign-in", {"email": victim.email, "password": PASSWORD})
    browser.send("/sign-in/second/passkey", {"answer": thief.device.get(browser.options)})
    assert browser.page.status_code == 422
    assert SESSION not in browser.cookies


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id":1}', "x" * 30_000, '{"a":' * 5_000, "\x00"])
def test_nonsense_in_place_of_a_passkey_is_refused(peopled: Peopled, answer: str) -> None:
    """Whatever is sent, the page says that it did not work."""
    _world, app = peopled
    browser = Browser(app)
    browser.get("/sign-in")
    browser.send("/sign-in/passkey", {"answer": answer})
    assert browser.page.status_code == 422


def test_a_device_that_does_not_verify_its_user_is_refused(peopled: Peopled) -> None:
    """A passkey without PIN, finger or face would be one factor only."""
    world, app = peopled
    member, browser = world.member("analyst", with_passkey=True), Browser(app)
    assert isinstance(member.device, Authenticator)
    member.device.verifies_user = False
    browser.get("/sign-in")
    browser.send("/sign-in/passkey", {"answer": member.device.get(browser.options)})
    assert browser.page.status_code == 422
