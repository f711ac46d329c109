"""A page or an element that is left open keeps a code that can be checked, and records nothing for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Looks
from tests.support.customer_server import CustomerServer, serve_customer
from tests.support.operator_site import serve_operator
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.decision import Hold

CODES = Codes(TEST_KEYRING.token)
Ahead = list[timedelta]
Place = tuple[CustomerServer, Ahead, Callable[[Page, CustomerServer], tuple[str, Locator, Locator]]]


def now() -> datetime:
    return datetime.now(UTC)


def waiting(alerts: CustomerServer) -> tuple[str, str]:
    held = Hold(until=now() + timedelta(hours=24), reason_class="customer_protection")
    return alerts.alert(rung="hold", state={"action": "hold", "hold": held})


@pytest.fixture(params=["page", "element"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Give a surface whose clock can be put ahead, and how a held alert is opened: hosted, or in an operator's page."""
    ahead: Ahead = [timedelta()]

    with (
        serve_operator() as site,
        serve_customer(embedding_origins=(site.url,), clock=lambda: now() + ahead[0]) as alerts,
    ):
        site.alerts = alerts.url

        def on_page(page: Page, server: CustomerServer) -> tuple[str, Locator, Locator]:
            alert_id, url = waiting(server)
            page.goto(url)
            return alert_id, page.locator(".real b"), page.locator(".real p").last

        def in_element(page: Page, server: CustomerServer) -> tuple[str, Locator, Locator]:
            alert = waiting(server)
            page.goto(site.page(alert))
            return alert[0], page.locator(".foot b"), page.locator(".foot p:has(b) + p")

        yield alerts, ahead, on_page if request.param == "page" else in_element


def until_seen(page: Page, alerts: CustomerServer, alert_id: str) -> list[str]:
    """Wait until everything about opening is recorded; return it."""
    give_up = time.monotonic() + 10
    while "seen" not in alerts.desk.types(alert_id):
        assert time.monotonic() < give_up
        page.wait_for_timeout(50)
    return alerts.desk.types(alert_id)


@pytest.mark.parametrize("way", ["time", "focus", "visible"])
def test_the_code_of_an_open_page_stays_alive(browser: Browser, place: Place, way: str) -> None:
    """After ten minutes, or when somebody comes back; what is not looked at is left alone for a minute."""
    alerts, ahead, open_alert = place
    context = Looks("en", "light", 1100, has_script=True).context(browser)
    page = context.new_page()
    page.clock.install()
    alert_id, code, text = open_alert(page, alerts)
    expect(code).to_have_count(1)
    first, said = code.inner_text(), text.inner_text()
    assert CODES.is_of_a_message(first, now())
    recorded = until_seen(page, alerts, alert_id)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert asked == []
    ahead[0] = timedelta(minutes=20)
    if way == "time":
        page.clock.run_for(600_000)
    else:
        page.clock.run_for(61_000)
        target, kind = ("window", "focus") if way == "focus" else ("document", "visibilitychange")
        page.evaluate(f"{target}.dispatchEvent(new Event('{kind}'))")
    expect(code).not_to_have_text(first)
    assert CODES.is_of_a_message(code.inner_text(), now() + ahead[0])
    assert not CODES.is_of_a_message(first, now() + ahead[0])
    assert text.inner_text() != said
    assert set(asked) == {"GET"}
    assert alerts.desk.types(alert_id) == recorded
    context.close()
