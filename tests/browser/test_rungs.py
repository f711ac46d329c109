"""Every rung in a real browser: three languages, light and dark, phone and desk, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.support.alert_desk import arabic_of, shipped
from tests.support.alert_pack import LOOKALIKE_CHINESE, LOOKALIKE_ENGLISH
from tests.support.customer_server import CustomerServer
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.pack import GENERIC_PACK, LOOKALIKE_PACK
from thinktwice.records.decision import Hold

TOMORROW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=24)
LOOKALIKES = {"en": LOOKALIKE_ENGLISH, "zh-Hant": LOOKALIKE_CHINESE, "ar": arabic_of(LOOKALIKE_PACK)}
JURISDICTIONS = {"en": "GB", "zh-Hant": "HK", "ar": "AE"}
HELD = {"action": "hold", "hold": Hold(until=TOMORROW, reason_class="customer_protection")}
STATES: dict[str, dict[str, Any]] = {
    "inform": {"rung": "inform"},
    "confirm": {"rung": "confirm"},
    "ask": {"rung": "ask"},
    "sharing": {"rung": "ask", "state": {"must_end_sharing": True}},
    "hold": {"rung": "hold", "state": HELD},
    "refer": {
        "rung": "refer",
        "state": {"action": "refer", "hold": Hold(until=None, reason_class="customer_protection")},
    },
    "account": {
        "rung": "refer",
        "state": {"action": "refer", "hold": Hold(until=None, reason_class="account_security")},
    },
    "block": {"rung": None, "state": {"action": "block"}},
    "lookalike": {"rung": "confirm", "campaign": LOOKALIKE_PACK},
    "over": {"rung": "hold", "state": HELD | {"standing": "over"}},
    "released": {"rung": "hold", "state": HELD | {"standing": "released"}},
    "lapsed": {"rung": "confirm", "state": {"standing": "lapsed"}},
    "ended": {"rung": "hold", "state": HELD | {"standing": "ended"}},
    "sent": {"rung": "confirm", "state": {"standing": "sent"}},
}
BECAME = ("over", "released", "lapsed", "ended", "sent")
"""States in which nothing waits any more."""
FEW = {
    Looks("en", "light", 360, has_script=True): ("hold", "ask", "block", "released"),
    Looks("zh-Hant", "dark", 360, has_script=False): ("refer", "ask", "over", "sent"),
    Looks("ar", "light", 360, has_script=True): ("confirm", "ask", "refer", "lookalike", "sent"),
    Looks("ar", "dark", 1100, has_script=True): ("hold", "account", "lapsed"),
    Looks("zh-Hant", "light", 1100, has_script=True): ("sharing", "inform", "ended"),
}
"""Each rung and each way of looking at least once; the whole matrix is long evidence."""

ALL = [Looks(*looks) for looks in product(("en", "zh-Hant", "ar"), ("light", "dark"), (360, 1100), (True, False))]
MATRIX = [
    pytest.param(looks, name, id=f"{name}-{looks}", marks=() if name in FEW.get(looks, ()) else pytest.mark.prove)
    for looks in ALL
    for name in STATES
]


@pytest.fixture
def page(browser: Browser, looks: Looks) -> Iterator[Page]:
    context = looks.context(browser)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    context.close()
    # A status of 422 is what the page answers to wrong characters, and Chromium tells so on its console.
    assert [trouble for trouble in troubles if "422" not in trouble] == []


def _check(page: Page, looks: Looks, name: str) -> None:
    page.mouse.move(0, 0)
    keep(page, f"rung-{name}-{looks}")
    direction = page.locator("html").get_attribute("dir")
    assert direction == ("rtl" if looks.locale == "ar" else "ltr")
    if looks.has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= looks.width
        assert_accessible(page)


def _open(page: Page, looks: Looks, customer: CustomerServer, name: str) -> tuple[str, str]:
    made = {"campaign": GENERIC_PACK, "jurisdiction": JURISDICTIONS[looks.locale]} | STATES[name]
    alert_id, url = customer.alert(locale=looks.locale, **made)
    page.goto(url)
    return alert_id, url


@pytest.mark.parametrize(("looks", "name"), MATRIX)
def test_rung(page: Page, looks: Looks, name: str, customer: CustomerServer) -> None:
    """The screen is whole and accessible; its journey ends where its rung says, each event recorded once."""
    alert_id, _ = _open(page, looks, customer, name)
    words, message = WORDS[looks.locale], shipped().packs[GENERIC_PACK].messages[looks.locale]
    _check(page, looks, name)
    if name == "ask":
        _answer(page, looks)
        page.get_by_role("button", name=message.second_step_go_on).click()
        expected = ["delivered", "answered", "continued"]
    elif name == "sharing":
        page.get_by_role("link", name=message.go_on, exact=True).click()
        _check(page, looks, "sharing-first")
        page.get_by_role("button", name=message.safe_action).click()
        expected = ["delivered", "cancelled"]
    elif name == "hold":
        page.get_by_role("button", name=words.waiting.appeal).click()
        expect(page.get_by_text(words.waiting.appeal_done)).to_be_visible()
        _check(page, looks, "hold-appealed")
        page.get_by_role("button", name=words.waiting.cancel).click()
        expected = ["delivered", "help", "cancelled"]
    elif name in {"refer", "account"}:
        page.get_by_role("button", name=words.waiting.cancel).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(words.cancelled)
        expected = ["delivered", "cancelled"]
    elif name in BECAME:
        expect(page.get_by_role("heading", level=1)).to_have_text(getattr(words.waiting, f"{name}_headline"))
        expect(page.get_by_role("link", name=message.go_on, exact=True)).to_have_count(0)
        expected = ["delivered"]
        if name not in {"ended", "sent"}:
            page.get_by_role("button", name=words.waiting.cancel).click()
            expected.append("cancelled")
    elif name == "lookalike":
        _compare(page, looks)
        expected = ["delivered", "continued"]
    elif name == "block":
        assert page.get_by_role("button").count() == 0
        expected = ["delivered"]
    else:
        page.get_by_role("button", name=message.safe_action).click()
        expected = ["delivered", "cancelled"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _check(page, looks, f"{name}-after")
    assert [kind for kind in customer.desk.types(alert_id) if kind != "seen"] == expected


def _compare(page: Page, looks: Looks) -> None:
    """Type the marked characters of the address entered now, after those of the older one were refused."""
    message = LOOKALIKES[looks.locale]
    expect(page.get_by_role("heading", level=1)).to_have_text(message.headline)
    page.get_by_role("link", name=message.go_on, exact=True).click()
    _check(page, looks, "lookalike-second-step")
    for typed in ("e86e", "6616"):
        page.get_by_role("textbox").fill(typed)
        page.get_by_role("button", name=message.second_step_go_on).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].continued)


def _answer(page: Page, looks: Looks) -> None:
    """Answer every question by keyboard alone, after looking at the first."""
    words = WORDS[looks.locale].ask
    message = shipped().packs[GENERIC_PACK].messages[looks.locale]
    page.get_by_role("link", name=message.go_on, exact=True).click()
    for number, name in enumerate(("origin", "on_call", "coached")):
        expect(page.get_by_role("group")).to_have_accessible_name(words.questions[name].text)
        if number == 0:
            _check(page, looks, "ask-question")
            page.get_by_role("radio").first.focus()
            page.keyboard.press("Space")
        else:
            page.get_by_label(words.not_sure).check()
        page.get_by_role("button", name=words.next).focus()
        page.keyboard.press("Enter")
    _check(page, looks, "ask-second-step")


@pytest.mark.parametrize("looks", [pytest.param(looks, id=str(looks)) for looks in list(FEW)[:3]])
def test_is_this_message_real(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """The code read from the alert is typed at the address that the alert names."""
    _open(page, looks, customer, "confirm")
    code = page.locator(".real b").inner_text()
    page.goto(f"{customer.url}/verify?locale={looks.locale}")
    _check(page, looks, "verify")
    page.get_by_role("textbox").fill(code.lower())
    page.keyboard.press("Enter")
    words = WORDS[looks.locale].verify
    expect(page.get_by_role("status")).to_have_text(words.genuine.format(operator="Harbour Exchange"))
    _check(page, looks, "verify-genuine")


@pytest.mark.parametrize("looks", [pytest.param(looks, id=str(looks)) for looks in list(FEW)[:3]])
def test_help_first(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """From the alert to what helps now, a report, and what to take to the police."""
    alert_id, _ = _open(page, looks, customer, "confirm")
    words = WORDS[looks.locale].help
    page.get_by_role("link", name=words.link).click()
    _check(page, looks, "help")
    page.get_by_label(words.how_options["phone"]).check()
    page.get_by_label(words.txid).fill("f00d")
    page.get_by_role("button", name=words.send.format(operator="Harbour Exchange")).click()
    _check(page, looks, "reported")
    with page.expect_download() as download:
        page.get_by_role("link", name=words.download).click()
    assert "f00d" in download.value.path().read_text("utf-8")
    assert [kind for kind in customer.desk.types(alert_id) if kind != "seen"] == ["delivered", "help", "reported"]
