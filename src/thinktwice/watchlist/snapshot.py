"""A frozen view of the whole watchlist, as the decision asks it.

Invariants: a snapshot never changes, so one batch sees one watchlist; its id names its contents (hash of the base, last
change of the overlay); a miss reads two maps, allocates nothing and touches no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from thinktwice.watchlist.listing import Listing, resolve
from thinktwice.watchlist.mapped_base import Base, Found

EMPTY_ID: Final = "empty"


class Snapshot:
    """Everything listed and allowed at one moment."""

    __slots__ = ("_base", "_overlay", "_place_of", "id")

    def __init__(self, base: Base | None, overlay: Mapping[str, Found | None], seq: int) -> None:
        """Join a base and the keys that changed after it; None in the overlay means that nothing is left of a key."""
        self._base = base
        self._overlay = overlay
        self._place_of = base.place_of if base else _nowhere
        self.id = f"{base.manifest.hash[:16]}+{seq}" if base else f"{EMPTY_ID}+{seq}" if seq else EMPTY_ID

    def find(self, match_keys: Sequence[str], memo: str | None, now: datetime) -> Listing | None:
        """Return what the watchlist says about a destination at a moment, or None when it says nothing.

        Args:
            match_keys: What ``addresses.match_keys_for_lookup`` returns.
            memo: The destination's memo; claims that name none match any.
            now: Decides which claims have expired.
        """
        hits: list[Found] | None = None
        for key in match_keys:
            found = self._find_one(key)
            if found is not None:
                hits = [found] if hits is None else [*hits, found]
        if hits is None:
            return None
        if len(hits) == 1 and hits[0].listing is not None:
            return hits[0].listing
        return resolve([found.claims for found in hits], memo, now)

    def _find_one(self, key: str) -> Found | None:
        if key in self._overlay:
            return self._overlay[key]
        place = self._place_of(key)
        return None if place is None or self._base is None else self._base.at(place)


def _nowhere(_key: str) -> None:
    """Stand for the key map of a watchlist that has no base."""


EMPTY: Final = Snapshot(None, {}, 0)
"""A watchlist that lists nothing."""
