"""An urgent preservation from both sides in Chromium: in force by two people, extended, and lapsed with a notice."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.cases.conftest import NARROW, Both, Sit, Sitter
from tests.browser.cases.test_life_of_a_request import FIELDS
from tests.support.agencies import BASES
from thinktwice.audit.ledger import Ledger
from thinktwice.cases.desk import CaseDesk
from thinktwice.decisions.clock import utc_now
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder

pytestmark = pytest.mark.prove

ABOUT = {name: text for name, text in FIELDS.items() if name not in {"signatory", "period_from", "period_until"}}
ABOUT = {name: text for name, text in ABOUT.items() if name not in {"zone", "delivery_key"}}


def test_urgent_preservation_lapses(both: Both, sit: Sit) -> None:
    """Nobody alone brings it into force; it is extended by a request; it ends by itself, and that is told."""
    officer = sit("Odette Officer", agency=both.portal.agency("Coast Police"), looks=NARROW)
    first, second = sit("Third operator"), sit("Fourth operator", looks=NARROW)
    urgent = file(officer, "urgent_preservation", "2")
    called_back(first)
    in_force(first, second, urgent)
    officer.go(f"/requests/{urgent}")
    officer.reads("The measure ends")
    officer.looked("in-force")
    extension = file(officer, "preservation_extension", "30")
    extended(second, extension)
    lapsed(both)
    officer.go(f"/requests/{urgent}")
    expect(officer.page.locator(".lead .tag")).to_have_text("Expired")
    officer.reads("by itself")
    officer.looked("lapsed")
    first.go(f"/cases/{urgent}")
    first.reads("The clock")
    first.looked("lapsed")
    officer.go(f"/requests/{extension}")
    expect(officer.page.locator(".lead .tag")).to_have_text("Fulfilled")
    officer.looked("extension-stands")


def file(officer: Sitter, kind: str, days: str) -> str:
    """File a measure by keyboard alone, on a small screen in the dark; return its id."""
    page = officer.page
    officer.go("/requests/new", "new-request")
    officer.presses(page.locator("input[name=kind]").first, "Space")
    for _ in range(20):
        if page.locator(f"#kind-{kind}").is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(page.locator(f"#kind-{kind}")).to_be_checked()
    officer.presses(officer.button("Begin a draft"))
    expect(page.get_by_text("The draft is begun")).to_be_visible()
    for name, text in {**ABOUT, "measure_days": days}.items():
        officer.presses(page.locator(f"#{name}"), "")
        page.keyboard.insert_text(text)
    officer.looked(f"form-{kind}")
    officer.presses(officer.button("Save and go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Instrument and files")
    officer.presses(officer.link("Go on to the check"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and submit")
    officer.looked(f"check-{kind}")
    officer.presses(officer.button("Submit the request"))
    officer.reads("Your supervisor is told")
    return page.url.split("/requests/")[1].partition("?")[0]


def called_back(first: Sitter) -> None:
    """The first operator finds it at the top of the queue, and calls the number that the agency did not give."""
    first.go("/cases", "queue")
    first.page.get_by_role("link", name="Urgent preservation of assets").first.click()
    first.reads("Is it really them?")
    first.looked("request")
    first.step("Take it up")
    first.link("Record a call-back").click()
    first.reads("+85228605012")
    first.page.locator("#note").fill("x")
    first.button("Record a call-back").click()
    expect(first.page.get_by_role("alert")).to_contain_text("There is a problem")
    first.looked("call-back-fault")
    first.page.locator("#note").fill("The duty officer knows of this request.")
    first.button("Record a call-back").click()
    first.step("Confirm who asks")


def in_force(first: Sitter, second: Sitter, case: str) -> None:
    """The first approves and can go no further; the second, who did not call, confirms by keyboard; then it binds."""
    first.step("Approve")
    for absent in ("Approve as second person", "Fulfil"):
        expect(first.page.get_by_role("link", name=absent, exact=True)).to_have_count(0)
    first.go(f"/cases/{case}/confirm-approval")
    first.reads("the second approval is another person's")
    first.looked("alone")
    second.go(f"/cases/{case}", "request")
    second.step("Approve as second person", by_keyboard=True)
    first.go(f"/cases/{case}")
    first.link("Fulfil").click()
    expect(first.page.get_by_label("For how many days")).to_have_value("2")
    first.looked("fulfil")
    first.button("Fulfil").click()
    first.reads("then it lapses by itself")
    first.looked("in-force")


def extended(second: Sitter, case: str) -> None:
    """An extension is a request of its own, verified and approved like any."""
    second.go(f"/cases/{case}", "extension")
    for name in ("Take it up", "Confirm who asks", "Approve", "Fulfil"):
        second.step(name, by_keyboard=name == "Approve")
    second.reads("then it lapses by itself")


def lapsed(both: Both) -> None:
    """Three days on, do once what the console's process does by the clock; the operator's systems are told."""

    def later() -> datetime:
        return utc_now() + timedelta(days=3)

    with closing(Ledger(DataFolder(both.data).control, later)) as ledger:
        assert CaseDesk(ledger, Sealing(TEST_KEYRING.masters), BASES, later).lapse() == 1
    both.receiver.wait_for(lambda one: any(event["type"] == "case.measure_lapsed" for event in one.effects.values()))
    (told,) = [event for event in both.receiver.effects.values() if event["type"] == "case.measure_lapsed"]
    assert (told["data"]["kind"], told["data"]["recipient"]) == ("urgent_preservation", FIELDS["supervisor_contact"])
