"""The circuit breaker, alone and around a real server."""

from __future__ import annotations

import time

from thinktwice_client import Client
from thinktwice_client.breaker import Breaker

from tests.clients.python.misbehaving import Misbehaving, withdrawal


def test_it_opens_after_failures_in_a_row_only() -> None:
    """A success in between begins the count anew."""
    breaker = Breaker(failures=3, cool_off=2.0)
    for now in (1.0, 2.0):
        breaker = breaker.after_failure(now)
    breaker = breaker.after_success()
    for now in (3.0, 4.0):
        breaker = breaker.after_failure(now)
    assert breaker.state(4.0) == "closed"
    assert breaker.after_failure(5.0).state(5.0) == "open"


def test_one_probe_goes_out_in_each_cool_off() -> None:
    """Of a hundred calls in the moment of half-open one is let through, and a probe that never ends blocks nothing."""
    breaker = Breaker(failures=1, cool_off=2.0).after_failure(10.0)
    assert breaker.asked(11.9)[1] is False
    assert breaker.state(12.0) == "half_open"
    allowed = 0
    for _ in range(100):
        breaker, may_ask = breaker.asked(12.0)
        allowed += may_ask
    assert allowed == 1
    assert breaker.asked(13.9)[1] is False
    assert breaker.asked(14.0)[1] is True


def test_it_opens_while_the_service_is_down_and_closes_when_it_is_back(server: Misbehaving, client: Client) -> None:
    """Down: answers of our own; back: within the cool-off the service decides again."""
    assert client.decide(withdrawal(0)).source == "service"
    server.go("refusing")
    for number in range(1, 8):
        assert client.decide(withdrawal(number)).source == "fallback"
    assert client.breaker_state != "closed"
    server.go("well")
    until = time.monotonic() + 5
    while client.decide(withdrawal(100)).source != "service":
        assert time.monotonic() < until
        time.sleep(0.02)
    assert client.breaker_state == "closed"
    assert client.decide(withdrawal(101)).source == "service"
