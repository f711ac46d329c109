"""What a version says and shows: its files, what differs, and the real alert in every language at every rung.

Invariants: a preview is the page that customers get, rendered by the same code, in a frame that runs nothing, sends
nothing and may be shown by this console alone.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from thinktwice.alerts.locale import own_name
from thinktwice.campaigns.merging import diff_files
from thinktwice.campaigns.pack import Pack
from thinktwice.errors import NotFoundError
from thinktwice.records.vocabulary import RUNGS
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.drafting import MOST_SHOWN, lines_of
from thinktwice.web.console.campaigns.words import RUNG_NAMES, SCREEN_NAMES
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
"""The console's own, and frames of its own."""

SCREENS: Final = {
    "inform": ("first", "signs", "notice"),
    "confirm": ("first", "signs", "second"),
    "ask": ("first", "signs", "questions"),
    "hold": ("waiting",),
    "refer": ("waiting",),
}
"""Which screens each rung has, its first one first; the notice that goes out where no screen is looked at stands with
the mildest."""


@AREA.page("GET", "/campaigns/{campaign}/files", permission="read_campaigns")
def files(visit: Visit) -> Response:
    """Show every file of a version, to read."""
    room, campaign, source = visit.desk(CampaignRoom), visit.path("campaign"), visit.asked("of", 30) or "draft"
    found = room.files(campaign, source)
    return visit.show(
        "files.html",
        title=_("Files"),
        campaign=campaign,
        source=source_name(visit, source),
        files=dict(sorted(found.items())),
        sources=room.sources(campaign),
    )


@AREA.page("GET", "/campaigns/{campaign}/differences", permission="read_campaigns")
def compare(visit: Visit) -> Response:
    """Show what differs between two versions: in meaning, and line by line."""
    room, campaign = visit.desk(CampaignRoom), visit.path("campaign")
    sources = room.sources(campaign)
    if not sources:
        raise NotFoundError("there is no such campaign")
    after = visit.asked("to", 30) or sources[0]
    before = visit.asked("from", 30) or (sources[1] if len(sources) > 1 else sources[0])
    old, new = room.files(campaign, before), room.files(campaign, after)
    changes = room.changes(campaign, old, new)
    return visit.show(
        "differences.html",
        title=_("What differs"),
        campaign=campaign,
        sources=[(one, source_name(visit, one)) for one in sources],
        before=before,
        after=after,
        changes=None if changes is None else changes[:MOST_SHOWN],
        lines=lines_of(diff_files(old, new, names=(before, after))),
    )


@AREA.page("GET", "/campaigns/{campaign}/preview", permission="read_campaigns")
def preview(visit: Visit) -> Response:
    """Offer the alert in every language at every rung, and show one of them."""
    room, campaign, source = visit.desk(CampaignRoom), visit.path("campaign"), visit.asked("of", 30) or "draft"
    reading = room.check(campaign, room.files(campaign, source))
    facts: dict[str, object] = {"campaign": campaign, "source": source_name(visit, source), "reading": reading}
    if reading.pack is not None:
        facts |= _choice(visit, reading.pack, source)
    response = visit.show("preview.html", title=_("Preview"), **facts)  # type: ignore[arg-type]  # none is the status
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@AREA.page("GET", "/campaigns/{campaign}/preview/page", permission="read_campaigns")
def preview_page(visit: Visit) -> Response:
    """Give the page itself, as a customer would get it."""
    room, campaign = visit.desk(CampaignRoom), visit.path("campaign")
    pack = room.check(campaign, room.files(campaign, visit.asked("of", 30) or "draft")).pack
    locale, rung, screen = visit.asked("locale", 20), visit.asked("rung", 10), visit.asked("screen", 10)
    if pack is None or locale not in pack.messages or screen not in SCREENS.get(rung, ()):
        raise NotFoundError("there is no such page")
    text = room.preview(pack, locale=locale, rung=rung, screen=screen, arm=_arm(visit, pack))
    return HTMLResponse(text, headers={"Content-Security-Policy": FRAMED})


def source_name(visit: Visit, source: str) -> str:
    """Return what a version is called; ``source`` is one that was found."""
    kind, _dash, number = source.partition("-")
    if kind == "release":
        return visit.words.say(_("Release %(number)s"), number=number)
    if kind == "draft":
        revision = visit.words.say(_("Revision %(number)s"), number=number) if number else ""
        return revision or visit.words.say(_("Draft"))
    return visit.words.say(_("As it lies in the folder"))


def _arm(visit: Visit, pack: Pack) -> str:
    """Return the arm that is asked for, or the pack's first."""
    arm = visit.asked("arm", 32)
    return arm if arm in pack.arms else next(iter(pack.arms))


def _choice(visit: Visit, pack: Pack, source: str) -> dict[str, object]:
    """Return which page is shown, and the addresses of all."""
    locales = sorted(pack.messages)
    locale, rung, screen = visit.asked("locale", 20), visit.asked("rung", 10), visit.asked("screen", 10)
    locale = locale if locale in pack.messages else locales[0]
    rung = rung if rung in SCREENS else pack.intervention
    screen = screen if screen in SCREENS[rung] else SCREENS[rung][0]
    arm = _arm(visit, pack)
    base = f"/campaigns/{visit.path('campaign')}/preview"

    def href(path: str = "", **changed: str) -> str:
        asked = {"of": source, "locale": locale, "rung": rung, "screen": screen, "arm": arm} | changed
        return f"{base}{path}?{urlencode(asked)}"

    return {
        "pack": pack,
        "locale": locale,
        "rung": rung,
        "screen": screen,
        "rungs": [(one, RUNG_NAMES[one]) for one in RUNGS],
        "rows": [
            (one, [(each, href(locale=one, rung=each, screen=SCREENS[each][0])) for each in RUNGS]) for one in locales
        ],
        "screens": [(one, SCREEN_NAMES[one], href(screen=one)) for one in SCREENS[rung]],
        "arm": arm,
        "arms": [(one, href(arm=one)) for one in pack.arms],
        "rung_names": RUNG_NAMES,
        "screen_names": SCREEN_NAMES,
        "frame": href("/page"),
        "own_names": {one: own_name(one) for one in locales},
    }
