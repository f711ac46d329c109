"""What is refused stands in the audit chain: attacks of strangers and of people signed in; floods are bounded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.security.console.test_forgery import AREA
from tests.support.console import Console, open_console
from tests.support.console_browser import OWN_AREAS, SESSION, URL, Browser, Gate, peopled_console
from tests.support.http import HOST, ask
from tests.support.people import PASSWORD, World
from thinktwice.audit.ledger import Ledger
from thinktwice.people.service import People
from thinktwice.web.console.app import create_console
from thinktwice.web.console.keys.desk import KeyDesk
from thinktwice.web.console.settings.pages import SettingsDesk
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.door import MOST_OF_ALL, MOST_OF_ONE, Door
from thinktwice.web.edge.signed_in.parts import SurfaceParts

Peopled = tuple[World, App]


@pytest.fixture
def peopled(tmp_path: Path) -> Iterator[Peopled]:
    with peopled_console(tmp_path) as made:
        yield made


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    made = open_console(tmp_path, [AREA])
    with closing(made.ledger):
        yield made


def test_a_foreign_host_name_is_put_down_without_who_or_where(console: Console) -> None:
    """The refusal is an entry of the door; neither the forged name nor the address stands in it."""
    assert ask(console.app, "GET", "/", headers={"Host": "evil.example"}).status_code == 421
    assert console.entries() == [("door", "page.open", "any", "refused")]
    with console.ledger.reading() as connection:
        (line,) = connection.execute("SELECT details FROM audit_entry").fetchone()
    assert line == '{"reason":"foreign host name"}'


@pytest.mark.parametrize("is_known", [True, False], ids=["somebody", "a stranger"])
def test_an_address_that_leads_away_is_put_down(peopled: Peopled, is_known: bool) -> None:
    """Who sends a browser elsewhere with ``next`` gets a page of ours, and the chain has the attempt."""
    world, app = peopled
    browser = Browser(app)
    if is_known:
        browser.sign_in(world, world.member("analyst"))
    else:
        browser.get("/sign-in")
    before = len(world.entries())
    browser.send("/language", {"language": "en", "next": "https://evil.example/"})
    assert browser.page.url.host == "console.example.org"
    assert world.entries()[before:] == [("address.follow", '{"reason":"leads away"}')]
    browser.send("/language", {"language": "en", "next": "/sign-in"})
    assert len(world.entries()) == before + 1


def test_a_strangers_forged_form_is_put_down(peopled: Peopled) -> None:
    """A sign-in sent by another site (login forgery) is refused and stands in the chain."""
    world, app = peopled
    browser = Browser(app)
    browser.get("/sign-in")
    member = world.member("analyst")
    before = len(world.entries())
    browser.send("/sign-in", {"email": member.email, "password": PASSWORD}, Origin="https://evil.example")
    assert browser.page.status_code == 403
    ((act, details),) = world.entries()[before:]
    assert act == "form.send"
    assert details.startswith('{"reason":"foreign form')


def test_two_gigabytes_are_put_down(console: Console) -> None:
    """A stranger is sent away unread; of somebody signed in it is refused by what it declares, and put down."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": HOST, "Content-Length": str(2 * 1024**3)}
    before = console.entries()
    answer = ask(console.app, "POST", "/uploads", headers=headers)
    assert answer.status_code in {303, 401, 403}  # nobody is signed in, so the form is not even looked at
    secret = console.sign_in("analyst")
    assert console.post("/uploads", {}, secret, headers={"Content-Length": str(2 * 1024**3)}).status_code in {413, 415}
    assert console.entries()[len(before) :][-1][1:] == ("form.send", "POST /uploads", "refused")


def test_hammering_is_put_down_and_bounded(tmp_path: Path) -> None:
    """Tries beyond the rate are entries until the door has enough of them; then they are refused in silence."""
    with peopled_console(tmp_path, sign_ins_per_minute=1) as (world, app):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.send("/sign-in", {"email": "a@example.org", "password": "x"})
        before = len(world.entries())
        for _ in range(MOST_OF_ONE + 5):
            browser.get("/sign-in")
            browser.send("/sign-in", {"email": "a@example.org", "password": "x"})
            assert browser.page.status_code == 429
        assert world.entries()[before:] == [("form.send", '{"reason":"RateError"}')] * MOST_OF_ONE


def test_the_rate_of_an_address_holds_in_every_process(tmp_path: Path) -> None:
    """Two processes over one database give one address the tries of one; a minute later there are new ones."""
    with peopled_console(tmp_path, sign_ins_per_minute=4) as (world, _):
        again = world.open("console")
        first, second = (
            create_console(
                SurfaceParts(
                    gate=Gate(people.sessions),
                    ledger=world.ledger,
                    hosts=HostNames(["console.example.org"]),
                    url=URL,
                    desks={People: people, KeyDesk: object(), SettingsDesk: object()},
                    clock=world.clock,
                    sign_ins_per_minute=4,
                    tries=people.tries.take,
                ),
                OWN_AREAS,
            )
            for people in (world.console, again)
        )
        statuses: list[int] = []
        for app in (first, second, first, second, first, second):
            browser = Browser(app)
            browser.get("/sign-in")
            browser.send("/sign-in", {"email": f"{len(statuses)}@example.org", "password": "x"})
            statuses.append(browser.page.status_code)
        assert statuses == [422] * 4 + [429] * 2
        assert int(browser.page.headers["Retry-After"]) in range(1, 61)
        elsewhere = Browser(second, address="198.51.100.30")
        elsewhere.get("/sign-in")
        elsewhere.send("/sign-in", {"email": "b@example.org", "password": "x"})
        assert elsewhere.page.status_code == 422
        world.clock.move(minutes=1)
        browser.get("/sign-in")
        browser.send("/sign-in", {"email": "c@example.org", "password": "x"})
        assert browser.page.status_code == 422
        again.close()


def test_a_replayed_code_and_a_lured_passkey_are_put_down(peopled: Peopled) -> None:
    """Replay, another origin and somebody else's passkey each leave a refusal; no session opens."""
    world, app = peopled
    member = world.member("analyst", with_passkey=True)
    device = member.device
    assert device is not None
    browser = Browser(app)
    browser.get("/sign-in")
    answer = device.get(browser.options)
    browser.send("/sign-in/passkey", {"answer": answer})
    before = len(world.entries())
    again = Browser(app)
    again.get("/sign-in")
    again.send("/sign-in/passkey", {"answer": answer})
    again.get("/sign-in")
    device.origin = "https://console.example.org.evil.example"
    again.send("/sign-in/passkey", {"answer": device.get(again.options)})
    assert SESSION not in again.cookies
    found = world.entries()[before:]
    assert [act for act, _ in found] == ["session.open", "session.open"]
    assert all('"reason"' in details for _, details in found)


def test_the_door_bounds_all_sources_together(tmp_path: Path) -> None:
    """A thousand sources write as many entries as the door takes, and an hour later there is room again."""
    now = [0.0]
    with peopled_console(tmp_path) as (world, _app):
        ledger = Ledger(world.control, world.clock)
        with closing(ledger):
            door = Door(ledger, monotonic=lambda: now[0])
            for number in range(MOST_OF_ALL + 50):
                door.refused(f"source-{number}", "form.send", "POST /sign-in", "RateError")
            assert len(world.entries()) == MOST_OF_ALL
            now[0] = 3_601.0
            door.refused("source-1", "form.send", "POST /sign-in", "RateError")
            assert len(world.entries()) == MOST_OF_ALL + 1
