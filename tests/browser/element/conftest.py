"""The element on an operator's page, opened in browsers whose complaints fail the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks
from tests.support.customer_server import CustomerServer, serve_customer
from tests.support.operator_site import OperatorSite, serve_operator

DESK = Looks("en", "light", 1100, has_script=True)
PHONE = Looks("en", "light", 360, has_script=True)
Opening = Callable[..., Page]


@pytest.fixture(scope="session")
def site() -> Iterator[OperatorSite]:
    with serve_operator() as serving:
        yield serving


@pytest.fixture(scope="session")
def alerts(site: OperatorSite) -> Iterator[CustomerServer]:
    """The customer surface; the operator's page and a sandboxed frame of it may call."""
    with serve_customer(embedding_origins=(site.url, "null")) as server:
        site.alerts = server.url
        yield server


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opening]:
    """Opens pages; whatever a browser complains about fails the test, refusals by policy above all."""
    troubles: list[str] = []
    contexts = []

    def open_page(url: str, looks: Looks = DESK) -> Page:
        context = looks.context(browser)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Chromium tells on its console when a request fails or is answered with an error; some tests want that.
    assert [trouble for trouble in troubles if "Failed to load resource" not in trouble] == []


def recorded(alerts: CustomerServer, alert: tuple[str, str], *kinds: str) -> list[str]:
    """Wait until all of ``kinds`` are recorded, then a little for what should not be; return all, in order."""
    give_up = time.monotonic() + 10
    while not set(kinds) <= set(alerts.desk.types(alert[0])) and time.monotonic() < give_up:
        time.sleep(0.05)
    time.sleep(0.2)
    return alerts.desk.types(alert[0])


def told(page: Page) -> list[str]:
    """Which events of the element reached the page, in order."""
    kinds: list[str] = page.evaluate("told.map(({ type }) => type)")
    return kinds


def titled(page: Page, text: str) -> None:
    """Wait until the alert shows this headline."""
    expect(page.get_by_role("heading", level=2)).to_have_text(text)
