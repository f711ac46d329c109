"""The blast radius: campaigns that interrupt far more customers than their backtest said are softened or paused.

Invariants: counted are triggers that are not known-bad, holdout included so that arms never diverge, test and shadow
not; a limit, once tripped, stands until staff lift it; what stood when a decision was made is recorded with it, so the
decision can be derived again; memory is bounded by what is allowed. Counting follows recorded time, never a clock. The
journal is what is counted: a process that starts recalls it from there before it decides, and what a batch counted that
was not recorded in the end is taken back (ADR 31).
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
class Gauge:
    """How far one campaign is: triggers within its window, how many are allowed there, and whether it is limited."""

    campaign: str
    triggers: int
    allowed: int
    is_limited: bool


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


@dataclass(frozen=True, slots=True)
class _Counted:
    """One trigger of a batch that is not recorded yet: what it tripped, and what it pushed out of the window."""

    campaign: str
    limit: Limited | None
    dropped: datetime | None


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
        self._uncommitted: list[_Counted] = []

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
            while window and window[0] <= since:
                window.popleft()
            dropped = window.popleft() if len(window) > allowed else None
            window.append(at)
            limit = self._trip(policy, radius, window, allowed)
            self._uncommitted.append(_Counted(policy.id, limit, dropped))
            return limit

    def begin(self) -> None:
        """Say that what is counted from now on belongs to a batch that is not recorded yet."""
        self._uncommitted.clear()

    def take_back(self) -> None:
        """Forget what the batch counted: nothing of it was recorded."""
        with self._lock:
            for counted in reversed(self._uncommitted):
                _, window = self._windows.get(counted.campaign, ("", deque[datetime]()))
                if window:
                    window.pop()
                if counted.dropped is not None:
                    window.appendleft(counted.dropped)
                if counted.limit is not None and counted.limit in self._untold:
                    self._untold.remove(counted.limit)
                    self._stand(self._standing - {counted.campaign})
            self._uncommitted.clear()

    def recall(self, policy: CampaignPolicy, times: Iterable[datetime]) -> None:
        """Take over the triggers of a release that were counted before this process began, in any order.

        A limit that tripped and was not written down before the process ended trips here.
        """
        radius, expected = policy.blast_radius, policy.expected_daily_triggers
        counted = sorted(times)
        if radius is None or expected is None or not counted:
            return
        since, allowed = counted[-1] - timedelta(minutes=radius.within_minutes), allowed_by(radius, expected)
        window = deque((at for at in counted if at > since), maxlen=allowed + 1)
        with self._lock:
            self._windows[policy.id] = (policy.release, deque(window))
            self._trip(policy, radius, window, allowed)

    def gauges(self, policies: Iterable[CampaignPolicy], now: datetime) -> tuple[Gauge, ...]:
        """Return how far each of these campaigns is at ``now``."""
        with self._lock:
            return tuple(self._gauge(policy, now) for policy in policies)

    def _gauge(self, policy: CampaignPolicy, now: datetime) -> Gauge:
        radius, expected = policy.blast_radius, policy.expected_daily_triggers
        allowed, triggers = 0, 0
        if radius is not None and expected is not None:
            release, window = self._windows.get(policy.id, ("", deque[datetime]()))
            since, allowed = now - timedelta(minutes=radius.within_minutes), allowed_by(radius, expected)
            triggers = sum(at > since for at in window) if release == policy.release else 0
        return Gauge(campaign=policy.id, triggers=triggers, allowed=allowed, is_limited=policy.id in self._standing)

    def _trip(
        self, policy: CampaignPolicy, radius: BlastRadius, window: deque[datetime], allowed: int
    ) -> Limited | None:
        """Return the limit that this window trips, if it does and none stands; the lock is held."""
        if len(window) <= allowed or policy.id in self._standing:
            return None
        limit = Limited(
            campaign=policy.id,
            release=policy.release,
            at=window[-1],
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
