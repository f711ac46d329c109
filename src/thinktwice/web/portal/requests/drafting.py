"""Writing a request: form, files, check, submission.

Invariants: nothing is lost when a form has faults; what is submitted lacks nothing; whoever writes is told what is
missing, never whether anything named exists.
"""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.responses import Response

from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.filing import CaseFiling, Purpose
from thinktwice.cases.form import DATA_CATEGORIES
from thinktwice.cases.kinds import RULES
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.request import CaseRequest, TimelineEntry
from thinktwice.errors import ConflictError, InputError, NotFoundError
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import agency_of
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.reading import LIMITS, read_form, typed_in, typed_of
from thinktwice.web.portal.requests.words import CATEGORY_NAMES, FIELD_NAMES, KIND_HINTS, KIND_NAMES

FILE_BYTES: Final = 100 << 20
"""The longest file that one upload may hold; larger ones are split."""

FILES: Final = FormLimits(file_bytes=FILE_BYTES, is_text=False)


@AREA.page("GET", "/requests/{case_id}/form", permission="file_request")
def form(visit: Visit) -> Response:
    """Show the form of a draft, or of a request that needs information."""
    found, _timeline = _writable(visit)
    return _form_page(visit, found, typed_of(found.form), found.revision)


@AREA.page("POST", "/requests/{case_id}/form", permission="file_request", limits=LIMITS)
def save(visit: Visit) -> Response:
    """Save the form; then go on writing, or on to the files."""
    found, _timeline = _writable(visit)
    typed, revision = typed_in(visit), visit.form.text("revision", 9)
    try:
        written = read_form(visit, found.kind, typed, found.form)
        visit.desk(CaseDesk).save(visit.who, found.id, written, int(revision) if revision.isdecimal() else 0)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _form_page(visit, found, typed, revision)
    except ConflictError:
        visit.faults.extend(InputError.of(_CHANGED).faults)
        return _form_page(visit, found, typed, revision)
    onward = "files" if visit.form.text("then") == "go-on" else "form"
    return visit.go(f"/requests/{found.id}/{onward}", said="draft-saved")


@AREA.page("GET", "/requests/{case_id}/files", permission="file_request")
def files(visit: Visit) -> Response:
    """Show the files of a draft and take more."""
    found, timeline = _writable(visit)
    return visit.show(
        "files.html",
        title=_("Instrument and files"),
        status=422 if visit.faults else 200,
        found=found,
        rule=RULES[found.kind],
        files=[entry for entry in timeline if entry.file_id is not None],
        most_bytes=FILE_BYTES,
        kinds=KIND_NAMES,
    )


@AREA.page("POST", "/requests/{case_id}/files", permission="file_request", limits=FILES)
def add_file(visit: Visit) -> Response:
    """Keep a file of a draft; an instrument becomes the request's."""
    found, _timeline = _writable(visit)
    upload = visit.form.files.get("file")
    if upload is None or not upload.name:
        visit.faults.extend(InputError.of(_("Choose a file."), field="file").faults)
        return files(visit)
    is_instrument = visit.form.text("purpose") == "instrument"
    filing = visit.desk(CaseFiling)
    try:
        upload.content.seek(0)
        purpose: Purpose = "instrument" if is_instrument else "attachment"
        file_id = filing.attach(visit.who, found.id, upload.name, upload.content, purpose=purpose)
    except InputError as error:
        visit.faults.extend(error.faults)
        return files(visit)
    if is_instrument and _is_infected(visit, file_id):
        visit.faults.extend(InputError.of(_INFECTED, field="file").faults)
        return files(visit)
    if is_instrument:
        written = msgspec.structs.replace(found.form, instrument_file=file_id)
        visit.desk(CaseDesk).save(visit.who, found.id, written, found.revision)
    return visit.go(f"/requests/{found.id}/files", said="file-kept")


@AREA.page("GET", "/requests/{case_id}/check", permission="file_request")
def check(visit: Visit) -> Response:
    """Show the whole request and what it lacks."""
    found, timeline = _writable(visit)
    lacking = visit.desk(CaseDesk).lacks(visit.who, found.id)
    visit.faults.extend(lacking.faults if lacking else ())
    return visit.show(
        "check.html",
        title=_("Check and submit"),
        found=found,
        form=typed_of(found.form),
        agency=agency_of(visit),
        basis=visit.desk(LegalBases).find(agency_of(visit).country, found.form.legal_basis),
        files=[entry for entry in timeline if entry.file_id is not None],
        rule=RULES[found.kind],
        kinds=KIND_NAMES,
        labels=FIELD_NAMES,
        categories_text=", ".join(visit.words.say(CATEGORY_NAMES[one]) for one in found.form.data_categories),
    )


@AREA.page("POST", "/requests/{case_id}/submit", permission="file_request")
def submit(visit: Visit) -> Response:
    """Submit a draft; one that lacks something shows what."""
    case_id = visit.path("case_id")
    try:
        visit.desk(CaseDesk).step(visit.who, case_id, "submit")
    except InputError:
        return check(visit)
    return visit.go(f"/requests/{case_id}", said="request-submitted")


_CHANGED: Final = _(
    "It was saved in another window meanwhile. What you typed is still here: copy it, open the form again, and add it."
)


_INFECTED: Final = _("Malware was found in this file: it is in quarantine, and is no instrument. Attach a clean copy.")


def _is_infected(visit: Visit, file_id: str) -> bool:
    _found, timeline = _writable(visit)
    return any(entry.file_id == file_id and entry.verdict == "infected" for entry in timeline)


def _writable(visit: Visit) -> tuple[CaseRequest, tuple[TimelineEntry, ...]]:
    """Return a request of one's own that can be written in, and its files.

    Raises:
        NotFoundError: there is none.
    """
    found, timeline = visit.desk(CaseDesk).find(visit.who, visit.path("case_id"))
    if found.author != visit.who.account_id or found.state not in {"draft", "needs_information"}:
        raise NotFoundError("there is no such draft")
    return found, timeline


def _form_page(visit: Visit, found: CaseRequest, typed: dict[str, object], revision: object) -> Response:
    agency, say = agency_of(visit), visit.words.say
    tables = visit.desk(LegalBases)
    bases = [basis for basis in tables.of(agency.country) if found.kind in basis.kinds]
    return visit.show(
        "form.html",
        title=KIND_NAMES[found.kind],
        status=422 if visit.faults else 200,
        found=found,
        form=typed,
        revision=revision,
        rule=RULES[found.kind],
        hint=KIND_HINTS[found.kind],
        bases=[("", say(_("Choose one"))), *((basis.id, f"{basis.name} ({basis.signed_by})") for basis in bases)],
        has_bases=bool(bases),
        is_for_counsel=agency.country in tables.for_counsel,
        categories=[(one, say(CATEGORY_NAMES[one]), "") for one in DATA_CATEGORIES],
    )
