"""The pictures of the operator's handbook, taken from the pages they show; docs/handbook.md gives each heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Looks
from tests.browser.console.test_signing_in import set_password
from tests.browser.console.test_tour import enter
from tests.browser.console.test_work_tour import finished
from tests.support.busy_console import LISTED, BusyConsole, serve_busy

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
TAKEN = ROOT / "artifacts" / "handbook"
LOOKS = Looks("en", "light", 1040, has_script=True)
MOST_BYTES = 200_000
"""Of one committed picture."""

NAMED = re.compile(r"!\[([^\]]+)\]\(handbook/([a-z-]+)\.png\)")

Step = Callable[[Page, BusyConsole], None]


def at(role: str, path: str) -> Step:
    """Open a page as a role."""

    def step(page: Page, busy: BusyConsole) -> None:
        enter(page, busy.console, role)
        page.goto(busy.url + path.replace("{held}", busy.held["decision_id"]))

    return step


def set_up(page: Page, busy: BusyConsole) -> None:
    """Follow an invitation up to the second factor."""
    set_password(page, busy.console.invite("administrator", email="you@example.org"))


def rehearse(page: Page, busy: BusyConsole) -> None:
    """Upload a list with one line that cannot be read."""
    enter(page, busy.console, "analyst")
    page.goto(f"{busy.url}/watchlist/upload")
    content = f"address,kind,confidence\n0x{'ab' * 20},scam,90\nnot an address,scam,250\n".encode()
    page.get_by_label("File").set_input_files(FilePayload(name="partner.csv", mimeType="text/csv", buffer=content))
    page.get_by_role("textbox", name="Source").fill("partner-exchange")
    page.get_by_role("button", name="Rehearse the import").click()
    finished(page, page.get_by_role("button", name="Import it"))


def dispute(page: Page, busy: BusyConsole) -> None:
    """Record a dispute and open it as who decides it."""
    enter(page, busy.console, "compliance")
    page.goto(f"{busy.url}/watchlist/disputes/new?address={LISTED}&source=exchange-reports")
    page.get_by_label("What they say, and what proves it").fill("The address is the till of a shop; here is its lease.")
    page.get_by_role("button", name="Record the dispute").click()
    page.get_by_role("link", name=LISTED).first.click()


PICTURES: dict[str, Step] = {
    "second-factor": set_up,
    "people": at("administrator", "/people"),
    "today": at("analyst", "/"),
    "campaigns": at("analyst", "/campaigns"),
    "queue": at("intervention_handler", "/interventions"),
    "hold": at("intervention_handler", "/interventions/{held}"),
    "look-up": at("compliance", f"/watchlist?address={LISTED}"),
    "dispute": dispute,
    "rehearsal": rehearse,
    "decision": at("analyst", "/decisions/{held}"),
    "audit-check": at("compliance", "/audit/check"),
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyConsole]:
    with serve_busy(tmp_path_factory.mktemp("handbook")) as made:
        yield made


def named() -> dict[str, str]:
    """Return the heading that the handbook gives for each picture."""
    return {name: heading for heading, name in NAMED.findall((DOCS / "handbook.md").read_text("utf-8"))}


def test_the_handbook_names_every_picture_and_no_other() -> None:
    """Pictures, steps and committed files are the same set; none is large."""
    committed = {path.stem: path.stat().st_size for path in (DOCS / "handbook").glob("*.png")}
    assert set(named()) == set(PICTURES) == set(committed)
    assert {name: size for name, size in committed.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_of_a_picture_is_still_there(browser: Browser, busy: BusyConsole, name: str) -> None:
    """The page opens by the handbook's way and has the heading that the handbook says; a fresh picture is kept."""
    context = LOOKS.context(browser)
    page = context.new_page()
    PICTURES[name](page, busy)
    expect(page.get_by_role("heading", level=1)).to_have_text(named()[name])
    TAKEN.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=TAKEN / f"{name}.png", animations="disabled")
    context.close()
