"""The API: one contract for the hot path and every other call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.http import ask
from tests.support.paper_desk import PaperDesk, PaperKeys, SilentLog
from thinktwice.web.api.app import create_api
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.edge.asgi import App, Receive, Scope, Send, send_body
from thinktwice.web.edge.headers import HostNames

JSON = {"Content-Type": "application/json"}


class Api:
    """An API on paper and a key for everything."""

    def __init__(self, **parts: Any) -> None:
        self.desk = PaperDesk()
        self.keys = PaperKeys()
        self.app: App = create_api(
            ApiParts(desk=self.desk, keys=self.keys, hosts=HostNames(["localhost"]), log=SilentLog(), **parts)
        )
        self.key = self.keys.make()


@pytest.fixture
def api() -> Api:
    return Api()


def test_a_withdrawal_is_decided(api: Api) -> None:
    """The answer of the desk is sent as it is, with the security headers."""
    response = ask(api.app, "POST", "/v1/decisions", body=b'{"withdrawal_id":"w-1"}', key=api.key, headers=JSON)
    assert response.status_code == 200
    assert response.json()["withdrawal_id"] == "w-1"
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("mode", ["live", "test"])
def test_the_mode_of_the_key_decides_what_is_a_test(api: Api, mode: Any) -> None:
    """Every call that counts is marked by its key and by nothing in the request."""
    key = api.keys.make("decide", "clear", "events", mode=mode)
    for path, body in (
        ("/v1/decisions", b'{"withdrawal_id":"w"}'),
        ("/v1/decisions/batch", b'{"withdrawals":[]}'),
        ("/v1/decisions/d-1/clearance", b""),
        ("/v1/events", b'{"events":[]}'),
    ):
        assert ask(api.app, "POST", path, body=body, key=key).status_code == 200
    assert [is_test for _, is_test in api.desk.asked] == [mode == "test"] * 4


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "malformed-json"),
        (b"", 400, "malformed-json"),
        (b"[" * 60_000, 400, "malformed-json"),
        (b'{"withdrawal_id":"\xff"}', 400, "malformed-json"),
        (b"{}", 422, "invalid-input"),
        (b'{"withdrawal_id":"conflict"}', 409, "conflict"),
        (b'{"withdrawal_id":"unavailable"}', 503, "unavailable"),
        (b'{"withdrawal_id":"crash"}', 500, "unexpected"),
        (b"x" * 65_537, 413, "too-large"),
        (b"x" * 10_000_000, 413, "too-large"),
    ],
)
def test_a_refusal_is_a_problem_document(api: Api, body: bytes, status: int, name: str) -> None:
    """On the hot path as anywhere else."""
    response = ask(api.app, "POST", "/v1/decisions", body=body, key=api.key, headers=JSON)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["type"] == f"/docs#problem-{name}"
    assert "secret" not in response.text


def test_one_bad_item_never_fails_its_batch(api: Api) -> None:
    """Each item of the answer holds a decision or a problem, in order."""
    body = json.dumps({"withdrawals": [{"withdrawal_id": "a"}, {}, 7, {"withdrawal_id": "conflict"}]}).encode()
    response = ask(api.app, "POST", "/v1/decisions/batch", body=body, key=api.key)
    assert response.status_code == 200
    results = response.json()["results"]
    assert [result.get("problem", {}).get("status", 200) for result in results] == [200, 422, 422, 409]
    assert results[0]["decision"]["withdrawal_id"] == "a"
    assert results[1]["problem"]["faults"][0]["field"] == "withdrawal_id"


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"{}", 422), (b"x" * 1_048_577, 413)])
def test_a_batch_unusable_as_a_whole_is_refused(api: Api, body: bytes, status: int) -> None:
    """Malformed, without a list, or above 1 MB."""
    response = ask(api.app, "POST", "/v1/decisions/batch", body=body, key=api.key)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_clearance_is_yes_or_no(api: Api) -> None:
    """The answer says whether, why and until when; an unknown decision is 404."""
    response = ask(api.app, "POST", "/v1/decisions/d-1/clearance", key=api.key)
    assert response.json() == {"is_cleared": True, "status": "cleared", "until": "2026-11-22T06:16:15Z"}
    assert ask(api.app, "POST", "/v1/decisions/d-2/clearance", key=api.key).status_code == 404
    assert ask(api.app, "POST", "/v1/decisions/%F0%9F%98%80%00/clearance", key=api.key).status_code == 404


def test_each_event_has_its_result(api: Api) -> None:
    """A rejected event says which field; the others are recorded."""
    body = json.dumps({"events": [{"event_id": "e-1"}, {}]}).encode()
    assert ask(api.app, "POST", "/v1/events", body=body, key=api.key).json() == {
        "results": [
            {"event_id": "e-1", "status": "recorded", "faults": []},
            {
                "event_id": None,
                "status": "rejected",
                "faults": [{"field": "event_id", "message": "required field is missing"}],
            },
        ]
    }


def test_staff_read_why(api: Api) -> None:
    """The staff record is returned whole; HEAD gives its headers only."""
    assert ask(api.app, "GET", "/v1/decisions/d-1", key=api.key).json()["explanation"] == {"campaign": "hk"}
    assert ask(api.app, "HEAD", "/v1/decisions/d-1", key=api.key).status_code == 200


def test_probes_need_no_key_and_no_host(api: Api) -> None:
    """Health is about the process, readiness about deciding."""
    anywhere = {"Host": "10.0.0.7"}
    assert ask(api.app, "GET", "/healthz", headers=anywhere).json() == {"status": "ok"}
    assert ask(api.app, "GET", "/readyz", headers=anywhere).json() == {"status": "ready", "checks": {"journal": "ok"}}
    api.desk.state = {"journal": "cannot be written"}
    unready = ask(api.app, "GET", "/readyz")
    assert unready.status_code == 503
    assert unready.json()["status"] == "not_ready"


def test_metrics_count_decisions_for_operations_only(api: Api) -> None:
    """A client on this machine or a key with scope read sees them; a browser does not."""
    for name in ("a", "b", "conflict"):
        ask(api.app, "POST", "/v1/decisions", body=b'{"withdrawal_id":"%s"}' % name.encode(), key=api.key)
    ask(api.app, "GET", "/" + "x" * 30)
    text = ask(api.app, "GET", "/metrics", client="127.0.0.1").text
    assert 'thinktwice_decisions_total{action="proceed",mode="live"} 2.0' in text
    assert 'thinktwice_requests_total{call="decide",status="409"} 1.0' in text
    assert 'thinktwice_requests_total{call="unknown",status="404"} 1.0' in text
    assert "xxx" not in text
    assert ask(api.app, "GET", "/metrics").status_code == 401
    proxied = {"X-Forwarded-For": "192.0.2.7"}
    assert ask(api.app, "GET", "/metrics", client="127.0.0.1", headers=proxied).status_code == 401
    assert ask(api.app, "GET", "/metrics", key=api.keys.make("read")).status_code == 200
    assert ask(api.app, "GET", "/metrics", key=api.keys.make("decide")).status_code == 403


async def _alert_page(scope: Scope, receive: Receive, send: Send) -> None:
    await send_body(send, 200, b"text/html", scope["path"].encode())


def test_other_applications_share_the_port() -> None:
    """Their paths reach them unchanged, within the same bounds and at a limited rate."""
    api = Api(others={"/alerts/": _alert_page}, browser_requests_per_minute=2)
    response = ask(api.app, "GET", "/alerts/some-token")
    assert response.text == "/alerts/some-token"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert ask(api.app, "POST", "/alerts/some-token", body=b"x" * 2_000_000).status_code == 413
    assert ask(api.app, "GET", "/alerts/some-token").status_code == 429
    assert ask(api.app, "GET", "/v1/decisions/d-1", key=api.key).status_code == 200


def test_a_duplicate_credential_is_no_credential(api: Api) -> None:
    """Two Authorization headers are how a request is smuggled past a proxy."""
    import httpx

    headers = httpx.Headers([("Authorization", f"Bearer {api.key}"), ("Authorization", f"Bearer {api.key}")])
    for path in ("/v1/decisions", "/v1/events"):
        assert ask(api.app, "POST", path, body=b"{}", headers=headers).status_code == 401
