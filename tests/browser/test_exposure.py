"""What a real browser adds to the exposure of the hosted page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Looks
from tests.support.alert_pack import ENGLISH
from tests.support.customer_server import CustomerServer
from thinktwice.alerts.words import WORDS
from thinktwice.records.decision import Hold
from thinktwice.records.vocabulary import Rung


@pytest.mark.parametrize(
    ("width", "has_script", "viewport"),
    [(360, True, "narrow"), (800, True, "medium"), (1100, True, "wide"), (360, False, None)],
)
def test_seeing_and_choosing_say_language_and_room(
    browser: Browser, customer: CustomerServer, width: int, has_script: bool, viewport: str | None
) -> None:
    """Also through the second step; without script the language alone, and nothing counts as seen."""
    alert_id, url = customer.alert()
    context = Looks("en", "light", width, has_script).context(browser)
    page = context.new_page()
    if has_script:
        with page.expect_response(f"**/v1/alerts/{alert_id}/events"):
            page.goto(url)
    else:
        page.goto(url)
    page.get_by_role("link", name=ENGLISH.go_on, exact=True).click()
    page.get_by_role("button", name=ENGLISH.second_step_go_on).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"].continued)
    context.close()
    shown = {"locale": "en"} | ({"viewport": viewport} if viewport else {})
    types = customer.desk.types(alert_id)
    assert sorted(types) == sorted(["delivered", "continued", *(["seen"] if has_script else [])])
    details = {event.type: event.detail for event in customer.desk.events[alert_id]}
    assert details["delivered"] == {"locale": "en"}
    assert details["continued"] == shown
    assert details.get("seen") == (shown if has_script else None)


@pytest.mark.parametrize("rung", ["confirm", "hold"])
def test_a_reload_is_not_seen_again(browser: Browser, customer: CustomerServer, rung: Rung) -> None:
    """Once for each alert, however often its page is opened."""
    held = {"action": "hold", "hold": Hold(until=None, reason_class="customer_protection")}
    alert_id, url = customer.alert(rung=rung, state=held if rung == "hold" else {})
    context = Looks("en", "light", 360, has_script=True).context(browser)
    page = context.new_page()
    with page.expect_response(f"**/v1/alerts/{alert_id}/events"):
        page.goto(url)
    for _ in range(2):
        page.goto(url)
        page.wait_for_timeout(1500)  # longer than what counts as seen
    context.close()
    assert customer.desk.types(alert_id) == ["delivered", "seen"]
