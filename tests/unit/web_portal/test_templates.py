"""Templates of requests: what they carry, what they never do, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.agencies import data_form
from tests.support.people import Member
from tests.support.portal import Bureau, filed, open_bureau
from thinktwice.cases.form import RequestForm
from thinktwice.cases.templates import CARRIED, Templates, carried


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path) as made:
        yield made


@pytest.fixture
def officer(bureau: Bureau) -> Member:
    return bureau.officer(bureau.agency())


def test_a_template_holds_nothing_of_a_case_and_nobodys_name() -> None:
    """Every field of a full form is empty in a template but the listed ones; a new field stays out by itself."""
    full = data_form()
    kept, nothing = carried(full), RequestForm()
    different = {
        one.name for one in msgspec.structs.fields(RequestForm) if getattr(kept, one.name) != getattr(nothing, one.name)
    }
    assert different <= set(CARRIED)
    private = {"identifiers", "case_number", "officer_name", "officer_number", "supervisor_contact", "necessity"}
    assert not private & set(CARRIED)
    assert kept.unit == full.unit


def test_an_officer_keeps_a_template_and_a_colleague_begins_from_it(bureau: Bureau, officer: Member) -> None:
    """The colleague's draft has unit and company, and neither account, case number nor name; removed, it is gone."""
    browser = bureau.browser(officer)
    case_id = filed(browser, identifiers="account,victim-1")
    browser.get(f"/requests/{case_id}/template")
    assert browser.send(f"/requests/{case_id}/template", {"name": "x"}).status_code == 422
    browser.send(f"/requests/{case_id}/template", {"name": "Usual information request"})
    assert "The template is kept." in browser.page.text
    colleague = bureau.browser(bureau.officer(str(bureau.person(officer).agency_id)))
    page = colleague.get("/requests/templates").text
    found = re.search(r"/requests/templates/([0-9a-f]{32})/begin", page)
    assert found, page
    begun = colleague.send(f"/requests/templates/{found[1]}/begin")
    assert "Example Exchange Ltd" in begun.text
    assert "Cyber unit" in begun.text
    with bureau.world.ledger.reading() as connection:
        acts = connection.execute("SELECT act FROM audit_entry WHERE object_kind = 'case' ORDER BY seq").fetchall()
    assert acts[-1] == ("case.draft",), "a draft and what it carries are one act: no empty one stays behind"
    for private in ("victim-1", "RN26000123", "A. Officer", 'value="12345"', "supervisor@", "one victim"):
        assert private not in begun.text
    colleague.get("/requests/templates")
    colleague.send(f"/requests/templates/{found[1]}/remove")
    assert "Usual information request" not in browser.get("/requests/templates").text
    assert colleague.send(f"/requests/templates/{found[1]}/begin").status_code == 404


def test_a_template_is_its_agencys_own(bureau: Bureau, officer: Member) -> None:
    """Another agency neither sees, uses nor removes it; names are sealed in the database."""
    browser = bureau.browser(officer)
    case_id = filed(browser)
    browser.get(f"/requests/{case_id}/template")
    browser.send(f"/requests/{case_id}/template", {"name": "Very secret plan"})
    desk: Templates = bureau.desks[Templates]  # type: ignore[assignment]  # the desk of its type
    (template,) = desk.all(bureau.person(officer))
    stranger = bureau.browser(bureau.officer(bureau.agency("Other Police")))
    assert "Very secret plan" not in stranger.get("/requests/templates").text
    for act in ("begin", "remove"):
        stranger.get("/requests/templates")
        stranger.get("/account")
        assert stranger.send(f"/requests/templates/{template.id}/{act}").status_code == 404
    assert len(desk.all(bureau.person(officer))) == 1
    with bureau.world.ledger.reading() as connection:
        row = connection.execute("SELECT * FROM case_template").fetchone()
    assert "Very secret plan" not in repr(row)
    assert "Example Exchange" not in repr(row)
