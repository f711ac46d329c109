"""One request: what is asked, what speaks for and against it, its life, messages and files.

Invariants: files are handed out as attachments and never shown; what is private to staff is marked as such; nothing
here tells an agency anything but what is written to it.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.course import ENDED
from thinktwice.cases.kinds import RULES
from thinktwice.cases.workflow import lacks
from thinktwice.errors import InputError, words_of
from thinktwice.web.console.cases import words
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.console.cases.reading import main_step, obstacles, rows_of, steps_for
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.handing_out import hand_out
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

FILE_LIMITS: Final = FormLimits(file_bytes=64 << 20, is_text=False)
MOST_SHOWN: Final = 50
"""Identifiers on the page; a table holds them all."""


@AREA.page("GET", "/cases/{case_id}", permission="read_cases")
def one(visit: Visit) -> Response:
    """Show one request."""
    return visit.show("one.html", **facts_of(visit))


@AREA.page("POST", "/cases/{case_id}/messages", permission="work_case")
def write(visit: Visit) -> Response:
    """Write to the agency, or among staff."""
    case_id = visit.path("case_id")
    try:
        is_private = visit.form.text("layer", 10) != "agency"
        office(visit).filing.write(visit.who, case_id, visit.form.raw("text"), is_private=is_private)
    except InputError as error:
        return visit.show_again(error, "one.html", **facts_of(visit))
    return visit.go(f"/cases/{case_id}", said="case-written")


@AREA.page("POST", "/cases/{case_id}/files", permission="work_case", limits=FILE_LIMITS)
def attach(visit: Visit) -> Response:
    """Keep a file, for the agency or among staff."""
    case_id, upload = visit.path("case_id"), visit.form.files.get("file")
    try:
        if upload is None or not upload.size:
            raise InputError.of(str(_("Choose a file")), field="file")
        upload.content.seek(0)
        is_private = visit.form.text("layer", 10) != "agency"
        office(visit).filing.attach(visit.who, case_id, upload.name, upload.content, is_private=is_private)
    except InputError as error:
        return visit.show_again(error, "one.html", **facts_of(visit))
    return visit.go(f"/cases/{case_id}", said="case-filed")


@AREA.page("POST", "/cases/{case_id}/files/{file_id}", permission="read_cases")
def download(visit: Visit) -> Response:
    """Hand a file out: a leave for this person, this session and this minute, used at once."""
    case_id, filing = visit.path("case_id"), office(visit).filing
    token = filing.leave(visit.who, case_id, visit.path("file_id"))
    return hand_out(visit, filing.download(visit.who, case_id, token), case_id)


@AREA.page("POST", "/cases/{case_id}/identifiers.csv", permission="read_cases")
def identifiers(visit: Visit) -> Response:
    """Give everything that the request names as a table."""
    headers = {"Content-Disposition": 'attachment; filename="identifiers.csv"', "Cache-Control": "no-store"}
    content = office(visit).filing.identifiers(visit.who, visit.path("case_id"))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def facts_of(visit: Visit) -> dict[str, Any]:
    """Return what the page about one request shows."""
    case_id, desk = visit.path("case_id"), office(visit)
    found, timeline = desk.desk.find(visit.who, case_id)
    agency = desk.agencies.find(found.agency_id)
    basis, is_for_counsel = desk.basis_of(found, agency)
    steps = steps_for(found, visit.who, visit.now)
    hindered = {step: error for step in steps if (error := desk.desk.hindrance(visit.who, found, step)) is not None}
    steps = tuple(step for step in steps if step not in hindered)
    in_the_way = [*obstacles(found, visit.who, visit.now), *((step, words_of(one)) for step, one in hindered.items())]
    people = {entry.person for entry in timeline} | {found.author, *found.stands.approved_by}
    return {
        "title": words.KIND_NAMES[found.kind],
        "found": found,
        "agency": agency,
        "rule": RULES[found.kind],
        "rows": rows_of(found.form),
        "basis": basis,
        "is_for_counsel": is_for_counsel,
        "identifiers": found.form.identifiers[:MOST_SHOWN],
        "timeline": timeline,
        "names": {person: desk.name_of(person) or person for person in people if person},
        "steps": steps,
        "main_step": main_step(steps),
        "obstacles": tuple(in_the_way),
        "lacks": lacks(found.stands) if found.state == "legal_review" else (),
        "signs": desk.weighing.signs(visit.who, case_id),
        "overlaps": desk.deconfliction.overlaps(visit.who, case_id),
        "has_ended": found.state in ENDED,
        "now": visit.now,
        "words_of": words,
    }
