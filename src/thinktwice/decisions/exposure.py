"""How an alert was met, as few bounded words on its events: how long, in how much room, under which badge, as what.

Invariants: only words listed here are kept under these names, so nothing that tells one customer from another gets
in; how long a choice took is measured by the server's own clock, from the first delivery on, also without script; the
version and the arm belong to the decision, badge and screen to the server, and no browser claims them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from thinktwice.decisions.screens_met import SCREEN_DETAILS
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import DWELL_BANDS, NO_BADGE, VIEWPORTS

_UPPER: Final = (timedelta(seconds=2), timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=60))
"""Where each band of ``DWELL_BANDS`` ends, the last of which has no end."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"dwell": DWELL_BANDS, "viewport": VIEWPORTS}
_OURS: Final = SCREEN_DETAILS | {"badge"}
EXPOSURES: Final = frozenset({"delivered", "seen"})
"""Events that say what a customer had before them."""

MEETINGS: Final = EXPOSURES | {"reviewed"}
"""Events of which it is recorded at which screen the alert stood; *reviewed* may be the first of all."""

_CHOICES: Final = frozenset({"cancelled", "changed", "continued", "reported"})


def dwell_band(passed: timedelta) -> str:
    """Return the band of ``DWELL_BANDS`` that a time belongs to; its lower bound counts in."""
    return next((band for band, most in zip(DWELL_BANDS, _UPPER, strict=False) if passed < most), DWELL_BANDS[-1])


def with_exposure(
    event: AlertEvent,
    delivered_at: datetime | None,
    now: datetime,
    badge: Sequence[str] = (),
    screen: Mapping[str, str] | None = None,
) -> AlertEvent:
    """Return the event as it is recorded: claims bounded, what the server knows better written over them.

    ``badge`` are the partners whose badge stood at that moment (rule 8), ``screen`` the screen that did.
    """
    detail = {
        name: said
        for name, said in event.detail.items()
        if name not in _OURS and (name not in _WORDS or said in _WORDS[name])
    }
    if event.type in EXPOSURES:
        detail["badge"] = " ".join(badge) or NO_BADGE
    if event.type in MEETINGS:
        detail |= screen or {}
    if event.type in _CHOICES and delivered_at is not None:
        detail["dwell"] = dwell_band(now - delivered_at)
    return event if detail == event.detail else replace(event, detail=detail)
