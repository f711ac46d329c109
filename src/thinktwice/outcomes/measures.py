"""The numbers a customer contributes, each declared once: what it means, when it is ready, and for whom.

Invariants: a measure is an expression over one row of ``outcomes``, the same in every arm; it is missing (NULL) where
it cannot be told, never zero; what describes the treated has no value in the holdout, so it can never become a lift.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Ready = Literal["entered", "late", "labelled"]
"""When a row counts: its window has closed; the later look has, too; labels were waited for, too."""

READY: Final[Mapping[Ready, str]] = MappingProxyType(
    {"entered": "TRUE", "late": "is_late_closed", "labelled": "is_labelled"}
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number per customer; ``is_treated_only`` marks what describes and never compares, ``is_share`` yes or no."""

    name: str
    expression: str
    meaning: str
    ready: Ready = "entered"
    unit: str | None = None
    is_treated_only: bool = False
    is_share: bool = False


MONEY: Final = "reporting currency"
"""The unit of every amount."""

_TREATED: Final = "CASE WHEN arm <> 'holdout' THEN CAST({} AS INTEGER) END"


def _flag(name: str, expression: str, meaning: str, ready: Ready = "entered") -> Measure:
    return Measure(name, f"CAST({expression} AS INTEGER)", meaning, ready, is_share=True)


def _money(name: str, column: str, meaning: str, ready: Ready = "entered") -> Measure:
    cut = f"CASE WHEN NOT is_mixed THEN least({column}, $winsorised_at) END"
    return Measure(name, cut, f"{meaning}, cut at the declared limit", ready, MONEY)


def _treated(name: str, expression: str, meaning: str) -> Measure:
    return Measure(name, _TREATED.format(f"({expression})"), meaning, is_treated_only=True, is_share=True)


_RECONSIDERED: Final = "is_seen AND (not_sent OR coalesce(reduced, FALSE) OR coalesce(redirected, FALSE))"

_ALL: Final = (
    _flag("not_sent", "not_sent", "Nothing left to that destination within 7 days of the first trigger (primary)"),
    _flag("not_sent_late", "not_sent_late", "The same within 30 days", "late"),
    _flag("reduced", "reduced", "Something left to that destination, but less than was asked for"),
    _flag("redirected", "redirected", "Not sent there; at least 80 % left to destinations paid before"),
    _flag("displaced", "displaced", "At least 80 % left to other destinations, first paid after the trigger"),
    _flag("kept", "not_sent AND NOT displaced", "Not sent, and not displaced either"),
    _money("completed", "completed", "Amount that left within 7 days, to anywhere"),
    _money("completed_late", "completed_late", "Amount that left within 30 days, to anywhere", "late"),
    _money("sent", "sent", "Amount that left to that destination within 7 days"),
    _money("completed_before", "completed_before", "Amount that left in the 30 days before the trigger"),
    Measure("payments", "payments", "Withdrawals that left within 7 days"),
    Measure("payments_before", "payments_before", "Withdrawals that left in the 30 days before the trigger"),
    _money("loss", "loss", "Amount that left within 30 days and an independent source calls a scam", "labelled"),
    _flag("is_loss", "is_loss", "Something left within 30 days that an independent source calls a scam", "labelled"),
    _money(
        "loss_by_alert", "loss_by_alert", "The same by reports made through the alert; never a headline", "labelled"
    ),
    _money("loss_undeclared", "loss_undeclared", "The same by sources nobody declared; never a headline", "labelled"),
    _flag(
        "genuine_not_sent",
        "is_genuine AND not_sent",
        "An independent source calls it genuine, and it was not sent",
        "labelled",
    ),
    _flag(
        "false_alarm",
        "NOT (is_called_scam OR is_loss)",
        "No independent source calls it, or anything that left after it, a scam",
        "labelled",
    ),
    _flag("complained", "is_complained", "The customer complained about being interrupted within 7 days"),
    _flag("contacted", "is_contacted", "The customer had to ask somebody within 7 days"),
    _flag(
        "slow",
        "NOT not_sent AND seconds_to_leave > $slow_seconds",
        "Sent, but later than the declared time after the first trigger",
    ),
    Measure("seconds_to_leave", "seconds_to_leave", "From the first trigger to leaving, for what left", unit="seconds"),
    _flag("is_shown", "is_shown", "The first trigger showed something (exposure, beside the assignment)"),
    _flag(
        "changed_course",
        "not_sent OR coalesce(reduced, FALSE) OR coalesce(redirected, FALSE)",
        "Not sent, reduced or redirected, warned or not",
    ),
    _treated("exposed", "is_delivered OR is_seen OR is_reviewed", "An alert reached the customer's screen"),
    _treated("delivered", "is_delivered", "An alert was delivered"),
    _treated("seen", "is_seen", "An alert was visible for a second or longer"),
    _treated("reviewed", "is_reviewed", "An example, resource or check was opened, or a question answered"),
    _treated("reconsidered", _RECONSIDERED, "Seen, and not sent, reduced or redirected"),
    _treated("reviewed_or_reconsidered", f"is_reviewed OR ({_RECONSIDERED})", "What the first campaign counted"),
)

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({measure.name: measure for measure in _ALL})
"""Every measure by name."""
