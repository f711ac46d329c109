"""Whether another agency with the same interest may learn of this request: the agency's own choice, asked for plainly.

Invariant: until both agencies agreed and are known, the page is the same to the byte whether anybody else asks about
the same or not; afterwards it names agency, unit and case number and nothing of what was asked.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.cases.course import ENDED
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.words import KIND_NAMES


@AREA.page("GET", "/requests/{case_id}/contact", permission="consent_to_contact")
def contact(visit: Visit) -> Response:
    """Show the choice, and with whom it brought the agency together."""
    desk, case_id = visit.desk(Deconfliction), visit.path("case_id")
    found, _timeline = visit.desk(CaseDesk).find(visit.who, case_id)
    return visit.show(
        "contact.html",
        title=_("Other agencies with the same interest"),
        found=found,
        kinds=KIND_NAMES,
        is_agreed=desk.is_agreed(visit.who, case_id),
        contacts=desk.contacts(visit.who, case_id),
        is_open=found.submitted_at is not None and found.state not in ENDED,
    )


@AREA.page("POST", "/requests/{case_id}/contact/agree", permission="consent_to_contact")
def agree(visit: Visit) -> Response:
    """Agree for the agency."""
    case_id = visit.path("case_id")
    visit.desk(Deconfliction).agree(visit.who, case_id)
    return visit.go(f"/requests/{case_id}/contact", said="contact-agreed")


@AREA.page("POST", "/requests/{case_id}/contact/disagree", permission="consent_to_contact")
def disagree(visit: Visit) -> Response:
    """Take the agreement back."""
    case_id = visit.path("case_id")
    visit.desk(Deconfliction).disagree(visit.who, case_id)
    return visit.go(f"/requests/{case_id}/contact", said="contact-ended")
