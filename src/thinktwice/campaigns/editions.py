"""What a partner may read of results: the partner's edition, as somebody published it into ``control.db``.

Invariants: the portal never computes a result, because it cannot see what a result is computed from; what it shows is
the newest edition that a person published, byte for byte; an edition is for the partners that the campaign named when
it was published; nothing published is changed or deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import StateError

ADD: Final = (
    "INSERT INTO partner_edition (campaign, partners, content, published_at, published_by) VALUES (?, ?, ?, ?, ?)"
)
"""Keep an edition."""

EDITIONS: Final = (
    "SELECT id, campaign, partners, content, published_at, published_by FROM partner_edition WHERE campaign = ? "
    "ORDER BY id DESC"
)
"""What was published of one campaign, newest first."""

PUBLISHED: Final = "SELECT campaign, partners FROM partner_edition ORDER BY campaign, id"
"""Of which campaigns anything was published, and for whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """One published edition; ``content`` is its JSON."""

    id: int
    campaign: str
    partners: tuple[str, ...]
    content: str
    published_at: datetime
    published_by: str


def publish(ledger: Ledger, actor: Actor, campaign: str, partners: Sequence[str], content: str) -> None:
    """Give the partners of a campaign an edition of its results.

    Raises:
        StateError: the campaign names no partner, so nobody could read it.
    """
    if not partners:
        raise StateError("this campaign has no partner who could read it")
    with ledger.act(actor, "results.publish", "campaign", campaign) as act:
        row = (campaign, " ".join(partners), content, act.at.isoformat(), actor.id)
        number = act.connection.execute(ADD, row).lastrowid
        act.after({"content": content})
        act.note(edition=number, partners=" ".join(partners))


def published_editions(ledger: Ledger, campaign: str) -> tuple[PublishedEdition, ...]:
    """Return what was published of a campaign, newest first."""
    with ledger.reading() as connection:
        rows = connection.execute(EDITIONS, (campaign,)).fetchall()
    return tuple(
        PublishedEdition(
            id=number,
            campaign=name,
            partners=tuple(partners.split()),
            content=content,
            published_at=datetime.fromisoformat(at),
            published_by=by,
        )
        for number, name, partners, content, at, by in rows
    )


def published_for(ledger: Ledger, partner: str) -> frozenset[str]:
    """Return the campaigns of which a partner has an edition to read."""
    with ledger.reading() as connection:
        rows = connection.execute(PUBLISHED).fetchall()
    return frozenset(campaign for campaign, partners in rows if partner in partners.split())
