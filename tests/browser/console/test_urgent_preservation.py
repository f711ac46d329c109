"""An urgent preservation in Chromium, by two operators with passkeys: one calls and approves, one looks at it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.support.agencies import BASES, form
from tests.support.console_server import ConsoleServer
from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.desk import CaseDesk
from thinktwice.decisions.clock import utc_now
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("en", "dark", 360, has_script=True)
PHRASE = "four violet engines humming"


def submitted(data: Path) -> str:
    """File an urgent preservation of a trusted agency, as the portal's process does, and return its id."""
    now = datetime.now(UTC)
    ledger, sealing = Ledger(DataFolder(data).control, utc_now), Sealing(TEST_KEYRING.masters)
    agencies, desk = Agencies(ledger, sealing, utc_now), CaseDesk(ledger, sealing, BASES, utc_now)
    one, two = Actor("staff", "acc_one"), Actor("staff", "acc_two")
    agency = agencies.register(one, name="Example Police", country="HK", domain="police.example.org")
    agencies.record_check(one, agency, "domain", "the official directory names it")
    source = "the government's telephone directory"
    agencies.record_check(
        one, agency, "call_back", "spoke with the duty officer", number="+852 2860 5012", source=source
    )
    agencies.set_trust(two, agency, "verified")
    officer = Person(
        account_id="acc_officer",
        name="A. Officer",
        realm="portal",
        roles=frozenset({"officer"}),
        agency_id=agency,
        session_id="ses_officer",
        method="passkey",
        opened_at=now,
        expires_at=now + timedelta(hours=1),
        second_factor_at=now,
    )
    case_id = desk.draft(officer, "urgent_preservation")
    desk.save(officer, case_id, form(measure_days=2), 1)
    desk.step(officer, case_id, "submit")
    ledger.close()
    return case_id


@contextmanager
def operator(browser: Browser, console: ConsoleServer, looks: Looks, email: str, name: str) -> Iterator[Page]:
    """Give the page of a case handler who came in with a passkey; the browser never complained."""
    context = looks.context(browser)
    page = context.new_page()
    said, device = complaints(page), Device(page)
    page.goto(console.invite("case_handler", email=email, name=name))
    page.get_by_label("New password").fill(PHRASE)
    page.get_by_label("The same password again").fill(PHRASE)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    yield page
    assert device.id
    assert [line for line in said if "422" not in line] == []  # the fault that the story makes
    context.close()


def looked_at(page: Page, name: str) -> None:
    """Hold a page to what every page has, and keep how it looks."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
    keep(page, f"console-urgent-{name}")


def by_keyboard(page: Page, role: str, name: str) -> None:
    """Reach something with the Tab key, see where one is, and press Enter."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # link or button
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")


def step(page: Page, name: str, note: str = "") -> None:
    """Open a step from the request's page and take it."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert_accessible(page)
    if note:
        page.get_by_label("Note").fill(note)
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text("It is done, and stands in the timeline.")).to_be_visible()


def test_two_operators_preserve_within_the_first_hours(browser: Browser, console: ConsoleServer) -> None:
    """The first, who called, cannot confirm; the second does, by keyboard alone, at 360 px in the dark."""
    case_id = submitted(console.data)
    with (
        operator(browser, console, LIGHT, "ana@example.org", "First operator") as first,
        operator(browser, console, DARK, "ben@example.org", "Second operator") as second,
    ):
        first.goto(f"{console.url}/cases")
        looked_at(first, "queue-light-1280")
        first.get_by_role("link", name="Urgent preservation of assets").first.click()
        expect(first.get_by_text("Is it really them?")).to_be_visible()
        looked_at(first, "request-light-1280")
        step(first, "Take it up")
        first.get_by_role("link", name="Record a call-back", exact=True).click()
        expect(first.get_by_text("+85228605012")).to_be_visible()
        first.get_by_label("Note among staff").fill("x")
        first.get_by_role("button", name="Record a call-back", exact=True).click()
        expect(first.get_by_role("alert")).to_contain_text("There is a problem")
        looked_at(first, "call-back-fault-light-1280")
        first.get_by_label("Note among staff").fill("The duty officer knows of this request.")
        first.get_by_role("button", name="Record a call-back", exact=True).click()
        step(first, "Confirm who asks")
        step(first, "Approve")
        expect(first.get_by_role("link", name="Approve as second person")).to_have_count(0)
        expect(first.get_by_role("link", name="Fulfil", exact=True)).to_have_count(0)
        first.goto(f"{console.url}/cases/{case_id}/confirm-approval")
        expect(first.get_by_text("the second approval is another person's")).to_be_visible()
        second.goto(f"{console.url}/cases/{case_id}")
        looked_at(second, "request-dark-360")
        by_keyboard(second, "link", "Approve as second person")
        expect(second.get_by_role("heading", level=1)).to_have_text("Approve as second person")
        looked_at(second, "second-dark-360")
        by_keyboard(second, "button", "Approve as second person")
        expect(second.get_by_text("It is done, and stands in the timeline.")).to_be_visible()
        first.goto(f"{console.url}/cases/{case_id}")
        first.get_by_role("link", name="Fulfil", exact=True).click()
        expect(first.get_by_label("For how many days")).to_have_value("2")
        looked_at(first, "fulfil-light-1280")
        first.get_by_role("button", name="Fulfil", exact=True).click()
        expect(first.get_by_text("then it lapses by itself")).to_be_visible()
        looked_at(first, "fulfilled-light-1280")
        second.goto(f"{console.url}/agencies")
        looked_at(second, "agencies-dark-360")
        second.get_by_role("link", name="Example Police").click()
        looked_at(second, "agency-dark-360")
        for path in ("reported-addresses", "transparency", "cases"):
            second.goto(f"{console.url}/{path}")
            looked_at(second, f"{path}-dark-360")
