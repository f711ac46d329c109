"""Pages that show something only when two agencies, or a week, have passed: looked at in both looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks
from tests.browser.console.conftest import complaints
from tests.browser.portal.conftest import enter
from tests.browser.portal.test_tour import DARK, LIGHT, looked_at
from tests.support.people import CLI
from tests.support.portal_server import PortalServer
from thinktwice.cases.course import Step

pytestmark = pytest.mark.prove

TYPED = {
    "unit": "Cyber unit",
    "officer_name": "O. Officer",
    "rank": "Inspector",
    "officer_number": "12345",
    "supervisor_name": "S. Supervisor",
    "supervisor_contact": "supervisor@police.example.org",
    "case_number": "RN26000123",
    "offence": "Obtaining property by deception",
    "legal_entity": "Harbour Exchange Ltd",
    "necessity": "A victim paid there, and the hours count.",
}
VERIFYING: tuple[Step, ...] = ("take", "confirm_requester")
INSERT_WEEK = "INSERT INTO report_feedback (agency_id, week, warned, at) VALUES (?, ?, ?, ?)"


@contextmanager
def officer_of(browser: Browser, portal: PortalServer, agency: str, looks: Looks) -> Iterator[Page]:
    context = looks.context(browser)
    page = context.new_page()
    said = complaints(page)
    enter(page, portal, agency, name="An officer")
    yield page
    assert [line for line in said if "422" not in line] == []
    context.close()


def ask(page: Page, portal: PortalServer, identifier: str) -> str:
    """File an information request; returns its address."""
    page.goto(f"{portal.url}/requests/new")
    page.locator("#kind-information").check()
    page.locator("main .main").click()
    for name, text in {**TYPED, "identifiers": identifier}.items():
        page.locator(f"#{name}").fill(text)
    page.locator("main .main").click()
    address = page.url.partition("?")[0].removesuffix("/files")
    page.goto(f"{address}/check")
    page.locator("form[action$='/submit'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    return address


@pytest.mark.parametrize("looks", [LIGHT, DARK], ids=str)
def test_contact_templates_and_weekly_counts(browser: Browser, portal: PortalServer, looks: Looks) -> None:
    """The other agency once both agreed and are verified; a template kept and begun from; weeks with counts."""
    ours, theirs = portal.agency("Harbour Police"), portal.agency("Island Police")
    identifier = f"account,shared-{looks}"
    with officer_of(browser, portal, ours, looks) as page, officer_of(browser, portal, theirs, LIGHT) as other:
        mine = ask(page, portal, identifier)
        page.goto(f"{mine}/contact")
        page.locator("form[action$='/agree'] button").click()
        expect(page.get_by_text("Island Police")).to_have_count(0)
        looked_at(page, f"contact-waits-{looks}")
        asked = ask(other, portal, identifier)
        other.goto(f"{asked}/contact")
        other.locator("form[action$='/agree'] button").click()
        for address in (mine, asked):
            for step in VERIFYING:
                portal.desk.step(portal.staff("staff-1"), address.rpartition("/")[2], step)
        page.goto(f"{mine}/contact")
        expect(page.get_by_role("rowheader", name="Island Police")).to_be_visible()
        looked_at(page, f"contact-{looks}")
        page.goto(f"{mine}/template")
        page.locator("#name").fill("x")
        page.locator("main .main").click()
        assert page.locator(".faults li").count() == 1
        looked_at(page, f"template-fault-{looks}")
        page.locator("#name").fill("Usual request")
        page.locator("main .main").click()
        looked_at(page, f"templates-{looks}")
        page.locator("form[action$='/begin'] button").click()
        expect(page.locator("#legal_entity")).to_have_value("Harbour Exchange Ltd")
        expect(page.locator("#case_number")).to_have_value("")
        with portal.reports._ledger.act(CLI, "report.count", "week", "2026-11-16") as act:
            for week, warned in (("2026-11-09", None), ("2026-11-16", 1_230)):
                act.connection.execute(INSERT_WEEK, (ours, week, warned, act.at.isoformat()))
        page.goto(f"{portal.url}/reports")
        expect(page.get_by_role("row", name="2026-11-16")).to_contain_text("1,230")
        looked_at(page, f"weeks-{looks}")
