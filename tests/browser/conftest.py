"""A real Chromium for the browser tests, started once, and the customer surface on a real port."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import axe_playwright_python  # type: ignore[import-untyped]  # only its folder is asked for
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.customer_server import CustomerServer, serve_customer

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SETTLE = """() => Promise.all(
    document.getAnimations()
        .filter(one => one.effect.getTiming().iterations < 9)
        .map(one => one.finished.catch(() => 0))
)"""
SCREENSHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"


@dataclass(frozen=True)
class Looks:
    """One way of looking at a page."""

    locale: str
    scheme: str
    width: int
    has_script: bool

    def __str__(self) -> str:
        return f"{self.locale}-{self.scheme}-{self.width}-{'script' if self.has_script else 'noscript'}"

    def context(self, browser: Browser) -> BrowserContext:
        """Open a fresh browser that looks this way."""
        return browser.new_context(
            viewport={"width": self.width, "height": 740 if self.width < 600 else 900},
            color_scheme="dark" if self.scheme == "dark" else "light",
            java_script_enabled=self.has_script,
            locale=self.locale,
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = "no Chromium at /usr/bin/chromium; `make install` as root installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def customer() -> Iterator[CustomerServer]:
    with serve_customer() as server:
        yield server


def keep(page: Page, name: str) -> None:
    """Keep a screenshot as an artefact; refuse a page that is wider than its window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def assert_accessible(page: Page) -> None:
    """Refuse every violation that axe-core finds, best practices included.

    Axe is evaluated by the debugger, so the page's own policy stays as strict as in production. Frames are left out: a
    sandboxed one runs no script, axe's neither (``assert_frame_accessible``). Colours that are still changing are
    waited for: half-way between two schemes no contrast is anybody's.
    """
    page.evaluate(SETTLE)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = "axe.run(document, {resultTypes: ['violations'], iframes: false}).then(result => result.violations)"
    found = page.evaluate(asked)
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []


def assert_frame_accessible(page: Page) -> None:
    """Hold what a page's sandboxed frame shows to the same, in a window of its own without the sandbox."""
    src = page.locator("iframe").get_attribute("src") or ""
    url = urljoin(page.url, src)
    html = page.request.get(url).text()
    inside = page.context.new_page()
    inside.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    inside.goto(url)
    assert inside.locator("h1").count() == 1
    assert_accessible(inside)
    inside.close()
