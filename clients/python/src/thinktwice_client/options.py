"""How one client is set up.

Invariant: every default is the one to begin with; what cannot work is refused here, not at the first withdrawal.
"""

from __future__ import annotations

import math
import ssl
from dataclasses import dataclass, field

import httpx

from thinktwice_client.errors import InvalidInputError
from thinktwice_client.store import MemoryStore, Store
from thinktwice_client.tiers import Tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Settings of a client; times are in seconds.

    ``deadline`` bounds one ``decide``, ``clear`` or ``send_events`` as a whole: connecting, repeating, and the local
    store. A fifth of it is kept for the store. ``attempts`` calls are made at most within it. After
    ``breaker_failures`` failed calls in a row only one call in each ``cool_off`` reaches out. ``delivery_timeout``
    bounds one batch of queued events, for which nobody waits. ``tls`` replaces the default verification.
    """

    base_url: str
    api_key: str = field(repr=False)
    tiers: Tiers
    store: Store = field(default_factory=MemoryStore)
    deadline: float = 0.3
    attempts: int = 2
    breaker_failures: int = 5
    cool_off: float = 2.0
    delivery_timeout: float = 5.0
    connections: int = 100
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.base_url)
        except httpx.InvalidURL:
            raise InvalidInputError("base_url is no URL") from None
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise InvalidInputError("base_url is http:// or https:// with a host and without credentials")
        if not self.api_key or not self.api_key.isascii() or not self.api_key.isprintable() or " " in self.api_key:
            raise InvalidInputError("api_key is one word of printable ASCII")
        for name in ("deadline", "cool_off", "delivery_timeout"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise InvalidInputError(f"{name} is a number of seconds above 0")
        for name in ("attempts", "breaker_failures", "connections"):
            if getattr(self, name) < 1:
                raise InvalidInputError(f"{name} is at least 1")

    @property
    def network_share(self) -> float:
        """By when, in seconds from the start, the network must have answered."""
        return self.deadline * 0.75

    @property
    def store_share(self) -> float:
        """By when the local store must have answered; the rest is for the way back to the caller."""
        return self.deadline * 0.95


def share_of_attempt(number: int, attempts: int, left: float) -> float:
    """Return how many seconds the attempt ``number`` (from 0) may take of what is left.

    All but the last take two thirds: a slow service gets most of the time, and a dead connection leaves room for one
    on a fresh one.
    """
    return left if number + 1 >= attempts else left * 2 / 3
