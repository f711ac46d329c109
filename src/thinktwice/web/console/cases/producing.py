"""The page on which a production is put together.

Invariant: what a portion may hold is checked where it is kept; the page only says what was found.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.form import DATA_CATEGORIES
from thinktwice.errors import Fault, InputError, NotFoundError, words_of
from thinktwice.evidence.producing import OWN_CATEGORY
from thinktwice.web.console.cases import words
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

PORTION_LIMITS: Final = FormLimits(file_bytes=256 << 20, is_text=False)
TITLE: Final = _("Put the production together")
_LINE: Final = _("Line %(line)s")
_BASE: Final = "/cases/{case_id}/production"


@AREA.page("GET", _BASE, permission="assemble_production")
def production(visit: Visit) -> Response:
    """Show the portions."""
    return visit.show("production.html", title=TITLE, **_facts(visit))


@AREA.page("POST", f"{_BASE}/portions", permission="assemble_production", limits=PORTION_LIMITS)
def add(visit: Visit) -> Response:
    """Check a CSV file and keep it."""
    case_id, upload = visit.path("case_id"), visit.form.files.get("file")
    try:
        if upload is None or not upload.size:
            raise InputError.of(str(_("Choose a CSV file")), field="file")
        upload.require_text()
        category = visit.form.text("category", 40)
        office(visit).production.add(visit.who, case_id, category, upload.name, upload.content)
    except InputError as error:
        return visit.show_again(_by_line(visit, error), "production.html", title=TITLE, **_facts(visit))
    return visit.go(f"/cases/{case_id}/production", said="portion-added")


@AREA.page("POST", f"{_BASE}/prepared", permission="assemble_production")
def fetch(visit: Visit) -> Response:
    """Take what the operator's systems prepared."""
    return _take(visit, is_own=False)


@AREA.page("POST", f"{_BASE}/own", permission="assemble_production")
def own(visit: Visit) -> Response:
    """Attach our own records."""
    return _take(visit, is_own=True)


@AREA.page("POST", f"{_BASE}/portions/{{file_id}}/remove", permission="assemble_production")
def remove(visit: Visit) -> Response:
    """Take a portion back."""
    case_id = visit.path("case_id")
    office(visit).production.remove(visit.who, case_id, visit.path("file_id"))
    return visit.go(f"/cases/{case_id}/production", said="portion-removed")


@AREA.page("POST", f"{_BASE}/archive", permission="assemble_production")
def assemble(visit: Visit) -> Response:
    """Make archive and receipt."""
    case_id = visit.path("case_id")
    try:
        office(visit).production.assemble(visit.who, case_id)
    except InputError as error:
        return visit.show_again(error, "production.html", title=TITLE, **_facts(visit))
    return visit.go(f"/cases/{case_id}", said="production-made")


def _take(visit: Visit, *, is_own: bool) -> Response:
    case_id, desk = visit.path("case_id"), office(visit).production
    try:
        if is_own:
            desk.add_own(visit.who, case_id)
        else:
            desk.fetch(visit.who, case_id)
    except NotFoundError as error:
        return visit.show_again(InputError.of(words_of(error)), "production.html", title=TITLE, **_facts(visit))
    except InputError as error:
        return visit.show_again(_by_line(visit, error), "production.html", title=TITLE, **_facts(visit))
    return visit.go(f"/cases/{case_id}/production", said="portion-added")


def _by_line(visit: Visit, error: InputError) -> InputError:
    """Return the faults of a table's rows as faults of the file, each with the line that it stands in."""
    say = visit.words.say
    return InputError(
        *(
            Fault(f"{say(_LINE, line=fault.line)}: {say(fault.message)}", "file", fault.where) if fault.line else fault
            for fault in error.faults
        )
    )


def _facts(visit: Visit) -> dict[str, Any]:
    case_id, desk = visit.path("case_id"), office(visit)
    found, timeline = desk.desk.find(visit.who, case_id)
    allowed = found.stands.only or found.form.data_categories
    return {
        "found": found,
        "agency": desk.agencies.find(found.agency_id),
        "portions": desk.production.portions(visit.who, case_id),
        "has_archive": any(entry.kind == "production" for entry in timeline),
        "categories": [(one, visit.words.say(words.CATEGORY_NAMES[one])) for one in DATA_CATEGORIES if one in allowed],
        "category_names": words.CATEGORY_NAMES,
        "can_add": found.state in {"approved", "partly_approved"},
        "has_own": desk.production.has_own and OWN_CATEGORY in allowed,
        "kind_names": words.KIND_NAMES,
    }
