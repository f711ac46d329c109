"""Signals of the lists: what is known of the destination, by whom, since when.

Invariant: these values are the truth, for staff. What audiences may see of it is decided in ``decisions.live``,
because ``silent`` entries must not change anything visible (rule 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from thinktwice.records.signal import SignalValue
from thinktwice.watchlist.listing import Listing

AGAINST: Final = frozenset({"warn", "block"})
"""Dispositions that count against a destination; ``silent`` must not change anything visible."""


def watchlist_signals(listing: Listing, today: date) -> Mapping[str, SignalValue]:
    """Return the watchlist family; ``today`` is the UTC date of the decision."""
    return {
        "watchlist_kinds": listing.kinds,
        "watchlist_sources": listing.sources,
        "watchlist_disposition": listing.disposition,
        "watchlist_confidence": listing.confidence,
        "days_since_listed": None if listing.listed_at is None else max(0, (today - listing.listed_at).days),
        "is_agency_reported": listing.is_agency_reported,
    }
