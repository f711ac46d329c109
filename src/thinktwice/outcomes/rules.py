"""What was declared before the experiment began: windows, thresholds, and which labels count.

Invariant: nothing here is chosen after outcomes were seen; the report shows it beside what was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

SCAM_LABELS = frozenset({"scam", "poisoning", "fraud"})
ALERT_SOURCE = "alert"
"""The source of every report made through an alert; such a label depends on the alert by construction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRules:
    """How outcomes are read from the history.

    ``currency`` is the reporting currency: money in another one is never added to it. ``days`` is the window of the
    primary outcome and ``late_days`` of the later look; ``label_days`` how long after that window labels are waited
    for before a customer's loss counts; ``before_days`` how far back the covariates reach. ``displaced_from`` is the
    share of the amount that, sent elsewhere instead, is displacement (DESIGN section 4). ``reduced_below`` is the share
    of the amount under which something sent counts as reduced: prices move, so a little less is the same. A label is
    independent of the alert only when its source is in ``independent_sources``; ``alert_sources`` are reports that the
    alert caused. ``complaint_labels`` and ``contact_labels`` are what an operator calls a customer's complaint about
    being interrupted and their need to ask somebody; ``slow_minutes`` after which something sent counts as slow.
    ``winsorised_at`` is where one customer's amounts are cut, in the reporting currency.
    """

    currency: str = "USD"
    days: int = 7
    late_days: int = 30
    label_days: int = 30
    before_days: int = 30
    displaced_from: Decimal = Decimal("0.8")
    reduced_below: Decimal = Decimal("0.95")
    independent_sources: frozenset[str] = frozenset({"police", "listing", "complaint"})
    alert_sources: frozenset[str] = frozenset({ALERT_SOURCE})
    scam_labels: frozenset[str] = SCAM_LABELS
    genuine_labels: frozenset[str] = frozenset({"genuine"})
    complaint_labels: frozenset[str] = frozenset({"complaint"})
    contact_labels: frozenset[str] = frozenset({"contact"})
    slow_minutes: int = 60
    winsorised_at: Decimal = Decimal(1_000_000)

    def __post_init__(self) -> None:
        """Refuse rules that no history can satisfy."""
        if not 0 < self.days <= self.late_days:
            raise ValueError("the primary window is at least a day and ends no later than the late one")
        if self.label_days < 0 or self.before_days < 0 or self.winsorised_at <= 0:
            raise ValueError("waiting, looking back and the limit are not negative")
        if not (0 < self.displaced_from <= 1 and 0 < self.reduced_below <= 1):
            raise ValueError("thresholds are shares of the amount")
        if self.slow_minutes < 1:
            raise ValueError("nothing is slow before a minute")
        if self.independent_sources & self.alert_sources:
            raise ValueError("a source is either independent of the alert or made by it")

    def parameters(self, until: datetime) -> Mapping[str, Any]:
        """Return the values of the named parameters of ``outcomes.sql``; ``until`` is aware."""
        return {
            "until": until.astimezone(UTC).replace(tzinfo=None),
            "currency": self.currency,
            "days": self.days,
            "late_days": self.late_days,
            "label_days": self.label_days,
            "before_days": self.before_days,
            "displaced_from": self.displaced_from,
            "reduced_below": self.reduced_below,
            "independent": sorted(self.independent_sources),
            "alert_made": sorted(self.alert_sources),
            "scam": sorted(self.scam_labels),
            "genuine": sorted(self.genuine_labels),
            "complaint": sorted(self.complaint_labels),
            "contact": sorted(self.contact_labels),
            "slow_seconds": 60 * self.slow_minutes,
            "winsorised_at": self.winsorised_at,
        }
