"""Templates: a form kept without its case, begun from, and taken away.

Invariant: a template of another agency answers like one that does not exist.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.templates import Templates
from thinktwice.errors import InputError
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import names_of
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.words import KIND_NAMES


@AREA.page("GET", "/requests/templates", permission="file_request")
def templates(visit: Visit) -> Response:
    """List the agency's templates."""
    return visit.show(
        "templates.html",
        title=_("Templates"),
        templates=visit.desk(Templates).all(visit.who),
        names=names_of(visit),
        kinds=KIND_NAMES,
    )


@AREA.page("GET", "/requests/{case_id}/template", permission="file_request")
def keeping(visit: Visit) -> Response:
    """Say what a template carries before it is kept."""
    found, _timeline = visit.desk(CaseDesk).find(visit.who, visit.path("case_id"))
    return visit.show(
        "template.html",
        title=_("Keep as a template"),
        status=422 if visit.faults else 200,
        found=found,
        name=visit.form.text("name", 81),
        kinds=KIND_NAMES,
    )


@AREA.page("POST", "/requests/{case_id}/template", permission="file_request")
def keep(visit: Visit) -> Response:
    """Keep the form of a request as a template."""
    try:
        visit.desk(Templates).keep(visit.who, visit.path("case_id"), visit.form.text("name", 81))
    except InputError as error:
        visit.faults.extend(error.faults)
        return keeping(visit)
    return visit.go("/requests/templates", said="template-kept")


@AREA.page("POST", "/requests/templates/{template_id}/begin", permission="file_request")
def begin_from(visit: Visit) -> Response:
    """Begin a draft with what a template carries."""
    template = visit.desk(Templates).find(visit.who, visit.path("template_id"))
    case_id = visit.desk(CaseDesk).draft(visit.who, template.kind, template.form)
    return visit.go(f"/requests/{case_id}/form", said="draft-begun")


@AREA.page("POST", "/requests/templates/{template_id}/remove", permission="file_request")
def remove(visit: Visit) -> Response:
    """Take a template away."""
    visit.desk(Templates).remove(visit.who, visit.path("template_id"))
    return visit.go("/requests/templates", said="template-removed")
