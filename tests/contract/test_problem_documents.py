"""Whatever is asked in whatever way, a refusal is a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.http import ask
from tests.support.paper_desk import PaperDesk, PaperKeys, SilentLog
from thinktwice.web.api.app import create_api
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames

KEYS = PaperKeys()
KEY = KEYS.make()
APP: App = create_api(ApiParts(desk=PaperDesk(), keys=KEYS, hosts=HostNames(["localhost"]), log=SilentLog()))

POSTED = ("/v1/decisions", "/v1/decisions/batch", "/v1/decisions/d-1/clearance", "/v1/events")
READ = ("/v1/decisions/d-1", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs.css")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def refuse(method: str, path: str, status: int, **request: Any) -> Any:
    response = ask(APP, method, path, **request)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    if method == "HEAD":
        return response
    document = response.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert f'id="{document["type"].split("#")[1]}"' in ask(APP, "GET", "/docs").text
    return response


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path", ["/index.html", "/v1", "/v1/decisions/", "/v2/decisions", "/docs/", "/..%2f", "/v1/decisions/a/b"]
)
def test_an_unknown_path_is_404(method: str, path: str) -> None:
    """Nothing is guessed, redirected or answered in HTML."""
    refuse(method, path, 404, key=KEY)


@pytest.mark.parametrize("path", [*POSTED, *READ])
def test_another_method_is_405_with_allow(path: str) -> None:
    """The refusal names the methods that work."""
    allowed = {"POST"} if path in POSTED else {"GET", "HEAD"}
    for method in set(METHODS) - allowed:
        response = refuse(method, path, 405, key=KEY)
        assert set(response.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", POSTED)
def test_without_a_key_nothing_is_said(path: str) -> None:
    """No key, a wrong one and one of another scheme get the same document."""
    texts = {
        refuse("POST", path, 401, body=b"{}", headers=headers).text
        for headers in ({}, {"Authorization": "Bearer tt_live_wrong"}, {"Authorization": "Basic eDp5"})
    }
    assert len(texts) == 1


@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/decisions/batch", "/v1/events"])
def test_a_form_is_415(path: str) -> None:
    """Another site's form cannot make a decision, even in a browser that holds a key."""
    refuse("POST", path, 415, body=b"{}", key=KEY, headers={"Content-Type": "text/plain"})


@pytest.mark.parametrize("path", POSTED)
def test_ten_megabytes_are_413(path: str) -> None:
    """Declared or in chunks."""
    refuse("POST", path, 413, body=b"x" * 10_000_000, key=KEY)
    refuse("POST", path, 413, body=[b"x" * 1_000_000] * 10, key=KEY)


@pytest.mark.parametrize("path", [*POSTED, "/v1/decisions/d-1", "/docs"])
def test_another_host_is_421(path: str) -> None:
    """A rebound name reaches nothing."""
    refuse("POST" if path in POSTED else "GET", path, 421, key=KEY, headers={"Host": "evil.test"})


def test_unavailable_says_when_to_come_back() -> None:
    """503 carries Retry-After."""
    response = refuse("POST", "/v1/decisions", 503, key=KEY, body=b'{"withdrawal_id":"unavailable"}')
    assert int(response.headers["retry-after"]) > 0


def test_little_of_what_was_sent_comes_back() -> None:
    """A long value is never repeated, nor is the key."""
    response = refuse("POST", "/v1/decisions", 400, key=KEY, body=b'{"' + b"s" * 5000)
    assert "s" * 101 not in response.text
    assert KEY not in response.text
