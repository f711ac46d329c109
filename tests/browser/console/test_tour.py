"""Every page that a role's menu leads to, and the pages behind them: axe, width, policy, screenshots."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import complaints
from tests.support.console_server import ConsoleServer
from thinktwice.people.permissions import STAFF_ROLES
from thinktwice.web.console.role_words import ROLE_NAMES

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("zh-Hant", "dark", 360, has_script=True)

DEEPER = {
    "administrator": ["/people/invite", "/keys/new", "/account", "/account/second-factor", "/account/password"],
    "analyst": ["/account/recovery-codes", "/confirm", "/nothing-here", "/people"],
}
"""Pages that no menu names, by a role that may open them; the last two are refusals."""


def enter(page: Page, console: ConsoleServer, role: str) -> None:
    page.goto(f"{console.url}/demo")
    page.locator(f'button[value="{role}"]').click()
    page.wait_for_url(f"{console.url}/")


def looked_at(page: Page, name: str) -> None:
    """Hold a page to what every page has."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
    assert page.locator("h1").count() == 1
    expect(page.locator(".banner")).to_be_visible()
    keep(page, f"console-{name}")


@pytest.fixture(params=[LIGHT, DARK], ids=str)
def looks(request: pytest.FixtureRequest) -> Looks:
    assert isinstance(request.param, Looks)
    return request.param


@pytest.fixture
def page(browser: Browser, looks: Looks) -> Iterator[Page]:
    context = looks.context(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role == "administrator" else pytest.mark.prove) for role in STAFF_ROLES]
)
def test_every_page_of_a_role(page: Page, looks: Looks, demo_console: ConsoleServer, role: str) -> None:
    """As each role, each page of the menu is accessible, fits, obeys its policy and wears the banner."""
    said = complaints(page)
    enter(page, demo_console, role)
    paths = page.locator("nav.wide a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for path in [*paths, *DEEPER.get(role, ())]:
        page.goto(demo_console.url + path)
        looked_at(page, f"{role}-{path.strip('/').replace('/', '-') or 'home'}-{looks}")
    allowed = ("404", "403")  # the browser's own note about the refusals of the tour
    assert [line for line in said if not any(status in line for status in allowed)] == []


@pytest.mark.parametrize("path", ["/demo", "/sign-in"])
def test_the_pages_before_anybody_is_in(page: Page, looks: Looks, demo_console: ConsoleServer, path: str) -> None:
    """The first pages are held to the same."""
    said = complaints(page)
    page.goto(demo_console.url + path)
    looked_at(page, f"{path.strip('/')}-{looks}")
    assert said == []


def test_the_menu_opens_without_script_on_a_telephone(browser: Browser, demo_console: ConsoleServer) -> None:
    """On a narrow screen the menu is behind one word, which needs no script."""
    context = Looks("en", "light", 360, has_script=False).context(browser)
    page = context.new_page()
    enter(page, demo_console, "administrator")
    page.get_by_text("Menu", exact=True).click()
    page.locator("details.narrow").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    keep(page, "console-people-360-noscript")
    context.close()


def test_the_language_stays_where_it_was_chosen(browser: Browser, demo_console: ConsoleServer) -> None:
    """A button changes the language, keeps the page, and the choice holds for the next one."""
    context = LIGHT.context(browser)
    page = context.new_page()
    enter(page, demo_console, "administrator")
    page.goto(f"{demo_console.url}/people")
    page.get_by_role("button", name="繁體中文").click()
    assert page.url == f"{demo_console.url}/people"
    expect(page.get_by_role("heading", level=1)).to_have_text("人員")
    page.goto(f"{demo_console.url}/keys")
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API keys")
    context.close()


def test_every_role_has_a_name_on_the_door(browser: Browser, demo_console: ConsoleServer) -> None:
    """The demonstration offers all roles of the console."""
    context = LIGHT.context(browser)
    page = context.new_page()
    page.goto(f"{demo_console.url}/demo")
    for name in ROLE_NAMES.values():
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    context.close()
