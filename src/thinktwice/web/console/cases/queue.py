"""The queue of requests, the random sample, and the transparency report.

Invariant: reads only, but for the entry that says that a sample was drawn.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.cases.kinds import RULES
from thinktwice.cases.transparency import csv_of
from thinktwice.errors import InputError, NotFoundError
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.console.cases.words import END_NAMES, KIND_NAMES, REFUSAL_NAMES, STATE_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@AREA.page("GET", "/cases", permission="read_cases")
def queue(visit: Visit) -> Response:
    """List what waits: emergencies first, then by deadline."""
    desk = office(visit)
    found = sorted(desk.desk.queue(visit.who), key=lambda one: not (one.decided_at is None and _is_urgent(one.kind)))
    return visit.show(
        "queue.html",
        title=_("Cases"),
        cases=found,
        late=sum(one.is_late(visit.now) for one in found),
        urgent={kind for kind in KIND_NAMES if _is_urgent(kind)},
        agencies=desk.agency_names(),
        backlog=desk.notices.backlog(),
        has_webhook=desk.has_webhook,
        kind_names=KIND_NAMES,
        state_names=STATE_NAMES,
        now=visit.now,
    )


@AREA.page("POST", "/case-samples", permission="sample_cases")
def draw(visit: Visit) -> Response:
    """Draw a random sample."""
    return visit.go(f"/case-samples/{office(visit).sampling.draw(visit.who)}")


@AREA.page("GET", "/case-samples/{seed}", permission="sample_cases")
def sample(visit: Visit) -> Response:
    """Show a sample, the same at every opening until more is decided."""
    seed, desk = visit.path("seed"), office(visit)
    try:
        cases = desk.sampling.sample(visit.who, seed)
    except InputError:
        raise NotFoundError("there is no such sample") from None
    return visit.show(
        "sample.html",
        title=_("Random sample of decided requests"),
        cases=cases,
        seed=seed,
        agencies=desk.agency_names(),
        kind_names=KIND_NAMES,
        state_names=STATE_NAMES,
        refusal_names=REFUSAL_NAMES,
    )


@AREA.page("GET", "/transparency", permission="read_transparency")
def transparency(visit: Visit) -> Response:
    """Show the counts of all requests."""
    return visit.show(
        "transparency.html",
        title=_("Transparency"),
        report=office(visit).transparency(visit.who),
        kind_names=KIND_NAMES,
        end_names=END_NAMES,
        refusal_names=REFUSAL_NAMES,
    )


@AREA.page("GET", "/transparency/counts.csv", permission="read_transparency")
def transparency_table(visit: Visit) -> Response:
    """Give the counts as a table."""
    headers = {"Content-Disposition": 'attachment; filename="transparency.csv"', "X-Content-Type-Options": "nosniff"}
    content = csv_of(office(visit).transparency(visit.who))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _is_urgent(kind: str) -> bool:
    return any(rule.is_emergency for name, rule in RULES.items() if name == kind)
