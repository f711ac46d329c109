"""Both sides of agencies' requests in one Chromium: a console and a portal over one data folder, and who sits there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.browser.portal.conftest import enter
from tests.support.console_server import ConsoleServer, serve_console
from tests.support.portal_server import PortalServer, serve_portal
from tests.support.receiver import Receiver
from thinktwice.keyring.keys import TEST_KEYRING

WIDE = Looks("en", "light", 1280, has_script=True)
NARROW = Looks("en", "dark", 360, has_script=True)
PHRASE = "four violet engines humming"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Both:
    """A console and a portal of one installation, and the operator's system that is told out of band."""

    console: ConsoleServer
    portal: PortalServer
    receiver: Receiver
    data: Path


@dataclass(frozen=True)
class Sitter:
    """Somebody before a browser of their own, who looks at every page they come to."""

    page: Page
    url: str
    story: str
    looks: Looks
    pages: Iterator[int]

    def looked(self, name: str) -> None:
        """Hold a page to what every page has, and keep how it looks."""
        expect(self.page.locator("h1")).to_have_count(1)
        assert_accessible(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
        keep(self.page, f"{self.story}-{next(self.pages):02}-{name}-{self.looks.scheme}-{self.looks.width}")

    def go(self, path: str, name: str = "") -> None:
        """Open an address of the own surface."""
        self.page.goto(self.url + path)
        if name:
            self.looked(name)

    def button(self, name: str) -> Locator:
        """The button of this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """The first link of this name."""
        return self.page.get_by_role("link", name=name, exact=True).first

    def reads(self, text: str | re.Pattern[str]) -> None:
        """See a text on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def presses(self, wanted: Locator, key: str = "Enter") -> None:
        """Reach something with the Tab key alone, see where one is, and press a key."""
        for _ in range(120):
            if wanted.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        expect(wanted).to_be_focused()
        assert self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "unseen focus"
        if key:
            self.page.keyboard.press(key)

    def step(self, name: str, note: str = "", *, by_keyboard: bool = False) -> None:
        """Take one of the operator's steps: its page says what will happen, its button does it."""
        act: Callable[[Locator], None] = self.presses if by_keyboard else lambda wanted: wanted.click()
        act(self.link(name))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        self.looked(name.lower().replace(" ", "-"))
        if note and by_keyboard:
            self.presses(self.page.locator("#note"), "")
            self.page.keyboard.insert_text(note)
        elif note:
            self.page.locator("#note").fill(note)
        act(self.button(name))
        self.reads("It is done, and stands in the timeline.")

    def takes_away(self, name: str, *, by_keyboard: bool = False) -> Download:
        """Download a file of the request by its name."""
        wanted = self.button(f"Download {name}")
        with self.page.expect_download() as download:
            if by_keyboard:
                self.presses(wanted)
            else:
                wanted.click()
        return download.value


Sit = Callable[..., Sitter]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    data = tmp_path_factory.mktemp("both")
    receiver = Receiver(TEST_KEYRING.webhook[0].secret)
    with (
        serve_console(data, webhook_url=receiver.url) as console,
        serve_portal(data) as portal,
    ):
        yield Both(console, portal, receiver, data)
    receiver.close()


@pytest.fixture
def sit(browser: Browser, both: Both, request: pytest.FixtureRequest) -> Iterator[Sit]:
    """Give what sits somebody down: an operator, or with ``agency`` an officer; their browsers never complained."""
    said: list[str] = []
    pages = itertools.count(1)
    story = request.node.originalname.removeprefix("test_")[:24].strip("_").replace("_", "-")
    with ExitStack() as stack:

        def sit_down(name: str, *roles: str, looks: Looks = WIDE, agency: str | None = None) -> Sitter:
            context = looks.context(browser)
            stack.callback(context.close)
            page = context.new_page()
            heard = complaints(page)
            stack.callback(lambda: said.extend(heard))
            if agency is not None:
                enter(page, both.portal, agency, *(roles or ("officer",)), name=name)
                return Sitter(page, both.portal.url, story, looks, pages)
            _come_in(page, both.console, roles or ("case_handler",), name)
            return Sitter(page, both.console.url, story, looks, pages)

        yield sit_down
    # A fault that a story makes is answered with 422, a refusal with 403 or 409, and the browser says so.
    assert [line for line in said if not re.search("40[39]|422", line)] == []


def _come_in(page: Page, console: ConsoleServer, roles: tuple[str, ...], name: str) -> None:
    """Come in through an invitation, with a password and a passkey of this browser's own device."""
    Device(page)
    page.goto(console.invite(*roles, email=f"operator{next(_numbers)}@example.org", name=name))
    page.get_by_label("New password").fill(PHRASE)
    page.get_by_label("The same password again").fill(PHRASE)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them").click()
