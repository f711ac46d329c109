"""The access log holds no secret, and an unexpected error still gets an answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.http import ask
from tests.support.paper_desk import NOW
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.tokens import sign_token
from thinktwice.web.edge.access import AccessLog, loggable_path
from thinktwice.web.edge.asgi import Receive, Scope, Send, send_body

TOKEN = sign_token(TEST_KEYRING.token[0], "01935c1a-7d2e-7c3a-9f00-0123456789ab", NOW)


class Lines:
    """A log in memory."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, event: str, **facts: Any) -> None:
        self.lines.append({"event": event, **facts})

    error = info


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await send_body(send, 200, b"text/plain", b"ok")


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("a customer's secret")


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/v1/decisions", "/v1/decisions"),
        ("/v1/decisions/01935c1a-7d2e-7c3a-9f00-0123456789ab", "/v1/decisions/01935c1a-7d2e-7c3a-9f00-0123456789ab"),
        ("/alerts/short", "/alerts/{token}"),
        (f"/alerts/{TOKEN}", "/alerts/{token}"),
        (f"/alerts/{TOKEN}/choices", "/alerts/{token}/choices"),
        (f"/Alerts//{TOKEN}", "/Alerts//{token}"),
        (f"/elsewhere/{TOKEN}", "/elsewhere/{long}"),
        ("/a\n\x1b[2Jb", "/a??[2Jb"),
        ("/" + "a/" * 5000, ("/" + "a/" * 5000)[:200]),
    ],
)
def test_a_path_is_logged_without_secrets(path: str, logged: str) -> None:
    """Tokens, wherever they stand in a path, are left out; control characters cannot forge lines."""
    assert loggable_path(path) == logged


def test_no_query_header_or_body_is_logged() -> None:
    """A line holds method, path, status and time."""
    log = Lines()
    ask(AccessLog(plain, log=log), "POST", "/v1/events?secret=1", body=b"secret", key="secret")
    (line,) = log.lines
    assert set(line) == {"event", "method", "path", "status", "milliseconds"}
    assert "secret" not in str(line)


def test_probes_are_quiet_until_they_fail() -> None:
    """Healthy probes do not fill the log."""
    log = Lines()
    ask(AccessLog(plain, log=log), "GET", "/healthz")
    assert log.lines == []
    ask(AccessLog(broken, log=log), "GET", "/healthz")
    assert [line["event"] for line in log.lines] == ["unexpected", "request"]


def test_an_unexpected_error_is_answered_and_placed() -> None:
    """The client gets 500 as a problem document; the log says where, without the message."""
    log = Lines()
    response = ask(AccessLog(broken, log=log), "GET", "/x")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text + str(log.lines)
    assert log.lines[0]["error"] == "RuntimeError"
    assert "broken" in log.lines[0]["place"]
