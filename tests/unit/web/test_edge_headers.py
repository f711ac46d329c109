"""Every response carries the security headers; no foreign host name is answered."""

from __future__ import annotations

import pytest

from tests.support.http import ask
from thinktwice.web.edge.asgi import Receive, Scope, Send, send_body
from thinktwice.web.edge.headers import AllowedHosts, HostNames, SecurityHeaders, policy


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await send_body(send, 200, b"text/plain", b"ok")


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await send_body(
        send,
        200,
        b"text/html",
        b"ok",
        [(b"Content-Security-Policy", policy(frame_ancestors="https://exchange.example"))],
    )


def test_the_default_allows_nothing() -> None:
    """JSON needs no script, style, frame or form."""
    headers = ask(SecurityHeaders(plain), "GET", "/").headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"


def test_a_page_keeps_its_own_policy() -> None:
    """A page that sets a policy sends exactly that one, and nothing that contradicts its frame-ancestors."""
    headers = ask(SecurityHeaders(page), "GET", "/").headers
    assert headers.get_list("content-security-policy") == [
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors https://exchange.example"
    ]
    assert "x-frame-options" not in headers


def test_a_surface_that_may_be_framed_does_not_deny_it() -> None:
    """X-Frame-Options knows no origins, so it is left out where the policy names some."""
    app = SecurityHeaders(plain, policy(frame_ancestors="https://exchange.example"))
    assert "x-frame-options" not in ask(app, "GET", "/").headers


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        (b"localhost", True),
        (b"LOCALHOST:8080", True),
        (b"a.example.org", True),
        (b"a.b.example.org:1", True),
        (b"example.org", False),
        (b"evilexample.org", False),
        (b"[::1]:8080", True),
        (b"[::2]", False),
        (b"localhost.evil.test", False),
        (b"localhost@evil.test", False),
        (b"", False),
        (None, False),
        (b"\xff", False),
    ],
)
def test_only_our_names_are_answered(host: bytes | None, is_allowed: bool) -> None:
    """A name counts without port and case; a suffix counts only behind a dot."""
    assert HostNames(["localhost", "[::1]", "*.example.org"]).allow(host) is is_allowed


def test_a_star_is_every_name() -> None:
    """An operator behind a proxy that checks may say so."""
    assert HostNames(["*"]).allow(b"anything")


def test_another_host_is_421() -> None:
    """A rebound name gets a problem document, a probe by address its answer."""
    app = AllowedHosts(plain, HostNames(["localhost"]), exempt=("/healthz",))
    assert ask(app, "GET", "/", headers={"Host": "evil.test"}).status_code == 421
    assert ask(app, "GET", "/healthz", headers={"Host": "10.0.0.7"}).status_code == 200
    assert ask(app, "GET", "/").status_code == 200
