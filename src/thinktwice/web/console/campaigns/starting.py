"""The list of campaigns, one of them, and beginning a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from thinktwice.campaigns.authorship import is_author
from thinktwice.campaigns.content import check_id
from thinktwice.campaigns.drafts import DraftConflictError
from thinktwice.campaigns.lifecycle import UNDER_WAY, WAITING
from thinktwice.campaigns.merging import Files
from thinktwice.errors import InputError, NotFoundError
from thinktwice.people.permissions import ROLES, STAFF_ROLES
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.commenting import thread_of, write
from thinktwice.web.console.campaigns.desk import CampaignRoom, Happening
from thinktwice.web.console.campaigns.words import STATE_NAMES, STEP_NAMES
from thinktwice.web.console.results.words import STANDING_NAMES
from thinktwice.web.console.role_words import ROLE_NAMES
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

EMPTY: Final = "empty"
COMMENT: Final = FormLimits(form_bytes=64 * 1024)
MEASURED: Final = frozenset({"live", "folder", "paused", "ended"})
"""States in which there may be a result."""

_SKELETON: Final = "shipped/new-destination"
_ID_LINE: Final = re.compile(r"^id:[^\n#]*", re.MULTILINE)


@AREA.page("GET", "/campaigns", permission="read_campaigns")
def campaigns(visit: Visit) -> Response:
    """List every campaign."""
    room = visit.desk(CampaignRoom)
    lines = room.lines()
    stood = {line.campaign: room.standings.of(line.campaign) for line in lines if line.state in MEASURED}
    return visit.show(
        "list.html",
        title=_("Campaigns"),
        lines=lines,
        states=STATE_NAMES,
        stood=stood,
        standings=STANDING_NAMES,
        is_working=None in stood.values(),
    )


@AREA.page("GET", "/campaigns/new", permission="save_draft")
def new(visit: Visit) -> Response:
    """Ask what a draft begins from."""
    return visit.show("new.html", title=_("New draft"), templates=_templates(visit), given={"from": EMPTY})


@AREA.page("POST", "/campaigns/new", permission="save_draft")
def begin(visit: Visit) -> Response:
    """Begin a draft from a pack, or from nothing."""
    given = {"id": visit.form.text("id", 65), "from": visit.form.text("from", 100)}
    room = visit.desk(CampaignRoom)
    try:
        check_id(given["id"])
        files = _first_files(room, given["id"], given["from"])
        room.desk.save_draft(visit.actor, given["id"], files, based_on=0)
    except DraftConflictError:
        error = InputError.of(_("There is a draft of this name already. Open it from the list."), field="id")
        return visit.show_again(error, "new.html", title=_("New draft"), templates=_templates(visit), given=given)
    except InputError as error:
        return visit.show_again(error, "new.html", title=_("New draft"), templates=_templates(visit), given=given)
    return visit.go(f"/campaigns/{given['id']}/draft", said="draft-saved")


@AREA.page("GET", "/campaigns/{campaign}", permission="read_campaigns")
def one(visit: Visit) -> Response:
    """Show one campaign: what is under way, what waits, its draft, its comments, its history."""
    return _one(visit)


@AREA.page("POST", "/campaigns/{campaign}/comments", permission="comment_on_draft", limits=COMMENT)
def comment(visit: Visit) -> Response:
    """Write a comment, for staff or to a partner."""
    campaign = visit.path("campaign")
    try:
        write(visit, campaign)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _one(visit, status=422)
    return visit.go(f"/campaigns/{campaign}", said="comment-written")


def _one(visit: Visit, *, status: int = 200) -> Response:
    room, campaign = visit.desk(CampaignRoom), visit.path("campaign")
    line, history = room.line(campaign), room.history(campaign)
    return visit.show(
        "one.html",
        title=line.title,
        status=status,
        line=line,
        states=STATE_NAMES,
        steps=STEP_NAMES,
        history=history,
        names=names_of(room, history),
        draft=room.draft(campaign) if line.draft else None,
        is_measured=line.state in MEASURED,
        is_under_way=line.state in UNDER_WAY or line.state == "folder",
        is_author=line.release is not None and is_author(visit.actor, line.release),
        was=room.was(line.release) if line.release else None,
        resumers=[ROLE_NAMES[role] for role in STAFF_ROLES if "pause_campaign" in ROLES[role]],
        is_submitted=any(
            one is not None and one.revision == line.draft and one.state in WAITING | UNDER_WAY
            for one in (line.waiting, line.release)
        ),
        sources=room.sources(campaign),
        typed=visit.form.raw("text"),
        chosen=visit.form.text("reader", 65),
        **thread_of(visit, campaign),
    )


def names_of(room: CampaignRoom, history: tuple[Happening, ...]) -> Mapping[str, str]:
    """Return whom the ids of a history belong to; each is looked up once."""
    return {id_: room.name_of(id_) or id_ for id_ in {one.actor.id for one in history}}


def _templates(visit: Visit) -> list[tuple[str, str]]:
    """Return what a draft can begin from, as options."""
    say, room = visit.words.say, visit.desk(CampaignRoom)
    kinds = {"folder": _("in the folder"), "shipped": _("comes with ThinkTwice")}
    named = [(key, f"{title} ({say(kinds[key.partition('/')[0]])})") for key, title in room.templates().items()]
    return [(EMPTY, say(_("An empty one, with every heading"))), *named]


def _first_files(room: CampaignRoom, campaign: str, origin: str) -> Files:
    """Return the files of a new draft.

    Raises:
        InputError: the pack to begin from is none.
    """
    try:
        files = dict(room.template(_SKELETON if origin == EMPTY else origin))
    except NotFoundError:
        try:
            files = dict(room.template(_SKELETON.replace("shipped", "folder") if origin == EMPTY else origin))
        except NotFoundError:
            raise InputError.of(_("Choose what the draft begins from."), field="from") from None
    if origin == EMPTY:
        files = _emptied(files)
    elif campaign == origin.partition("/")[2]:
        return files
    else:
        files["release.yaml"] = re.sub(r"(?m)^experiment:[^\n#]*", f"experiment: {campaign}", files["release.yaml"])
    return {**files, "campaign.yaml": _ID_LINE.sub(f"id: {campaign}", files["campaign.yaml"], count=1)}


def _emptied(files: Files) -> dict[str, str]:
    """Return a pack with every field and heading, and nothing said yet."""
    headings = [line for line in files["messages/en.md"].splitlines() if line.startswith("## ")]
    front = "---\nlocale: en\nreviewed: none\n---\n"
    return {
        "campaign.yaml": (
            "id: new\ntitle:\npriority: 50\njurisdictions: []\ncurrency: USD\naudience:\nintervention: confirm\n"
            "no_screen: notice\ntypologies: []\narms:\n  a: {journey: story_first}\n"
        ),
        "release.yaml": "experiment:\nstarts_at:\nholdout: 0\nweights: {a: 1}\n",
        "messages/en.md": front + "".join(f"\n{heading}\n" for heading in headings),
    }
