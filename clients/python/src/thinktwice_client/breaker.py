"""A circuit breaker as a value: pure, told the time.

Invariant: after ``failures`` failed calls in a row the service is left alone; from then on one call in each
``cool_off`` asks whether it is back, and the first success closes the breaker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Breaker:
    """``retry_at`` is when the next probe may go, on the caller's monotonic clock in seconds; None: closed."""

    failures: int
    cool_off: float
    failed: int = 0
    retry_at: float | None = None

    def state(self, now: float) -> Literal["closed", "open", "half_open"]:
        """Return the state in the usual words."""
        if self.retry_at is None:
            return "closed"
        return "open" if now < self.retry_at else "half_open"

    def asked(self, now: float) -> tuple[Breaker, bool]:
        """Return the next state and whether a call may go out now.

        A probe moves the next one away at once, so that a probe whose caller gave up blocks nothing for ever.
        """
        if self.retry_at is None:
            return self, True
        if now < self.retry_at:
            return self, False
        return replace(self, retry_at=now + self.cool_off), True

    def after_success(self) -> Breaker:
        """Return the state after an answer."""
        return self if not self.failed and self.retry_at is None else Breaker(self.failures, self.cool_off)

    def after_failure(self, now: float) -> Breaker:
        """Return the state after a call without one."""
        failed = self.failed + 1
        return replace(self, failed=failed, retry_at=now + self.cool_off if failed >= self.failures else None)
