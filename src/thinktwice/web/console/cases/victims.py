"""The page on which an agency's list of victims is matched.

Invariants: who matched is shown and handed to the operator alone; the agency gets a rounded count; nobody is told
with words that an officer of the agency has not approved.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.course import ENDED
from thinktwice.cases.victims import csv_of, rounded
from thinktwice.cases.wordings import LANGUAGES, LOCALES
from thinktwice.errors import InputError
from thinktwice.web.console.cases import words
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

TITLE: Final = _("Match the list of victims")
WORDS_LIMITS: Final = FormLimits(form_bytes=1 << 20)
_PATH: Final = "/cases/{case_id}/victims"


@AREA.page("GET", _PATH, permission="match_victims", is_fresh=True)
def matching(visit: Visit) -> Response:
    """Show how many customers the list meets, and what telling them means."""
    return visit.show("victims.html", title=TITLE, **_facts(visit))


@AREA.page("POST", _PATH, permission="match_victims")
def tell(visit: Visit) -> Response:
    """Hand the customers over to the operator's systems."""
    case_id = visit.path("case_id")
    office(visit).victims.tell(visit.who, case_id)
    return visit.go(f"/cases/{case_id}/victims", said="victims-told")


@AREA.page("POST", f"{_PATH}/words", permission="work_case", limits=WORDS_LIMITS)
def propose(visit: Visit) -> Response:
    """Propose words to the agency."""
    case_id = visit.path("case_id")
    typed = {locale: visit.form.raw(f"words_{locale}") for locale in LOCALES}
    try:
        office(visit).wordings.propose(visit.who, case_id, typed)
    except InputError as error:
        return visit.show_again(error, "victims.html", title=TITLE, **{**_facts(visit), "typed": typed})
    return visit.go(f"/cases/{case_id}/victims", said="words-proposed")


@AREA.page("POST", f"{_PATH}/customers.csv", permission="match_victims")
def table(visit: Visit) -> Response:
    """Give the customers as a table for the operator's own systems."""
    matched = office(visit).victims.match(visit.who, visit.path("case_id"))
    headers = {"Content-Disposition": 'attachment; filename="customers.csv"', "Cache-Control": "no-store"}
    wording = office(visit).wordings.current(visit.who, visit.path("case_id"))
    content = csv_of(matched, wording.code if wording is not None else "")
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _facts(visit: Visit) -> dict[str, Any]:
    case_id, desk = visit.path("case_id"), office(visit)
    found, _timeline = desk.desk.find(visit.who, case_id)
    matched = desk.victims.match(visit.who, case_id)
    wording = desk.wordings.current(visit.who, case_id)
    return {
        "found": found,
        "agency": desk.agencies.find(found.agency_id),
        "matched": matched,
        "rounded": rounded(len(matched.customer_refs)),
        "was_told": desk.victims.was_told(case_id),
        "has_webhook": desk.has_webhook,
        "wording": wording,
        "typed": dict(wording.words) if wording is not None else {},
        "language_names": LANGUAGES,
        "has_ended": found.state in ENDED,
        "kind_names": words.KIND_NAMES,
    }
