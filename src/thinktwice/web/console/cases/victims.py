"""The page on which an agency's list of victims is matched.

Invariant: who matched is shown and handed to the operator alone; the agency gets a rounded count.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.victims import csv_of, rounded
from thinktwice.errors import InputError
from thinktwice.web.console.cases import words
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

TITLE: Final = _("Match the list of victims")
_PATH: Final = "/cases/{case_id}/victims"


@AREA.page("GET", _PATH, permission="match_victims", is_fresh=True)
def matching(visit: Visit) -> Response:
    """Show how many customers the list meets, and what telling them means."""
    return visit.show("victims.html", title=TITLE, **_facts(visit))


@AREA.page("POST", _PATH, permission="match_victims")
def tell(visit: Visit) -> Response:
    """Hand the customers over to the operator's systems."""
    case_id = visit.path("case_id")
    try:
        office(visit).victims.tell(visit.who, case_id, visit.form.text("message", 65))
    except InputError as error:
        return visit.show_again(error, "victims.html", title=TITLE, **_facts(visit))
    return visit.go(f"/cases/{case_id}/victims", said="victims-told")


@AREA.page("POST", f"{_PATH}/customers.csv", permission="match_victims")
def table(visit: Visit) -> Response:
    """Give the customers as a table for the operator's own systems."""
    matched = office(visit).victims.match(visit.who, visit.path("case_id"))
    headers = {"Content-Disposition": 'attachment; filename="customers.csv"', "Cache-Control": "no-store"}
    content = csv_of(matched, visit.form.text("message", 64))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _facts(visit: Visit) -> dict[str, Any]:
    case_id, desk = visit.path("case_id"), office(visit)
    found, _timeline = desk.desk.find(visit.who, case_id)
    matched = desk.victims.match(visit.who, case_id)
    return {
        "found": found,
        "agency": desk.agencies.find(found.agency_id),
        "matched": matched,
        "rounded": rounded(len(matched.customer_refs)),
        "was_told": desk.victims.was_told(case_id),
        "has_webhook": desk.has_webhook,
        "message": visit.form.text("message", 65) or f"victim-notice-{found.number}",
        "kind_names": words.KIND_NAMES,
    }
