"""Which page of an alert somebody looks at who writes or approves it: language, step, arm and screen.

Invariants: what is shown is the page that customers get, in a frame that runs nothing, sends nothing and may be shown
by this surface alone; an address that names no such page is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from thinktwice.alerts.locale import own_name
from thinktwice.campaigns.pack import Pack
from thinktwice.errors import NotFoundError
from thinktwice.records.vocabulary import RUNGS
from thinktwice.web.edge.headers import policy
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

FRAMED: Final = policy(style_src="data:", img_src="data:", frame_ancestors="'self'", sandbox="").decode()
"""Of the page inside the frame: nothing runs, nothing is sent, nothing is loaded."""

FRAMING: Final = policy(
    style_src="'self'",
    script_src="'self'",
    img_src="'self' data:",
    connect_src="'self'",
    form_action="'self'",
    frame_src="'self'",
    require_trusted_types_for="'script'",
    trusted_types="'none'",
).decode()
"""The surface's own, and frames of its own."""

SCREENS: Final[Mapping[str, tuple[str, ...]]] = {
    "inform": ("first", "signs", "notice"),
    "confirm": ("first", "signs", "second"),
    "ask": ("first", "signs", "questions"),
    "hold": ("waiting",),
    "refer": ("waiting",),
}
"""Which screens each rung has, its first one first; the notice that goes out where no screen is looked at stands with
the mildest."""

RUNG_NAMES: Final[Mapping[str, str]] = {
    "inform": _("Notice"),
    "confirm": _("Confirmation"),
    "ask": _("Questions"),
    "hold": _("Hold"),
    "refer": _("A person speaks with the customer"),
    "proceed": _("Nothing"),
}
SCREEN_NAMES: Final[Mapping[str, str]] = {
    "first": _("First screen"),
    "signs": _("The signs"),
    "second": _("Second step"),
    "questions": _("Questions"),
    "waiting": _("While it waits"),
    "notice": _("Notice without a screen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One page of a pack."""

    locale: str
    rung: str
    screen: str
    arm: str


def looked_at(visit: Visit, pack: Pack) -> Looked:
    """Return the page that an address names; what it leaves out is the pack's own.

    Raises:
        NotFoundError: the pack has no such language, the rung no such screen.
    """
    locale, rung, screen = visit.asked("locale", 20), visit.asked("rung", 10), visit.asked("screen", 10)
    if locale not in pack.messages or screen not in SCREENS.get(rung, ()):
        raise NotFoundError("there is no such page")
    return Looked(locale=locale, rung=rung, screen=screen, arm=_arm(visit, pack))


def offered(
    visit: Visit, pack: Pack, rungs: Sequence[str], *, base: str, kept: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return which page is shown first or as asked for, and the addresses of all, for ``previewing.html``."""
    locales = sorted(pack.messages)
    locale, rung, screen = visit.asked("locale", 20), visit.asked("rung", 10), visit.asked("screen", 10)
    locale = next(one for one in (locale, visit.words.tag, "en", *locales) if one in pack.messages)
    rung = rung if rung in rungs else pack.intervention
    screen = screen if screen in SCREENS[rung] else SCREENS[rung][0]
    arm = _arm(visit, pack)

    def href(path: str = "", **changed: str) -> str:
        asked = {**(kept or {}), "locale": locale, "rung": rung, "screen": screen, "arm": arm} | changed
        return f"{base}{path}?{urlencode(asked)}"

    return {
        "locale": locale,
        "rung": rung,
        "screen": screen,
        "arm": arm,
        "rungs": [(one, RUNG_NAMES[one]) for one in rungs],
        "rows": [
            (one, [(each, href(locale=one, rung=each, screen=SCREENS[each][0])) for each in rungs]) for one in locales
        ],
        "screens": [(one, SCREEN_NAMES[one], href(screen=one)) for one in SCREENS[rung]],
        "arms": [(one, href(arm=one)) for one in pack.arms],
        "rung_names": RUNG_NAMES,
        "screen_names": SCREEN_NAMES,
        "frame": href("/page"),
        "own_names": {one: own_name(one) for one in locales},
    }


def rungs_of(pack: Pack) -> tuple[str, ...]:
    """Return the steps at which somebody may get a pack's words.

    They are its own, its arms', the milder one to which a limit drops it, and the one at which a destination that is
    known as bad is always warned about.
    """
    possible = {"inform", "confirm", pack.intervention, *(arm.rung for arm in pack.arms.values() if arm.rung)}
    return tuple(one for one in RUNGS if one in possible)


def _arm(visit: Visit, pack: Pack) -> str:
    """Return the arm that is asked for, or the pack's first."""
    arm = visit.asked("arm", 32)
    return arm if arm in pack.arms else next(iter(pack.arms))
