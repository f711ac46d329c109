"""The list of the agency's requests, and the choice of a new one."""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.kinds import KINDS, RULES, may_ask
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.errors import InputError
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import agency_of, names_of
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.words import KIND_HINTS, KIND_NAMES, STATE_NAMES


@AREA.page("GET", "/", permission="manage_own_account")
def first(visit: Visit) -> Response:
    """Lead to the requests."""
    return visit.go("/requests")


@AREA.page("GET", "/requests", permission="read_own_cases")
def requests(visit: Visit) -> Response:
    """List the agency's requests, newest first."""
    return visit.show(
        "requests.html",
        title=_("Requests"),
        requests=visit.desk(CaseDesk).of_agency(visit.who),
        agency=agency_of(visit),
        names=names_of(visit),
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        now=visit.now,
    )


@AREA.page("GET", "/requests/new", permission="file_request")
def choose(visit: Visit) -> Response:
    """Show what can be asked for, and what each kind needs."""
    agency = agency_of(visit)
    open_to = [kind for kind in KINDS if may_ask(kind, agency.trust)]
    return visit.show(
        "new.html",
        title=_("New request"),
        status=422 if visit.faults else 200,
        open_to=open_to,
        closed_names=[visit.words.say(KIND_NAMES[kind]) for kind in KINDS if kind not in open_to],
        rules=RULES,
        reply_hours={kind: visit.desk(LegalBases).reply_hours(agency.country, kind) for kind in open_to},
        kinds=KIND_NAMES,
        hints=KIND_HINTS,
    )


@AREA.page("POST", "/requests/new", permission="file_request")
def begin(visit: Visit) -> Response:
    """Begin a draft."""
    try:
        case_id = visit.desk(CaseDesk).draft(visit.who, visit.form.text("kind", 40))
    except InputError:
        visit.faults.extend(InputError.of(_("Choose what you ask for."), field="kind").faults)
        return choose(visit)
    return visit.go(f"/requests/{case_id}/form", said="draft-begun")
