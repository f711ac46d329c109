"""What all claims about one destination come to.

Invariants: the allow list wins; then block > warn > silent > ignore over unexpired claims; a claim or an allowance
that names a memo counts only for that memo; the outcome is a pure function of claims, memo and time. Source: DESIGN
section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from thinktwice.records.vocabulary import Disposition, IndicatorKind
from thinktwice.watchlist.kinds import DISPOSITIONS, UNSTATED_CONFIDENCE


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """One statement of one source about a destination; ``memo`` None means whatever the memo."""

    disposition: Disposition
    kind: IndicatorKind
    source: str
    confidence: int | None = None
    listed_at: date | None = None
    expires_at: datetime | None = None
    memo: str | None = None
    is_agency_reported: bool = False


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """All current statements about one match key; equal ones are stored once, however many keys they stand for.

    ``allowed_memos`` holds a memo, or None for any, per allowance.
    """

    claims: tuple[Claim, ...]
    allowed_memos: tuple[str | None, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the outcome depends on neither memo nor time."""
        return all(claim.memo is None and claim.expires_at is None for claim in self.claims) and all(
            memo is None for memo in self.allowed_memos
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """The outcome: what follows, and the facts that signals read.

    ``confidence`` is the highest of the claims that decide the disposition (None when the allow list does);
    ``listed_at`` the earliest date of a source; ``expires_at`` when the first of the counted claims ends.
    """

    disposition: Disposition
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: int | None
    listed_at: date | None
    expires_at: datetime | None
    is_agency_reported: bool
    is_allowed: bool = False


def resolve(found: Sequence[Claims], memo: str | None, now: datetime) -> Listing | None:
    """Return what the claims of one or several match keys come to, or None when none counts."""
    counted = [
        claim
        for claims in found
        for claim in claims.claims
        if (claim.memo is None or claim.memo == memo) and (claim.expires_at is None or claim.expires_at > now)
    ]
    is_allowed = any(allowed is None or allowed == memo for claims in found for allowed in claims.allowed_memos)
    if not counted and not is_allowed:
        return None
    disposition: Disposition = "ignore"
    confidence: int | None = None
    if not is_allowed:
        disposition = min((claim.disposition for claim in counted), key=DISPOSITIONS.index)
        confidence = max(
            UNSTATED_CONFIDENCE if claim.confidence is None else claim.confidence
            for claim in counted
            if claim.disposition == disposition
        )
    return Listing(
        disposition=disposition,
        kinds=tuple(sorted({claim.kind for claim in counted})),
        sources=tuple(sorted({claim.source for claim in counted})),
        confidence=confidence,
        listed_at=min((claim.listed_at for claim in counted if claim.listed_at), default=None),
        expires_at=min((claim.expires_at for claim in counted if claim.expires_at), default=None),
        is_agency_reported=any(claim.is_agency_reported for claim in counted),
        is_allowed=is_allowed,
    )
