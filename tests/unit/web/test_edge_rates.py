"""A browser that asks too often waits; others do not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.http import ask
from thinktwice.web.edge.asgi import Receive, Scope, Send, send_body
from thinktwice.web.edge.rates import RateLimit, TokenBuckets, origin_of


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await send_body(send, 200, b"text/plain", b"ok")


class Seconds:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_refills() -> None:
    """Sixty a minute are one a second after the first sixty."""
    clock = Seconds()
    buckets = TokenBuckets(60, monotonic=clock)
    assert [buckets.take("a") for _ in range(61)] == [0] * 60 + [1]
    assert buckets.take("b") == 0
    clock.now += 1
    assert [buckets.take("a"), buckets.take("a")] == [0, 1]
    clock.now += 3600
    assert sum(buckets.take("a") == 0 for _ in range(100)) == 60


def test_memory_is_bounded() -> None:
    """A million origins do not fill the memory; the oldest is forgotten."""
    buckets = TokenBuckets(1, origins=100, monotonic=Seconds())
    for number in range(1000):
        buckets.take(str(number))
    assert len(buckets) == 100


@pytest.mark.parametrize(
    ("client", "forwarded", "is_behind_proxy", "origin"),
    [
        ("192.0.2.1", [], False, "192.0.2.1"),
        ("192.0.2.1", [b"198.51.100.9"], False, "192.0.2.1"),
        ("10.0.0.1", [b"203.0.113.5, 198.51.100.9"], True, "198.51.100.9"),
        ("10.0.0.1", [b"1.1.1.1", b"198.51.100.9"], True, "198.51.100.9"),
        ("2001:db8:1:2:aaaa::1", [], False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], False, "192.0.2.1"),
        ("10.0.0.1", [b"garbage"], True, "unknown"),
        (None, [], False, "unknown"),
    ],
)
def test_the_origin_cannot_be_chosen(
    client: str | None, forwarded: list[bytes], is_behind_proxy: bool, origin: str
) -> None:
    """Only the entry that the operator's own proxy wrote counts, and an IPv6 subscriber is one origin."""
    scope: dict[str, Any] = {
        "client": (client, 1) if client else None,
        "headers": [(b"x-forwarded-for", value) for value in forwarded],
    }
    assert origin_of(scope, is_behind_proxy=is_behind_proxy) == origin


def test_too_many_is_429_with_a_time() -> None:
    """The refusal says when to come back; other paths and origins are untouched."""
    app = RateLimit(plain, TokenBuckets(2, monotonic=Seconds()), lambda path: path.startswith("/alerts/"))
    statuses = [ask(app, "GET", "/alerts/x").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = ask(app, "GET", "/alerts/x")
    assert refused.headers["retry-after"] == "30"
    assert ask(app, "GET", "/alerts/x", client="192.0.2.8").status_code == 200
    assert ask(app, "GET", "/v1/x").status_code == 200
