"""The second step of signing in: a passkey, the code of an app, or a recovery code."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from thinktwice.people.errors import SignInError
from thinktwice.people.person import Pending
from thinktwice.people.service import People
from thinktwice.people.sign_in import Opened, SignIn
from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.entrance.carried import WAITING
from thinktwice.web.edge.signed_in.entrance.faults import tell, with_wait
from thinktwice.web.edge.signed_in.entrance.opening import entered, onward
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

Step = Callable[[SignIn, str], Opened]


@AREA.public("GET", "/sign-in/second")
def second_form(visit: Visit) -> Response:
    """Ask for the second factor; without a first one there is nothing to ask for."""
    pending = _pending(visit)
    next_path = visit.asked("next", 500)
    return _second(visit, pending, next_path) if pending else visit.go(onward("/sign-in", next_path))


@AREA.public("POST", "/sign-in/second/code", is_guarded=True)
def with_code(visit: Visit) -> Response:
    """Take the code of an app."""
    code = visit.form.text("code", 16)
    text = _("This code is not right, or it was used already. Wait for the next one.")
    return _take(visit, lambda sign_in, token: sign_in.with_totp(token, code, visit.place), text, "code")


@AREA.public("POST", "/sign-in/second/passkey", is_guarded=True)
def with_second_passkey(visit: Visit) -> Response:
    """Take the answer of a passkey."""
    answer = visit.form.raw("answer")
    text = _("This passkey does not open an account here.")
    return _take(visit, lambda sign_in, token: sign_in.with_second_passkey(token, answer, visit.place), text, None)


@AREA.public("POST", "/sign-in/second/recovery", is_guarded=True)
def with_recovery_code(visit: Visit) -> Response:
    """Take a recovery code."""
    code = visit.form.text("recovery", 64)
    text = _("This recovery code is not right, or it was used already.")
    return _take(visit, lambda sign_in, token: sign_in.with_recovery_code(token, code, visit.place), text, "recovery")


def _take(visit: Visit, step: Step, text: str, field: str | None) -> Response:
    """Let somebody in with a second factor, or say that it was not right."""
    next_path, pending = visit.form.text("next"), _pending(visit)
    token = visit.cookies.read(visit.request, WAITING)
    if pending is None or token is None:
        return visit.go(onward("/sign-in", next_path))
    try:
        opened = step(visit.desk(People).sign_in, token)
    except SignInError as error:
        tell(visit, error, text, field)
        return with_wait(_second(visit, pending, next_path), error)
    return entered(visit, opened, next_path)


def _pending(visit: Visit) -> Pending | None:
    token = visit.cookies.read(visit.request, WAITING)
    people = visit.desk(People)
    return people.sessions.read_pending(token, people.realm, "second_factor") if token else None


def _second(visit: Visit, pending: Pending, next_path: str) -> Response:
    desk = visit.desk(People)
    factors = desk.factors.of(pending.account_id)
    token = visit.cookies.read(visit.request, WAITING) or ""
    others = not pending.must_have_passkey
    return visit.show(
        "second.html",
        title=_("Your second factor"),
        status=422 if visit.faults else 200,
        base="/sign-in/second",
        next=next_path,
        options=desk.sign_in.second_factor_options(token) if factors.passkeys else "",
        has_totp=bool(factors.apps) and others,
        has_recovery=bool(factors.recovery_codes_left) and others,
        is_recovering=any(fault.field == "recovery" for fault in visit.faults),
    )
