"""The pages about the officers of one agency, as the operator's people may change them.

Invariant: an officer is found only under the own agency; a link is shown once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.people.accounts import Account
from thinktwice.people.permissions import OFFICER_ROLES
from thinktwice.web.console.agencies.desk import AgencyOffice
from thinktwice.web.console.agencies.pages import AREA, ROLE_HINTS, ROLE_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

__all__ = ["AREA"]

INVITE: Final = _("Invite an officer")
HAND_OVER: Final = _("Give this link to the officer")
_OFFICER: Final = "/agencies/{agency_id}/officers/{account_id}"


@AREA.page("GET", "/agencies/{agency_id}/invite", permission="invite_account", is_fresh=True)
def invitation_form(visit: Visit) -> Response:
    """Show the form of an invitation."""
    return _form(visit)


@AREA.page("POST", "/agencies/{agency_id}/invite", permission="invite_account")
def invite(visit: Visit) -> Response:
    """Invite an officer, and show the link once."""
    desk = visit.desk(AgencyOffice)
    agency = desk.agencies.find(visit.path("agency_id"))
    email, name, role = visit.form.text("email", 254), visit.form.text("name"), visit.form.text("role", 30)
    try:
        account, link = desk.invite(visit.actor, agency, email=email, name=name, role=role)
    except InputError as error:
        return _form(visit, error)
    return visit.show("officer_link.html", title=HAND_OVER, account=account, agency=agency, link=link)


@AREA.page("GET", f"{_OFFICER}/suspend", permission="suspend_officer")
def suspension(visit: Visit) -> Response:
    """Say what a suspension does before it happens."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    officer = desk.officer(agency_id, visit.path("account_id"))
    return visit.show(
        "officer_suspend.html",
        title=_("Suspend this officer?"),
        agency=desk.agencies.find(agency_id),
        officer=officer,
        sessions=len(desk.sessions.list(officer.id)),
    )


@AREA.page("POST", f"{_OFFICER}/suspend", permission="suspend_officer")
def suspend(visit: Visit) -> Response:
    """Take an officer's access away at once."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    desk.accounts.suspend(visit.actor, desk.officer(agency_id, visit.path("account_id")).id)
    return visit.go(f"/agencies/{agency_id}", said="officer-suspended")


@AREA.page("POST", f"{_OFFICER}/restore", permission="suspend_officer")
def restore(visit: Visit) -> Response:
    """Give an officer's access back."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    desk.accounts.restore(visit.actor, desk.officer(agency_id, visit.path("account_id")).id)
    return visit.go(f"/agencies/{agency_id}", said="officer-restored")


@AREA.page("GET", f"{_OFFICER}/second-factor", permission="allow_officer_totp", is_fresh=True)
def second_factor(visit: Visit) -> Response:
    """Say what codes of an app mean for an officer."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    officer = desk.officer(agency_id, visit.path("account_id"))
    title = _("Codes of an app for this officer?")
    return visit.show("officer_totp.html", title=title, agency=desk.agencies.find(agency_id), officer=officer)


@AREA.page("POST", f"{_OFFICER}/second-factor", permission="allow_officer_totp")
def allow_totp(visit: Visit) -> Response:
    """Allow codes, or ask for a passkey again."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    officer = desk.officer(agency_id, visit.path("account_id"))
    is_required = visit.form.text("is_required", 3) == "yes"
    desk.accounts.require_passkey(visit.actor, officer.id, is_required=is_required)
    return visit.go(f"/agencies/{agency_id}", said="officer-passkey" if is_required else "officer-totp")


@AREA.page("GET", f"{_OFFICER}/confirm", permission="confirm_officer", is_fresh=True)
def confirmation(visit: Visit) -> Response:
    """Say what a confirmation gives before it is given."""
    return _page(visit, "officer_confirm.html", _("Confirm this officer's access?"))


@AREA.page("POST", f"{_OFFICER}/confirm", permission="confirm_officer")
def confirm(visit: Visit) -> Response:
    """Confirm that an officer still needs access, as when no administrator of the agency can."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    desk.confirm(visit.actor, desk.officer(agency_id, visit.path("account_id")), visit.now)
    return visit.go(f"/agencies/{agency_id}", said="officer-confirmed")


@AREA.page("GET", f"{_OFFICER}/link", permission="reset_account", is_fresh=True)
def link_form(visit: Visit) -> Response:
    """Say what a new link takes before it is made."""
    return _page(visit, "officer_reset.html", _("Make a new link for this officer?"))


@AREA.page("POST", f"{_OFFICER}/link", permission="reset_account")
def new_link(visit: Visit) -> Response:
    """Take an officer's passkeys and sessions away, and show the new link once."""
    desk, agency = visit.desk(AgencyOffice), visit.desk(AgencyOffice).agencies.find(visit.path("agency_id"))
    officer = desk.officer(agency.id, visit.path("account_id"))
    link = desk.new_link(visit.actor, officer)
    return visit.show("officer_link.html", title=HAND_OVER, account=officer, agency=agency, link=link)


def _page(visit: Visit, template: str, title: str) -> Response:
    """Show a page about one officer that asks before something happens."""
    desk, agency_id = visit.desk(AgencyOffice), visit.path("agency_id")
    officer = desk.officer(agency_id, visit.path("account_id"))
    agency = desk.agencies.find(agency_id)
    return visit.show(template, title=title, agency=agency, officer=officer, is_over=_is_over(officer, visit.now))


def _is_over(officer: Account, now: datetime) -> bool:
    return officer.access_expires_at is not None and officer.access_expires_at <= now


def _form(visit: Visit, error: InputError | None = None) -> Response:
    desk = visit.desk(AgencyOffice)
    say = visit.words.say
    facts: dict[str, Any] = {
        "agency": desk.agencies.find(visit.path("agency_id")),
        "name": visit.form.text("name"),
        "email": visit.form.text("email", 254),
        "role": visit.form.text("role", 30) or "officer",
        "options": [(role, say(ROLE_NAMES[role]), say(ROLE_HINTS[role])) for role in OFFICER_ROLES],
    }
    if error is not None:
        return visit.show_again(error, "officer_invite.html", title=INVITE, **facts)
    return visit.show("officer_invite.html", title=INVITE, **facts)
