"""Scope × call: each call opens to exactly one scope, and to nobody without a key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.http import ask
from tests.support.paper_desk import PaperDesk, PaperEvidence, PaperKeys, PaperResults, SilentLog
from thinktwice.people.keys import SCOPES
from thinktwice.web.api.app import create_api
from thinktwice.web.api.description import openapi_document
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.edge.headers import HostNames

KEYS = PaperKeys()
DESK = PaperDesk()
APP = create_api(
    ApiParts(
        desk=DESK,
        evidence=PaperEvidence(DESK),
        results=PaperResults(DESK),
        keys=KEYS,
        hosts=HostNames(["localhost"]),
        log=SilentLog(),
    )
)

CALLS: dict[tuple[str, str], str | None] = {
    ("POST", "/v1/decisions"): "decide",
    ("POST", "/v1/decisions/batch"): "decide",
    ("GET", "/v1/decisions/{decision_id}/answer"): "decide",
    ("POST", "/v1/decisions/{decision_id}/clearance"): "clear",
    ("POST", "/v1/decisions/{decision_id}/resolution"): "staff",
    ("POST", "/v1/decisions/{decision_id}/evidence"): "staff",
    ("GET", "/v1/results/{campaign}"): "staff",
    ("POST", "/v1/events"): "events",
    ("GET", "/v1/decisions/{decision_id}"): "staff",
    ("GET", "/metrics"): "read",
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
}
"""Every call and the one scope that opens it; None: open to probes."""

BODIES = {
    "/v1/decisions": b'{"withdrawal_id":"w"}',
    "/v1/decisions/batch": b'{"withdrawals":[]}',
    "/v1/decisions/{decision_id}/resolution": b'{"act_id":"a-1","resolution":"keep"}',
    "/v1/decisions/{decision_id}/evidence": b'{"edition":"customer"}',
    "/v1/events": b'{"events":[]}',
}


def test_every_described_call_is_in_the_table() -> None:
    """A new call cannot be added without saying here who may make it."""
    described = {
        (method.upper(), path)
        for path, item in openapi_document()["paths"].items()
        for method in item
        if method != "parameters" and item[method]["tags"] != ["alerts"]  # opened by alert tokens, not by keys
    }
    assert described == set(CALLS)


@pytest.mark.parametrize("mode", ["live", "test"])
@pytest.mark.parametrize("scope", [*SCOPES, None])
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_opens_to_its_scope_alone(method: str, path: str, scope: str | None, mode: Any) -> None:
    """With the scope 200, with another 403, without a key 401; a refused call never reaches the desk."""
    key = KEYS.make(scope, mode=mode) if scope else None
    needed = CALLS[method, path]
    before = len(DESK.asked)
    address = path.format(decision_id="d-1", campaign="c-1")
    response = ask(APP, method, address, body=BODIES.get(path), key=key)
    expected = 200 if needed in (None, scope) else 403 if scope else 401
    assert response.status_code == expected
    if expected != 200:
        assert len(DESK.asked) == before


@pytest.mark.parametrize(("method", "path"), [call for call, scope in CALLS.items() if scope])
def test_a_key_in_the_wrong_place_opens_nothing(method: str, path: str) -> None:
    """Not in the query, not in a cookie, not in another header, where logs and browsers would keep it."""
    key = KEYS.make()
    address = path.format(decision_id="d-1", campaign="c-1")
    for suffix, headers in (
        (f"?key={key}&access_token={key}", {}),
        ("", {"Cookie": f"key={key}; Authorization=Bearer {key}"}),
        ("", {"X-Api-Key": key}),
        ("", {"Authorization": key}),
        ("", {"Authorization": f"Basic {key}"}),
    ):
        response = ask(APP, method, address + suffix, body=BODIES.get(path), headers=headers)
        assert response.status_code == 401


@pytest.mark.parametrize("path", ["/v1/decisions/../decisions", "//v1/decisions", "/V1/decisions", "/v1/decisions;x"])
def test_no_other_spelling_leads_around_the_door(path: str) -> None:
    """A path is what it is; nothing is normalised behind the check."""
    assert ask(APP, "POST", path, body=BODIES["/v1/decisions"]).status_code in (401, 404)
