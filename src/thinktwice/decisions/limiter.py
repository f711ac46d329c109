"""The blast radius: campaigns that interrupt far more customers than their backtest said are softened or paused.

Invariants: counted are triggers that are not known-bad, holdout included so that arms never diverge, test and shadow
not; a limit, once tripped, stands until staff lift it; what stood when a decision was made is recorded with it, so the
decision can be derived again; memory is bounded by what is allowed. Counting follows recorded time, never a clock.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from thinktwice.records.campaign import BlastRadius, CampaignPolicy
from thinktwice.records.decision import Explanation

_MINUTES_A_DAY: Final = 1_440


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """One campaign that was limited: so many triggers where so many were allowed within so many minutes."""

    campaign: str
    release: str
    at: datetime
    triggers: int
    allowed: int
    within_minutes: int
    drops_to: str


def is_counted(explanation: Explanation, *, is_test: bool) -> bool:
    """Tell whether a decision counts against the promise of its campaign."""
    return explanation.is_trigger and not explanation.is_known_bad and not is_test


def allowed_by(radius: BlastRadius, expected_daily: int) -> int:
    """Return how many triggers within ``within_minutes`` are allowed: the promised rate times ``times_expected``.

    Rounded up, and at least one, so that a campaign that promises little is not stopped by its first customer.
    """
    return max(1, -(-expected_daily * radius.times_expected * radius.within_minutes // _MINUTES_A_DAY))


class Limiter:
    """Counts in one deciding process; ``count`` and ``limited`` for its thread, the rest for any other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[str, deque[datetime]]] = {}
        self._standing: frozenset[str] = frozenset()
        self._limited: tuple[str, ...] = ()
        self._untold: list[Limited] = []

    def limited(self) -> tuple[str, ...]:
        """Return the campaigns that are limited now, by name."""
        return self._limited

    def count(self, policy: CampaignPolicy, at: datetime) -> Limited | None:
        """Count one trigger; return the limit when it is the one too many.

        A new release of a campaign is counted afresh.
        """
        radius, expected = policy.blast_radius, policy.expected_daily_triggers
        if radius is None or expected is None:
            return None
        with self._lock:
            release, window = self._windows.get(policy.id, ("", deque[datetime]()))
            if release != policy.release:
                window = deque()
                self._windows[policy.id] = (policy.release, window)
            since, allowed = at - timedelta(minutes=radius.within_minutes), allowed_by(radius, expected)
            while window and (window[0] <= since or len(window) > allowed):
                window.popleft()
            window.append(at)
            if len(window) <= allowed or policy.id in self._standing:
                return None
            limit = Limited(
                campaign=policy.id,
                release=policy.release,
                at=at,
                triggers=len(window),
                allowed=allowed,
                within_minutes=radius.within_minutes,
                drops_to=radius.then,
            )
            self._stand({*self._standing, policy.id})
            self._untold.append(limit)
            return limit

    def take_untold(self) -> tuple[Limited, ...]:
        """Return the limits that tripped since the last time, to be written down where staff see them."""
        with self._lock:
            taken, self._untold = tuple(self._untold), []
        return taken

    def put_back(self, limits: Iterable[Limited]) -> None:
        """Return what could not be written down."""
        with self._lock:
            self._untold = [*limits, *self._untold]

    def follow(self, standing: Iterable[str]) -> None:
        """Take over what stands where staff lift limits; what was lifted there counts afresh.

        What tripped here and is not written down yet goes on standing.
        """
        with self._lock:
            now = frozenset(standing) | {limit.campaign for limit in self._untold}
            for campaign in self._standing - now:
                self._windows.pop(campaign, None)
            self._stand(now)

    def _stand(self, campaigns: Iterable[str]) -> None:
        self._standing = frozenset(campaigns)
        self._limited = tuple(sorted(self._standing))
