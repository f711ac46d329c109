"""The terms of a release as a form: when, for whom by chance, how often, within which bounds.

Invariants: what is saved was based on what stands; when somebody saved meanwhile nothing is written, the page shows
both changes field by field, and where both changed one field, a person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from starlette.responses import Response

from thinktwice.campaigns.drafts import Draft, DraftConflictError
from thinktwice.errors import Fault, InputError
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.drafting import address, revision_in
from thinktwice.web.console.campaigns.terms import NAMES, PATH, merge_terms, read_terms, write_terms
from thinktwice.web.edge.signed_in.previewing import RUNG_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

_MEANWHILE: Final = _(
    "%(who)s saved revision %(number)s while you were writing. Nothing is lost: both changes are put together below. "
    "Look at them, then save."
)


@AREA.page("GET", "/campaigns/{campaign}/terms", permission="save_draft")
def terms(visit: Visit) -> Response:
    """Show the terms as they stand in the draft."""
    draft = visit.desk(CampaignRoom).draft(visit.path("campaign"))
    try:
        given = read_terms(draft.files.get(PATH, ""))
    except InputError:
        return visit.go(address(draft.campaign, PATH))
    return _form(visit, draft, given)


@AREA.page("POST", "/campaigns/{campaign}/terms", permission="save_draft")
def save_terms(visit: Visit) -> Response:
    """Write the terms into the draft, unless somebody saved meanwhile: then both changes are shown, to look at."""
    room, form = visit.desk(CampaignRoom), visit.form
    draft = room.draft(visit.path("campaign"), revision_in(form.text("based_on", 9)))
    begun = read_terms(draft.files.get(PATH, ""))
    typed = {name: form.text(name, 101) for name in {**dict.fromkeys(NAMES), **begun}}
    given, undecided = _decided(visit, begun, typed)
    try:
        if undecided or room.draft(draft.campaign).revision != draft.revision:
            return _told(visit, draft, given, undecided)
        text = _checked(room, draft, write_terms(draft.files.get(PATH, ""), given))
        room.desk.save_draft(visit.actor, draft.campaign, {**draft.files, PATH: text}, based_on=draft.revision)
    except DraftConflictError:
        return _told(visit, draft, given, ())
    except InputError as error:
        visit.faults.extend(error.faults)
        return _form(visit, draft, given)
    return visit.go(f"/campaigns/{draft.campaign}", said="draft-saved")


def _decided(
    visit: Visit, begun: Mapping[str, str], typed: Mapping[str, str]
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Return the fields as they were chosen where two people had changed one, and those that wait for a choice."""
    found, undecided = dict(typed), []
    for name in visit.form.all("undecided"):
        if name in typed and typed[name] != begun.get(name, ""):
            kept = visit.form.text(f"keep-{name}", 10)
            if kept == "theirs":
                found[name] = begun.get(name, "")
            elif kept != "mine":
                undecided.append(name)
    return found, undecided


def _told(visit: Visit, draft: Draft, given: Mapping[str, str], undecided: Sequence[str]) -> Response:
    """Show both changes in one form, based on what stands; what both changed has to be chosen there."""
    room = visit.desk(CampaignRoom)
    newest = room.draft(draft.campaign)
    theirs = read_terms(newest.files.get(PATH, ""))
    merged = merge_terms(read_terms(draft.files.get(PATH, "")), given, theirs)
    if newest.revision != draft.revision:
        who = room.name_of(newest.author.id) or newest.author.id
        visit.faults.append(Fault(visit.words.say(_MEANWHILE, who=who, number=newest.revision)))
    conflicts = [name for name in merged.values if name in (*merged.conflicts, *undecided)]
    visit.faults.extend(Fault(_("You both changed this. Choose which stays."), name) for name in conflicts)
    stands = {name: theirs.get(name, "") for name in conflicts}
    return _form(visit, newest, merged.values, taken=merged.taken, theirs=stands)


def _checked(room: CampaignRoom, draft: Draft, text: str) -> str:
    """Return the terms when they alone have no fault; the rest of a draft may be unfinished.

    Raises:
        InputError: with every fault, each at its field.
    """
    reading = room.check(draft.campaign, {**draft.files, PATH: text})
    found = [fault for fault in reading.faults if (fault.where or "").endswith(f"/{PATH}")]
    if found:
        raise InputError(*(replace(fault, field=_field(fault.field), where=None, line=None) for fault in found))
    return text


def _field(name: str | None) -> str | None:
    """Return the field of the form that a field of the file is."""
    if name is None:
        return None
    group, _dot, inner = name.partition(".")
    if group == "weights" and inner:
        return f"weight-{inner}"
    found = f"{group}-{inner}" if inner else group
    return found if found in NAMES else None


def _form(
    visit: Visit,
    draft: Draft,
    given: Mapping[str, str],
    *,
    taken: Sequence[str] = (),
    theirs: Mapping[str, str] | None = None,
) -> Response:
    say = visit.words.say
    weaker = [("", say(_("No bound")))]
    weaker += [(rung, say(RUNG_NAMES[rung])) for rung in ("proceed", "inform", "confirm", "ask")]
    called = {"blast_radius-then": dict(weaker)}
    return visit.show(
        "terms.html",
        title=_("Terms of the release"),
        status=422 if visit.faults else 200,
        draft=draft,
        given=given,
        arms=[name for name in given if name.startswith("weight-")],
        weaker=weaker,
        taken=taken,
        theirs={
            name: called.get(name, {}).get(value, value) or say(_("Nothing")) for name, value in (theirs or {}).items()
        },
    )
