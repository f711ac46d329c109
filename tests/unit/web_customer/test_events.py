"""Claims about the alert as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.alert_pack import NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask

ORIGIN = "https://app.harbour.example"


def _event(**changes: Any) -> dict[str, Any]:
    return {"event_id": "browser-0001", "type": "seen", "occurred_at": NOW.isoformat()} | changes


def _post(
    visit: Visit, *events: object, body: bytes | None = None, media_type: str = "application/json", **headers: str
) -> httpx.Response:
    sent = {"content-type": media_type, "authorization": f"Bearer {visit.token}"} | headers
    return ask(
        visit.app,
        "POST",
        f"/v1/alerts/{visit.id}/events",
        body=json.dumps({"events": events}).encode() if body is None else body,
        headers=sent,
    )


@pytest.fixture
def visit() -> Visit:
    return Visit()


def test_the_alert_can_be_read_as_data(visit: Visit) -> None:
    """The element gets the same alert as the page, in the language asked for."""
    response = ask(visit.app, "GET", f"/v1/alerts/{visit.id}?locale=zh-HK", key=visit.token)
    answer = response.json()
    assert answer["alert"]["headline"] == "轉出前，先核實"
    assert answer["choice"] is None
    assert "secret" not in response.text
    assert visit.types == []


def test_events_are_recorded_before_the_answer(visit: Visit) -> None:
    """202 means durable; the same event sent again counts once."""
    for _ in range(2):
        response = _post(visit, _event(), _event(event_id="browser-0002", type="help"))
        assert (response.status_code, response.json()) == (202, {"recorded": 2})
    assert visit.types == ["seen", "help"]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer " + "a" * 300, "bearer\ttoken"]
)
def test_every_wrong_token_gets_one_answer(visit: Visit, authorization: str) -> None:
    """401 without a reason."""
    right = _post(visit, _event(), authorization="Bearer nonsense")
    wrong = _post(visit, _event(), authorization=authorization)
    assert (wrong.status_code, wrong.text) == (401, right.text)
    assert wrong.headers["content-type"] == "application/problem+json"


def test_a_token_opens_its_own_alert_only(visit: Visit) -> None:
    """The id in the path has to be the token's."""
    for path in ("/v1/alerts/other-alert", f"/v1/alerts/{visit.id[:-1]}2"):
        assert ask(visit.app, "GET", path, key=visit.token).status_code == 401


@pytest.mark.parametrize(
    "event",
    [
        _event(surprise=1),
        _event(type="cleared"),
        _event(event_id="short"),
        _event(event_id="x" * 65),
        _event(event_id="with space"),
        _event(occurred_at="2026-11-23T02:00:00"),
        _event(occurred_at=(NOW + timedelta(minutes=6)).isoformat()),
        _event(occurred_at=(NOW - timedelta(hours=26)).isoformat()),
        _event(occurred_at="yesterday"),
        _event(detail={"a": "x" * 201}),
        _event(detail={"A b": "x"}),
        _event(detail={"a": "line\nbreak"}),
        _event(detail={f"n{number}": "x" for number in range(13)}),
        _event(detail={"a": {"b": "c"}}),
        [],
        None,
    ],
)
def test_what_is_out_of_bounds_is_refused_whole(visit: Visit, event: object) -> None:
    """One bad event and nothing of the list is taken."""
    response = _post(visit, _event(event_id="browser-0009"), event)
    assert response.status_code == 422
    assert response.json()["faults"]
    assert visit.types == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"events":[]}', 422),
        (b'{"events":[],"more":1}', 422),
        (b'{"events":' + b"[" * 5000 + b"]" * 5000 + b"}", 422),
        (b"\xff", 422),
        (b"x" * 20_000, 413),
    ],
)
def test_hostile_bodies_are_refused(visit: Visit, body: bytes, status: int) -> None:
    """Size, depth and form are bounded."""
    response = _post(visit, body=body)
    assert response.status_code == status
    assert visit.types == []


def test_a_list_is_bounded_and_without_repetition(visit: Visit) -> None:
    """At most twenty events, each with its own id."""
    assert _post(visit, *(_event(event_id=f"browser-{n:04}") for n in range(21))).status_code == 422
    assert _post(visit, _event(), _event(type="help")).status_code == 422


def test_only_json_is_taken(visit: Visit) -> None:
    """Another site's form cannot be sent here without being asked for."""
    assert _post(visit, _event(), media_type="text/plain").status_code == 415


def test_another_content_under_a_known_id_is_a_conflict(visit: Visit) -> None:
    """An id means one event."""
    _post(visit, _event())
    assert _post(visit, _event(type="help")).status_code == 409


def test_what_cannot_be_made_durable_is_refused(visit: Visit) -> None:
    """503 with a time to come back."""
    visit.desk.is_away = True
    response = _post(visit, _event())
    assert response.status_code == 503
    assert "retry-after" in response.headers


def test_going_on_after_stopping_is_refused(visit: Visit) -> None:
    """A claim cannot take back the safe choice."""
    _post(visit, _event(type="cancelled"))
    assert _post(visit, _event(event_id="browser-0002", type="continued")).status_code == 409
    assert visit.types == ["cancelled"]


def test_stopping_after_going_on_is_taken(visit: Visit) -> None:
    """The safe choice always stands."""
    _post(visit, _event(type="continued"))
    assert _post(visit, _event(event_id="browser-0002", type="cancelled")).status_code == 202


@pytest.mark.parametrize(
    ("detail", "status"),
    [({"marked": "6616"}, 202), ({"read_back": "yes"}, 202), ({"marked": "e86e"}, 422), ({}, 422)],
)
def test_the_lookalike_asks_programs_too(detail: dict[str, str], status: int) -> None:
    """The element's claim passes the same check as the form, and what was typed is not kept."""
    visit = Visit(campaign="lookalike")
    assert _post(visit, _event(type="continued", detail=detail)).status_code == status
    assert all(set(event.detail) == {"check"} for event in visit.desk.events[visit.id])


def test_a_notice_cannot_be_continued() -> None:
    """Where nothing was asked nothing can be claimed."""
    assert _post(Visit(is_notice=True), _event(type="continued")).status_code == 409


@pytest.mark.parametrize(("path", "status"), [("/v1/alerts/x/y/z", 404), ("/v1/alerts/x", 405)])
def test_programs_get_problem_documents(visit: Visit, path: str, status: int) -> None:
    """Wrong paths and methods are told in the same form."""
    response = ask(visit.app, "PUT", path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("origins", "is_allowed"), [((), False), ((ORIGIN,), True)])
def test_only_the_operators_origin_may_call_from_a_browser(origins: tuple[str, ...], is_allowed: bool) -> None:
    """The setting names who may; the preflight tells."""
    visit = Visit(parts={"embedding_origins": origins})
    headers = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    preflight = ask(visit.app, "OPTIONS", f"/v1/alerts/{visit.id}/events", headers=headers)
    assert (preflight.headers.get("access-control-allow-origin") == ORIGIN) is is_allowed
    answer = _post(visit, _event(), origin=ORIGIN)
    assert (answer.headers.get("access-control-allow-origin") == ORIGIN) is is_allowed
