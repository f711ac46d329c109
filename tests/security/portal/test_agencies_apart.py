"""Agency A reaches nothing of agency B: by id, message, file, download, report or account; and it cannot tell."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.security.portal.conftest import Two
from tests.support.console_browser import Browser
from tests.support.portal import filed

ABSENT = "0" * 32
ETHER = "address,0x52908400098527886E0F7030069857D2E4169EE7,ethereum"


def told(answer: httpx.Response) -> tuple[int, str]:
    """What a page says, without what differs between any two answers: tokens, and the address asked for."""
    text = re.sub(r'value="[^"]*"', "", answer.text)
    return answer.status_code, text


@pytest.fixture(scope="module")
def case_id(two: Two) -> str:
    return filed(two.bureau.browser(two.officer))


@pytest.fixture(scope="module")
def file_id(two: Two, case_id: str) -> str:
    browser = two.bureau.browser(two.officer)
    browser.get(f"/requests/{case_id}")
    browser.upload(f"/requests/{case_id}/attachments", {}, "file", "notes.txt", b"who, when, where")
    found = re.search(r"/files/([0-9a-f]{32})/download", browser.page.text)
    assert found, browser.page.text
    return found[1]


GETS = ["", "/form", "/files", "/check", "/withdraw", "/downloads/" + "t" * 43, "/words", "/contact", "/template"]
POSTS = [
    *("/form", "/files", "/submit", "/messages", "/attachments", "/answer", "/withdraw", "/close"),
    *("/words", "/words/approve", "/words/withdraw", "/contact/agree", "/contact/disagree", "/template"),
]


@pytest.mark.parametrize("who", ["stranger", "stranger_administrator"])
def test_every_page_of_a_request_answers_like_one_that_does_not_exist(two: Two, case_id: str, who: str) -> None:
    """For another agency each address of a request, read or written, answers byte for byte as for an absent one."""
    browser = two.bureau.browser(getattr(two, who))
    for rest in GETS:
        theirs = told(browser.get(f"/requests/{case_id}{rest}"))
        absent = told(browser.get(f"/requests/{ABSENT}{rest}"))
        assert theirs[0] in {403, 404}, rest
        assert (theirs[0], theirs[1].replace(case_id, ABSENT)) == absent, rest
    for rest in POSTS:
        browser.get("/account")
        theirs = told(browser.send(f"/requests/{case_id}{rest}", {"text": "hello there", "note": "because so"}))
        browser.get("/account")
        absent = told(browser.send(f"/requests/{ABSENT}{rest}", {"text": "hello there", "note": "because so"}))
        assert theirs[0] in {403, 404}, rest
        assert (theirs[0], theirs[1].replace(case_id, ABSENT)) == absent, rest


def test_a_file_and_its_leave_are_no_use_to_others(two: Two, case_id: str, file_id: str) -> None:
    """Another agency gets no leave; a leave works once, for its person and session only."""
    bureau = two.bureau
    stranger = bureau.browser(two.stranger)
    stranger.get("/account")
    assert stranger.send(f"/requests/{case_id}/files/{file_id}/download").status_code == 404
    own = filed(stranger, case_number="B-1")
    stranger.get("/account")
    assert stranger.send(f"/requests/{own}/files/{file_id}/download").status_code == 404
    owner = bureau.person(two.officer)
    token = bureau.filing.leave(owner, case_id, file_id)
    for browser in (stranger, bureau.browser(two.colleague), bureau.browser(two.officer)):
        for case in (case_id, own):
            answer = browser.get(f"/requests/{case}/downloads/{token}")
            assert answer.status_code == 404
            assert b"who, when" not in answer.content
    assert b"".join(bureau.filing.download(owner, case_id, token).pieces) == b"who, when, where"


def test_lists_hold_only_the_own_agencys(two: Two, case_id: str) -> None:
    """Requests, officers and reports of another agency stand on no page."""
    officer = two.bureau.browser(two.officer)
    officer.get("/reports/new")
    fields = {"rows": ETHER, "handling": "silent", "reason": "A victim paid there.", "days": "90"}
    assert officer.send("/reports/new", fields).status_code == 200
    secrets = (case_id, "RN26000123", "Example Police", "0x5290", two.officer.email, two.officer.account_id)
    for who in (two.stranger, two.stranger_administrator):
        browser = two.bureau.browser(who)
        for path in ("/requests", "/reports", "/officers"):
            page = browser.get(path).text
            assert [secret for secret in secrets if secret in page] == [], path


def test_reports_of_others_can_be_neither_signed_nor_taken_back(two: Two) -> None:
    """Another agency's report answers like one that does not exist."""
    bureau = two.bureau
    person = bureau.person(two.officer)
    report_id = bureau.reports.report(
        person, network="ethereum", address="0x" + "a1" * 20, handling="warn", reason="A victim paid there."
    )
    browser = bureau.browser(two.stranger)
    assert browser.get(f"/reports/{report_id}/retract").status_code == 404
    for act in ("co-sign", "retract"):
        browser.get("/account")
        theirs = told(browser.send(f"/reports/{report_id}/{act}"))
        browser.get("/account")
        absent = told(browser.send(f"/reports/{ABSENT}/{act}"))
        assert theirs == absent
        assert theirs[0] == 404
    assert bureau.reports.own(person)[0].state == "received"


def test_accounts_of_others_cannot_be_managed(two: Two) -> None:
    """An administrator finds only the own agency's officers; another's, and staff, do not exist."""
    world = two.bureau.world
    staff = world.member("administrator")
    browser = two.bureau.browser(two.stranger_administrator)
    for account_id in (two.officer.account_id, two.administrator.account_id, staff.account_id):
        for rest in ("", "/suspend", "/link"):
            theirs = told(browser.get(f"/officers/{account_id}{rest}"))
            assert theirs == told(browser.get(f"/officers/acc_absent{rest}"))
            assert theirs[0] == 404
        for rest in ("/confirm", "/suspend", "/link", "/link/withdraw"):
            browser.get("/account")
            assert browser.send(f"/officers/{account_id}{rest}").status_code == 404
    assert world.portal.accounts.find(two.officer.account_id).state == "active"


def test_nobody_manages_their_own_access(two: Two) -> None:
    """An administrator neither confirms, suspends nor resets the own account."""
    browser = two.bureau.browser(two.administrator)
    before = two.bureau.world.portal.accounts.find(two.administrator.account_id)
    for rest in ("confirm", "suspend", "link"):
        browser.get("/account")
        assert browser.send(f"/officers/{two.administrator.account_id}/{rest}").status_code == 409
    assert two.bureau.world.portal.accounts.find(two.administrator.account_id) == before


def test_answers_are_the_same_whether_an_identifier_exists(two: Two) -> None:
    """Two requests, and two reports, that differ only in what they name are answered alike, to the byte."""
    browser = two.bureau.browser(two.colleague)
    seen = []
    for identifier in ("account,a-1", "account,a-2"):
        case = filed(browser, identifiers=identifier)
        text = re.sub(r"value=\"[^\"]*\"|\d+ – |\d\d:\d\d|" + case, "", browser.page.text)
        seen.append((browser.page.status_code, text))
    assert seen[0] == seen[1]
    answers = []
    for address in ("0x" + "b1" * 20, "0x" + "b2" * 20):
        browser.get("/reports/new")
        fields = {"handling": "warn", "reason": "A victim paid there.", "days": "9"}
        answer = browser.send("/reports/new", {**fields, "rows": f"address,{address},ethereum"})
        answers.append((answer.status_code, str(answer.request.url), answer.history))
    assert answers[0] == answers[1]


def verified(two: Two, *case_ids: str) -> None:
    """Verify who asks, as the operator's people do."""
    for case_id in case_ids:
        for step in ("take", "confirm_requester"):
            two.bureau.desk.step(two.bureau.first, case_id, step)


def test_agencies_learn_of_each_other_only_when_both_agreed(two: Two) -> None:
    """One consent, none, and two before both are verified look to the byte as if nobody else asked; then both show
    name, unit and number, no more.
    """
    bureau = two.bureau
    ours, theirs = bureau.browser(two.officer), bureau.browser(two.stranger)
    mine = filed(ours, identifiers="account,shared-77", case_number="A-77", unit="Cyber unit")
    alone = filed(ours, identifiers="account,nobody-else-77", case_number="A-78", unit="Cyber unit")
    other = filed(
        theirs, identifiers="account,shared-77", case_number="B-77", unit="Fraud squad", necessity="Secretly."
    )

    def page(browser: Browser, case_id: str) -> str:
        text = browser.get(f"/requests/{case_id}/contact").text
        return re.sub(r"\d+ – ", "", re.sub(r'value="[^"]*"', "", text).replace(case_id, ABSENT))

    def agree(browser: Browser, case_id: str) -> None:
        browser.get(f"/requests/{case_id}/contact")
        assert browser.send(f"/requests/{case_id}/contact/agree").status_code == 200

    assert page(ours, mine) == page(ours, alone)
    agree(theirs, other)
    assert page(ours, mine) == page(ours, alone)
    agree(ours, alone)
    assert "Other Police" not in page(ours, mine)
    agree(ours, mine)
    assert "Other Police" not in page(ours, mine)
    verified(two, mine, other)
    shown = page(ours, mine)
    assert all(text in shown for text in ("Other Police", "Fraud squad", "B-77"))
    assert "Secretly." not in shown
    assert "shared-77" not in shown
    assert "A-77" in page(theirs, other)
    assert "A-78" not in page(theirs, other)
    ours.get(f"/requests/{mine}/contact")
    ours.send(f"/requests/{mine}/contact/disagree")
    assert "A-77" not in page(theirs, other)
    assert "Other Police" not in page(ours, mine)
    page_of_stranger = theirs.get(f"/requests/{mine}/contact")
    assert page_of_stranger.status_code == 404


def test_one_consent_alone_leaves_no_trace_for_the_other_side(two: Two) -> None:
    """With a consent of their own, an officer cannot tell one who did not agree from nobody."""
    bureau = two.bureau
    ours, theirs = bureau.browser(two.officer), bureau.browser(two.stranger)
    shared = filed(ours, identifiers="account,shared-88", case_number="A-88")
    alone = filed(ours, identifiers="account,nobody-else-88", case_number="A-89")
    other = filed(theirs, identifiers="account,shared-88", case_number="B-88")
    verified(two, shared, alone, other)
    pages = []
    for case_id in (shared, alone):
        ours.get(f"/requests/{case_id}/contact")
        ours.send(f"/requests/{case_id}/contact/agree")
        text = ours.get(f"/requests/{case_id}/contact").text.replace(case_id, ABSENT)
        pages.append(re.sub(r"\d+ – ", "", re.sub(r'value="[^"]*"', "", text)))
    assert pages[0] == pages[1]
    assert "Nobody else has agreed so far" in pages[0]
