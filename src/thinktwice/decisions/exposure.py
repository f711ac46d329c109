"""How an alert was met, as few bounded words on its events: how long, on what kind of screen, under which badge.

Invariants: only words listed here are kept under these names, so nothing that tells one customer from another gets
in; how long a choice took is measured by the server's own clock, from the first delivery on, also without script; the
version and the arm belong to the decision and are never claimed by a browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import DWELL_BANDS, NO_BADGE, VIEWPORTS

_UPPER: Final = (timedelta(seconds=2), timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=60))
"""Where each band of ``DWELL_BANDS`` ends, the last of which has no end."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"dwell": DWELL_BANDS, "viewport": VIEWPORTS}
EXPOSURES: Final = frozenset({"delivered", "seen"})
"""Events that say what a customer had before them."""

_CHOICES: Final = frozenset({"cancelled", "changed", "continued", "reported"})


def dwell_band(passed: timedelta) -> str:
    """Return the band of ``DWELL_BANDS`` that a time belongs to; its lower bound counts in."""
    return next((band for band, most in zip(DWELL_BANDS, _UPPER, strict=False) if passed < most), DWELL_BANDS[-1])


def with_exposure(
    event: AlertEvent, delivered_at: datetime | None, now: datetime, badge: Sequence[str] = ()
) -> AlertEvent:
    """Return the event as it is recorded: claims bounded, what the server knows better written over them.

    ``badge`` are the partners whose badge stood at that moment (rule 8).
    """
    detail = {
        name: said
        for name, said in event.detail.items()
        if name != "badge" and (name not in _WORDS or said in _WORDS[name])
    }
    if event.type in EXPOSURES:
        detail["badge"] = " ".join(badge) or NO_BADGE
    if event.type in _CHOICES and delivered_at is not None:
        detail["dwell"] = dwell_band(now - delivered_at)
    return event if detail == event.detail else replace(event, detail=detail)
