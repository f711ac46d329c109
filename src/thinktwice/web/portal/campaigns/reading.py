"""What an officer looks at before approving: the list, one version, the real alert, and results.

Invariants: another agency's version answers like one that does not exist; a preview is the page that customers would
get, with the badge as it would stand there, in a frame that runs nothing; results are those that the operator
published, as they were published.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import HTMLResponse, Response

from thinktwice.cases.joint import JointCampaigns, JointVersion
from thinktwice.errors import NotFoundError
from thinktwice.measurement.published import reading as published
from thinktwice.web.edge.signed_in.previewing import FRAMED, FRAMING, looked_at, offered, rungs_of
from thinktwice.web.edge.signed_in.signing import own_keys
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.campaigns.area import AREA, STATE_NAMES, Previewing
from thinktwice.web.portal.own_agency import names_of

MOST_CHANGES: Final = 100
STYLE: Final = "/campaigns/results.css"


@AREA.page("GET", "/campaigns", permission="read_joint_campaigns")
def campaigns(visit: Visit) -> Response:
    """List what was submitted with the agency's name on it, and where results are to be read."""
    desk = visit.desk(JointCampaigns)
    return visit.show(
        "list.html",
        title=_("Joint campaigns"),
        lines=desk.lines(visit.who),
        results=sorted(desk.results(visit.who)),
        states=STATE_NAMES,
    )


@AREA.page("GET", "/campaigns/results.css", permission="read_partner_results")
def results_style(visit: Visit) -> Response:  # noqa: ARG001 - every page is given the visit
    """Give the style of results, so that the page needs none inside."""
    return Response(published.css(), media_type="text/css")


@AREA.page("GET", "/campaigns/{campaign}/results", permission="read_partner_results")
def results(visit: Visit) -> Response:
    """Show the newest edition that was published for the agency."""
    edition = visit.desk(JointCampaigns).edition(visit.who, visit.path("campaign"))
    return HTMLResponse(
        published.show(
            edition.content,
            visit.words.tag,
            operator=visit.parts.operator_name,
            css_href=STYLE,
            home=("/campaigns", visit.words.say(_("Back to joint campaigns"))),
        )
    )


@AREA.page("GET", "/campaigns/{campaign}/versions/{version}", permission="read_joint_campaigns")
def version(visit: Visit) -> Response:
    """Show one version with everything that speaks for or against it."""
    return shown(visit, found(visit))


@AREA.page("GET", "/campaigns/{campaign}/versions/{version}/preview", permission="read_joint_campaigns")
def preview(visit: Visit) -> Response:
    """Offer the alert in every language at every step it may be shown at, and show one of them."""
    version = found(visit)
    if version.pack is None:
        raise NotFoundError("there is nothing here")
    facts = offered(visit, version.pack, rungs_of(version.pack), base=f"{address(version)}/preview")
    response = visit.show(
        "preview.html",
        title=_("Preview"),
        submitted=version.line.submitted,
        own=address(version),
        **facts,  # type: ignore[arg-type]  # none is the status
    )
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@AREA.page("GET", "/campaigns/{campaign}/versions/{version}/preview/page", permission="read_joint_campaigns")
def preview_page(visit: Visit) -> Response:
    """Give the page itself, as a customer would get it."""
    version = found(visit)
    if version.pack is None:
        raise NotFoundError("there is nothing here")
    page = looked_at(visit, version.pack)
    text = visit.desk(Previewing).show(version, locale=page.locale, rung=page.rung, screen=page.screen, arm=page.arm)
    return HTMLResponse(text, headers={"Content-Security-Policy": FRAMED})


def found(visit: Visit) -> JointVersion:
    """Return the version that an address names.

    Raises:
        NotFoundError: there is none of it for the officer's agency.
    """
    return visit.desk(JointCampaigns).find(visit.who, visit.path("campaign"), visit.path("version"))


def address(version: JointVersion) -> str:
    """Return where a version is looked at."""
    submitted = version.line.submitted
    return f"/campaigns/{submitted.campaign}/versions/{submitted.version}"


def shown(visit: Visit, version: JointVersion, *, status: int = 200) -> Response:
    """Answer with the page of one version."""
    keys, pinned = own_keys(visit), {one.credential_id for one in version.partner.keys}
    return visit.show(
        "version.html",
        title=version.line.submitted.title,
        status=status,
        version=version,
        submitted=version.line.submitted,
        own=address(version),
        states=STATE_NAMES,
        names=names_of(visit),
        changes=version.changes[:MOST_CHANGES],
        more_changes=max(0, len(version.changes) - MOST_CHANGES),
        typed=visit.form.raw("text"),
        has_passkey=bool(keys),
        unpinned=() if any(key.credential_id in pinned for key in keys) else keys,
    )
