"""An officer's request, from the invitation to its end, in a real browser; the operator's people act beside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.browser.portal.conftest import enter
from tests.support.portal_server import PortalServer
from thinktwice.cases.desk import Taking

LIGHT = Looks("en", "light", 1280, has_script=True)

FIELDS = {
    "Unit": "Cyber unit",
    "Officer’s name": "O. Officer",
    "Rank": "Inspector",
    "Officer’s number": "12345",
    "Supervisor’s name": "S. Supervisor",
    "Supervisor’s e-mail or telephone": "supervisor@police.example.org",
    "Your case number": "RN26000123",
    "Offence": "Obtaining property by deception",
    "Company that is asked": "Harbour Exchange Ltd",
    "Why it is needed": "A victim paid there, and the hours count.",
    "Accounts, addresses, transactions": "address,0x52908400098527886E0F7030069857D2E4169EE7,ethereum",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = LIGHT.context(browser)
    yield context.new_page()
    context.close()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def looked_at(page: Page, name: str) -> None:
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
    keep(page, f"portal-{name}")


def fill(page: Page) -> None:
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{re.escape(label.replace('’', chr(39)))}")).fill(text)


def test_an_officer_signs_in_with_a_passkey_and_nothing_else(page: Page, portal: PortalServer, agency: str) -> None:
    """Invited, a passkey and no password; out; in again; a device that does not recognise its user opens nothing."""
    said, device = complaints(page), Device(page)
    page.goto(portal.invite(agency, "officer", email="first@police.example.org", name="Fay First"))
    heading(page, "Set your account up")
    assert page.locator('input[type="password"]').count() == 0
    looked_at(page, "invitation")
    page.get_by_role("button", name="Begin").click()
    heading(page, "Choose your second factor")
    assert page.get_by_role("button", name="Use an app").count() == 0
    looked_at(page, "setting-up")
    page.get_by_role("button", name="Make a passkey").click()
    heading(page, "Requests")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    looked_at(page, "sign-in")
    device.verifies(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-trouble]:visible, .faults").first).to_be_visible()
    device.verifies(True)
    page.goto(f"{portal.url}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    heading(page, "Requests")
    assert [line for line in said if "422" not in line] == []


def test_an_information_request_from_draft_to_closed(page: Page, portal: PortalServer, agency: str) -> None:
    """Filed incomplete, told what lacks, completed, submitted; asked, answered, decided, closed: seen on the page."""
    enter(page, portal, agency, name="An inquirer")
    page.get_by_role("link", name="New request").click()
    looked_at(page, "new")
    page.get_by_label("Information", exact=True).check()
    page.get_by_role("button", name="Begin a draft").click()
    heading(page, "Information")
    looked_at(page, "form-empty")
    page.get_by_label("Unit").fill("Cyber unit")
    page.get_by_role("button", name="Save and go on").click()
    heading(page, "Instrument and files")
    page.locator("#file").set_input_files({"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("notes.pdf")).to_be_visible()
    looked_at(page, "files")
    page.get_by_role("link", name="Go on to the check").click()
    expect(page.get_by_role("alert")).to_contain_text("It is not complete yet")
    assert page.get_by_role("button", name="Submit the request").count() == 0
    looked_at(page, "check-lacking")
    page.get_by_role("link", name="Complete the form").click()
    fill(page)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Go on to the check").click()
    looked_at(page, "check")
    page.get_by_role("button", name="Submit the request").click()
    expect(page.get_by_role("status")).to_contain_text("Your supervisor is told")
    case_id = page.url.split("/requests/")[1].partition("?")[0]
    first, second = portal.staff("staff-1"), portal.staff("staff-2")
    portal.desk.step(first, case_id, "take")
    portal.desk.step(first, case_id, "ask_more", Taking(note="Which of your two cases is it about?"))
    portal.filing.write(second, case_id, "Between us: this looks right.", is_private=True)
    page.reload()
    expect(page.get_by_text("Which of your two cases is it about?")).to_be_visible()
    assert page.get_by_text("Between us").count() == 0
    looked_at(page, "asked")
    page.get_by_label("Your answer to the operator").fill("The first one.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_label("Message").fill("Thank you for looking at it.")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_text("Thank you for looking at it.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download notes.pdf").click()
    assert download.value.suggested_filename == "notes.pdf"
    assert download.value.path().read_bytes() == b"%PDF-1.7"
    portal.desk.step(first, case_id, "call_back", Taking(note="called the number of the directory"))
    portal.desk.step(first, case_id, "confirm_requester")
    portal.desk.step(second, case_id, "approve")
    portal.desk.step(second, case_id, "fulfil")
    page.goto(f"{portal.url}/requests/{case_id}")
    expect(page.locator(".lead .tag")).to_have_text("Fulfilled")
    assert page.get_by_text("called the number").count() == 0
    looked_at(page, "fulfilled")
    page.get_by_role("button", name="Close the request").click()
    expect(page.locator(".lead .tag")).to_have_text("Closed")
    page.get_by_role("link", name="Requests", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("RN26000123"))).to_contain_text("Closed")
    looked_at(page, "list")


def press_to(page: Page, name: str) -> None:
    """Go on with Tab until the element of a name has the focus."""
    script = """() => {
        const here = document.activeElement;
        const label = here.labels && here.labels[0];
        return (here.id + "|" + (label ? label.innerText : here.innerText || "")).trim();
    }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        own_id, _bar, text = page.evaluate(script).partition("|")
        if name in {own_id, text.strip()}:
            return
    pytest.fail(f"Tab never came to {name}")


def test_a_request_is_filed_with_the_keyboard_alone(page: Page, portal: PortalServer, agency: str) -> None:
    """From the list to the submission no pointer is needed, and the focus is always visible."""
    enter(page, portal, agency, name="Kay Keyboard")
    press_to(page, "New request")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    heading(page, "New request")
    press_to(page, "kind-information")
    page.keyboard.press("Space")
    press_to(page, "Begin a draft")
    page.keyboard.press("Enter")
    heading(page, "Information")
    ids = ["unit", "officer_name", "rank", "officer_number", "supervisor_name", "supervisor_contact", "case_number"]
    for name, text in zip([*ids, "offence", "legal_entity", "necessity", "identifiers"], FIELDS.values(), strict=True):
        press_to(page, name)
        page.keyboard.insert_text(text)
    press_to(page, "Save and go on")
    page.keyboard.press("Enter")
    heading(page, "Instrument and files")
    press_to(page, "Go on to the check")
    page.keyboard.press("Enter")
    heading(page, "Check and submit")
    press_to(page, "Submit the request")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("submitted")
