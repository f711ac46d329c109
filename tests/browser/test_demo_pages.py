"""The pages of the demo exchange and the report, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.support.demo_process import Running, start, stop

LOOKS = [Looks("en", "dark", 360, has_script=True), Looks("en", "light", 1100, has_script=True)]


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    running = start()
    yield running
    stop(running)


@pytest.fixture(params=LOOKS, ids=str)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = request.param.context(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "path", ["/", "/customers/lookalike", "/report", "/results/hk-joint-anti-scam", "/nothing-here"]
)
def test_pages_are_accessible_and_fit(page: Page, demo: Running, path: str, request: pytest.FixtureRequest) -> None:
    """No page breaks a rule of axe, is wider than its window, or trips over its own policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(demo.exchange + path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [line for line in said if "Content Security Policy" in line] == []
    keep(page, f"demo-{path.strip('/').replace('/', '-') or 'home'}-{request.node.callspec.id}")


def test_a_customer_thinks_twice_and_keeps_the_money(browser: Browser, demo: Running) -> None:
    """Without script a link leads to the alert; the safe choice leads back, and nothing can be sent any more."""
    context = Looks("en", "light", 360, has_script=False).context(browser)
    page = context.new_page()
    page.goto(f"{demo.exchange}/customers/new-destination")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("link", name="read this message").click()
    page.wait_for_url(f"{demo.api}/alerts/*")
    page.get_by_role("button", name="Keep my money here").click()
    page.get_by_role("link", name="Demo exchange").click()
    page.wait_for_url(f"{demo.exchange}/withdrawals/*")
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("status: cancelled")).to_be_visible()
    assert_accessible_without_script(page)
    context.close()


@pytest.mark.parametrize("slug", ["new-destination", "lookalike"])
def test_the_alert_stands_in_the_exchanges_own_page(
    page: Page, demo: Running, slug: str, request: pytest.FixtureRequest
) -> None:
    """With script the element shows it under the strict policy, loaded from ThinkTwice; what it records counts."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{demo.exchange}/customers/{slug}")
    page.get_by_role("button", name="Withdraw").click()
    safe = page.locator("think-twice .safe")
    expect(safe).to_be_visible()
    expect(page.get_by_role("link", name="read this message")).to_be_hidden()
    page.mouse.move(0, 0)
    keep(page, f"demo-alert-{request.node.callspec.id}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with page.expect_response("**/events"):
        safe.click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("status: cancelled")).to_be_visible()
    expect(page.locator("think-twice h2")).to_be_visible()
    assert said == []


def assert_accessible_without_script(page: Page) -> None:
    """Without script axe cannot run; the page still has one heading of the first level and a title."""
    assert page.locator("h1").count() == 1
    assert page.title()
