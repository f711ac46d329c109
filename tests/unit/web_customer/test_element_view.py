"""Claims about what the element gets, and which pages may get it."""

from __future__ import annotations

import json

import pytest

from tests.support.alert_pack import NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask
from thinktwice.alerts.words import WORDS
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING

ORIGIN = "https://app.harbour.example"
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


def _view(visit: Visit, query: str = "") -> dict[str, object]:
    response = ask(visit.app, "GET", f"/v1/alerts/{visit.id}{query}", key=visit.token)
    view: dict[str, object] = response.json()
    return view


@pytest.mark.parametrize("locale", sorted(WORDS))
def test_words_are_those_of_the_page(locale: str) -> None:
    """Interface words come in the alert's language, with everything filled in."""
    view = _view(Visit(campaign="lookalike"), f"?locale={locale}")
    said = view["words"]
    shown = view["alert"]
    assert isinstance(said, dict)
    assert isinstance(shown, dict)
    assert said["back"] == WORDS[shown["locale"]].back
    assert "{" not in json.dumps(list(said.values()))


def test_what_was_recorded_is_told_by_kind_only() -> None:
    """A reload learns what not to repeat, and the time on the server."""
    visit = Visit()
    visit.open()
    visit.send("cancelled")
    view = _view(visit)
    assert (view["choice"], view["events"], view["asked_for"]) == ("cancelled", ["cancelled", "delivered"], [])
    assert view["now"] == NOW.isoformat().replace("+00:00", "Z")
    assert set(view) == {"alert", "choice", "events", "asked_for", "code", "call_code", "now", "words"}


def test_the_code_is_the_one_that_can_be_checked() -> None:
    """The element shows the code that ``/verify`` knows; beside a block there is none."""
    codes = Codes(TEST_KEYRING.token)
    assert codes.is_of_a_message(str(_view(Visit())["code"]), NOW)
    assert _view(Visit(rung=None, state={"action": "block"}))["code"] is None


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.harbour.example.attacker.example",
        "https://attacker-app.harbour.example",
        "http://app.harbour.example",
        "https://app.harbour.example:8443",
        "https://APP.harbour.example",
        "null",
        "*",
    ],
)
def test_origins_match_exactly(origin: str) -> None:
    """Nearly the operator's origin is another origin: a preflight is refused, an answer stays unreadable."""
    visit = Visit(parts={"embedding_origins": (ORIGIN,)})
    path = f"/v1/alerts/{visit.id}"
    preflight = ask(visit.app, "OPTIONS", path, headers={"origin": origin, **PREFLIGHT})
    answer = ask(visit.app, "GET", path, key=visit.token, headers={"origin": origin})
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
    assert "access-control-allow-origin" not in answer.headers
    assert "Origin" in answer.headers["vary"]


def test_the_operators_origin_gets_no_more_than_it_needs() -> None:
    """No credentials, two methods, two headers, and only for the alert's JSON."""
    visit = Visit(parts={"embedding_origins": (ORIGIN,)})
    preflight = ask(visit.app, "OPTIONS", f"/v1/alerts/{visit.id}/events", headers={"origin": ORIGIN, **PREFLIGHT})
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in preflight.headers["vary"]
    assert "access-control-allow-credentials" not in preflight.headers
    assert set(preflight.headers["access-control-allow-methods"].split(", ")) == {"GET", "POST"}
    page = visit.open(headers={"origin": ORIGIN})
    assert page.status_code == 200
    assert "access-control-allow-origin" not in page.headers


def test_a_refused_token_is_told_to_the_operators_page() -> None:
    """The element can read why, so it shows the server's text instead of waiting."""
    visit = Visit(parts={"embedding_origins": (ORIGIN,)})
    answer = ask(visit.app, "GET", f"/v1/alerts/{visit.id}", key="nonsense", headers={"origin": ORIGIN})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, ORIGIN)


def test_a_sandboxed_frame_calls_only_where_it_is_listed() -> None:
    """``null`` is an origin like another for the JSON, and names no page that may frame."""
    visit = Visit(parts={"embedding_origins": (ORIGIN, "null")})
    answer = ask(visit.app, "GET", f"/v1/alerts/{visit.id}", key=visit.token, headers={"origin": "null"})
    assert answer.headers["access-control-allow-origin"] == "null"
    policy = visit.open().headers["content-security-policy"]
    assert f"frame-ancestors {ORIGIN}" in policy
    assert "null" not in policy
