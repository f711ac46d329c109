"""Setting an account up from a link: a password where one is used, then a second factor, then recovery codes.

Invariants: opening the link changes nothing, because mail scanners open links; the key of an app and the recovery codes
are shown once.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.errors import Fault, InputError
from thinktwice.people.accounts import Account
from thinktwice.people.credentials import NewApp
from thinktwice.people.errors import LinkError, SignInError
from thinktwice.people.person import Pending
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.entrance.carried import SETTING_UP
from thinktwice.web.edge.signed_in.entrance.faults import tell
from thinktwice.web.edge.signed_in.qr import picture_of, spaced
from thinktwice.web.edge.signed_in.shell import SESSION
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@AREA.public("GET", "/invitation/{token}")
def invitation(visit: Visit) -> Response:
    """Show what the link is for."""
    desk = visit.desk(People)
    account = desk.invitations.read(visit.path("token"), desk.realm).account
    return visit.show(
        "invitation.html",
        title=_("Set your account up"),
        status=422 if visit.faults else 200,
        name=account.name,
        email=account.email,
        token=visit.path("token"),
        asks_password=_asks_password(visit, account),
    )


@AREA.public("POST", "/invitation/{token}", is_guarded=True)
def begin(visit: Visit) -> Response:
    """Begin, with a password where the account is to have one."""
    desk, password = visit.desk(People), visit.form.raw("password")
    if not _asks_password(visit, desk.invitations.read(visit.path("token"), desk.realm).account):
        return _begun(visit, desk.enrolment.begin(visit.path("token"), visit.place))
    if password != visit.form.raw("again"):
        visit.faults.append(Fault(_("The two passwords differ."), "again"))
        return invitation(visit)
    token = desk.enrolment.begin(visit.path("token"), visit.place)
    try:
        desk.credentials.set_password(desk.enrolment.pending(token), password)
    except InputError as error:
        visit.faults.extend(error.faults)
        return invitation(visit)
    return _begun(visit, token)


@AREA.public("GET", "/setting-up")
def second_factor_form(visit: Visit) -> Response:
    """Offer the kinds of second factor."""
    desk, pending = visit.desk(People), _pending(visit)
    return visit.show(
        "setting_up.html",
        title=_("Choose your second factor"),
        status=422 if visit.faults else 200,
        options=desk.credentials.passkey_options(pending),
        must_have_passkey=pending.must_have_passkey,
    )


@AREA.public("POST", "/setting-up/passkey", is_guarded=True)
def make_passkey(visit: Visit) -> Response:
    """Take a new passkey, and finish."""
    desk, pending = visit.desk(People), _pending(visit)
    try:
        desk.credentials.add_passkey(pending, visit.form.raw("answer"), visit.form.text("name", 80) or "passkey")
    except SignInError as error:
        tell(visit, error, _("This passkey cannot be used here. Try again, or use an app."), None)
        return second_factor_form(visit)
    return _finish(visit, pending)


@AREA.public("POST", "/setting-up/app", is_guarded=True)
def make_app(visit: Visit) -> Response:
    """Show the key of a new app, once."""
    return show_app(visit, visit.desk(People).credentials.add_app(_pending(visit)), "/setting-up/app")


@AREA.public("POST", "/setting-up/app/code", is_guarded=True)
def confirm_app(visit: Visit) -> Response:
    """Take the first code of an app, and finish."""
    desk, pending = visit.desk(People), _pending(visit)
    app_id = visit.form.text("app", 64)
    try:
        desk.credentials.confirm_app(pending, app_id, visit.form.text("code", 16))
    except SignInError as error:
        return ask_code_again(visit, error, app_id, "/setting-up/app")
    return _finish(visit, pending)


def show_app(visit: Visit, app: NewApp, base: str) -> Response:
    """Show the picture and the key of a new app, and ask for its first code."""
    return visit.show(
        "/app.html",
        title=_("Connect your app"),
        base=base,
        app_id=app.id,
        picture=picture_of(app.uri),
        manual_key=spaced(app.secret),
    )


def ask_code_again(visit: Visit, error: SignInError, app_id: str, base: str) -> Response:
    """Say that a first code was not right; the key is not shown again."""
    tell(
        visit, error, _("This is not the code that the app shows now. Check that the device’s clock is right."), "code"
    )
    return visit.show("/app.html", title=_("Connect your app"), status=422, base=base, app_id=app_id, picture=None)


def _asks_password(visit: Visit, account: Account) -> bool:
    """Whether a password is any use: not where a passkey is both factors and the only way in."""
    return not (visit.surface.is_passkey_first and account.must_have_passkey)


def _begun(visit: Visit, token: str) -> Response:
    response = visit.go("/setting-up")
    visit.cookies.set(response, SETTING_UP, token)
    return response


def _pending(visit: Visit) -> Pending:
    token = visit.cookies.read(visit.request, SETTING_UP)
    if token is None:
        raise LinkError
    return visit.desk(People).enrolment.pending(token)


def _finish(visit: Visit, pending: Pending) -> Response:
    """Make the account work, sign its owner in, and show the recovery codes."""
    finished = visit.desk(People).enrolment.finish(pending, visit.place)
    if finished.recovery_codes:
        title = _("Your recovery codes")
        response = visit.show("/codes.html", title=title, codes=finished.recovery_codes, onward="/")
    else:
        response = visit.go("/")
    visit.cookies.set(response, SESSION, finished.token)
    visit.cookies.end(response, SETTING_UP)
    return response
