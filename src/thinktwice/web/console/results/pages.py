"""What campaigns achieved: the verdict of each, its report, and copies to take away.

Invariants: a verdict is never worked out while somebody waits for a list; where customers did not fall into the arms as
declared no effect is shown anywhere here; that somebody took a copy away stands in the audit chain.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import HTMLResponse, Response

from thinktwice.campaigns.editions import publish, published_editions
from thinktwice.measurement.published import page as partner
from thinktwice.measurement.published.reading import to_publish
from thinktwice.measurement.report import answer, document
from thinktwice.measurement.report.document import Setting
from thinktwice.measurement.report.figures import Figures
from thinktwice.measurement.report.words import words_of
from thinktwice.web.console.jobs.pages import STATE_NAMES
from thinktwice.web.console.results import copies
from thinktwice.web.console.results.area import AREA
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.words import EDITIONS, STANDING_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

__all__ = ["AREA", "copies"]

STYLE: Final = "/results/report.css"


@AREA.page("GET", "/results", permission="read_results")
def results(visit: Visit) -> Response:
    """List the campaigns with their verdicts in a word."""
    desk = visit.desk(ResultsDesk)
    found = desk.declared()
    lines = [(declared, desk.standings.of(name)) for name, declared in sorted(found.items())]
    return visit.show(
        "list.html",
        title=_("Results"),
        lines=lines,
        standings=STANDING_NAMES,
        is_working=any(stood is None for _declared, stood in lines),
    )


@AREA.page("GET", "/results/report.css", permission="read_results")
def style(visit: Visit) -> Response:  # noqa: ARG001 - every page is given the visit
    """Give the style of reports, so that the page needs none inside."""
    return Response(document.css(), media_type="text/css")


@AREA.page("GET", "/results/{campaign}", permission="read_results")
def one(visit: Visit) -> Response:
    """Answer whether it helped, in the console's frame, with the way to everything else."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    declared = desk.one(campaign)
    analysis = desk.results.analysis(campaign, visit.now)
    figures = Figures(words_of(visit.words.tag), analysis.rules.currency)
    return visit.show(
        "one.html",
        title=declared.title or campaign,
        campaign=campaign,
        declared=declared,
        verdict=analysis.verdict,
        headline=figures.said(analysis.verdict.headline),
        reasons=[figures.said(reason) for reason in analysis.verdict.reasons],
        would_change=[figures.said(reason) for reason in analysis.verdict.would_change],
        stop_reasons=[figures.said(reason) for reason in analysis.verdict.stop_reasons],
        is_blocked=answer.is_blocked(analysis),
        standings=STANDING_NAMES,
        editions=EDITIONS,
        until=analysis.until,
        copies=desk.copies.of(visit.actor, campaign) if visit.may("export_results") else (),
        is_long=desk.is_long,
        job_states=STATE_NAMES,
        published=published_editions(visit.parts.ledger, campaign)[:1],
    )


@AREA.page("POST", "/results/{campaign}/publication", permission="publish_results")
def publish_edition(visit: Visit) -> Response:
    """Give the partners their edition as it is now; their officers read it in the portal, which can compute none."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    declared = desk.one(campaign)
    content = to_publish(desk.results.edition(campaign, visit.now), is_synthetic=desk.is_synthetic)
    publish(visit.parts.ledger, visit.actor, campaign, declared.partners, content)
    return visit.go(f"/results/{campaign}", said="results-published")


@AREA.page("GET", "/results/{campaign}/report", permission="read_results")
def report(visit: Visit) -> Response:
    """Show the whole report as a page of its own."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    desk.one(campaign)
    analysis = desk.results.analysis(campaign, visit.now)
    return HTMLResponse(document.render(analysis, visit.words.tag, _setting(visit, desk, campaign)))


@AREA.page("GET", "/results/{campaign}/partner", permission="read_results")
def partner_edition(visit: Visit) -> Response:
    """Show the partner's edition as a partner would get it."""
    desk, campaign = visit.desk(ResultsDesk), visit.path("campaign")
    desk.one(campaign)
    edition = desk.results.edition(campaign, visit.now)
    return HTMLResponse(partner.render(edition, visit.words.tag, _setting(visit, desk, campaign)))


def _setting(visit: Visit, desk: ResultsDesk, campaign: str) -> Setting:
    back = visit.words.say(_("Back to the console"))
    return Setting(
        operator=visit.parts.operator_name,
        css_href=STYLE,
        home=(f"/results/{campaign}", back),
        is_synthetic=desk.is_synthetic,
        partners=desk.partners(campaign, visit.words.tag),
    )
