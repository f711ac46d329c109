"""Every page of the portal, as officer and administrator: axe, width, policy, screenshots; light, dark, narrow, zh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import complaints
from tests.browser.portal.conftest import enter
from tests.support.portal_server import PortalServer, serve_portal

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("zh-Hant", "dark", 360, has_script=True)


@pytest.fixture(params=[LIGHT, DARK], ids=str)
def looks(request: pytest.FixtureRequest) -> Looks:
    assert isinstance(request.param, Looks)
    return request.param


@pytest.fixture
def page(browser: Browser, looks: Looks) -> Iterator[Page]:
    context = looks.context(browser)
    yield context.new_page()
    context.close()


def looked_at(page: Page, name: str) -> None:
    """Hold a page to what every page has."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
    assert page.locator("h1").count() == 1
    keep(page, f"portal-{name}")


def tour(page: Page, portal: PortalServer, paths: list[str], prefix: str, looks: Looks) -> None:
    for path in paths:
        page.goto(portal.url + path)
        name = path.strip("/").replace("/", "-") or "home"
        looked_at(page, f"{prefix}-{name[:40]}-{looks}")


def test_the_pages_before_anybody_is_in(page: Page, looks: Looks, portal: PortalServer) -> None:
    """Sign-in, application, its answer and a refusal."""
    said = complaints(page)
    tour(page, portal, ["/sign-in", "/apply", "/nothing-here"], "out", looks)
    page.goto(f"{portal.url}/apply")
    page.locator("main .main").click()
    assert page.locator(".faults li").count() == 3
    looked_at(page, f"apply-faults-{looks}")
    for name, text in (("name", "Example Police"), ("country", "hk"), ("domain", "police.example.net")):
        page.locator(f"#{name}").fill(text)
    page.locator("main .main").click()
    expect(page.locator("form[action='/apply']")).to_have_count(0)
    looked_at(page, f"applied-{looks}")
    assert [line for line in said if "404" not in line and "422" not in line] == []


def test_the_pages_of_an_officer(page: Page, looks: Looks, portal: PortalServer, agency: str) -> None:
    """Requests of a rich kind, reports, account, and what a form says when it cannot be used."""
    said = complaints(page)
    enter(page, portal, agency, name="Tara Tour")
    page.goto(f"{portal.url}/requests/new")
    page.locator("#kind-production").check()
    page.locator("main .main").click()
    draft = page.url.removeprefix(portal.url).partition("?")[0].removesuffix("/form")
    page.locator("#identifiers").fill("address,nonsense,tron\nphone,12")
    page.locator("main .main").click()
    assert page.locator(".faults li").count() == 2
    looked_at(page, f"form-faults-{looks}")
    rest = ["", "/form", "/files", "/check", "/withdraw", "/contact", "/template"]
    lists = ["/requests", "/requests/new", "/requests/templates", "/reports", "/reports/new", "/campaigns"]
    lists += ["/account", "/account/second-factor", "/confirm"]
    tour(page, portal, [*lists, *(f"{draft}{one}" for one in rest), "/officers"], "officer", looks)
    page.goto(f"{portal.url}/reports/new")
    page.locator("#rows").fill("address,0x52908400098527886E0F7030069857D2E4169EE7,ethereum")
    page.locator("#reason").fill("A victim paid there yesterday.")
    page.locator("main .main").click()
    page.wait_for_url(f"{portal.url}/reports?said=reported")
    looked_at(page, f"reports-one-{looks}")
    page.locator("a[href$='/retract']").first.click()
    looked_at(page, f"retract-{looks}")
    assert [line for line in said if not any(status in line for status in ("403", "404", "422"))] == []


def test_the_pages_of_an_agency_administrator(page: Page, looks: Looks, portal: PortalServer, agency: str) -> None:
    """Officers, one of them, invitation with its link, new link and suspension."""
    said = complaints(page)
    enter(page, portal, agency, "agency_administrator", name="An administrator")
    tour(page, portal, ["/requests", "/officers", "/officers/invite"], "administrator", looks)
    page.locator("#name").fill("New Officer")
    page.locator("#email").fill(f"new-{looks}@police.example.org".lower())
    page.locator("main .main").click()
    expect(page.locator("#link")).to_contain_text("/invitation/")
    looked_at(page, f"link-{looks}")
    page.locator("main a[href^='/officers/']").click()
    officer = page.url.removeprefix(portal.url)
    tour(page, portal, [officer, f"{officer}/link", f"{officer}/suspend"], f"one-{'officer'}", looks)
    page.locator("main form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    looked_at(page, f"suspended-{looks}")
    assert said == []


def test_the_demonstration_says_so_on_every_page(
    page: Page, looks: Looks, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A visitor chooses whose place to take; the banner stays, and another person is one click away."""
    said = complaints(page)
    with serve_portal(tmp_path_factory.mktemp("demo-portal"), is_demo=True) as portal:
        page.goto(f"{portal.url}/demo")
        looked_at(page, f"demo-{looks}")
        page.locator("main form button").first.click()
        page.wait_for_url(f"{portal.url}/requests")
        expect(page.locator(".banner")).to_be_visible()
        looked_at(page, f"demo-requests-{looks}")
        page.locator(".banner a").click()
        page.locator("main form button").last.click()
        page.wait_for_url(f"{portal.url}/requests")
        page.goto(f"{portal.url}/officers")
        expect(page.locator("main table").first).to_contain_text("Demo colleague")
    assert said == []
