"""The terms of a release as a form: when, for whom by chance, how often, within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from thinktwice.campaigns.drafts import Draft, DraftConflictError
from thinktwice.errors import InputError
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.drafting import address
from thinktwice.web.console.campaigns.terms import NAMES, PATH, read_terms, write_terms
from thinktwice.web.edge.signed_in.previewing import RUNG_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


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
    """Write the terms into the draft."""
    campaign, room = visit.path("campaign"), visit.desk(CampaignRoom)
    draft, form = room.draft(campaign), visit.form
    given = {name: form.text(name, 101) for name in NAMES}
    arms = [name for name in read_terms(draft.files.get(PATH, "")) if name.startswith("weight-")]
    given |= {name: form.text(name, 10) for name in arms}
    try:
        if form.text("based_on", 9) != str(draft.revision):
            raise InputError.of(_("Somebody else saved meanwhile: below is what stands now, with what you filled in."))
        text = _checked(room, draft, write_terms(draft.files.get(PATH, ""), given))
        room.desk.save_draft(visit.actor, campaign, {**draft.files, PATH: text}, based_on=draft.revision)
    except DraftConflictError:
        visit.faults.extend(InputError.of(_("Somebody else saved at this moment. Send it again.")).faults)
        return _form(visit, room.draft(campaign), given)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _form(visit, draft, given)
    return visit.go(f"/campaigns/{campaign}", said="draft-saved")


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


def _form(visit: Visit, draft: Draft, given: Mapping[str, str]) -> Response:
    weaker = [("", visit.words.say(_("No bound")))]
    weaker += [(rung, visit.words.say(RUNG_NAMES[rung])) for rung in ("proceed", "inform", "confirm", "ask")]
    return visit.show(
        "terms.html",
        title=_("Terms of the release"),
        status=422 if visit.faults else 200,
        draft=draft,
        given=given,
        arms=[name for name in given if name.startswith("weight-")],
        weaker=weaker,
    )
