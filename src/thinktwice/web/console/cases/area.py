"""The area of cases, on which its modules declare their pages."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.cases.office import CaseOffice
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.cases",
    needs=(CaseOffice,),
    says={
        "case-stepped": _("It is done, and stands in the timeline."),
        "case-written": _("Your message is in the timeline."),
        "case-filed": _("The file is kept, encrypted."),
        "portion-added": _("The portion was checked and is kept."),
        "portion-removed": _("The portion is taken back."),
        "production-made": _("Archive and receipt are made. Now fulfil the request; a colleague delivers it."),
        "victims-told": _("The customers are handed to your systems. The agency sees a rounded count."),
        "words-proposed": _("The words are proposed. An officer of the agency has to approve them."),
        "report-decided": _("The report is decided."),
    },
)


def office(visit: Visit) -> CaseOffice:
    """Return what the area works with."""
    return visit.desk(CaseOffice)
