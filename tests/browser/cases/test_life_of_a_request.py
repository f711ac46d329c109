"""The whole life of a request for data in Chromium: an officer and two operators, each with a passkey of their own."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.cases.conftest import NARROW, Both, Sit, Sitter
from tests.support.agencies import OFFICERS_KEY
from thinktwice.evidence.production import verify_production
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of

pytestmark = pytest.mark.prove

TODAY = datetime.now(UTC).date()
FIELDS = {
    "unit": "Cyber unit",
    "officer_name": "O. Officer",
    "rank": "Inspector",
    "officer_number": "12345",
    "supervisor_name": "S. Supervisor",
    "supervisor_contact": "supervisor@police.example.org",
    "case_number": "RN26000123",
    "offence": "Obtaining property by deception",
    "legal_entity": "Harbour Exchange Ltd",
    "signatory": "A. Judge",
    "necessity": "To trace what one victim paid; the address alone does not tell.",
    "identifiers": "account,a-1",
    "period_from": str(TODAY - timedelta(days=20)),
    "period_until": str(TODAY),
    "zone": "UTC",
    "delivery_key": str(OFFICERS_KEY.to_public()),
}
SEEN = TODAY - timedelta(days=5)
FITTING = f"subject,at,amount\na-1,{SEEN}T09:00:00+00:00,100\n".encode()
TOO_MUCH = FITTING + f"a-2,{SEEN}T10:00:00+00:00,70\n".encode()
WHO = b"subject,name\na-1,Mrs Example\n"


def csv(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_life_of_a_production(both: Both, sit: Sit, tmp_path: Path) -> None:
    """Filed, verified, reviewed, approved, put together, delivered, taken away, checked offline, closed."""
    officer = sit("Olive Officer", agency=both.portal.agency("Harbour Police"))
    first, second = sit("First operator"), sit("Second operator", looks=NARROW)
    case = file(officer)
    both.receiver.wait_for(lambda one: one.effects)
    told = next(iter(both.receiver.effects.values()))
    assert (told["type"], told["data"]["recipient"]) == ("case.request_submitted", FIELDS["supervisor_contact"])
    review(first, officer, case)
    put_together(first, case)
    deliver(first, second, case)
    take_away(officer, case, tmp_path)
    close(officer, second, case)


def file(officer: Sitter) -> str:
    """Write a request for records with its instrument, check it and submit it; return its id."""
    page = officer.page
    officer.link("New request").click()
    officer.looked("new-request")
    page.get_by_label("Production of records", exact=True).check()
    officer.button("Begin a draft").click()
    officer.looked("form-empty")
    for name, text in FIELDS.items():
        page.locator(f"#{name}").fill(text)
    page.locator("#legal_basis").select_option("production_order")
    page.get_by_label("Identity", exact=True).check()
    page.get_by_label("Withdrawals", exact=True).check()
    officer.button("Save and go on").click()
    officer.looked("files-needed")
    order: FilePayload = {"name": "order.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 order"}
    page.locator("#file").set_input_files(order)
    officer.button("Add the file").click()
    officer.reads("order.pdf")
    officer.looked("files")
    officer.link("Go on to the check").click()
    officer.looked("check")
    officer.presses(officer.button("Submit the request"))
    officer.reads("Your supervisor is told")
    officer.looked("submitted")
    return page.url.split("/requests/")[1].partition("?")[0]


def review(first: Sitter, officer: Sitter, case: str) -> None:
    """Take it up, ask, be answered, call back, confirm who asks, and approve."""
    first.go("/cases", "queue")
    first.page.get_by_role("link", name="Production of records").first.click()
    first.looked("request")
    first.step("Take it up")
    first.step("Ask for more", "Which of your two cases is it about?")
    officer.page.reload()
    officer.reads("Which of your two cases is it about?")
    officer.looked("asked")
    officer.presses(officer.page.get_by_label("Your answer to the operator"), "")
    officer.page.keyboard.insert_text("About the first one.")
    officer.presses(officer.button("Send the answer"))
    officer.reads("The answer is sent.")
    first.go(f"/cases/{case}")
    first.step("Record a call-back", "The duty officer knows of this request.")
    first.step("Confirm who asks")
    first.step("Approve", "All of it is needed.")
    first.looked("approved")
    officer.page.reload()
    officer.reads("It is being fulfilled.")
    assert officer.page.get_by_text("The duty officer knows").count() == 0


def put_together(first: Sitter, case: str) -> None:
    """Refuse one row too many, keep what fits, and make archive and receipt."""
    page = first.page
    first.go(f"/cases/{case}")
    first.link("Put the production together").click()
    first.looked("production-empty")
    page.locator("#category").select_option("withdrawals")
    page.locator("#file").set_input_files(csv("withdrawals.csv", TOO_MUCH))
    first.button("Check and keep").click()
    first.reads("is not an identifier that was approved")
    first.looked("over-collected")
    for category, content in (("withdrawals", FITTING), ("identity", WHO)):
        page.locator("#category").select_option(category)
        page.locator("#file").set_input_files(csv(f"{category}.csv", content))
        first.button("Check and keep").click()
        expect(page.get_by_role("cell", name=f"{category}.csv")).to_be_visible()
    first.looked("production")
    first.presses(first.button("Make the archive"))
    first.reads("production-1.receipt.json")
    first.looked("archive-made")


def deliver(first: Sitter, second: Sitter, case: str) -> None:
    """Whoever put it together does not deliver it; a colleague does, by keyboard, on a small screen in the dark."""
    first.step("Fulfil")
    first.link("Deliver").click()
    first.looked("deliver")
    first.button("Deliver").click()
    first.reads("whoever put the production together does not deliver it alone")
    first.looked("deliver-refused")
    second.go(f"/cases/{case}", "request")
    second.step("Deliver", by_keyboard=True)
    second.looked("delivered")


def take_away(officer: Sitter, case: str, folder: Path) -> None:
    """Take archive and receipt away and check them with nothing but these files and the keys."""
    officer.go(f"/requests/{case}", "delivered")
    officer.takes_away("production-1.zip.age").save_as(folder / "production-1.zip.age")
    officer.takes_away("production-1.receipt.json", by_keyboard=True).save_as(folder / "receipt.json")
    with zipfile.ZipFile(
        io.BytesIO(pyrage.decrypt((folder / "production-1.zip.age").read_bytes(), [OFFICERS_KEY]))
    ) as opened:
        assert sorted(opened.read(name) for name in opened.namelist()) == sorted([FITTING, WHO])
    assert TEST_KEYRING.seal is not None
    receipt, archive = (folder / "receipt.json").read_bytes(), folder / "production-1.zip.age"
    assert verify_production(receipt, archive, public_key_of(TEST_KEYRING.seal), OFFICERS_KEY) == []


def close(officer: Sitter, second: Sitter, case: str) -> None:
    """The officer closes it by keyboard; both sides keep what happened."""
    officer.go(f"/requests/{case}")
    officer.presses(officer.button("Close the request"))
    expect(officer.page.locator(".lead .tag")).to_have_text("Closed")
    officer.looked("closed")
    officer.link("Requests").click()
    expect(officer.page.get_by_role("row", name=re.compile("RN26000123"))).to_contain_text("Closed")
    officer.looked("list")
    second.go(f"/cases/{case}", "closed")
    for said in ("Call-back recorded", "Requester verified", "Delivered", "Closed"):
        second.reads(said)
    second.go("/transparency", "transparency")
