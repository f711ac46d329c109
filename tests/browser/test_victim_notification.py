"""A victim notification in Chromium, on both sides: an officer at the portal, two operators at the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import complaints
from tests.browser.console.test_urgent_preservation import by_keyboard, operator, step
from tests.browser.portal.conftest import enter
from tests.support.console_server import ConsoleServer, serve_console
from tests.support.portal_server import PortalServer, serve_portal
from tests.support.world import World

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("en", "dark", 360, has_script=True)
PAID = "0x52908400098527886E0F7030069857D2E4169EE7"
WORDS = "Police believe that you may have been deceived. Please call 18222; nobody will ask you for your password."

FIELDS = {
    "Unit": "Cyber unit",
    "Officer's name": "O. Officer",
    "Rank": "Inspector",
    "Officer's number": "12345",
    "Supervisor's name": "S. Supervisor",
    "Supervisor's e-mail or telephone": "supervisor@police.example.org",
    "Your case number": "RN26000777",
    "Offence": "Obtaining property by deception",
    "Company that is asked": "Harbour Exchange Ltd",
    "Why it is needed": "Victims go on paying to this address.",
    "Accounts, addresses, transactions": f"address,{PAID},ethereum\naddress,0x12,ethereum",
}


@dataclass(frozen=True)
class Both:
    """Both surfaces over one data folder."""

    console: ConsoleServer
    portal: PortalServer


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    world = World(tmp_path)
    world.now = datetime.now(UTC)
    for number in range(14):
        world.decide(
            withdrawal_id=f"w-{number}",
            customer__id=f"c-{number}",
            destination__address=PAID,
            initiated_at=world.now.isoformat().replace("+00:00", "Z"),
        )
    world.close()
    with serve_console(tmp_path) as console, serve_portal(tmp_path) as portal:
        yield Both(console, portal)


@contextmanager
def officer(browser: Browser, portal: PortalServer) -> Iterator[Page]:
    """Give the page of an officer who came in with a passkey; the browser never complained."""
    context = LIGHT.context(browser)
    page = context.new_page()
    said = complaints(page)
    enter(page, portal, portal.agency("Harbour Police"), name="Vic Notifier")
    yield page
    assert [line for line in said if "422" not in line] == []  # the list with a fault
    context.close()


def looked_at(page: Page, name: str) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
    keep(page, f"victims-{name}")


def file_the_list(page: Page) -> str:
    """File a request whose first list has a fault that is named by its line; return its id."""
    page.get_by_role("link", name="New request").click()
    page.get_by_label("Notification of victims", exact=True).check()
    page.get_by_role("button", name="Begin a draft").click()
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}")).fill(text)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2: is not an address of ethereum")
    looked_at(page, "portal-list-fault")
    page.get_by_label("Accounts, addresses, transactions").fill(f"address,{PAID},ethereum")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Go on to the check").click()
    page.get_by_role("button", name="Submit the request").click()
    expect(page.get_by_role("status")).to_contain_text("submitted")
    looked_at(page, "portal-submitted")
    return page.url.split("/requests/")[1].partition("?")[0]


def test_victims_are_told_in_approved_words_and_the_agency_learns_a_rounded_count(browser: Browser, both: Both) -> None:
    """Fourteen customers: told once, by two operators; the officer reads *about 10* and nothing else."""
    console, portal = both.console, both.portal
    with (
        officer(browser, portal) as asking,
        operator(browser, console, LIGHT, "ana@example.org", "First operator") as first,
        operator(browser, console, DARK, "ben@example.org", "Second operator") as second,
    ):
        case_id = file_the_list(asking)
        first.goto(f"{console.url}/cases")
        first.get_by_role("link", name="Notification of victims").click()
        step(first, "Take it up")
        step(first, "Record a call-back", "The duty officer knows of this list.")
        step(first, "Confirm who asks")
        step(first, "Approve")
        second.goto(f"{console.url}/cases/{case_id}")
        by_keyboard(second, "link", "Approve as second person")
        expect(second.get_by_role("heading", level=1)).to_have_text("Approve as second person")
        by_keyboard(second, "button", "Approve as second person")
        expect(second.get_by_text("It is done, and stands in the timeline.")).to_be_visible()
        first.goto(f"{console.url}/cases/{case_id}/victims")
        expect(first.get_by_text("Nobody can be told yet")).to_be_visible()
        expect(first.get_by_role("button", name="Hand the customers over")).to_have_count(0)
        looked_at(first, "console-waits-for-words")
        asking.get_by_role("link", name="Words for the customers").click()
        asking.get_by_label("English", exact=True).fill(WORDS)
        asking.get_by_role("button", name="Propose these words").click()
        looked_at(asking, "portal-words-proposed")
        by_keyboard(asking, "button", "Approve these words")
        expect(asking.get_by_role("status").first).to_contain_text("The words are approved.")
        second.goto(f"{console.url}/cases/{case_id}/victims")
        expect(second.get_by_text(WORDS).first).to_be_visible()
        expect(second.locator("dl.facts").first).to_contain_text("Customers found14")
        looked_at(second, "console-ready-dark-360")
        by_keyboard(second, "button", "Hand the customers over")
        expect(second.get_by_text("Nobody is told twice.")).to_be_visible()
        looked_at(second, "console-told-dark-360")
        first.goto(f"{console.url}/cases/{case_id}")
        step(first, "Fulfil")
        asking.goto(f"{portal.url}/requests/{case_id}/words")
        expect(asking.get_by_text("About 10 customers are being told.")).to_be_visible()
        looked_at(asking, "portal-told")
        asking.goto(f"{portal.url}/requests/{case_id}")
        expect(asking.get_by_text("About 10 customers are being told.")).to_be_visible()
        assert "14" not in re.sub(r"\d\d:\d\d|\d+ [A-Z][a-z]{2} \d{4}", "", asking.locator("main").inner_text())
        looked_at(asking, "portal-fulfilled")
