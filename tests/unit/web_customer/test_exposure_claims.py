"""What page and element say of how an alert was shown."""

from __future__ import annotations

import json

import pytest

from tests.support.alert_pack import NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask
from thinktwice.web.customer.questions import read_answers


@pytest.mark.parametrize(("said", "kept"), [("narrow", {"viewport": "narrow"}), ("1337", {}), ("", {}), ("<b>", {})])
def test_a_form_says_on_how_much_room(said: str, kept: dict[str, str]) -> None:
    """One of three words from the page's script; anything else, or no script, says nothing."""
    visit = Visit()
    visit.choose("cancelled", viewport=said)
    assert visit.desk.events[visit.id][-1].detail == {"locale": "en"} | kept


def test_answers_say_on_how_much_room() -> None:
    """The form of the questions as well."""
    assert read_answers(b"event_id=event-0001&viewport=wide&asked=origin").viewport == "wide"


@pytest.mark.parametrize(("claimed", "kept"), [("zh-Hant", {"locale": "zh-Hant"}), ("xx-evil", {}), ("", {})])
def test_a_claimed_language_is_one_that_the_alert_has(claimed: str, kept: dict[str, str]) -> None:
    """A made-up tag is not recorded as what somebody read."""
    visit = Visit()
    event = {"event_id": "event-0001", "type": "seen", "occurred_at": NOW.isoformat(), "detail": {"locale": claimed}}
    path = f"/v1/alerts/{visit.id}/events"
    sent = {"content-type": "application/json"}
    response = ask(
        visit.app, "POST", path, body=json.dumps({"events": [event]}).encode(), headers=sent, key=visit.token
    )
    assert response.status_code == 202
    assert visit.desk.events[visit.id][-1].detail == kept


@pytest.mark.parametrize("path", ["/alerts/{token}/", "/v1/alerts/{id}/", "/verify/"])
def test_no_redirect_names_an_address_with_the_token(path: str) -> None:
    """A path with one slash too many is not served, instead of being sent on under the scheme of the inner hop."""
    visit = Visit()
    response = ask(visit.app, "GET", path.format(token=visit.token, id=visit.id), key=visit.token)
    assert response.status_code == 404
    assert "location" not in response.headers
