"""Showing the second factor again before a dangerous act, and signing out.

Invariant: a confirmation gives the session a new secret; the one before opens nothing any more.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.people.errors import SignInError
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.entrance.faults import tell, with_wait
from thinktwice.web.edge.signed_in.shell import SESSION
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@AREA.page("GET", "/confirm", permission="manage_own_account")
def confirmation(visit: Visit) -> Response:
    """Ask for the second factor again."""
    return _again(visit, visit.asked("next", 500))


@AREA.page("POST", "/confirm/code", permission="manage_own_account")
def confirm_with_code(visit: Visit) -> Response:
    """Take the code of an app."""
    try:
        token = visit.desk(People).sign_in.confirm_with_totp(visit.who, visit.form.text("code", 16), visit.place)
    except SignInError as error:
        tell(visit, error, _("This code is not right, or it was used already. Wait for the next one."), "code")
        return with_wait(_again(visit, visit.form.text("next")), error)
    return _confirmed(visit, token)


@AREA.page("POST", "/confirm/passkey", permission="manage_own_account")
def confirm_with_passkey(visit: Visit) -> Response:
    """Take the answer of a passkey."""
    try:
        token = visit.desk(People).sign_in.confirm_with_passkey(visit.who, visit.form.raw("answer"))
    except SignInError as error:
        tell(visit, error, _("This passkey is not one of yours."), None)
        return with_wait(_again(visit, visit.form.text("next")), error)
    return _confirmed(visit, token)


@AREA.public("POST", "/sign-out")
def sign_out(visit: Visit) -> Response:
    """End the session, wherever it stands."""
    if visit.person is not None:
        visit.desk(People).sign_in.sign_out(visit.person)
    response = visit.go("/sign-in", said="signed-out")
    visit.cookies.end(response, SESSION)
    return response


def _confirmed(visit: Visit, token: str) -> Response:
    response = visit.go(visit.form.text("next"), said="confirmed")
    visit.cookies.set(response, SESSION, token)
    return response


def _again(visit: Visit, next_path: str) -> Response:
    desk = visit.desk(People)
    factors = desk.factors.of(visit.who.account_id)
    return visit.show(
        "confirm.html",
        title=_("Is it still you?"),
        status=422 if visit.faults else 200,
        next=next_path,
        options=desk.sign_in.confirm_options(visit.who) if factors.passkeys else "",
        has_totp=bool(factors.apps),
    )
