"""The page where a withdrawal waits or cannot be made."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import msgspec
import pytest

from tests.support.alert_pack import NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask
from thinktwice.alerts.words import WORDS
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.decision import Hold

HOLD: dict[str, Any] = {
    "action": "hold",
    "hold": Hold(until=NOW + timedelta(hours=24), reason_class="customer_protection"),
}
ACCOUNT: dict[str, Any] = {"action": "refer", "hold": Hold(until=None, reason_class="account_security")}
BLOCK: dict[str, Any] = {"action": "block", "hold": None}
SAID = WORDS["en"].waiting


def test_a_hold_can_be_cancelled_at_any_time() -> None:
    """Stopping takes one form; the page then says that nothing was sent."""
    visit = Visit(rung="hold", state=HOLD)
    assert SAID.cancel in visit.get()
    assert visit.choose("cancelled") == 303
    assert WORDS["en"].cancelled in visit.get()
    assert visit.types == ["delivered", "cancelled"]


@pytest.mark.parametrize(("about", "said"), [("appeal", SAID.appeal_done), ("call_me", SAID.call_me_done)])
def test_a_person_can_be_asked_for_once(about: str, said: str) -> None:
    """The wish is recorded as help, said back, and not counted again."""
    visit = Visit(rung="hold", state=HOLD)
    assert visit.choose("help", about=about) == 303
    assert said in visit.get()
    assert visit.choose("help", event_id="chosen-0002", about=about) == 303
    assert visit.types.count("help") == 1
    assert [event.detail["about"] for event in visit.desk.events[visit.id] if event.type == "help"] == [about]


@pytest.mark.parametrize("about", ["appeal", "call_me"])
def test_what_was_asked_for_is_not_said_to_be_waited_for_once_the_wait_is_over(about: str) -> None:
    """The hold has ended: nothing waits until a person has looked, on the page or in the element."""
    visit = Visit(rung="hold", state=HOLD, parts={"clock": lambda: NOW + timedelta(hours=25)})
    assert visit.choose("help", about=about) == 303
    html = visit.get()
    assert SAID.over_headline in html
    said = {"appeal": SAID.appeal_done, "call_me": SAID.call_me_done}[about]
    assert said not in unescape(html)
    view = ask(visit.app, "GET", f"/v1/alerts/{visit.id}", key=visit.token).json()
    assert view["asked_for"] == [about]
    assert said not in view["words"].values()


def test_help_about_anything_else_is_refused() -> None:
    """Only what the page offers can be asked for."""
    assert Visit(rung="hold", state=HOLD).choose("help", about="weather") == 422


@pytest.mark.parametrize("state", [HOLD, ACCOUNT, BLOCK])
def test_nobody_goes_on_from_a_wait_or_a_block(state: dict[str, Any]) -> None:
    """The form is sent back to the page, the call is a conflict, and nothing is recorded."""
    visit = Visit(rung=None, state=state)
    assert visit.choose("continued", step="second") == 303
    event = {"event_id": "browser-0001", "type": "continued", "occurred_at": NOW.isoformat()}
    response = ask(
        visit.app,
        "POST",
        f"/v1/alerts/{visit.id}/events",
        body=msgspec.json.encode({"events": [event]}),
        headers={"content-type": "application/json", "authorization": f"Bearer {visit.token}"},
    )
    assert response.status_code == 409
    assert visit.types == []


@pytest.mark.parametrize("state", [ACCOUNT, BLOCK])
def test_a_neutral_page_has_no_campaign_and_no_way_to_learn_more(state: dict[str, Any]) -> None:
    """Even a reference that names a campaign shows none of its words; the signs hold nothing."""
    visit = Visit(rung=None, state=state)
    html = visit.get()
    assert "online" not in html
    assert "18222" not in html
    assert "Continue" not in html
    assert "/signs" not in html
    assert "18222" not in visit.get("/signs")


def test_a_reference_without_a_campaign_shows_shared_words() -> None:
    """As where no pack lends words at all."""
    visit = Visit(rung="refer", state={"action": "refer", "hold": None}, campaign=None, version=None)
    html = visit.get()
    assert SAID.refer_headline in html
    assert SAID.call_code in unescape(html)


def test_an_announced_call_shows_its_code_and_a_neutral_wait_does_not() -> None:
    """The caller proves who they are to the customer; a thief at the screen learns no code."""
    hold = Hold(until=None, reason_class="customer_protection")
    shown = Visit(rung="refer", state={"action": "refer", "hold": hold})
    code = Codes(TEST_KEYRING.token).of_call(shown.id)
    assert code in shown.get()
    assert code not in Visit(rung="refer", state=ACCOUNT).get()


def test_the_text_of_an_announced_call_has_the_callers_code() -> None:
    """In the app's own chat, where the customer sees it before the call; in no other channel."""
    visit = Visit(rung="refer", state={"action": "refer", "hold": Hold(until=None, reason_class="customer_protection")})
    texts = ask(visit.app, "GET", f"/v1/alerts/{visit.id}/texts", key=visit.token).json()
    code = Codes(TEST_KEYRING.token).of_call(visit.id)
    assert code in texts["chat"]
    assert code not in texts["push_body"] + texts["sms"]
    neutral = Visit(rung="refer", state=ACCOUNT)
    assert "code" not in ask(neutral.app, "GET", f"/v1/alerts/{neutral.id}/texts", key=neutral.token).text


@pytest.mark.parametrize(("state", "said"), [(HOLD, SAID.hold_headline), (ACCOUNT, SAID.account_headline)])
def test_the_same_words_go_to_channels_without_a_screen(state: dict[str, Any], said: str) -> None:
    """With the token of the alert; push and SMS name neither amount nor address."""
    visit = Visit(rung=None, state=state)
    path = f"/v1/alerts/{visit.id}/texts"
    assert ask(visit.app, "GET", path).status_code == 401
    texts = ask(visit.app, "GET", path, headers={"authorization": f"Bearer {visit.token}"}).json()
    assert texts["push_title"] == said
    assert texts["chat"].startswith(said)
    assert "USDT" not in texts["push_body"] + texts["sms"]
