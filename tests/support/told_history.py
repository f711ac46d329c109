"""What the signals of history and across customers must say, told from a plain log of everything that happened.

Written from the definitions of DESIGN section 6 without the states: each question looks through the whole log again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Told:
    """One attempt that was decided, and what became of it."""

    withdrawal_id: str
    attempt: int
    customer: str
    destination: str
    amount: Decimal
    at: datetime
    is_trigger: bool = False
    replaces: str | None = None
    completed_at: datetime | None = None
    reported_at: datetime | None = None


@dataclass
class ToldHistory:
    """The log, in the order in which things were decided."""

    attempts: list[Told] = field(default_factory=list)

    def history(
        self, now: datetime, customer: str, destination: str, amount: Decimal, own: set[str]
    ) -> dict[str, object]:
        """Return the history family for a withdrawal that is decided now; ``own`` is its id and the one it replaces."""
        mine = [one for one in self.attempts if one.customer == customer]
        others = [one for one in mine if one.withdrawal_id not in own]
        latest = {one.withdrawal_id: one for one in others if one.completed_at or not self._is_replaced(one)}
        started = [one.at for one in latest.values()]
        paid = [one for one in others if one.completed_at]
        uses = [one.completed_at for one in mine if one.completed_at and one.destination == destination]
        first = min(uses, default=None)
        reported = [one for one in mine if one.reported_at]
        largest = max((one.amount for one in _after(now - 90 * DAY, paid, _completed)), default=Decimal(0))

        def count(window: timedelta) -> int:
            return sum(at > now - window for at in started)

        def total(window: timedelta) -> Decimal:
            return sum((one.amount for one in _after(now - window, paid, _completed)), Decimal(0))

        return {
            "is_first_time_destination": first is None,
            "is_established_destination": first is not None
            and now - first >= 30 * DAY
            and all(one.destination != destination for one in reported),
            "days_since_first_use": None if first is None else (now - first) // DAY,
            "withdrawals_1h": count(HOUR),
            "withdrawals_24h": count(DAY),
            "withdrawals_7d": count(7 * DAY),
            "withdrawals_30d": count(30 * DAY),
            "fiat_sum_24h": total(DAY),
            "fiat_sum_7d": total(7 * DAY),
            "fiat_sum_30d": total(30 * DAY),
            "ratio_to_90d_max": (amount / largest).quantize(Decimal("0.0001"), ROUND_DOWN) if largest else None,
            "triggers_7d": sum(one.is_trigger and one.at > now - 7 * DAY for one in mine),
            "has_prior_scam_report": bool(reported),
        }

    def _is_replaced(self, attempt: Told) -> bool:
        """Whether another withdrawal, or another attempt, took the place of this attempt."""
        since = self.attempts[self.attempts.index(attempt) + 1 :]
        return any(attempt.withdrawal_id in (one.replaces, one.withdrawal_id) for one in since)

    def across(self, now: datetime, customer: str, destination: str, withdrawal_id: str) -> dict[str, object]:
        """Return the across-customers family."""
        there = [one for one in self.attempts if one.destination == destination]
        others = [one for one in there if one.customer != customer]
        reports: dict[str, datetime] = {}
        for one in there:
            if one.reported_at and one.withdrawal_id != withdrawal_id:
                reports[one.withdrawal_id] = min(reports.get(one.withdrawal_id, one.reported_at), one.reported_at)
        return {
            "destination_customers_24h": len({one.customer for one in others if one.at > now - DAY}),
            "destination_customers_7d": len({one.customer for one in others if one.at > now - 7 * DAY}),
            "destination_triggers_7d": sum(one.is_trigger and one.at > now - 7 * DAY for one in others),
            "destination_reports_30d": sum(at > now - 30 * DAY for at in reports.values()),
        }


def _after(begin: datetime, attempts: Iterable[Told], when: Callable[[Told], datetime | None]) -> list[Told]:
    return [one for one in attempts if (at := when(one)) is not None and at > begin]


def _completed(one: Told) -> datetime | None:
    return one.completed_at
