"""The first step of signing in: address and password, or a passkey, which is both steps.

Invariant: a wrong address, a wrong password and an account that is not in use show the same page.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.people.errors import SignInError
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.entrance.carried import WAITING
from thinktwice.web.edge.signed_in.entrance.faults import tell, with_wait
from thinktwice.web.edge.signed_in.entrance.opening import entered, onward
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@AREA.public("GET", "/sign-in")
def sign_in_form(visit: Visit) -> Response:
    """Show the ways in; somebody who is in already goes on."""
    if visit.person is not None:
        return visit.go(visit.asked("next", 500))
    return _first(visit, next_path=visit.asked("next", 500))


@AREA.public("POST", "/sign-in", is_guarded=True)
def with_password(visit: Visit) -> Response:
    """Check address and password."""
    email, next_path = visit.form.text("email", 254), visit.form.text("next")
    try:
        waiting = visit.desk(People).sign_in.with_password(email, visit.form.raw("password"), visit.place)
    except SignInError as error:
        tell(visit, error, _("The address or the password is not right."), "email")
        return with_wait(_first(visit, next_path=next_path, email=email), error)
    response = visit.go(onward("/sign-in/second", next_path))
    visit.cookies.set(response, WAITING, waiting.token)
    return response


@AREA.public("POST", "/sign-in/passkey", is_guarded=True)
def with_passkey(visit: Visit) -> Response:
    """Sign in with a passkey alone."""
    next_path = visit.form.text("next")
    try:
        opened = visit.desk(People).sign_in.with_passkey(visit.form.raw("answer"), visit.place, visit.secret or "")
    except SignInError as error:
        tell(visit, error, _("This passkey does not open an account here."), None)
        return with_wait(_first(visit, next_path=next_path), error)
    return entered(visit, opened, next_path)


def _first(visit: Visit, *, next_path: str, email: str = "") -> Response:
    options = visit.desk(People).sign_in.passkey_options(visit.secret or "")
    status = 422 if visit.faults else 200
    return visit.show(
        "sign_in.html",
        title=_("Sign in"),
        status=status,
        next=next_path,
        email=email,
        options=options,
        has_oidc=visit.desk(People).oidc is not None,
    )
