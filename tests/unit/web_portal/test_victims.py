"""The list of suspected victims and the words for them, as an officer sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.people import Member
from tests.support.portal import FORM, Bureau, draft, filed, open_bureau

LIST = """address,0x52908400098527886E0F7030069857D2E4169EE7,ethereum
address,1BoatSLRHtKNngkdXEeobR76b53LETtpyT,bitcoin
transaction,0xABAB000000000000000000000000000000000000000000000000000000000001,ethereum"""
WORDS = "Police believe that you may have been deceived. Please call 18222."


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path) as made:
        yield made


@pytest.fixture
def officer(bureau: Bureau) -> Member:
    return bureau.officer(bureau.agency())


def test_every_row_that_cannot_be_used_is_named_with_its_line(bureau: Bureau, officer: Member) -> None:
    """Pasted and in a file, validated by its own chain; nothing of a list with faults is taken."""
    browser = bureau.browser(officer)
    case_id = draft(browser, "victim_notification")
    wrong = "address,0x12,ethereum\naddress,1BoatSLRHtKNngkdXEeobR76b53LETtpyT,bitcoin\ntransaction,ab,bitcoin"
    content = b"kind,value,network\naddress,1BoatSLRHtKNngkdXEeobR76b53LETtpyT,tron\n"
    fields = {**FORM, "identifiers": wrong, "revision": "1"}
    answer = browser.upload(f"/requests/{case_id}/form", fields, "identifiers_file", "victims.csv", content)
    assert answer.status_code == 422
    for said in ("Line 1: is not an address of ethereum", "Line 3: a transaction of bitcoin", "Line 2 of the file:"):
        assert said in answer.text
    assert "Line 2: " not in answer.text
    person = bureau.person(officer)
    assert bureau.desk.find(person, case_id)[0].form.identifiers == ()


def test_words_are_proposed_approved_with_a_passkey_and_withdrawn(bureau: Bureau, officer: Member) -> None:
    """The page shows exactly what is approved; a changed word needs another approval; a link is refused."""
    browser = bureau.browser(officer)
    case_id = filed(browser, "victim_notification", identifiers=LIST)
    assert "Nobody has proposed words yet" in browser.get(f"/requests/{case_id}").text
    browser.get(f"/requests/{case_id}/words")
    refused = browser.send(f"/requests/{case_id}/words", {"words_en": "Go to www.example.org now"})
    assert (refused.status_code, "leave links and addresses out" in refused.text) == (422, True)
    browser.send(f"/requests/{case_id}/words", {"words_en": WORDS, "words_ar": "قد تكون ضحية احتيال. اتصل بالشرطة."})
    assert "not approved" in browser.page.text
    digest = re.findall(r'name="digest" value="([0-9a-f]{64})"', browser.page.text)[0]
    assert browser.send(f"/requests/{case_id}/words/approve", {"digest": "0" * 64}).status_code == 422
    assert "Other words were proposed" in browser.page.text
    bureau.world.clock.move(minutes=11)
    stale = browser.send(f"/requests/{case_id}/words/approve", {"digest": digest})
    assert "/confirm" in str(stale.request.url)
    fresh = bureau.browser(officer)
    fresh.get(f"/requests/{case_id}/words")
    fresh.send(f"/requests/{case_id}/words/approve", {"digest": digest})
    assert "The words are approved." in fresh.page.text
    assert "The words are approved." in fresh.get(f"/requests/{case_id}").text
    fresh.get(f"/requests/{case_id}/words")
    fresh.send(f"/requests/{case_id}/words/withdraw")
    assert "The approval is withdrawn." in fresh.page.text


def test_other_kinds_have_no_words_for_customers(bureau: Bureau, officer: Member) -> None:
    """The page exists for victim notifications only."""
    browser = bureau.browser(officer)
    case_id = filed(browser)
    assert browser.get(f"/requests/{case_id}/words").status_code == 404
