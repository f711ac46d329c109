"""The pages about other people's accounts.

Invariants: the link of an invitation is shown once, on the answer to the form that made it, and is in no address that
we log; what takes access away says to whom before it happens; officers of agencies are not among these accounts.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.errors import InputError, NotFoundError
from thinktwice.people.accounts import Account
from thinktwice.people.permissions import STAFF_ROLES
from thinktwice.people.service import People
from thinktwice.web.console.role_words import ROLE_HINTS, ROLE_NAMES
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.people",
    needs=(People,),
    says={
        "roles-changed": _("The roles are changed. Their sessions have ended; they sign in again."),
        "suspended": _("The account is suspended. All its sessions have ended."),
        "restored": _("The account is in use again."),
        "session-ended": _("The session has ended."),
        "invitation-withdrawn": _("The invitation does not work any more."),
        "account-ended": _("The account has ended."),
    },
)


@AREA.page("GET", "/people", permission="read_people")
def people(visit: Visit) -> Response:
    """List the accounts of the console."""
    accounts = visit.desk(People).accounts.all("console")
    living = [account for account in accounts if account.state != "ended"]
    return visit.show("people.html", title=_("People"), accounts=living, ended=len(accounts) - len(living))


@AREA.page("GET", "/people/invite", permission="invite_account", is_fresh=True)
def invitation_form(visit: Visit) -> Response:
    """Show the form of an invitation."""
    return visit.show(
        "invite.html", title=_("Invite a person"), email="", name="", chosen=(), roles=_role_options(visit)
    )


@AREA.page("POST", "/people/invite", permission="invite_account")
def invite(visit: Visit) -> Response:
    """Invite somebody, and show the link once."""
    email, name, chosen = visit.form.text("email", 254), visit.form.text("name"), visit.form.all("roles")
    desk = visit.desk(People)
    try:
        account, token = desk.invitations.invite(visit.actor, realm="console", email=email, name=name, roles=chosen)
    except InputError as error:
        roles, title = _role_options(visit), _("Invite a person")
        return visit.show_again(error, "invite.html", title=title, email=email, name=name, chosen=chosen, roles=roles)
    return visit.show("link.html", title=_("Give this link to them"), account=account, link=_link(visit, token))


@AREA.page("GET", "/people/{account_id}", permission="read_people")
def one_person(visit: Visit) -> Response:
    """Show one account, its sessions, and what can be done about it."""
    account = _account(visit)
    sessions = visit.desk(People).sessions.list(account.id)
    is_own = account.id == visit.who.account_id
    return visit.show("person.html", title=_("Account"), account=account, sessions=sessions, is_own=is_own)


@AREA.page("GET", "/people/{account_id}/roles", permission="change_roles", is_fresh=True)
def roles_form(visit: Visit) -> Response:
    """Show which roles somebody has."""
    account = _account(visit)
    return visit.show(
        "roles.html", title=_("Change roles"), account=account, chosen=account.roles, roles=_role_options(visit)
    )


@AREA.page("POST", "/people/{account_id}/roles", permission="change_roles")
def change_roles(visit: Visit) -> Response:
    """Give and take roles."""
    account, chosen = _account(visit), visit.form.all("roles")
    try:
        visit.desk(People).accounts.change_roles(visit.actor, account.id, chosen)
    except InputError as error:
        roles, title = _role_options(visit), _("Change roles")
        return visit.show_again(error, "roles.html", title=title, account=account, chosen=chosen, roles=roles)
    return visit.go(f"/people/{account.id}", said="roles-changed")


@AREA.page("GET", "/people/{account_id}/suspend", permission="suspend_account", is_fresh=True)
def suspension(visit: Visit) -> Response:
    """Say what a suspension does before it happens."""
    account = _account(visit)
    sessions = visit.desk(People).sessions.list(account.id)
    return visit.show("suspend.html", title=_("Suspend this account?"), account=account, count=len(sessions))


@AREA.page("POST", "/people/{account_id}/suspend", permission="suspend_account")
def suspend(visit: Visit) -> Response:
    """Take access away at once."""
    account = _account(visit)
    visit.desk(People).accounts.suspend(visit.actor, account.id)
    return visit.go(f"/people/{account.id}", said="suspended")


@AREA.page("POST", "/people/{account_id}/restore", permission="suspend_account")
def restore(visit: Visit) -> Response:
    """Give access back."""
    account = _account(visit)
    visit.desk(People).accounts.restore(visit.actor, account.id)
    return visit.go(f"/people/{account.id}", said="restored")


@AREA.page("GET", "/people/{account_id}/reset", permission="reset_account", is_fresh=True)
def reset_form(visit: Visit) -> Response:
    """Say what a reset does before it happens."""
    return visit.show("reset.html", title=_("Reset this account?"), account=_account(visit))


@AREA.page("POST", "/people/{account_id}/reset", permission="reset_account")
def reset(visit: Visit) -> Response:
    """Take all credentials away, and show the new link once."""
    account, desk = _account(visit), visit.desk(People)
    link = _link(visit, desk.invitations.reset(visit.actor, account.id))
    return visit.show("link.html", title=_("Give this link to them"), account=account, link=link)


@AREA.page("POST", "/people/{account_id}/invitation/withdraw", permission="invite_account")
def withdraw_invitation(visit: Visit) -> Response:
    """End the open link of an account."""
    account = _account(visit)
    visit.desk(People).invitations.withdraw(visit.actor, account.id)
    return visit.go(f"/people/{account.id}", said="invitation-withdrawn")


@AREA.page("GET", "/people/{account_id}/end", permission="suspend_account", is_fresh=True)
def ending(visit: Visit) -> Response:
    """Say what the end of an account means before it happens."""
    return visit.show("end.html", title=_("End this account for good?"), account=_account(visit))


@AREA.page("POST", "/people/{account_id}/end", permission="suspend_account")
def end_account(visit: Visit) -> Response:
    """End an account for good."""
    account = _account(visit)
    visit.desk(People).accounts.end(visit.actor, account.id)
    return visit.go(f"/people/{account.id}", said="account-ended")


@AREA.page("POST", "/people/{account_id}/sessions/{session_id}/end", permission="end_session")
def end_session(visit: Visit) -> Response:
    """End one session of somebody."""
    account, session_id, desk = _account(visit), visit.path("session_id"), visit.desk(People)
    if session_id not in {session.id for session in desk.sessions.list(account.id)}:
        raise NotFoundError("this session has ended already")
    desk.sessions.end(visit.actor, session_id)
    return visit.go(f"/people/{account.id}", said="session-ended")


def _link(visit: Visit, token: str) -> str:
    """Return the address with which somebody sets their account up."""
    return f"{visit.parts.url}/invitation/{token}"


def _account(visit: Visit) -> Account:
    """Return the account that the address names; those of agencies are not to be found here."""
    account = visit.desk(People).accounts.find(visit.path("account_id"))
    if account.realm != "console":
        raise NotFoundError("there is no such account")
    return account


def _role_options(visit: Visit) -> list[tuple[str, str, str]]:
    say = visit.words.say
    return [(role, say(ROLE_NAMES[role]), say(ROLE_HINTS[role])) for role in STAFF_ROLES]
