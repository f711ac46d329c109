"""What is handed to and from the caller.

Invariants: all frozen; a token, the URL that holds one, and a customer's data never show in a ``repr``, so that they
do not reach a log by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Action = Literal["proceed", "alert", "hold", "refer", "block"]
Source = Literal["service", "fallback"]
ClearanceStatus = Literal["open", "cleared", "held", "referred", "blocked", "cancelled", "expired", "away"]
AwayReason = Literal["slow", "unreachable", "garbage", "unavailable", "not_allowed", "resting", "clock"]
"""Why there was no answer of the service: no answer in time; no connection; an answer that is none; 5xx or 429; a
credential or address that is not accepted; the circuit breaker is open; the clocks of both sides are too far apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Where the service shows the alert, and the token that opens it."""

    id: str
    locale: str
    expires_at: str
    url: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Until when the withdrawal waits (None: until a person has spoken with the customer), why, how to appeal."""

    until: datetime | None
    reason_class: str | None
    appeal_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericAlert:
    """The packaged text that a customer sees while the service is away; plain text, no links.

    ``locale`` is its language, for a ``lang`` attribute; ``ar`` is written from right to left.
    """

    locale: str
    headline: str
    this_withdrawal: str
    self_check: str
    help: str
    safe_action: str
    go_on: str
    second_step: str
    second_step_go_on: str
    second_step_back: str
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with one withdrawal.

    ``decision_id`` is None when the service was away and ``source`` is ``fallback``; then ``away`` says why,
    ``generic_alert`` is what to show for an ``alert``, ``is_known_hold`` tells that an earlier answer of the service
    held this customer's money to this destination, and ``is_recorded`` is False when not even the local store worked
    (the action is then ``hold``). ``tier`` is the caller's own word for the risk of this withdrawal.
    """

    withdrawal_id: str
    attempt: int
    action: Action
    source: Source
    tier: str
    decision_id: str | None = None
    intervention: str | None = None
    alert: Alert | None = None
    hold: Hold | None = None
    generic_alert: GenericAlert | None = None
    away: AwayReason | None = None
    is_known_hold: bool = False
    is_recorded: bool = True
    withdrawal: Mapping[str, Any] = field(repr=False)

    def stored(self) -> dict[str, Any]:
        """Return what ``restored`` needs, as plain JSON; without token, so that it may lie in a database."""
        names = ("withdrawal_id", "attempt", "action", "source", "tier", "decision_id", "intervention")
        return {**{name: getattr(self, name) for name in names}, "withdrawal": dict(self.withdrawal)}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Decision:
        """Return a decision to ask clearance for, from what ``stored`` gave, perhaps in another process."""
        return cls(**stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Whether one withdrawal may execute now.

    ``decision`` is the decision that was cleared: another one than was asked for when the service had been away and
    has screened the withdrawal only now. Its alert is then the one to show.
    """

    is_cleared: bool
    status: ClearanceStatus
    source: Source
    decision: Decision
    until: datetime | None = None
    away: AwayReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of queued events: taken by the service, still waiting, or refused and set aside for a person."""

    delivered: int = 0
    waiting: int = 0
    set_aside: int = 0
