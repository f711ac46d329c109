"""The pages about one's own account.

Invariants: everything here is about whoever asks, and nothing in an address or a form can name somebody else; a change
of credentials asks for a fresh second factor (``people.credentials`` refuses it otherwise); secrets are shown once.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.errors import Fault, InputError, NotFoundError
from thinktwice.people.errors import SignInError
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.entrance.setting_up import ask_code_again, show_app
from thinktwice.web.edge.signed_in.routes import Area
from thinktwice.web.edge.signed_in.signing import own_keys
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.edge.signed_in.account",
    needs=(People,),
    says={
        "factor-added": _("The second factor works from now on."),
        "factor-removed": _("It is removed. Your other sessions have ended."),
        "password-changed": _("The password is changed. Your other sessions have ended."),
        "own-session-ended": _("That session has ended."),
    },
)


@AREA.page("GET", "/account", permission="manage_own_account")
def account(visit: Visit) -> Response:
    """Show what one has, and where one is signed in."""
    desk, own = visit.desk(People), visit.who.account_id
    return visit.show(
        "account.html",
        title=_("Your account"),
        account=desk.accounts.find(own),
        factors=desk.factors.of(own),
        sessions=desk.sessions.list(own),
        links=desk.subjects.of(own),
        has_company=desk.oidc is not None,
        was_recovered=visit.who.method == "recovery",
        signing_keys=own_keys(visit),
    )


@AREA.page("GET", "/account/second-factor", permission="manage_own_account")
def factor_form(visit: Visit) -> Response:
    """Offer the kinds of second factor."""
    desk = visit.desk(People)
    return visit.show(
        "add.html",
        title=_("Add a second factor"),
        status=422 if visit.faults else 200,
        options=desk.credentials.passkey_options(visit.who),
        must_have_passkey=desk.accounts.find(visit.who.account_id).must_have_passkey,
    )


@AREA.page("POST", "/account/second-factor/passkey", permission="manage_own_account")
def add_passkey(visit: Visit) -> Response:
    """Take a new passkey."""
    name = visit.form.text("name", 80) or "passkey"
    try:
        visit.desk(People).credentials.add_passkey(visit.who, visit.form.raw("answer"), name)
    except SignInError:
        visit.faults.append(Fault(_("This passkey cannot be used here. Try again, or use an app.")))
        return factor_form(visit)
    return visit.go("/account", said="factor-added")


@AREA.page("POST", "/account/second-factor/app", permission="manage_own_account")
def add_app(visit: Visit) -> Response:
    """Show the key of a new app, once."""
    app = visit.desk(People).credentials.add_app(visit.who)
    return show_app(visit, app, "/account/second-factor/app")


@AREA.page("POST", "/account/second-factor/app/code", permission="manage_own_account")
def confirm_app(visit: Visit) -> Response:
    """Take the first code of an app."""
    app_id = visit.form.text("app", 64)
    try:
        visit.desk(People).credentials.confirm_app(visit.who, app_id, visit.form.text("code", 16))
    except SignInError as error:
        return ask_code_again(visit, error, app_id, "/account/second-factor/app")
    return visit.go("/account", said="factor-added")


@AREA.page("GET", "/account/second-factor/{factor_id}/remove", permission="manage_own_account")
def removal(visit: Visit) -> Response:
    """Say what removing a second factor does before it happens."""
    visit.who.require_confirmed(visit.now)
    factors = visit.desk(People).factors.of(visit.who.account_id)
    named = {passkey.id: passkey.name for passkey in factors.passkeys} | {app.id: app.name for app in factors.apps}
    factor_id = visit.path("factor_id")
    if factor_id not in named:
        raise NotFoundError("there is no such passkey or app")
    return visit.show("remove.html", title=_("Remove this second factor?"), factor_id=factor_id, name=named[factor_id])


@AREA.page("POST", "/account/second-factor/{factor_id}/remove", permission="manage_own_account")
def remove(visit: Visit) -> Response:
    """Remove a second factor."""
    visit.desk(People).credentials.remove_factor(visit.who, visit.path("factor_id"))
    return visit.go("/account", said="factor-removed")


@AREA.page("GET", "/account/password", permission="manage_own_account")
def password_form(visit: Visit) -> Response:
    """Show the form of a new password."""
    visit.who.require_confirmed(visit.now)
    has_password = visit.desk(People).accounts.find(visit.who.account_id).has_password
    status = 422 if visit.faults else 200
    return visit.show("password.html", title=_("Change your password"), status=status, has_password=has_password)


@AREA.page("POST", "/account/password", permission="manage_own_account")
def change_password(visit: Visit) -> Response:
    """Change the password."""
    new = visit.form.raw("password")
    if new != visit.form.raw("again"):
        visit.faults.append(Fault(_("The two passwords differ."), "again"))
        return password_form(visit)
    try:
        visit.desk(People).credentials.set_password(visit.who, new, current=visit.form.raw("current"))
    except InputError as error:
        visit.faults.extend(error.faults)
        return password_form(visit)
    except SignInError:
        visit.faults.append(Fault(_("This is not your current password."), "current"))
        return password_form(visit)
    return visit.go("/account", said="password-changed")


@AREA.page("GET", "/account/recovery-codes", permission="manage_own_account")
def codes_form(visit: Visit) -> Response:
    """Say what new recovery codes do before they are made."""
    visit.who.require_confirmed(visit.now)
    return visit.show("codes_form.html", title=_("Make new recovery codes?"))


@AREA.page("POST", "/account/recovery-codes", permission="manage_own_account")
def renew_codes(visit: Visit) -> Response:
    """Make new recovery codes and show them once."""
    codes = visit.desk(People).credentials.renew_recovery_codes(visit.who)
    return visit.show("/codes.html", title=_("Your recovery codes"), codes=codes, onward="/account")


@AREA.page("POST", "/account/sessions/{session_id}/end", permission="manage_own_account")
def end_session(visit: Visit) -> Response:
    """End one of one's own sessions."""
    desk, session_id = visit.desk(People), visit.path("session_id")
    if session_id not in {session.id for session in desk.sessions.list(visit.who.account_id)}:
        raise NotFoundError("this session has ended already")
    desk.sessions.end(visit.actor, session_id)
    return visit.go("/account", said="own-session-ended")
