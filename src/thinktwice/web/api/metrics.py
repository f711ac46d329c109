"""What the API counts for operations, in a registry of its own.

Invariant: labels come from closed lists, never from a request, so that a caller can neither fill the memory nor
write into the operator's dashboards.
"""

from __future__ import annotations

import re
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from thinktwice.records.vocabulary import Action

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_ACTION: Final = re.compile(rb'"action":"([a-z]+)"')
_BUCKETS: Final = (0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1.0, 2.5)


class ApiMetrics:
    """Counters of one API process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        decisions = Counter(
            "thinktwice_decisions", "Withdrawals decided, by action and mode.", ["action", "mode"], registry=registry
        )
        self._decisions = {
            (action.encode(), is_test): decisions.labels(action, "test" if is_test else "live")
            for action in get_args(Action)
            for is_test in (False, True)
        }
        self._requests = Counter(
            "thinktwice_requests", "Calls answered, by call and status.", ["call", "status"], registry=registry
        )
        self._seconds = Histogram(
            "thinktwice_request_seconds", "Time to answer, by call.", ["call"], buckets=_BUCKETS, registry=registry
        )
        self._of_decide = self._requests.labels("decide", "200"), self._seconds.labels("decide")

    def decided(self, answer: bytes, *, is_test: bool) -> None:
        """Count one decision by the action in its answer; a repetition of a call counts again."""
        found = _ACTION.search(answer)
        counter = self._decisions.get((found[1], is_test)) if found else None
        if counter is not None:
            counter.inc()

    def answered_decide(self, seconds: float) -> None:
        """Count one call of the hot path that was answered."""
        counter, histogram = self._of_decide
        counter.inc()
        histogram.observe(seconds)

    def answered(self, call: str, status: int, seconds: float) -> None:
        """Count one call by its name in the API description."""
        self._requests.labels(call, str(status)).inc()
        self._seconds.labels(call).observe(seconds)

    def exposition(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)
