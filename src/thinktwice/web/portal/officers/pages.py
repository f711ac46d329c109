"""The pages on which an agency's administrator manages its officers.

Invariants: only accounts of the own agency are found; an invitation goes to an address under the agency's official
domain; the link is shown once; what takes access away says so before it happens.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.errors import InputError, Phrase, StateError, words_of
from thinktwice.people.accounts import OFFICER_ACCESS, Account
from thinktwice.people.permissions import OFFICER_ROLES
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import agency_of
from thinktwice.web.portal.routes import Area

AREA: Final = Area(
    "thinktwice.web.portal.officers",
    needs=(People,),
    says={
        "officer-confirmed": _("Confirmed. Access lasts 90 more days."),
        "officer-suspended": _("The officer is suspended. All sessions and open downloads have ended."),
        "officer-link-withdrawn": _("The invitation does not work any more."),
    },
)

ROLE_HINTS: Final = {
    "officer": _("Files requests and reports addresses."),
    "agency_administrator": _("Invites officers, confirms and ends their access; files nothing."),
}


@AREA.page("GET", "/officers", permission="read_officers")
def officers(visit: Visit) -> Response:
    """List the agency's people."""
    agency = agency_of(visit)
    accounts = visit.desk(People).accounts.all("portal", agency_id=agency.id)
    living = [account for account in accounts if account.state != "ended"]
    return visit.show("officers.html", title=_("Officers"), accounts=living, agency=agency, now=visit.now)


@AREA.page("GET", "/officers/invite", permission="invite_officer", is_fresh=True)
def invitation_form(visit: Visit) -> Response:
    """Show the form of an invitation."""
    return _invitation(visit, email="", name="", chosen=("officer",))


@AREA.page("POST", "/officers/invite", permission="invite_officer")
def invite(visit: Visit) -> Response:
    """Invite an officer, and show the link once."""
    visit.who.require("invite_officer", visit.now)
    email, name, chosen = visit.form.text("email", 254), visit.form.text("name"), visit.form.all("roles")
    agency, invitations = agency_of(visit), visit.desk(People).invitations
    try:
        _require_domain(email, agency.domain)
        account, token = invitations.invite(
            visit.actor, realm="portal", email=email, name=name, roles=chosen, agency_id=agency.id
        )
    except InputError as error:
        visit.faults.extend(error.faults)
    except StateError as error:
        visit.faults.extend(InputError.of(words_of(error), field="email").faults)
    else:
        return _link_page(visit, account, token)
    return _invitation(visit, email=email, name=name, chosen=chosen)


@AREA.page("GET", "/officers/{account_id}", permission="read_officers")
def one_officer(visit: Visit) -> Response:
    """Show one officer and what can be done."""
    account = _account(visit)
    is_own = account.id == visit.who.account_id
    return visit.show("officer.html", title=_("Officer"), account=account, is_own=is_own, now=visit.now)


@AREA.page("POST", "/officers/{account_id}/confirm", permission="reconfirm_officer")
def confirm(visit: Visit) -> Response:
    """Confirm that an officer still needs access."""
    visit.who.require("reconfirm_officer", visit.now)
    account = _account(visit)
    visit.desk(People).accounts.extend_access(visit.actor, account.id, visit.now + OFFICER_ACCESS)
    return visit.go(f"/officers/{account.id}", said="officer-confirmed")


@AREA.page("GET", "/officers/{account_id}/suspend", permission="suspend_own_officer", is_fresh=True)
def suspension(visit: Visit) -> Response:
    """Say what a suspension does before it happens."""
    return visit.show("suspend.html", title=_("Suspend this officer?"), account=_account(visit))


@AREA.page("POST", "/officers/{account_id}/suspend", permission="suspend_own_officer")
def suspend(visit: Visit) -> Response:
    """Take access away at once."""
    visit.who.require("suspend_own_officer", visit.now)
    account = _account(visit)
    visit.desk(People).accounts.suspend(visit.actor, account.id)
    return visit.go(f"/officers/{account.id}", said="officer-suspended")


@AREA.page("GET", "/officers/{account_id}/link", permission="invite_officer", is_fresh=True)
def link_form(visit: Visit) -> Response:
    """Say what a new link does before it is made."""
    return visit.show("reset.html", title=_("Make a new link?"), account=_account(visit))


@AREA.page("POST", "/officers/{account_id}/link", permission="invite_officer")
def new_link(visit: Visit) -> Response:
    """Take an officer's passkeys and sessions away and show a new link, as when a device is lost."""
    visit.who.require("invite_officer", visit.now)
    account = _account(visit)
    return _link_page(visit, account, visit.desk(People).invitations.reset(visit.actor, account.id))


@AREA.page("POST", "/officers/{account_id}/link/withdraw", permission="invite_officer")
def withdraw_link(visit: Visit) -> Response:
    """End the open link of an officer."""
    visit.who.require("invite_officer", visit.now)
    account = _account(visit)
    visit.desk(People).invitations.withdraw(visit.actor, account.id)
    return visit.go(f"/officers/{account.id}", said="officer-link-withdrawn")


def _require_domain(email: str, domain: str) -> None:
    """Refuse an address that is not the agency's own, because a private mailbox proves nothing."""
    host = email.rpartition("@")[2].lower()
    if host != domain and not host.endswith(f".{domain}"):
        raise InputError.of(
            Phrase("is an address under your agency's official domain, %(domain)s", domain=domain), field="email"
        )


def _invitation(visit: Visit, **typed: object) -> Response:
    say = visit.words.say
    roles = [(role, say(visit.surface.role_names[role]), say(ROLE_HINTS[role])) for role in OFFICER_ROLES]  # type: ignore[index]  # of this realm
    status = 422 if visit.faults else 200
    agency = agency_of(visit)
    return visit.show("invite.html", title=_("Invite an officer"), status=status, roles=roles, agency=agency, **typed)


def _link_page(visit: Visit, account: Account, token: str) -> Response:
    link = f"{visit.parts.url}/invitation/{token}"
    return visit.show("link.html", title=_("Give this link to them"), account=account, link=link)


def _account(visit: Visit) -> Account:
    """Return the account that the address names; those of other agencies, and staff, are not to be found here."""
    return visit.desk(People).accounts.find(visit.path("account_id"), agency_id=agency_of(visit).id)
