"""The addresses that officers reported and that wait for somebody.

Invariant: an officer learns nothing of what is decided here.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.reported import Report
from thinktwice.errors import InputError, NotFoundError
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.console.cases.words import HANDLING_NAMES, NEED_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

TITLE: Final = _("Reported addresses")


@AREA.page("GET", "/reported-addresses", permission="accept_flag")
def waiting(visit: Visit) -> Response:
    """List what waits."""
    return visit.show("flags.html", title=TITLE, **_facts(visit))


@AREA.page("POST", "/reported-addresses/{report_id}", permission="accept_flag")
def decide(visit: Visit) -> Response:
    """Accept or decline one."""
    report_id, verdict, reason = visit.path("report_id"), visit.form.text("verdict", 10), visit.form.text("reason", 501)
    if verdict not in {"accept", "decline"}:
        raise NotFoundError("there is no such decision")
    if not 5 <= len(reason) <= 500:
        again = InputError.of(str(_("Say why, in 5 to 500 characters")), field=f"reason-{report_id}")
        return visit.show_again(again, "flags.html", title=TITLE, **_facts(visit))
    office(visit).reports.decide(visit.who, report_id, is_accepted=verdict == "accept", reason=reason)
    return visit.go("/reported-addresses", said="report-decided")


def _facts(visit: Visit) -> dict[str, Any]:
    desk = office(visit)
    reports = desk.reports.waiting(visit.who)
    return {
        "reports": [(report, desk.reports.reason_of(visit.who, report)) for report in reports],
        "agencies": desk.agency_names(),
        "names": {person: desk.name_of(person) or person for report in reports for person in _people(report)},
        "handling_names": HANDLING_NAMES,
        "need_names": NEED_NAMES,
    }


def _people(report: Report) -> tuple[str, ...]:
    return (report.officer, report.second_officer) if report.second_officer else (report.officer,)
