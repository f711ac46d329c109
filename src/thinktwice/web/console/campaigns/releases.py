"""One release: who approved it, what happened to it, and every act on it.

Invariants: an approval is signed by a passkey of whoever is signed in, over the version's hash and a nonce, and by no
other way; what protects (stopping, pausing, withdrawing) never asks for a second factor again; which person may act is
the desk's to say, because it depends on who did what before.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.errors import InputError, StateError
from thinktwice.people.service import People
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.starting import names_of
from thinktwice.web.console.campaigns.words import STATE_NAMES, STEP_NAMES
from thinktwice.web.edge.signed_in.signing import own_keys, read_assertion
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

MOST_REASON: Final = 500
_MAY_BE_LIVE: Final = frozenset({"approved", "shadow", "paused"})


@AREA.page("GET", "/campaigns/{campaign}/releases/{release}", permission="read_campaigns")
def release(visit: Visit) -> Response:
    """Show one release."""
    room, found = _found(visit)
    return _shown(visit, room, found)


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/challenge", permission="approve_campaign")
def ask(visit: Visit) -> Response:
    """Say what is about to be approved, with a challenge for the passkey of whoever asks."""
    room, found = _found(visit)
    people = visit.desk(People)
    own = own_keys(visit)
    if not own:
        visit.faults.extend(
            InputError.of(_("You have no passkey yet. Add one under your name, then come back.")).faults
        )
        return _shown(visit, room, found, status=422)
    asked = room.desk.challenge(visit.actor, found.id, own_keys=own)
    return visit.show(
        "approve.html",
        title=_("Approve a campaign"),
        release=found,
        view=room.view(found.id),
        nonce=asked.statement.nonce,
        options=people.factors.signing_options(visit.who.account_id, asked.challenge),
        expires_at=asked.expires_at,
    )


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/approval", permission="approve_campaign")
def approve(visit: Visit) -> Response:
    """Take what the passkey signed."""
    room, found = _found(visit)
    assertion, own = read_assertion(visit.form.raw("answer")), own_keys(visit)
    if assertion.credential_id not in {key.credential_id for key in own}:
        raise StateError("this passkey is not one of yours")
    room.desk.approve(visit.actor, visit.form.text("nonce", 100), assertion, own_keys=own)
    return _back(visit, found, "campaign-approved")


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/return", permission="approve_campaign")
def send_back(visit: Visit) -> Response:
    """Return it to its authors, with the reason."""
    room, found = _found(visit)
    reason = visit.form.text("reason", MOST_REASON)
    if not reason:
        visit.faults.extend(InputError.of(_("Say what should be different."), field="reason").faults)
        return _shown(visit, room, found, status=422)
    room.desk.send_back(visit.actor, found.id, reason)
    return _back(visit, found, "campaign-sent-back")


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/taking-back", permission="submit_draft")
def take_back(visit: Visit) -> Response:
    """Make a submission a draft again, before it begins."""
    room, found = _found(visit)
    room.desk.take_back(visit.actor, found.id)
    return visit.go(f"/campaigns/{found.campaign}", said="campaign-taken-back")


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/withdrawal", permission="withdraw_campaign")
def withdraw(visit: Visit) -> Response:
    """Withdraw it for the operator; at once, because what protects never waits."""
    room, found = _found(visit)
    room.desk.withdraw(visit.actor, found.id, visit.form.text("reason", MOST_REASON))
    return _back(visit, found, "campaign-withdrawn")


@AREA.page("POST", "/campaigns/{campaign}/releases/{release}/beginning", permission="release_campaign")
def begin(visit: Visit) -> Response:
    """Put an approved release live, or let it run as a shadow."""
    room, found = _found(visit)
    is_shadow = visit.form.text("as", 10) == "shadow"
    room.desk.go_live(visit.actor, found.id, is_shadow=is_shadow)
    return _back(visit, found, "campaign-shadowed" if is_shadow else "campaign-released")


@AREA.page("POST", "/campaigns/{campaign}/resumption", permission="pause_campaign")
def resume(visit: Visit) -> Response:
    """Let a paused campaign go on as what it was before."""
    campaign = visit.path("campaign")
    visit.desk(CampaignRoom).desk.resume(visit.actor, campaign)
    return visit.go(f"/campaigns/{campaign}", said="campaign-resumed")


@AREA.page("POST", "/campaigns/{campaign}/pause", permission="pause_campaign")
def pause(visit: Visit) -> Response:
    """Pause what is in force."""
    campaign = visit.path("campaign")
    visit.desk(CampaignRoom).desk.pause(visit.actor, campaign, visit.form.text("reason", MOST_REASON))
    return visit.go(f"/campaigns/{campaign}", said="campaign-paused")


@AREA.page("POST", "/campaigns/{campaign}/stop", permission="stop_campaign")
def stop(visit: Visit) -> Response:
    """Stop it, in one click."""
    campaign = visit.path("campaign")
    visit.desk(CampaignRoom).desk.stop(visit.actor, campaign, visit.form.text("reason", MOST_REASON))
    return visit.go(f"/campaigns/{campaign}", said="campaign-stopped")


@AREA.page("GET", "/campaigns/{campaign}/limit", permission="lift_limit", is_fresh=True)
def limit(visit: Visit) -> Response:
    """Say which limit stands and what lifting it does."""
    line = visit.desk(CampaignRoom).line(visit.path("campaign"))
    return visit.show("limit.html", title=_("Lift a limit"), line=line, status=422 if visit.faults else 200)


@AREA.page("POST", "/campaigns/{campaign}/limit", permission="lift_limit")
def lift(visit: Visit) -> Response:
    """Lift the limit that stands."""
    room, campaign = visit.desk(CampaignRoom), visit.path("campaign")
    reason = visit.form.text("reason", MOST_REASON)
    if not reason:
        visit.faults.extend(InputError.of(_("Say why so many alerts are right."), field="reason").faults)
        return limit(visit)
    room.desk.lift_limit(visit.actor, campaign, reason)
    return visit.go(f"/campaigns/{campaign}", said="limit-lifted")


def _found(visit: Visit) -> tuple[CampaignRoom, CampaignRelease]:
    room = visit.desk(CampaignRoom)
    return room, room.release(visit.path("campaign"), visit.path("release"))


def _back(visit: Visit, found: CampaignRelease, said: str) -> Response:
    return visit.go(f"/campaigns/{found.campaign}/releases/{found.id}", said=said)


def _shown(visit: Visit, room: CampaignRoom, found: CampaignRelease, *, status: int = 200) -> Response:
    view = room.view(found.id)
    history = tuple(one for one in room.history(found.campaign) if one.release == found.id)
    return visit.show(
        "release.html",
        title=_("Release"),
        status=status,
        release=found,
        view=view,
        history=history,
        names=names_of(room, history),
        states=STATE_NAMES,
        steps=STEP_NAMES,
        why_not=room.desk.why_not(found) if found.state in _MAY_BE_LIVE else (),
        is_author=visit.who.account_id in found.authors,
        approvers={one.statement.side: room.name_of(one.account) or one.account for one in view.approvals},
    )
