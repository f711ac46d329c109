"""The alert page by keyboard, in other senses, and what only script can know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.support.alert_pack import ENGLISH
from tests.support.customer_server import CustomerServer
from thinktwice.alerts.words import WORDS


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = Looks("en", "light", 360, has_script=True).context(browser)
    yield context.new_page()
    context.close()


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_keyboard_alone_stops(page: Page, customer: CustomerServer) -> None:
    """Tab reaches language, help, then the safe choice before every other; Enter chooses it."""
    alert_id, url = customer.alert()
    page.goto(url)
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(_focused(page))
    assert reached == ["English", "繁體中文", "18222", "Keep my money here", "See the signs", "Continue"]
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_text(ENGLISH.cancelled)).to_be_visible()
    assert "cancelled" in customer.desk.types(alert_id)


def test_keyboard_alone_goes_on(page: Page, customer: CustomerServer) -> None:
    """The second step of a look-alike can be typed and sent without a pointer."""
    alert_id, url = customer.alert(campaign="lookalike")
    page.goto(f"{url}/continue")
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "marked"
    page.keyboard.type("6616")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"].continued)
    assert "continued" in customer.desk.types(alert_id)


def test_seen_means_visible_for_a_second(page: Page, customer: CustomerServer) -> None:
    """Seen is recorded once, not before a second has passed."""
    alert_id, url = customer.alert()
    page.goto(url)
    page.wait_for_timeout(500)
    assert customer.desk.types(alert_id) == ["delivered"]
    page.wait_for_timeout(1200)
    assert customer.desk.types(alert_id) == ["delivered", "seen"]


def test_leaving_at_once_is_not_seen(page: Page, customer: CustomerServer) -> None:
    """Who closes the page within the second has not seen it."""
    alert_id, url = customer.alert()
    page.goto(url)
    page.goto("about:blank")
    page.wait_for_timeout(1300)
    assert customer.desk.types(alert_id) == ["delivered"]


def test_calling_the_helpline_is_help(page: Page, customer: CustomerServer) -> None:
    """Choosing the number is recorded once."""
    alert_id, url = customer.alert()
    page.goto(url)
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    page.get_by_role("link", name="18222").click()
    page.wait_for_timeout(300)
    assert "help" in customer.desk.types(alert_id)


def test_a_double_click_counts_once(page: Page, customer: CustomerServer) -> None:
    """An impatient customer stops once."""
    alert_id, url = customer.alert()
    page.goto(url)
    page.get_by_role("button", name=ENGLISH.safe_action).dblclick()
    expect(page.get_by_text(ENGLISH.cancelled)).to_be_visible()
    assert customer.desk.types(alert_id).count("cancelled") == 1


@pytest.mark.parametrize("rest", ["", "/continue", "/signs", "/help"])
def test_targets_are_large_enough(page: Page, customer: CustomerServer, rest: str) -> None:
    """Every button and link that stands alone is at least 44 pixels high, every other target 24 (WCAG 2.5.8), but for
    links within a sentence."""
    _, url = customer.alert()
    page.goto(url + rest)
    for target in page.locator("button, .button, header a").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    for target in page.locator("a, input:not([type=hidden]), summary, label.check").all():
        box = target.bounding_box()
        assert box is not None
        is_in_a_sentence = target.evaluate("node => node.closest('p:not(.up)') !== null")
        assert is_in_a_sentence or min(box["height"], box["width"]) >= 24, target.inner_html()


def test_right_to_left(page: Page, customer: CustomerServer) -> None:
    """Mirrored, the page still fits and addresses still read from the left."""
    _, url = customer.alert(campaign="lookalike")
    page.goto(url)
    page.evaluate("document.documentElement.dir = 'rtl'")
    keep(page, "lookalike-rtl-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".address").first.evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert_accessible(page)


@pytest.mark.parametrize("zoom", [200, 400])
def test_large_text(page: Page, customer: CustomerServer, zoom: int) -> None:
    """With text several times as large nothing is cut off sideways (WCAG 1.4.10 on a desk of 1280 pixels)."""
    _, url = customer.alert()
    page.set_viewport_size({"width": 1280 * 100 // zoom, "height": 800})
    page.goto(url)
    keep(page, f"alert-zoom-{zoom}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280 * 100 // zoom


@pytest.mark.parametrize("locale", ["zh-Hant", "ar"])
@pytest.mark.parametrize("rest", ["", "/continue", "/signs", "/help"])
def test_large_text_in_other_languages(page: Page, customer: CustomerServer, locale: str, rest: str) -> None:
    """At 400 % (320 pixels) every page fits, also with the two addresses and every language offered."""
    _, url = customer.alert(locale=locale, campaign="lookalike")
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(url + rest)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_many_languages_fit(page: Page, customer: CustomerServer) -> None:
    """However many languages a page offers, each name stays on one line and is large enough to press."""
    _, url = customer.alert(rung=None, state={"action": "block"})
    page.goto(url)
    links = page.locator("header a").all()
    assert len(links) == len(WORDS)
    for link in links:
        box = link.bounding_box()
        assert box is not None
        assert 44 <= box["height"] < 60
        assert box["width"] >= 24


def test_reduced_motion(browser: Browser, customer: CustomerServer) -> None:
    """Who asks for less motion gets none."""
    for motion, duration in (("reduce", "0s"), ("no-preference", "0.12s, 0.12s")):
        context = browser.new_context(reduced_motion="reduce" if motion == "reduce" else "no-preference")
        page = context.new_page()
        _, url = customer.alert()
        page.goto(url)
        safe = page.get_by_role("button", name=ENGLISH.safe_action)
        assert safe.evaluate("node => getComputedStyle(node).transitionDuration") == duration
        context.close()


def test_forced_colours(browser: Browser, customer: CustomerServer) -> None:
    """In a system palette the page stays complete and accessible."""
    context = browser.new_context(forced_colors="active", viewport={"width": 720, "height": 900})
    page = context.new_page()
    _, url = customer.alert(campaign="lookalike")
    page.goto(url)
    keep(page, "lookalike-forced-colours")
    expect(page.get_by_role("button", name="Stop and check")).to_be_visible()
    context.close()


SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""


@pytest.mark.parametrize("locale", ["en", "zh-Hant", "ar"])
@pytest.mark.parametrize("rest", ["", "/continue", "/signs", "/help"])
def test_text_spacing(page: Page, customer: CustomerServer, locale: str, rest: str) -> None:
    """With the spacing of WCAG 1.4.12 nothing is cut off, laid over something else or pushed out of the window."""
    _, url = customer.alert(locale=locale, campaign="lookalike")
    page.goto(url + rest)
    page.evaluate(ADOPT, SPACING)
    keep(page, f"spacing{rest.replace('/', '-')}-{locale}-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(CUT_OFF) == []


ADOPT = (
    """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet] }"""
)
"""The page's policy refuses a style element, as it should."""

CUT_OFF = """() => [...document.querySelectorAll("button, .button, p, li, dd, label, legend")]
  .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible"
    || node.scrollHeight > node.clientHeight + 1 && /button/i.test(node.tagName + node.className))
  .map(node => node.textContent.trim())"""


@pytest.mark.parametrize("kind", ["gone", "notice", "inform"])
def test_the_other_pages(page: Page, customer: CustomerServer, kind: str) -> None:
    """The neutral page, the notice and the one-tap alert are accessible too."""
    _, url = customer.alert(is_notice=kind == "notice", rung="inform" if kind == "inform" else "confirm")
    page.goto(url[:-3] if kind == "gone" else url)
    keep(page, kind)
    assert_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
