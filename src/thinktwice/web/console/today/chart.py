"""Bars of one kind of count by hour, drawn on the server.

Invariants: pure; no style and no script; the page has the same numbers as a table before it, so the drawing is an
image with its words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 48
WIDTH: Final = 10
"""Of one hour, its gap included."""

GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour's bar, from the top left."""

    x: int
    y: int
    height: int


def bars(counts: Sequence[int]) -> tuple[Bar, ...]:
    """Return a bar for each count; the most fills the height, nothing is nothing, and one is never invisible."""
    most = max(counts, default=0)
    if not most:
        return ()
    heights = [max(2, count * HEIGHT // most) if count else 0 for count in counts]
    return tuple(Bar(place * WIDTH, HEIGHT - height, height) for place, height in enumerate(heights) if height)
