"""Rate limits for endpoints that browsers reach: a token bucket per origin, in memory.

Invariants: memory is bounded, the origin seen longest ago is forgotten first; an IPv6 client is its /64 network,
because one subscriber has all of it; a forwarded address is believed only behind the operator's own proxy, and
only the entry that this proxy wrote.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from thinktwice.web.edge.asgi import App, Receive, Scope, Send, send_problem
from thinktwice.web.edge.errors import RateError

ORIGINS: Final = 50_000


class TokenBuckets:
    """One bucket of ``per_minute`` tokens for each origin, refilled steadily."""

    def __init__(
        self, per_minute: int, *, origins: int = ORIGINS, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._origins = origins
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, origin: str) -> int:
        """Take one token and return 0, or, when none is left, the whole seconds until there is one."""
        now = self._monotonic()
        tokens, seen_at = self._buckets.pop(origin, (self._size, now))
        tokens = min(self._size, tokens + (now - seen_at) * self._per_second)
        is_free = tokens >= 1
        self._buckets[origin] = (tokens - 1 if is_free else tokens, now)
        if len(self._buckets) > self._origins:
            self._buckets.popitem(last=False)
        return 0 if is_free else max(1, math.ceil((1 - tokens) / self._per_second))

    def __len__(self) -> int:
        return len(self._buckets)


def origin_of(scope: Scope, *, is_behind_proxy: bool = False) -> str:
    """Return the origin of a request: an IPv4 address or an IPv6 /64 network."""
    text = (scope.get("client") or ("unknown", 0))[0]
    if is_behind_proxy:
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if forwarded:
            text = forwarded[-1].rsplit(b",", 1)[-1].strip().decode("ascii", "replace")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class RateLimit:
    """ASGI middleware: answers 429 to an origin that asks ``is_limited`` paths too often."""

    def __init__(
        self, app: App, buckets: TokenBuckets, is_limited: Callable[[str], bool], *, is_behind_proxy: bool = False
    ) -> None:
        self._app = app
        self._buckets = buckets
        self._is_limited = is_limited
        self._is_behind_proxy = is_behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and self._is_limited(scope["path"]):
            seconds = self._buckets.take(origin_of(scope, is_behind_proxy=self._is_behind_proxy))
            if seconds:
                await send_problem(scope, send, RateError(seconds))
                return
        await self._app(scope, receive, send)
