"""Plain counts by campaign and arm, from one pass over the journal.

Invariants: a *trigger* is a decision whose audience was true, whatever the arm; a *pair* is one customer and one
destination, counted in the arm of its first trigger; a pair is *not sent* only when its seven days are over and nothing
was completed to that destination in them; what is too early to tell is said to be so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from thinktwice.records.decision import AlertReference

if TYPE_CHECKING:  # the agencies' portal shows published reports, and loads nothing of the journal
    from thinktwice.journal.seam import JournalReader, StoredRecord

WINDOW: Final = timedelta(days=7)
"""A withdrawal counts as sent when it is completed within this time of the pair's first trigger."""

ALWAYS_SHOWN: Final = "always shown"
"""Stands for the arm of triggers that are outside every holdout, such as known-bad destinations."""

HELD_OUT_OF_ALL: Final = "global holdout"
"""Stands for the arm of customers who see no campaign at all, by the installation's own holdout."""

SCAM_LABELS: Final = frozenset({"scam", "poisoning", "fraud"})
FUNNEL: Final = ("delivered", "seen", "reviewed", "continued", "cancelled")
_REVIEWED: Final = frozenset({"reviewed", "answered"})


@dataclass(slots=True)
class ArmCounts:
    """What happened in one arm.

    ``triggered`` counts withdrawals, ``assigned`` pairs; ``events`` counts alerts for which a browser said so;
    ``completed``, ``too_early`` and ``reported`` count pairs.
    """

    arm: str
    triggered: int = 0
    assigned: int = 0
    events: Counter[str] = field(default_factory=Counter)
    completed: int = 0
    too_early: int = 0
    reported: int = 0

    @property
    def not_sent(self) -> int:
        """Pairs whose seven days are over without a completed withdrawal to that destination."""
        return self.assigned - self.completed - self.too_early


@dataclass(slots=True)
class CampaignCounts:
    """What happened in one campaign: by arm, and its triggers and choices by day (UTC)."""

    campaign: str
    arms: dict[str, ArmCounts] = field(default_factory=dict)
    days: dict[date, Counter[str]] = field(default_factory=dict)

    def arm(self, name: str) -> ArmCounts:
        """Return the counts of an arm, which begin at nothing."""
        return self.arms.setdefault(name, ArmCounts(name))

    def day(self, moment: datetime) -> Counter[str]:
        """Return the counts of a day, which begin at nothing."""
        return self.days.setdefault(moment.astimezone(UTC).date(), Counter())

    def weeks(self) -> dict[date, Counter[str]]:
        """Return the counts by week, each named by its Monday."""
        weeks: dict[date, Counter[str]] = {}
        for day, counts in sorted(self.days.items()):
            weeks.setdefault(day - timedelta(days=day.weekday()), Counter()).update(counts)
        return weeks


@dataclass(frozen=True, slots=True)
class Report:
    """All campaigns, and what was counted to get there."""

    until: datetime
    since: datetime | None
    campaigns: tuple[CampaignCounts, ...]
    decisions: int
    proceeded: int


class _Explanation(msgspec.Struct):
    campaign: str | None = None
    arm: str | None = None
    is_trigger: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def arm_name(self) -> str:
        """The arm, or why there is none."""
        return self.arm or (HELD_OUT_OF_ALL if "global_holdout" in self.reasons else ALWAYS_SHOWN)


class _Decided(msgspec.Struct):
    """What counting needs of a stored decision."""

    action: str
    explanation: _Explanation
    alert: AlertReference | None = None


class _Labelled(msgspec.Struct):
    label: str | None = None


@dataclass(slots=True)
class _Pair:
    arm: ArmCounts
    first: datetime
    is_completed: bool = False
    is_reported: bool = False


_read_decision = msgspec.json.Decoder(_Decided).decode
_read_label = msgspec.json.Decoder(_Labelled).decode


def count(
    reader: JournalReader, *, until: datetime, since: datetime | None = None, campaign: str | None = None
) -> Report:
    """Count what the journal holds of triggers from ``since`` on, as of ``until``; of one campaign if it is named."""
    counting = _Counting(until, since, campaign)
    counting.take(reader.records(kinds=("decision", "event", "alert_event")))
    return counting.report()


class _Counting:
    """The state of one pass over the journal."""

    def __init__(self, until: datetime, since: datetime | None, campaign: str | None) -> None:
        self._until, self._since, self._only = until, since, campaign
        self._campaigns: dict[str, CampaignCounts] = {}
        self._pairs: dict[tuple[str, str], dict[str, _Pair]] = {}
        self._alerts: dict[str, tuple[CampaignCounts, ArmCounts]] = {}
        self._seen: set[tuple[str, str]] = set()
        self._decisions = self._proceeded = 0

    def take(self, records: Iterable[StoredRecord]) -> None:
        """Count every record that is not test traffic and lies in time."""
        for record in records:
            if record.is_test or record.recorded_at > self._until:
                continue
            if record.kind == "decision":
                self._take_decision(record)
            elif record.kind == "alert_event":
                self._take_alert_event(record)
            else:
                self._take_event(record)

    def report(self) -> Report:
        """Close the books."""
        for pairs in self._pairs.values():
            for pair in pairs.values():
                pair.arm.completed += pair.is_completed
                pair.arm.reported += pair.is_reported
                pair.arm.too_early += not pair.is_completed and self._until - pair.first < WINDOW
        campaigns = tuple(self._campaigns[name] for name in sorted(self._campaigns))
        return Report(self._until, self._since, campaigns, self._decisions, self._proceeded)

    def _take_decision(self, record: StoredRecord) -> None:
        if self._since and record.recorded_at < self._since:
            return
        decided = _read_decision(record.body)
        self._decisions += 1
        self._proceeded += decided.action == "proceed"
        name = decided.explanation.campaign
        if not decided.explanation.is_trigger or name is None or self._only not in {None, name}:
            return
        counts = self._campaigns.setdefault(name, CampaignCounts(name))
        arm = counts.arm(decided.explanation.arm_name)
        arm.triggered += 1
        counts.day(record.recorded_at)["triggered"] += 1
        if decided.alert:
            self._alerts[decided.alert.alert_id] = counts, arm
        if record.customer_ref and record.destination_key:
            pairs = self._pairs.setdefault((record.customer_ref, record.destination_key), {})
            if name not in pairs:
                arm.assigned += 1
                pairs[name] = _Pair(arm, record.recorded_at)

    def _take_alert_event(self, record: StoredRecord) -> None:
        kind, alert = record.event_type or "", record.alert_id or ""
        kind = "reviewed" if kind in _REVIEWED else kind
        if alert not in self._alerts or (alert, kind) in self._seen:
            return
        self._seen.add((alert, kind))
        counts, arm = self._alerts[alert]
        arm.events[kind] += 1
        counts.day(record.recorded_at)[kind] += 1
        if kind == "reported":
            self._report_pair(record)

    def _take_event(self, record: StoredRecord) -> None:
        if record.event_type == "withdrawal.completed":
            for pair in self._pairs_of(record):
                pair.is_completed |= record.recorded_at - pair.first <= WINDOW
        elif record.event_type == "scam.reported" or (
            record.event_type == "outcome.labelled" and _read_label(record.body).label in SCAM_LABELS
        ):
            self._report_pair(record)

    def _report_pair(self, record: StoredRecord) -> None:
        for pair in self._pairs_of(record):
            pair.is_reported = True

    def _pairs_of(self, record: StoredRecord) -> Iterable[_Pair]:
        return self._pairs.get((record.customer_ref or "", record.destination_key or ""), {}).values()
