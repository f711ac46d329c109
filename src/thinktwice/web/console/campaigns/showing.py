"""What a version says and shows: its files, what differs, and the real alert in every language at every rung.

Invariants: a preview is the page that customers get, rendered by the same code, in a frame that runs nothing, sends
nothing and may be shown by this console alone.
"""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from thinktwice.campaigns.merging import diff_files
from thinktwice.errors import NotFoundError
from thinktwice.records.vocabulary import RUNGS
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.drafting import MOST_SHOWN, lines_of
from thinktwice.web.edge.signed_in.previewing import FRAMED, FRAMING, looked_at, offered
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


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
        facts |= offered(visit, reading.pack, RUNGS, base=f"/campaigns/{campaign}/preview", kept={"of": source})
    response = visit.show("preview.html", title=_("Preview"), **facts)  # type: ignore[arg-type]  # none is the status
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@AREA.page("GET", "/campaigns/{campaign}/preview/page", permission="read_campaigns")
def preview_page(visit: Visit) -> Response:
    """Give the page itself, as a customer would get it."""
    room, campaign = visit.desk(CampaignRoom), visit.path("campaign")
    pack = room.check(campaign, room.files(campaign, visit.asked("of", 30) or "draft")).pack
    if pack is None:
        raise NotFoundError("there is no such page")
    page = looked_at(visit, pack)
    text = room.preview(pack, locale=page.locale, rung=page.rung, screen=page.screen, arm=page.arm)
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
