"""The pages about agencies: who they are, how each was verified, what it may ask, and its officers.

Invariants: a link is shown once, on the answer to the form that made it; what takes access away says to whom before it
happens; the number that is called has a source that is not the agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.agencies import Agency
from thinktwice.cases.kinds import KINDS, TRUST_ORDER, Trust, may_ask
from thinktwice.cases.verification import CHECK_STEPS, CheckStep
from thinktwice.errors import InputError
from thinktwice.people.permissions import OfficerRole
from thinktwice.web.console.agencies.desk import AgencyOffice
from thinktwice.web.console.cases.words import KIND_NAMES
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.agencies",
    needs=(AgencyOffice,),
    says={
        "agency-registered": _("The agency is registered. Record how you verify it; then say how far it is trusted."),
        "check-recorded": _("The step is recorded under your name."),
        "check-lowered": _(
            "The step is recorded under your name. The number is another one now: the agency counts as registered "
            "until somebody else sets its trust again."
        ),
        "trust-set": _("It is set how far this agency is trusted."),
        "agency-suspended": _("The agency is suspended. Its officers' sessions and open downloads have ended."),
        "application-aside": _("The application is set aside."),
        "application-waits": _("The application waits again to be verified."),
        "agency-restored": _("The agency is in use again. Its officers sign in anew."),
        "officer-suspended": _("The officer is suspended. All sessions have ended."),
        "officer-restored": _("The officer may sign in again."),
        "officer-confirmed": _("Confirmed. Access lasts 90 more days."),
        "officer-totp": _("The officer may use codes of an app instead of a passkey."),
        "officer-passkey": _("Only a passkey lets this officer in now."),
    },
)

STATE_NAMES: Final[Mapping[str, str]] = {
    "applied": _("Applies"),
    "active": _("In use"),
    "suspended": _("Suspended"),
    "set_aside": _("Application set aside"),
}
TURNS: Final[Mapping[tuple[bool, bool], tuple[str, str]]] = {
    (False, True): (_("Suspend this agency?"), _("Suspend the agency")),
    (False, False): (_("Let this agency back in?"), _("Let it back in")),
    (True, True): (_("Set this application aside?"), _("Set it aside")),
    (True, False): (_("Take this application up again?"), _("Take it up again")),
}
"""What the page of a suspension asks and its button says: of an application or not, out or back."""
TRUST_NAMES: Final[Mapping[Trust, str]] = {
    "registered": _("Registered"),
    "verified": _("Verified"),
    "trusted": _("Trusted"),
}
TRUST_HINTS: Final[Mapping[Trust, str]] = {
    "registered": _("Nothing is verified; it may ask for information only."),
    "verified": _("Domain and call-back, by two people."),
    "trusted": _("Besides, a vouching or a document."),
}
CHECK_NAMES: Final[Mapping[CheckStep, str]] = {
    "domain": _("Official domain"),
    "call_back": _("Call-back to an independent number"),
    "vouching": _("Vouched for by a verified agency"),
    "document": _("Document"),
}
ROLE_NAMES: Final[Mapping[OfficerRole, str]] = {
    "officer": _("Officer"),
    "agency_administrator": _("Agency's administrator"),
}
ROLE_HINTS: Final[Mapping[OfficerRole, str]] = {
    "officer": _("Files requests and reports addresses."),
    "agency_administrator": _("Invites, confirms and suspends the agency's officers; files nothing."),
}


@AREA.page("GET", "/agencies", permission="read_agencies")
def agencies(visit: Visit) -> Response:
    """List applications, then the agencies."""
    found = visit.desk(AgencyOffice).agencies.all()
    return visit.show(
        "agencies.html",
        title=_("Agencies"),
        applying=[agency for agency in found if agency.state == "applied"],
        agencies=[agency for agency in found if agency.state != "applied"],
        **_names(),
    )


@AREA.page("GET", "/agencies/register", permission="register_agency")
def registration(visit: Visit) -> Response:
    """Show the form of a registration."""
    return visit.show("register.html", title=_("Register an agency"), given={})


@AREA.page("POST", "/agencies/register", permission="register_agency")
def register(visit: Visit) -> Response:
    """Register an agency."""
    given = {name: visit.form.text(name, 200) for name in ("name", "country", "domain")}
    try:
        agency_id = visit.desk(AgencyOffice).agencies.register(
            visit.actor, name=given["name"], country=given["country"].upper(), domain=given["domain"].lower()
        )
    except InputError as error:
        return visit.show_again(error, "register.html", title=_("Register an agency"), given=given)
    return visit.go(f"/agencies/{agency_id}", said="agency-registered")


@AREA.page("GET", "/agencies/{agency_id}", permission="read_agencies")
def one(visit: Visit) -> Response:
    """Show one agency."""
    return visit.show("agency.html", **_facts(visit))


@AREA.page("POST", "/agencies/{agency_id}/checks", permission="verify_agency")
def check(visit: Visit) -> Response:
    """Record one step of its verification."""
    agency_id, form = visit.path("agency_id"), visit.form
    try:
        is_lowered = visit.desk(AgencyOffice).agencies.record_check(
            visit.actor,
            agency_id,
            form.text("step", 20),
            form.raw("note"),
            number=form.text("number", 40) or None,
            source=form.text("source", 300) or None,
        )
    except InputError as error:
        return visit.show_again(error, "agency.html", **_facts(visit))
    return visit.go(f"/agencies/{agency_id}", said="check-lowered" if is_lowered else "check-recorded")


@AREA.page("GET", "/agencies/{agency_id}/trust", permission="set_agency_trust", is_fresh=True)
def trust_form(visit: Visit) -> Response:
    """Say what each degree of trust allows."""
    return _trust_page(visit)


@AREA.page("POST", "/agencies/{agency_id}/trust", permission="set_agency_trust")
def set_trust(visit: Visit) -> Response:
    """Say how far an agency is trusted."""
    agency_id, chosen = visit.path("agency_id"), visit.form.text("trust", 20)
    if chosen not in TRUST_ORDER:
        return _trust_page(visit, InputError.of(str(_("Choose one")), field="trust"))
    visit.desk(AgencyOffice).agencies.set_trust(visit.actor, agency_id, chosen)
    return visit.go(f"/agencies/{agency_id}", said="trust-set")


@AREA.page("GET", "/agencies/{agency_id}/suspend", permission="suspend_agency", is_fresh=True)
def suspension(visit: Visit) -> Response:
    """Say what a suspension does before it happens."""
    return _turn_page(visit, is_suspending=True)


@AREA.page("POST", "/agencies/{agency_id}/suspend", permission="suspend_agency")
def suspend(visit: Visit) -> Response:
    """Take everything from an agency at once."""
    return _turn(visit, is_suspending=True)


@AREA.page("GET", "/agencies/{agency_id}/restore", permission="suspend_agency", is_fresh=True)
def restoring(visit: Visit) -> Response:
    """Say what letting an agency back in means."""
    return _turn_page(visit, is_suspending=False)


@AREA.page("POST", "/agencies/{agency_id}/restore", permission="suspend_agency")
def restore(visit: Visit) -> Response:
    """Let an agency back in."""
    return _turn(visit, is_suspending=False)


def _trust_page(visit: Visit, error: InputError | None = None) -> Response:
    agency = _agency(visit)
    say = visit.words.say
    facts: dict[str, Any] = {
        "title": _("How far is this agency trusted?"),
        "agency": agency,
        "options": [(one, say(TRUST_NAMES[one]), say(TRUST_HINTS[one])) for one in TRUST_ORDER],
        "allowed": {one: [kind for kind in KINDS if may_ask(kind, one)] for one in TRUST_ORDER},
        "kind_names": KIND_NAMES,
        "taken": {found.step for found in visit.desk(AgencyOffice).agencies.checks(agency.id)},
        **_names(),
    }
    return visit.show_again(error, "trust.html", **facts) if error else visit.show("trust.html", **facts)


def _turn_page(visit: Visit, *, is_suspending: bool, error: InputError | None = None) -> Response:
    desk, agency = visit.desk(AgencyOffice), _agency(visit)
    is_application = agency.state in ("applied", "set_aside")
    title, verb = TURNS[is_application, is_suspending]
    facts: dict[str, Any] = {
        "title": title,
        "verb": verb,
        "agency": agency,
        "is_application": is_application,
        "is_suspending": is_suspending,
        "officers": len(desk.officers(agency)),
        "sessions": desk.sessions_of(agency),
        "reason": visit.form.text("reason", 501),
    }
    return visit.show_again(error, "turn.html", **facts) if error else visit.show("turn.html", **facts)


def _turn(visit: Visit, *, is_suspending: bool) -> Response:
    desk, agency_id, reason = visit.desk(AgencyOffice), visit.path("agency_id"), visit.form.text("reason", 501)
    try:
        turn = desk.agencies.suspend if is_suspending else desk.agencies.restore
        turn(visit.actor, agency_id, reason)
    except InputError as error:
        return _turn_page(visit, is_suspending=is_suspending, error=error)
    said = {
        "active": "agency-restored",
        "applied": "application-waits",
        "suspended": "agency-suspended",
        "set_aside": "application-aside",
    }
    return visit.go(f"/agencies/{agency_id}", said=said[_agency(visit).state])


def _agency(visit: Visit) -> Agency:
    return visit.desk(AgencyOffice).agencies.find(visit.path("agency_id"))


def _facts(visit: Visit) -> dict[str, Any]:
    desk, agency = visit.desk(AgencyOffice), _agency(visit)
    checks = desk.agencies.checks(agency.id)
    return {
        "title": _("Agency"),
        "agency": agency,
        "checks": checks,
        "people": {check.person: desk.name_of(check.person) or check.person for check in checks},
        "officers": desk.officers(agency),
        "now": visit.now,
        "allowed": [kind for kind in KINDS if may_ask(kind, agency.trust)],
        "kind_names": KIND_NAMES,
        "step_options": [(step, visit.words.say(CHECK_NAMES[step])) for step in CHECK_STEPS],
        "given": {name: visit.form.raw(name)[:2_000] for name in ("step", "note", "number", "source")},
        **_names(),
    }


def _names() -> dict[str, Any]:
    return {
        "agency_states": STATE_NAMES,
        "trust_names": TRUST_NAMES,
        "check_names": CHECK_NAMES,
        "officer_roles": ROLE_NAMES,
    }
