"""The questions on the hosted page, without script."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import httpx

from tests.support.alert_visit import FORM, Visit
from tests.support.http import ask
from thinktwice.alerts.words import WORDS

ASK = WORDS["en"].ask


def _send(visit: Visit, **fields: str) -> httpx.Response:
    form = urlencode({"event_id": "answers-0001"} | fields).encode()
    return ask(visit.app, "POST", visit.path + "/questions", body=form, headers=FORM)


def _asked(html: str) -> str:
    found = re.search(r'name="asked" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_questions_come_before_going_on_and_branch() -> None:
    """One at a time; earlier answers travel in the form; nothing is recorded before the last."""
    visit = Visit(rung="ask")
    visit.get()
    assert visit.open("/continue").headers["location"].endswith("/questions")
    first = visit.get("/questions")
    assert _asked(first) == "origin"
    assert ASK.not_sure in first
    assert ASK.prefer_not_to_say in first
    fields = {"asked": "origin", "q-origin": "own_wallet"}
    second = _send(visit, **fields)
    assert _asked(second.text) == "on_call"
    assert 'name="q-origin" value="own_wallet"' in second.text
    fields |= {"asked": "on_call", "q-on_call": "no"}
    assert _asked(_send(visit, **fields).text) == "coached"
    assert visit.types == ["delivered"]
    done = _send(visit, **fields | {"asked": "coached", "q-coached": "prefer_not_to_say"})
    assert (done.status_code, done.headers["location"].split("?")[0]) == (303, visit.path + "/continue")
    assert visit.types == ["delivered", "answered"]
    assert visit.choose("continued", step="second") == 303
    assert visit.types[-1] == "continued"


def test_a_question_left_empty_is_asked_again() -> None:
    """The page says so and names the way to say nothing."""
    again = _send(Visit(rung="ask"), asked="origin")
    assert again.status_code == 422
    assert ASK.missing in again.text
    assert _asked(again.text) == "origin"


def test_going_on_without_answers_leads_to_the_questions() -> None:
    """A form that skips them records nothing."""
    visit = Visit(rung="ask")
    response = visit.send("continued", step="second")
    assert response.headers["location"].endswith("/questions")
    assert visit.types == []


def test_answers_choose_the_story() -> None:
    """The pack's words are told in the order that fits; without a fitting one its first is told."""
    html = Visit(rung="ask", state={"answers": {"origin": "told_by_authority", "on_call": "no", "coached": "no"}}).get(
        "/continue"
    )
    assert "trading site" in html


def test_who_shares_the_screen_sees_no_question() -> None:
    """Ending it and changing the device are all that is said; the safe choice stays."""
    visit = Visit(rung="ask", state={"must_end_sharing": True})
    html = visit.get("/questions")
    assert ASK.sharing_headline in html
    assert 'name="asked"' not in html
    assert 'value="cancelled"' in html
    assert _send(visit, asked="origin", **{"q-origin": "own_wallet"}).status_code == 303
    assert visit.types == []
