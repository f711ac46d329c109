"""``<think-twice>`` in pages that mean no good, by keyboard, and to other senses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import assert_accessible, keep
from tests.browser.element.conftest import PHONE, Opening, recorded, told
from tests.support.alert_pack import ENGLISH
from tests.support.customer_server import CustomerServer
from tests.support.operator_site import OperatorSite
from thinktwice.alerts.words import WORDS
from thinktwice.records.decision import Hold

RESET = """
* { all: unset !important; display: inline !important; font-size: 0 !important; color: transparent !important;
  line-height: 0 !important; visibility: hidden !important; direction: rtl !important; float: none !important;
  text-transform: uppercase !important; letter-spacing: -1em !important; pointer-events: none !important }
html { font-size: 1px !important } think-twice { opacity: 0 !important }
button, a, h2, input { display: none !important }
"""
FRAMEWORK = """
Array.prototype.toJSON = function () { return "[]" };
Object.prototype.toJSON = function () { return "{}" };
String.prototype.toJSON = function () { return "" };
Object.prototype.each = function () {};
Array.prototype.remove = function () {};
Array.from = function () { return [] };
Function.prototype.bind = function () { return this };
for (const name of ["state", "choice", "show", "change", "update", "view", "status"]) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get() { return "theirs" } });
}
Element.prototype.remove = function () { throw new Error("theirs") };
globalThis.$ = globalThis.h = globalThis.draw = () => null;
"""
PROTOTYPES = """for (const name of ["toJSON"]) {
  delete Array.prototype[name]; delete Object.prototype[name]; delete String.prototype[name] }"""


def _stop(page: Page) -> None:
    page.get_by_role("button", name=ENGLISH.safe_action).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["en"].cancelled)


def test_resets_do_not_reach_it(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """A style sheet that undoes everything with !important changes neither what is shown nor what works."""
    alert = alerts.alert()
    page = opened(site.page(alert, css=RESET), PHONE)
    heading = page.get_by_role("heading", level=2)
    expect(heading).to_be_visible()
    look = heading.evaluate(
        "node => (style => [style.fontSize, style.color, style.textTransform, style.letterSpacing])"
        "(getComputedStyle(node))"
    )
    assert look == ["26.01px", "rgb(27, 35, 40)", "none", "normal"]
    keep(page, "element-hostile-resets")
    _stop(page)
    assert [kind for kind in recorded(alerts, alert, "cancelled") if kind != "seen"] == ["delivered", "cancelled"]


def test_another_framework_on_the_prototypes(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """What other code put on prototypes and globals changes neither the alert nor what is sent."""
    alert = alerts.alert()
    page = opened(site.page(alert, before=FRAMEWORK))
    recorded(alerts, alert, "seen")
    page.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    page.get_by_role("radio", name="My own wallet").check()
    page.get_by_role("button", name=ENGLISH.second_step_go_on).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["en"].continued)
    assert alerts.desk.types(alert[0]) == ["delivered", "seen", "answered", "continued"]
    page.evaluate(PROTOTYPES)  # the debugger itself speaks JSON
    assert told(page) == ["shown", "continued"]


def test_in_a_sandboxed_frame(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """In a frame that may only run script the alert shows, takes the second step and reports."""
    alert = alerts.alert(campaign="lookalike")
    inner = site.page(alert)
    framing = site.put(
        "/framing",
        f'<!doctype html><html lang="en"><title>Framing</title><link rel="icon" href="/icon">'
        f'<iframe title="Alert" sandbox="allow-scripts" src="{inner}" width="340" height="700"></iframe>',
    )
    # Without an origin even the page's own script is another origin's, so the policy has to name it.
    media_type, content, headers = site.served[inner.removeprefix(site.url)]
    policy = headers["content-security-policy"].replace("'self'", site.url)
    for path in ("/page.js", "/page.css"):
        site.served[path][2]["Access-Control-Allow-Origin"] = "*"
    site.served[inner.removeprefix(site.url)] = (media_type, content, {"content-security-policy": policy})
    page = opened(framing, PHONE)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Use this different address").click()
    frame.get_by_role("textbox").fill("6616")
    frame.get_by_role("textbox").press("Enter")
    expect(frame.get_by_role("heading", level=2)).to_have_text(WORDS["en"].continued)
    assert "continued" in alerts.desk.types(alert[0])


def test_keyboard_alone(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Tab meets language, help, then the safe choice before every other; a new screen begins at its heading."""
    page = opened(site.page(alerts.alert()))
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == "body"
    page.locator("#before").focus()
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    exits = [f"{WORDS['en'].help.link} ({WORDS['en'].new_window})", WORDS["en"].waiting.call_me]
    assert reached == [
        "English",
        "繁體中文",
        "18222",
        "Keep my money here",
        "See the signs",
        "Continue",
        *exits,
        "After",
    ]
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == WORDS["en"].second_step
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Keep my money here"
    assert page.evaluate(
        "getComputedStyle(document.querySelector('think-twice').shadowRoot.activeElement).outlineStyle"
    )
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == WORDS["en"].cancelled
    assert told(page) == ["shown", "cancelled"]


FOCUSED = "(node => (node.shadowRoot?.activeElement ?? node).textContent.trim())(document.activeElement)"


def test_as_a_dialog(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """As a dialog it holds the focus, leads back by Escape without choosing, and returns the focus at the end."""
    alert = alerts.alert()
    page = opened(site.page(alert), PHONE)
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    page.locator("#before").focus()
    page.evaluate("document.querySelector('think-twice').setAttribute('dialog', '')")
    expect(page.get_by_role("dialog")).to_have_accessible_name(ENGLISH.headline)
    assert page.evaluate(FOCUSED) == ENGLISH.headline
    keep(page, "element-dialog-360")
    assert_accessible(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") not in {"before", "after"}
    page.get_by_role("button", name=ENGLISH.learn_more).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=2)).to_have_text(ENGLISH.headline)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "before"
    page.evaluate("document.querySelector('think-twice').show()")
    _stop(page)
    page.get_by_role("button", name=WORDS["en"].back, exact=True).click()
    assert page.evaluate("document.activeElement.id") == "before"
    assert told(page) == ["shown", "reviewed", "cancelled"]


def test_as_a_dialog_on_a_desk(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """The dialog is there as soon as the alert is, and what lies behind it cannot be reached."""
    page = opened(site.page(alerts.alert(campaign="lookalike"), attributes="dialog"))
    expect(page.get_by_role("dialog")).to_be_visible()
    keep(page, "element-dialog-1100")
    expect(page.get_by_role("button", name="Before")).to_have_count(1)
    with pytest.raises(Exception, match="intercepts pointer events"):
        page.locator("#before").click(timeout=500)


def test_announced_once(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """The headline is said once when the alert appears, and nothing is said while nothing changes."""
    page = opened(site.page(alerts.alert()))
    expect(page.get_by_role("status")).to_have_text(ENGLISH.headline)
    page.evaluate(
        """() => { globalThis.said = 0;
        new MutationObserver((records) => (said += records.length)).observe(
          document.querySelector("think-twice").shadowRoot.querySelector("[role=status]"),
          { childList: true, characterData: true, subtree: true }) }"""
    )
    page.get_by_role("button", name=ENGLISH.learn_more).click()
    page.wait_for_timeout(1200)
    assert page.evaluate("said") == 0


def test_targets_are_large_enough(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Every button is at least 44 pixels high, every link that stands alone at least 24."""
    page = opened(site.page(alerts.alert()), PHONE)
    page.get_by_role("button", name=ENGLISH.learn_more).click()
    for target in page.locator("think-twice button").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    for target in page.locator("think-twice dd a").all():
        height = target.evaluate("node => parseFloat(getComputedStyle(node).lineHeight)")
        assert height >= 24


@pytest.mark.parametrize("zoom", [200, 400])
def test_large_text(opened: Opening, site: OperatorSite, alerts: CustomerServer, zoom: int) -> None:
    """With everything several times as large nothing is cut off sideways (WCAG 1.4.10 on 1280 pixels)."""
    page = opened(site.page(alerts.alert(campaign="lookalike")))
    page.set_viewport_size({"width": 1280 * 100 // zoom, "height": 800})
    page.get_by_role("button", name="Use this different address").click()
    keep(page, f"element-zoom-{zoom}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280 * 100 // zoom


def test_mirrored(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Mirrored, the alert fits, and addresses still read from the left."""
    page = opened(site.page(alerts.alert(campaign="lookalike")), PHONE)
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    page.evaluate("document.querySelector('think-twice').shadowRoot.querySelector('.frame').dir = 'rtl'")
    keep(page, "element-rtl-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    directions = page.locator("think-twice .address").evaluate_all(
        "nodes => nodes.map(n => getComputedStyle(n).direction)"
    )
    assert set(directions) == {"ltr"}
    assert_accessible(page)


def test_in_arabic(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """In a language written from the right the direction comes with the words."""
    state = {"action": "hold", "hold": Hold(until=None, reason_class="account_security")}
    page = opened(site.page(alerts.alert(locale="ar", rung="hold", state=state)), PHONE)
    expect(page.get_by_role("heading", level=2)).to_have_text(WORDS["ar"].waiting.account_headline)
    expect(page.locator("think-twice section")).to_have_attribute("dir", "rtl")
    keep(page, "element-arabic-360")
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours(browser: Browser, site: OperatorSite, alerts: CustomerServer, scheme: str) -> None:
    """In the reader's own colours the safe choice still stands out and the marked characters are still marked."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        forced_colors="active",
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(site.page(alerts.alert(campaign="lookalike")))
    safe = page.get_by_role("button", name="Stop and check")
    expect(safe).to_be_visible()
    colours = [
        button.evaluate("node => getComputedStyle(node).backgroundColor")
        for button in (safe, page.get_by_role("button", name="How to check"))
    ]
    assert colours[0] != colours[1]
    assert safe.evaluate("node => getComputedStyle(node).transitionDuration") == "0s"
    keep(page, f"element-forced-colours-{scheme}")
    context.close()


def test_the_page_can_theme_it(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Custom properties set the colours; nothing else of the page's style does."""
    css = "think-twice { --think-twice-accent: #602080; --think-twice-radius: 16px }"
    page = opened(site.page(alerts.alert(), css=css))
    safe = page.get_by_role("button", name=ENGLISH.safe_action)
    assert safe.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(96, 32, 128)"
    assert safe.evaluate("node => getComputedStyle(node).borderRadius") == "16px"
    keep(page, "element-themed")
