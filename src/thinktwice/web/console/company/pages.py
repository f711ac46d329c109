"""Signing in with the company's own accounts (OpenID Connect).

Invariant: the way out is a link and not a form, because a form may not lead to another site here; nothing changes until
the provider's answer comes back to the browser that asked.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from thinktwice.errors import NotFoundError
from thinktwice.people.errors import SignInError
from thinktwice.people.oidc import OidcClient
from thinktwice.people.person import Person
from thinktwice.people.service import People
from thinktwice.people.sign_in import Opened
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.entrance.carried import WAITING
from thinktwice.web.edge.signed_in.entrance.opening import entered
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.company",
    needs=(People,),
    says={
        "company-linked": _("Your company account opens this one from now on."),
        "company-unlinked": _("The company account opens this one no more."),
    },
)

ATTEMPT: Final = "attempt"
"""While a sign-in is away at the identity provider."""

LINKING: Final = "linking"
"""While somebody signed in is there to link an account of theirs."""

_MINUTES_SECONDS: Final = 600


@AREA.public("GET", "/sign-in/company")
def leave(visit: Visit) -> Response:
    """Send the browser to the provider."""
    started = _company(visit).begin("sign_in")
    response = RedirectResponse(started.url, 303)
    visit.cookies.set(response, ATTEMPT, started.attempt, max_age=_MINUTES_SECONDS)
    return response


@AREA.page("GET", "/account/company", permission="manage_own_account")
def leave_to_link(visit: Visit) -> Response:
    """Send somebody who is signed in to the provider, to link their company account."""
    visit.who.require_confirmed(visit.now)
    started = _company(visit).begin("link", fresh=True)
    response = RedirectResponse(started.url, 303)
    visit.cookies.set(response, LINKING, started.attempt, max_age=_MINUTES_SECONDS)
    return response


@AREA.public("GET", "/sign-in/company/return")
def come_back(visit: Visit) -> Response:
    """Read the provider's answer: to a sign-in, or to linking, as the browser asked."""
    linking = visit.cookies.read(visit.request, LINKING)
    if linking is not None and visit.person is not None:
        return _link(visit, visit.person, linking)
    attempt = visit.cookies.read(visit.request, ATTEMPT) or ""
    try:
        identity = _company(visit).finish(attempt, dict(visit.request.query_params), "sign_in")
        step = visit.desk(People).sign_in.with_identity(identity, visit.place)
    except SignInError:
        response = visit.show("company_refused.html", title=_("This company account opens nothing here"), status=403)
    else:
        if isinstance(step, Opened):
            response = entered(visit, step, "")
        else:
            response = visit.go("/sign-in/second")
            visit.cookies.set(response, WAITING, step.token)
    visit.cookies.end(response, ATTEMPT)
    return response


@AREA.page("POST", "/account/company/{link_id}/unlink", permission="manage_own_account")
def unlink(visit: Visit) -> Response:
    """Take a company account away from one's own."""
    visit.who.require_confirmed(visit.now)
    visit.desk(People).subjects.unlink(visit.actor, visit.who.account_id, visit.path("link_id"))
    return visit.go("/account", said="company-unlinked")


def _link(visit: Visit, person: Person, attempt: str) -> Response:
    try:
        identity = _company(visit).finish(attempt, dict(visit.request.query_params), "link")
        visit.desk(People).credentials.link_identity(person, identity)
    except SignInError:
        response = visit.show("company_refused.html", title=_("This company account opens nothing here"), status=403)
    else:
        response = visit.go("/account", said="company-linked")
    visit.cookies.end(response, LINKING)
    return response


def _company(visit: Visit) -> OidcClient:
    company = visit.desk(People).oidc
    if company is None:
        raise NotFoundError("no identity provider is configured")
    return company
