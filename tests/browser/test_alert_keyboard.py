"""Every rung by keyboard alone, and the page in a frame of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks
from tests.browser.test_rungs import JURISDICTIONS, STATES
from tests.support.alert_pack import ENGLISH
from tests.support.customer_server import CustomerServer, serve_customer
from tests.support.operator_site import OperatorSite, serve_operator
from thinktwice.campaigns.pack import GENERIC_PACK

TARGETS = "a[href], button, input:not([type=hidden]), summary"
MATRIX = [
    pytest.param(name, locale, id=f"{name}-{locale}", marks=() if locale == "en" else pytest.mark.prove)
    for locale in ("en", "zh-Hant", "ar")
    for name in STATES
]
MARK = """() => { let number = 0;
  for (const node of document.querySelectorAll(%r)) if (node.checkVisibility()) node.dataset.number = number++;
  return number }""".replace("%r", repr(TARGETS))
FOCUSED = """() => { const node = document.activeElement;
  return [node.dataset.number ?? "", getComputedStyle(node).outlineStyle] }"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = Looks("en", "light", 360, has_script=True).context(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("name", "locale"), MATRIX)
@pytest.mark.parametrize("rest", ["", "/help"])
def test_tab_reaches_everything_in_reading_order(
    page: Page, customer: CustomerServer, name: str, locale: str, rest: str
) -> None:
    """Each link, button and field once, in the order of the page, each with a visible outline, and out again."""
    made = {"campaign": GENERIC_PACK, "jurisdiction": JURISDICTIONS[locale]} | STATES[name]
    _, url = customer.alert(locale=locale, **made)
    page.goto(url + rest)
    number = page.evaluate(MARK)
    reached = []
    for _ in range(number + 1):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(FOCUSED)
        if not where:
            break
        assert outline == "solid"
        reached.append(int(where))
    groups = page.locator("input[type=radio]").count()
    assert reached == sorted(reached)
    # Of radio buttons that belong together Tab reaches one; the arrow keys reach the others.
    assert len(reached) >= number - max(0, groups - 1)
    assert not page.evaluate(FOCUSED)[0] or len(reached) == number


@pytest.fixture(scope="module")
def site() -> Iterator[OperatorSite]:
    with serve_operator() as serving:
        yield serving


@pytest.fixture(scope="module")
def framed(site: OperatorSite) -> Iterator[CustomerServer]:
    """A surface that only the operator's page may frame."""
    with serve_customer(embedding_origins=(site.url,)) as server:
        yield server


@pytest.mark.parametrize("is_operator", [True, False])
def test_only_the_operators_page_frames_the_alert(
    page: Page, site: OperatorSite, framed: CustomerServer, customer: CustomerServer, is_operator: bool
) -> None:
    """In a frame of anybody else nothing is shown, so no click can be stolen."""
    server = framed if is_operator else customer
    alert_id, url = server.alert()
    framing = site.put(
        f"/framing-{is_operator}",
        f'<!doctype html><html lang="en"><title>Framing</title><link rel="icon" href="/icon"><h1>Framing</h1>'
        f'<iframe title="Alert" src="{url}" width="340" height="700"></iframe>',
    )
    page.goto(framing)
    page.wait_for_timeout(500)
    heading = page.frame_locator("iframe").get_by_role("heading", level=1)
    assert heading.count() == (1 if is_operator else 0)
    if is_operator:
        page.frame_locator("iframe").get_by_role("button", name=ENGLISH.safe_action).click()
        expect(page.frame_locator("iframe").get_by_text(ENGLISH.cancelled)).to_be_visible()
    assert ("cancelled" in server.desk.types(alert_id)) is is_operator
