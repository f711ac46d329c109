"""The pages of requests and reports, as an officer uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.people import Member
from tests.support.portal import FORM, Bureau, asked_more, draft, filed, open_bureau, taken_up

ETHER = "0x52908400098527886E0F7030069857D2E4169EE7"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path) as made:
        yield made


@pytest.fixture
def agency(bureau: Bureau) -> str:
    return bureau.agency()


@pytest.fixture
def officer(bureau: Bureau, agency: str) -> Member:
    return bureau.officer(agency)


def test_an_agency_that_is_only_registered_is_offered_what_it_may_ask(bureau: Bureau) -> None:
    """It begins an information request; the rest is named as not open, and cannot be begun by hand."""
    agency = bureau.agency("New Police", trust="registered")
    browser = bureau.browser(bureau.officer(agency))
    page = browser.get("/requests/new")
    assert page.text.count('type="radio"') == 1
    assert "Not open to your agency yet" in page.text
    assert browser.send("/requests/new", {"kind": "risk_to_life"}).status_code == 403
    browser.get("/reports/new")
    fields = {"rows": f"address,{ETHER},ethereum", "handling": "warn", "reason": "A victim paid there.", "days": "9"}
    assert browser.send("/reports/new", fields).status_code == 403


def test_a_draft_keeps_what_was_typed_and_counts_its_savings(bureau: Bureau, officer: Member) -> None:
    """A saved draft shows every field again; a second window's older copy is told so and loses nothing."""
    browser = bureau.browser(officer)
    case_id = draft(browser, "production")
    fields = {**FORM, "revision": "1", "data_categories": ["identity", "withdrawals"], "period_from": "2026-11-01"}
    browser.send(f"/requests/{case_id}/form", fields)
    page = browser.get(f"/requests/{case_id}/form").text
    for shown in ("RN26000123", "account,a-1", "2026-11-01", "To trace the money"):
        assert shown in page
    assert page.count("checked") == 3
    late = browser.send(f"/requests/{case_id}/form", {**fields, "unit": "Another unit"})
    assert late.status_code == 422
    assert "another window" in late.text
    assert "Another unit" in late.text


def test_pasted_and_uploaded_identifiers_are_one_list(bureau: Bureau, officer: Member) -> None:
    """What was typed and what came as CSV are both kept, each once."""
    browser = bureau.browser(officer)
    case_id = draft(browser, "preservation")
    browser.upload(
        f"/requests/{case_id}/form",
        {**FORM, "revision": "1"},
        "identifiers_file",
        "list.csv",
        f"kind,value,network\naccount,a-1\naddress,{ETHER},ethereum\n".encode(),
    )
    page = browser.get(f"/requests/{case_id}/form").text
    assert page.count("account,a-1") == 1
    assert f"address,{ETHER},ethereum" in page


def test_an_instrument_becomes_the_requests(bureau: Bureau, officer: Member) -> None:
    """A production lacks its instrument until one was added, and then no more."""
    browser = bureau.browser(officer)
    case_id = draft(browser, "production")
    assert "attach the instrument" in browser.get(f"/requests/{case_id}/check").text
    browser.get(f"/requests/{case_id}/files")
    browser.upload(f"/requests/{case_id}/files", {"purpose": "instrument"}, "file", "order.pdf", b"%PDF-1.7")
    assert "attach the instrument" not in browser.get(f"/requests/{case_id}/check").text
    assert browser.upload(f"/requests/{case_id}/files", {"purpose": "instrument"}, "file", "", b"").status_code == 422


def test_an_incomplete_draft_cannot_be_submitted_by_hand(bureau: Bureau, officer: Member) -> None:
    """The form of the button, sent without it, shows what lacks and submits nothing."""
    browser = bureau.browser(officer)
    case_id = draft(browser)
    answer = browser.send(f"/requests/{case_id}/submit")
    assert answer.status_code == 200
    assert "It is not complete yet" in answer.text
    assert bureau.desk.find(bureau.person(officer), case_id)[0].state == "draft"


def test_asked_for_more_an_officer_changes_the_form_and_answers(bureau: Bureau, officer: Member) -> None:
    """The question stands on the page; an answer needs words; then the review goes on."""
    browser = bureau.browser(officer)
    case_id = filed(browser)
    taken_up(bureau, case_id)
    asked_more(bureau, case_id)
    assert "Which of the two accounts?" in browser.get(f"/requests/{case_id}").text
    assert browser.send(f"/requests/{case_id}/answer", {"note": ""}).status_code == 422
    browser.send(f"/requests/{case_id}/answer", {"note": "The first one."})
    assert "The review goes on" in browser.page.text
    assert bureau.desk.find(bureau.person(officer), case_id)[0].state == "verifying_requester"


def test_a_withdrawal_says_why_and_is_final(bureau: Bureau, officer: Member) -> None:
    """Without a reason nothing happens; with one the request has ended and takes no more words."""
    browser = bureau.browser(officer)
    case_id = filed(browser)
    browser.get(f"/requests/{case_id}/withdraw")
    assert browser.send(f"/requests/{case_id}/withdraw", {"note": ""}).status_code == 422
    browser.send(f"/requests/{case_id}/withdraw", {"note": "solved otherwise"})
    assert "The request is withdrawn." in browser.page.text
    assert "Write to the operator" not in browser.page.text
    assert browser.send(f"/requests/{case_id}/messages", {"text": "one more thing"}).status_code == 409


def test_what_is_among_staff_never_reaches_the_page(bureau: Bureau, officer: Member) -> None:
    """Private messages, the call-back and the names of the operator's people are on no page of the officer's."""
    browser = bureau.browser(officer)
    case_id = filed(browser)
    taken_up(bureau, case_id)
    bureau.filing.write(bureau.first, case_id, "I doubt this one.", is_private=True)
    page = browser.get(f"/requests/{case_id}").text
    assert "I doubt" not in page
    assert "staff-1" not in page
    assert "Harbour Exchange" in page


def test_a_report_is_co_signed_by_another_officer_and_taken_back(bureau: Bureau, agency: str, officer: Member) -> None:
    """The officer who reported cannot sign again; a colleague does; either takes it back."""
    browser, colleague = bureau.browser(officer), bureau.browser(bureau.officer(agency))
    browser.get("/reports/new")
    fields = {"rows": f"address,{ETHER},ethereum", "handling": "warn", "reason": "A victim paid there.", "days": "9"}
    browser.send("/reports/new", fields)
    report_id = bureau.reports.own(bureau.person(officer))[0].id
    assert browser.send(f"/reports/{report_id}/co-sign").status_code == 403
    colleague.get("/reports")
    colleague.send(f"/reports/{report_id}/co-sign")
    assert "You are the second officer" in colleague.page.text
    colleague.get(f"/reports/{report_id}/retract")
    colleague.send(f"/reports/{report_id}/retract")
    assert "Taken back" in colleague.page.text


def test_an_application_is_answered_alike_whatever_is_known(bureau: Bureau, agency: str) -> None:
    """A known agency, an unknown one and a repeated one get the same page; each waits, and none can do anything."""
    answers = set()
    for name, domain in (("Example Police", "police.example.org"), ("Nobody Police", "nobody.example.net")) * 2:
        browser = bureau.browser()
        browser.get("/apply")
        page = browser.send("/apply", {"name": name, "country": "hk", "domain": domain})
        answers.add((page.status_code, browser.heading, len(page.text)))
    assert len(answers) == 1
    waiting = [one for one in bureau.agencies.all() if one.state == "applied"]
    assert len(waiting) == 4
    assert {one.trust for one in waiting} == {"registered"}
    assert bureau.agencies.find(agency).state == "active"


def test_applications_are_limited_by_address(tmp_path: Path) -> None:
    """One address applies so often in a minute, and no more."""
    with open_bureau(tmp_path, sign_ins_per_minute=2) as bureau:
        browser = bureau.browser()
        fields = {"name": "Example Police", "country": "HK", "domain": "police.example.org"}
        statuses = []
        for _ in range(3):
            browser.get("/apply")
            statuses.append(browser.send("/apply", fields).status_code)
        assert statuses == [200, 200, 429]


def test_codes_open_an_account_only_where_the_operator_agreed(bureau: Bureau, agency: str) -> None:
    """An officer may use password and code after the operator's consent, and is offered an app only then."""
    people = bureau.world.portal
    for consents in (False, True):
        email = f"codes-{consents}@police.example.org".lower()
        _account, token = people.invitations.invite(
            bureau.first.actor, realm="portal", email=email, name="C. Odes", roles=["officer"], agency_id=agency,
            must_have_passkey=not consents,
        )  # fmt: skip
        browser = bureau.browser()
        page = browser.get(f"/invitation/{token}")
        assert ('type="password"' in page.text) is consents
        phrase = "violet hammer seven oceans"
        browser.send(f"/invitation/{token}", {"password": phrase, "again": phrase} if consents else {})
        assert ("Use an app" in browser.page.text) is consents
