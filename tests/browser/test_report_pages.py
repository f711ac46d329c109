"""The report's editions in a real browser: accessible, as wide as the window, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.support.campaign_weeks import HK, SMALL
from tests.support.report_pages import SETTING, UNTIL, analysis_of, results_of
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement import card_page
from thinktwice.measurement.card import make_card
from thinktwice.measurement.published import page as partner
from thinktwice.measurement.report.document import render

WORLD = SMALL["hong-kong-campaign"]
LOOKS = [Looks("en", "dark", 360, has_script=True), Looks("zh-Hant", "light", 1100, has_script=True),
         Looks("zh-Hant", "light", 360, has_script=True), Looks("en", "light", 1100, has_script=True)]  # fmt: skip


def operator(locale: str) -> str:
    return render(analysis_of(WORLD), locale, SETTING)


def for_partner(locale: str) -> str:
    return partner.render(results_of(WORLD).edition(HK, UNTIL), locale, SETTING)


def card(locale: str) -> str:
    made_at = datetime(2026, 6, 1, tzinfo=UTC)
    sealed = make_card(analysis_of(WORLD), operator="Demo exchange", made_at=made_at, keyring=TEST_KEYRING)
    return card_page.render(sealed, locale, SETTING)


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Looks:
    found: Looks = request.param
    return found


@pytest.fixture
def page(browser: Browser, look: Looks) -> Iterator[Page]:
    context = look.context(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("write", [operator, for_partner, card])
def test_an_edition_is_accessible_and_fits(
    page: Page, look: Looks, write: Callable[[str], str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """No edition breaks a rule of axe, is wider than its window, or asks for anything beyond itself."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    file = tmp_path / "report.html"
    file.write_text(write(look.locale), "utf-8")
    page.goto(file.as_uri())
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert asked == [file.as_uri()]
    keep(page, f"report-{request.node.callspec.id}")
