"""Copies of results to take away: small ones at once, the others made by a job while the page tells how far it is.

Invariants: nobody waits for a PDF while a page loads; a copy is shown and given to who asked for it and nobody else;
that somebody took one away stands in the audit chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import RedirectResponse, Response

from thinktwice.errors import NotFoundError
from thinktwice.measurement.copies import CopyAsked
from thinktwice.web.console.jobs.pages import STATE_NAMES
from thinktwice.web.console.results.area import AREA
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.words import EDITIONS
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}


@AREA.page("GET", "/results/{campaign}/copies/{edition}.{format}", permission="export_results")
def copy(visit: Visit) -> Response:
    """Give a copy away that is made in a moment; for any other, lead to where it is asked for."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    edition, format_ = _known(visit.path("edition"), visit.path("format"))
    desk.one(campaign)
    if desk.is_long(format_):
        return RedirectResponse(f"/results/{campaign}#copies", 303)
    content = desk.write(campaign, edition, format_, locale=visit.words.tag, until=visit.now)
    with visit.parts.ledger.act(visit.actor, "results.export", "campaign", campaign) as act:
        act.note(edition=edition, format=format_)
    return _file(CopyAsked(campaign=campaign, edition=edition, format=format_, locale="", until=visit.now), content)


@AREA.page("POST", "/results/{campaign}/copies", permission="export_results")
def ask(visit: Visit) -> Response:
    """Ask for a copy to be made."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    edition, _dot, format_ = visit.form.text("copy", 40).partition(".")
    _known(edition, format_)
    desk.one(campaign)
    asked = CopyAsked(campaign=campaign, edition=edition, format=format_, locale=visit.words.tag, until=visit.now)
    job = desk.copies.ask(visit.actor, asked)
    return visit.go(f"/results/copies/{job.id}")


@AREA.page("GET", "/results/copies/{job_id}", permission="export_results")
def made(visit: Visit) -> Response:
    """Show how far a copy is, and where it can be taken away."""
    found = visit.desk(ResultsDesk).copies.one(visit.actor, visit.path("job_id"))
    return visit.show(
        "copy.html", title=_("A copy to take away"), copy=found, state=STATE_NAMES[found.job.state], editions=EDITIONS
    )


@AREA.page("POST", "/results/copies/{job_id}/cancel", permission="export_results")
def cancel(visit: Visit) -> Response:
    """End the making of a copy."""
    visit.desk(ResultsDesk).copies.cancel(visit.actor, visit.path("job_id"))
    return visit.go(f"/results/copies/{visit.path('job_id')}", said="copy-cancelled")


@AREA.page("GET", "/results/copies/{job_id}/file", permission="export_results")
def take(visit: Visit) -> Response:
    """Give a copy away that a job made."""
    asked, content = visit.desk(ResultsDesk).copies.take(visit.actor, visit.path("job_id"))
    return _file(asked, content)


def _known(edition: str, format_: str) -> tuple[str, str]:
    if edition not in EDITIONS or format_ not in MEDIA_TYPES:
        raise NotFoundError("there is no such copy")
    return edition, format_


def _file(asked: CopyAsked, content: bytes) -> Response:
    name = f"thinktwice-{asked.campaign}-{asked.edition}-{asked.until:%Y%m%d}.{asked.format}"
    return Response(
        content,
        media_type=MEDIA_TYPES[asked.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
