"""Claims about the hosted alert page, asked over ASGI."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.alert_pack import NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask
from thinktwice.alerts.words import WORDS
from thinktwice.web.edge.asgi import Receive, Scope, Send


@pytest.fixture
def visit() -> Visit:
    return Visit()


def test_the_page_is_delivered_once(visit: Visit) -> None:
    """Opening twice records one delivery."""
    visit.get()
    visit.get()
    assert visit.types == ["delivered"]


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}])
def test_a_page_fetched_ahead_was_not_delivered(visit: Visit, headers: dict[str, str]) -> None:
    """What a browser only prepares is not recorded."""
    visit.get(headers=headers)
    ask(visit.app, "HEAD", visit.path)
    assert visit.types == []


def test_opening_the_signs_is_reviewed(visit: Visit) -> None:
    """The second screen has its own address and is recorded once."""
    assert "The first small withdrawal worked" in visit.get("/signs")
    visit.get("/signs")
    assert visit.types == ["reviewed"]


def test_the_safe_choice_comes_first(visit: Visit) -> None:
    """The first button stops; the way on is a plain link to a second step."""
    page = visit.get()
    assert page.index("Keep my money here") < page.index("See the signs") < page.index(">Continue<")
    assert '<button class="safe">Keep my money here</button>' in page


def test_stopping_is_recorded_and_told(visit: Visit) -> None:
    """Post, redirect, get: the page then says that nothing was sent."""
    response = visit.send("cancelled")
    assert response.status_code == 303
    assert response.headers["location"] == f"{visit.path}?locale=en"
    page = visit.get()
    assert "Your money stays in your account." in page
    assert "continued" not in page
    assert visit.types == ["cancelled", "delivered"]


def test_going_on_needs_the_second_step(visit: Visit) -> None:
    """A form that skips the step is sent to it and nothing is recorded."""
    response = visit.send("continued")
    assert response.headers["location"] == f"{visit.path}/continue"
    assert visit.types == []
    assert visit.choose("continued", step="second") == 303
    assert visit.types == ["continued"]


def test_inform_goes_on_with_one_tap() -> None:
    """The weakest rung has no second step."""
    visit = Visit(rung="inform")
    assert 'value="continued"' in visit.get()
    assert visit.open("/continue").status_code == 303
    assert visit.choose("continued") == 303
    assert visit.types[-1] == "continued"


@pytest.mark.parametrize("times", [2, 5])
def test_a_double_submit_counts_once(visit: Visit, times: int) -> None:
    """The same form sent again changes nothing."""
    for _ in range(times):
        assert visit.choose("cancelled") == 303
    assert visit.types == ["cancelled"]


@pytest.mark.parametrize("first", ["cancelled", "reported"])
def test_after_a_safe_choice_nothing_lowers_protection(visit: Visit, first: str) -> None:
    """Neither page nor form goes on after stopping or reporting."""
    visit.choose(first)
    page = visit.get()
    assert "/continue" not in page
    assert visit.open("/continue").status_code == 303
    visit.choose("continued", "chosen-0002", step="second")
    assert "continued" not in visit.types


def test_one_can_stop_after_going_on(visit: Visit) -> None:
    """As long as the alert is open the safe choice stands."""
    visit.choose("continued", step="second")
    page = visit.get()
    assert WORDS["en"].still_open in page
    visit.choose("cancelled", "chosen-0002")
    assert visit.types == ["continued", "delivered", "cancelled"]


def test_a_report_is_thanked_with_numbers_to_call(visit: Visit) -> None:
    """Who reports is told whom to call, and can still stop."""
    visit.choose("reported")
    page = visit.get()
    assert "tel:18222" in page
    assert 'value="cancelled"' in page
    assert 'value="reported"' not in page
    visit.choose("cancelled", "chosen-0002")
    page = visit.get()
    assert "Your money stays in your account." in page
    assert 'value="cancelled"' not in page


def test_tokens_that_open_nothing_look_the_same(visit: Visit) -> None:
    """Forged, changed, expired and unknown tokens get one page, with what to do."""
    good = visit.token
    unknown = Visit(alert_id="other-alert").token
    pages = set()
    for token in ("nonsense", good[:-1] + ("A" if good[-1] != "A" else "B"), good.upper(), unknown, "a" * 500):
        response = ask(visit.app, "GET", f"/alerts/{token}")
        assert response.status_code == 404
        pages.add(response.text)
    visit.now = NOW + timedelta(hours=25)
    response = visit.open()
    assert response.status_code == 404
    assert pages == {response.text}
    assert "Harbour Exchange" in response.text


def test_the_neutral_page_speaks_the_browsers_language(visit: Visit) -> None:
    """Without an alert the browser's first language counts."""
    response = ask(visit.app, "GET", "/alerts/nonsense", headers={"accept-language": "zh-HK,zh;q=0.9"})
    assert WORDS["zh-Hant"].gone in response.text


def test_the_language_changes_words_and_nothing_else(visit: Visit) -> None:
    """The switch shows Chinese, keeps it on links, and records nothing more."""
    page = visit.get("?locale=zh-Hant")
    assert '<html lang="zh-Hant-HK" dir="ltr">' in page
    assert "轉出前，先核實" in page
    assert f"{visit.path}/signs?locale=zh-Hant" in page
    visit.get("?locale=%3Cscript%3E")
    assert visit.types == ["delivered"]
    assert visit.desk.events[visit.id][0].detail == {"locale": "zh-Hant"}


def test_a_notice_informs_and_asks_for_no_choice() -> None:
    """Where no screen was looked at there is nothing to press."""
    visit = Visit(is_notice=True)
    page = visit.get()
    assert "Money sent in crypto cannot be taken back." in page
    assert "<form" not in page
    assert "tel:18222" in page
    visit.choose("continued", step="second")
    assert visit.types == ["delivered"]
    visit.get("/signs")


def _lookalike() -> Visit:
    return Visit(campaign="lookalike")


@pytest.mark.parametrize(
    ("fields", "status", "check"),
    [
        ({"marked": "6616"}, 303, "typed"),
        ({"marked": " 66 16"}, 303, "typed"),
        ({"read_back": "yes"}, 303, "read_back"),
        ({"marked": "e86e"}, 422, None),
        ({"marked": "e86e", "read_back": "yes"}, 422, None),
        ({"marked": ""}, 422, None),
        ({}, 422, None),
    ],
)
def test_a_lookalike_asks_for_the_marked_characters(fields: dict[str, str], status: int, check: str | None) -> None:
    """Only the characters of the address entered, or the statement, go on; those of another address never."""
    visit = _lookalike()
    assert visit.choose("continued", step="second", **fields) == status
    kept = [event.detail.get("check") for event in visit.desk.events[visit.id]]
    assert kept == ([check] if check else [])
    assert "6616" not in repr(visit.desk.events)


def test_a_wrong_character_is_explained() -> None:
    """The page says what differs and is announced."""
    visit = _lookalike()
    page = visit.send("continued", step="second", marked="e86e").text
    assert 'role="alert"' in page
    assert "this is a different address" in page


def test_the_second_step_hides_what_is_to_be_typed() -> None:
    """The characters must come from the address obtained again, so the pattern leaves them blank."""
    page = _lookalike().get("/continue")
    pattern = page.split('class="pattern"')[1].split("</p>")[0]
    assert "6616" not in re.sub("<[^>]+>", "", pattern)


def test_both_addresses_can_be_heard() -> None:
    """What is marked by colour is also said in words."""
    page = _lookalike().get()
    assert "The middle, which differs, is 6 6 1 6 d 2" in page
    assert '<mark class="asked">6616</mark>' in page


@pytest.mark.parametrize("rest", ["", "/signs", "/continue", "?locale=zh-Hant"])
def test_no_page_tells_what_only_staff_may_know(visit: Visit, rest: str) -> None:
    """No campaign, version, arm or partner reaches a browser (rule 7)."""
    page = visit.get(rest).lower()
    for secret in ("secret", "pilot", "self_check_first", "story_first", "decision-"):
        assert secret not in page


@pytest.mark.parametrize("rest", ["", "/signs", "/continue", "/choices"])
def test_every_page_is_locked_down(visit: Visit, rest: str) -> None:
    """Nothing inline, no framing, no referrer, no storing; no cookie."""
    response = visit.open(rest)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", response.text)


def test_only_the_operators_origin_may_frame() -> None:
    """The setting names who may."""
    visit = Visit(parts={"embedding_origins": ("https://app.harbour.example",)})
    policy = visit.open().headers["content-security-policy"]
    assert "frame-ancestors https://app.harbour.example" in policy


def test_the_page_appears_even_when_nothing_can_be_recorded(visit: Visit) -> None:
    """A warning matters more than its record; a choice that is not durable is refused."""
    visit.desk.is_away = True
    visit.get()
    response = visit.send("cancelled")
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert WORDS["en"].away in response.text
    assert visit.types == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"choice=cancelled", 422),
        (b"choice=delivered&event_id=chosen-0001", 422),
        (b"choice=cancelled&event_id=%3Cx%3E-0000", 422),
        (b"\xff\xfe", 422),
        (b"a=1&" * 40 + b"choice=cancelled&event_id=chosen-0001", 422),
        (b"choice=cancelled&event_id=" + b"a" * 9000, 413),
    ],
)
def test_hostile_forms_are_refused(visit: Visit, body: bytes, status: int) -> None:
    """What is not our form records nothing and gets a page, not a trace."""
    response = ask(visit.app, "POST", visit.path + "/choices", body=body)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert visit.types == []


def test_shipped_files_may_be_kept_for_ever(visit: Visit) -> None:
    """Files are addressed by content, with their right type."""
    addresses = re.findall(r'(?:href|src)="(/alerts/assets/[^"]+)"', visit.get())
    assert len(addresses) == 2
    for address in addresses:
        response = ask(visit.app, "GET", address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert ask(visit.app, "GET", "/alerts/assets/alert.css").status_code == 404
    assert ask(visit.app, "GET", "/alerts/assets/..%2f..%2fapp.py").status_code == 404


def test_the_page_stands_under_a_prefix() -> None:
    """Behind a proxy with a root path every address carries it."""
    visit = Visit()

    async def prefixed(scope: Scope, receive: Receive, send: Send) -> None:
        await visit.app({**scope, "root_path": "/tt"}, receive, send)

    page = ask(prefixed, "GET", "/tt" + visit.path).text
    assert f'action="/tt{visit.path}/choices"' in page


def test_the_token_is_in_no_page_text_but_its_addresses(visit: Visit) -> None:
    """The page carries the capability only where a link or form needs it."""
    page = visit.get()
    without_addresses = re.sub(r'(?:href|action)="[^"]*"', "", page)
    assert visit.token not in without_addresses


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({"q-source": "unsure"}, {"source": "unsure"}),
        ({"q-source": "made up", "q-other": "wallet"}, None),
        ({}, None),
    ],
)
def test_only_answers_to_what_was_asked_are_kept(
    visit: Visit, fields: dict[str, str], answers: dict[str, str] | None
) -> None:
    """Answering is never required; an answer that was not offered is nobody's answer."""
    assert visit.choose("continued", step="second", **fields) == 303
    kept = {event.type: event.detail for event in visit.desk.events[visit.id]}
    assert kept.get("answered") == answers
    assert "continued" in kept
