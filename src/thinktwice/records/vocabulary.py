"""The closed word lists of the contract; each word has one meaning everywhere."""

from __future__ import annotations

from typing import Final, Literal, get_args

Channel = Literal["app", "web", "api", "batch"]
CustomerKind = Literal["retail", "business"]
DestinationOwner = Literal["self", "other", "unknown"]
AgeBand = Literal["18-29", "30-39", "40-49", "50-59", "60-69", "70+"]
Action = Literal["proceed", "alert", "hold", "refer", "block"]
Rung = Literal["inform", "confirm", "ask", "hold", "refer"]
NoScreen = Literal["hold", "refer", "notice"]
Disposition = Literal["block", "warn", "silent", "ignore"]
IndicatorKind = Literal[
    "scam", "poisoning", "sanctions", "stolen_funds", "issuer_freeze", "mixer", "ransomware", "service", "other"
]
HoldReason = Literal["customer_protection", "account_security"]
ClearanceStatus = Literal["open", "cleared", "held", "referred", "blocked", "cancelled", "expired"]
AlertEventType = Literal[
    "delivered", "seen", "reviewed", "answered", "cancelled", "changed", "continued", "help", "reported"
]
AnchorOrigin = Literal["paid", "saved", "received"]

RUNGS: Final[tuple[Rung, ...]] = get_args(Rung)
"""Weakest first; a rung never goes down once raised."""

DWELL_BANDS: Final = ("under-2s", "2-5s", "5-15s", "15-60s", "over-60s")
"""How long an alert was there before something was done about it."""

VIEWPORTS: Final = ("narrow", "medium", "wide")
"""How much room an alert has: below 480 CSS pixels across, below 1024, and from there on."""

NO_BADGE: Final = "none"
"""Recorded where an alert showed no partner; else the ids of those it showed, separated by spaces."""

SCREENLESS_CHANNELS: Final = frozenset({"api", "batch"})


def is_stronger(rung: Rung, other: Rung) -> bool:
    """Tell whether one rung stands above another."""
    return RUNGS.index(rung) > RUNGS.index(other)


def strongest(*rungs: Rung) -> Rung:
    """Return the strongest of the rungs given."""
    return max(rungs, key=RUNGS.index)
