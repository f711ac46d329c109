"""Blast-radius limits that have tripped, as staff see and lift them.

Invariants: a limit is entered once each time it trips, and stands until staff lift it; the deciding process alone trips
one, and goes on warning known-bad destinations, repeats and customers with a prior report whatever stands here.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import NotFoundError

STANDING: Final = """
SELECT id, campaign, release_hash, tripped_at, triggers, allowed, within_minutes, drops_to FROM campaign_limit
WHERE lifted_at IS NULL ORDER BY id
"""
"""Limits that stand."""

TRIP: Final = """
INSERT INTO campaign_limit (campaign, release_hash, tripped_at, triggers, allowed, within_minutes, drops_to)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
"""Enter that a limit tripped."""

IS_STANDING: Final = "SELECT 1 FROM campaign_limit WHERE campaign = ? AND lifted_at IS NULL"
"""Whether one stands already."""

LIFT: Final = """
UPDATE campaign_limit SET lifted_at = ?, lifted_by = ?, lifted_because = ? WHERE campaign = ? AND lifted_at IS NULL
"""
"""Lift what stands for one campaign."""

LAST_LIFTED: Final = """
SELECT campaign, max(lifted_at) FROM campaign_limit WHERE lifted_at IS NOT NULL GROUP BY campaign
"""
"""Since when each campaign counts afresh."""

LAST: Final = "SELECT coalesce(max(id), 0), coalesce(max(lifted_at), '') FROM campaign_limit"
"""Changes whenever a limit trips or is lifted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLimit:
    """One campaign that interrupts more than was promised: so many triggers, allowed so many within so many minutes."""

    campaign: str
    release_hash: str
    tripped_at: datetime
    triggers: int
    allowed: int
    within_minutes: int
    drops_to: str


def standing_limits(connection: sqlite3.Connection) -> tuple[StandingLimit, ...]:
    """Return the limits that stand, oldest first."""
    return tuple(_limit(row) for row in connection.execute(STANDING))


def last_lifted(connection: sqlite3.Connection) -> dict[str, datetime]:
    """Return when staff last lifted a limit of each campaign: it counts afresh from there."""
    return {campaign: datetime.fromisoformat(at) for campaign, at in connection.execute(LAST_LIFTED)}


def trip(ledger: Ledger, limit: StandingLimit) -> bool:
    """Enter that a limit tripped, unless one stands already for its campaign; return whether it was entered."""
    row = (
        limit.campaign,
        limit.release_hash,
        limit.tripped_at.isoformat(),
        limit.triggers,
        limit.allowed,
        limit.within_minutes,
        limit.drops_to,
    )
    with ledger.reading() as connection:
        if connection.execute(IS_STANDING, (limit.campaign,)).fetchone():
            return False
    with ledger.act(Actor("system", "decisions"), "campaign.limit.trip", "campaign", limit.campaign) as act:
        act.connection.execute(TRIP, row)
        act.note(triggers=limit.triggers, allowed=limit.allowed, drops_to=limit.drops_to)
    return True


def lift(ledger: Ledger, actor: Actor, campaign: str, reason: str) -> None:
    """Lift the limits of a campaign, which then counts afresh.

    Raises:
        NotFoundError: none stands.
    """
    with ledger.act(actor, "campaign.limit.lift", "campaign", campaign) as act:
        if not act.connection.execute(LIFT, (act.at.isoformat(), actor.id, reason, campaign)).rowcount:
            raise NotFoundError(f"no limit stands for {campaign}")
        act.note(campaign=campaign)


def _limit(row: tuple[Any, ...]) -> StandingLimit:
    _, campaign, release_hash, tripped_at, triggers, allowed, within_minutes, drops_to = row
    return StandingLimit(
        campaign=campaign,
        release_hash=release_hash,
        tripped_at=datetime.fromisoformat(tripped_at),
        triggers=triggers,
        allowed=allowed,
        within_minutes=within_minutes,
        drops_to=drops_to,
    )
