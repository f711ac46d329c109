"""Every shipped message in every language, in a real browser at the width of a small telephone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SCREENSHOTS
from tests.support.packs import read, shipped_registry
from thinktwice.campaigns.library import shipped_packs
from thinktwice.cli.campaign_preview import preview_pages

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PACKS = sorted(path.name for path in shipped_packs().iterdir() if path.is_dir())
TALLEST_FIRST_SCREEN = 1100
"""Pixels to the end of the buttons of a first screen: within two looks at a small telephone."""


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_message_fits_a_small_telephone(browser: Browser, tmp_path: Path, name: str, scheme: str) -> None:
    """Nothing is wider than 360 pixels, the direction is the language's, and the buttons come soon."""
    pack = read(shipped_packs() / name).pack
    assert pack is not None
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]  # two of its words
    page = context.new_page()
    for locale in pack.messages:
        out = tmp_path / f"{locale}.html"
        pages = preview_pages(pack, shipped_registry(), locale, None, NOW, out)
        for path, html in pages.items() if scheme == "light" else [(out, pages[out])]:
            path.write_text(html, "utf-8")
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == 360, (name, path.name)
            assert page.evaluate("document.dir") == ("rtl" if locale == "ar" else "ltr")
        page.goto(out.as_uri())
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"campaign-{name}-{locale}-{scheme}.png", full_page=True)
        end = page.locator(".actions").first.bounding_box()
        assert end is not None
        assert end["y"] + end["height"] < TALLEST_FIRST_SCREEN, (name, locale)
    context.close()
