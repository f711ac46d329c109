"""The alert page in a real browser: three languages, light and dark, phone and desk, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.support.alert_desk import arabic_of
from tests.support.alert_pack import CHINESE, ENGLISH, LOOKALIKE, LOOKALIKE_CHINESE, LOOKALIKE_ENGLISH, PACK
from tests.support.customer_server import CustomerServer
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.message import Message

MESSAGES = {"en": ENGLISH, "zh-Hant": CHINESE, "ar": arabic_of(PACK.id)}
LOOKALIKES = {"en": LOOKALIKE_ENGLISH, "zh-Hant": LOOKALIKE_CHINESE, "ar": arabic_of(LOOKALIKE.id)}
PAIRS = {
    Looks("en", "light", 360, has_script=True),
    Looks("en", "dark", 1100, has_script=False),
    Looks("zh-Hant", "dark", 360, has_script=True),
    Looks("zh-Hant", "light", 1100, has_script=True),
    Looks("zh-Hant", "light", 360, has_script=False),
    Looks("ar", "dark", 360, has_script=True),
}
"""Of any two circumstances every combination but one or two; the whole matrix is long evidence."""

ALL = [Looks(*looks) for looks in product(("en", "zh-Hant", "ar"), ("light", "dark"), (360, 1100), (True, False))]
MATRIX = [pytest.param(looks, id=str(looks), marks=() if looks in PAIRS else pytest.mark.prove) for looks in ALL]


@pytest.fixture(params=MATRIX)
def looks(request: pytest.FixtureRequest) -> Looks:
    chosen = request.param
    assert isinstance(chosen, Looks)
    return chosen


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
    """Keep a screenshot; the page fits its window and, where script runs, axe finds nothing."""
    page.mouse.move(0, 0)
    keep(page, f"{name}-{looks}")
    if looks.has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= looks.width
        assert_accessible(page)


def _words(looks: Looks) -> Message:
    return MESSAGES[looks.locale]


def test_stop(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """Who stops is told that nothing was sent."""
    alert_id, url = customer.alert(locale=looks.locale)
    page.goto(url)
    _check(page, looks, "alert")
    page.get_by_role("button", name=_words(looks).safe_action).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].cancelled)
    expect(page.get_by_text(_words(looks).cancelled)).to_be_visible()
    _check(page, looks, "stopped")
    types = [kind for kind in customer.desk.types(alert_id) if kind != "seen"]
    assert types == ["delivered", "cancelled"]


def test_signs_and_report(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """The second screen is recorded as reviewed; from there one can say that it is a scam."""
    alert_id, url = customer.alert(locale=looks.locale)
    page.goto(url)
    page.get_by_role("link", name=_words(looks).learn_more).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].second_screen)
    _check(page, looks, "signs")
    page.get_by_role("link", name=WORDS[looks.locale].help.link).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].help.title)
    _check(page, looks, "help")
    page.get_by_role("button", name=WORDS[looks.locale].help.send.format(operator="Harbour Exchange")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].reported)
    _check(page, looks, "reported")
    types = [kind for kind in customer.desk.types(alert_id) if kind != "seen"]
    assert types == ["delivered", "reviewed", "help", "reported"]


def test_go_on_and_think_again(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """Going on takes a second step; afterwards one can still stop."""
    alert_id, url = customer.alert(locale=looks.locale)
    page.goto(url)
    page.get_by_role("link", name=_words(looks).go_on, exact=True).click()
    _check(page, looks, "second-step")
    page.get_by_role("button", name=_words(looks).second_step_go_on).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].continued)
    _check(page, looks, "continued")
    page.get_by_role("button", name=_words(looks).safe_action).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].cancelled)
    types = [kind for kind in customer.desk.types(alert_id) if kind != "seen"]
    assert types == ["delivered", "continued", "cancelled"]


def test_lookalike(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """The older address's characters are refused with the reason; those of the one entered go on."""
    alert_id, url = customer.alert(locale=looks.locale, campaign="lookalike")
    message = LOOKALIKES[looks.locale]
    page.goto(url)
    _check(page, looks, "lookalike")
    page.get_by_role("link", name=message.go_on, exact=True).click()
    _check(page, looks, "lookalike-second-step")
    typed = page.get_by_role("textbox")
    typed.fill("e86e")
    page.get_by_role("button", name=message.second_step_go_on).click()
    expect(page.get_by_role("alert")).to_contain_text(WORDS[looks.locale].typing_differs)
    _check(page, looks, "lookalike-refused")
    typed.fill("6616")
    page.get_by_role("button", name=message.second_step_go_on).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].continued)
    assert "continued" in customer.desk.types(alert_id)


def test_lookalike_read_back(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """Who cannot type states that the characters were compared."""
    alert_id, url = customer.alert(locale=looks.locale, campaign="lookalike")
    page.goto(f"{url}/continue")
    page.get_by_text(WORDS[looks.locale].cannot_type).click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=LOOKALIKES[looks.locale].second_step_go_on).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[looks.locale].continued)
    (continued,) = [event for event in customer.desk.events[alert_id] if event.type == "continued"]
    assert continued.detail["check"] == "read_back"


def test_language_switch(page: Page, looks: Looks, customer: CustomerServer) -> None:
    """The other language changes the words, the lang attribute and nothing that is recorded."""
    alert_id, url = customer.alert(locale=looks.locale)
    other, name, tag = ("zh-Hant", "繁體中文", "zh-Hant-HK") if looks.locale == "en" else ("en", "English", "en-HK")
    page.goto(url)
    page.get_by_role("navigation").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MESSAGES[other].headline)
    expect(page.locator("html")).to_have_attribute("lang", tag)
    page.get_by_role("button", name=MESSAGES[other].safe_action).click()
    expect(page.get_by_text(MESSAGES[other].cancelled)).to_be_visible()
    assert [kind for kind in customer.desk.types(alert_id) if kind != "seen"] == ["delivered", "cancelled"]
