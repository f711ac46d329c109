"""One request's life: timeline, messages, files, and the officer's own steps.

Invariants: a file is only ever handed out as a download, whatever it says it is, through a leave that works once, for
this session, within two minutes, and for as long as access lasts; what is among staff never reaches a page.
"""

from __future__ import annotations

from typing import cast

from starlette.responses import Response

from thinktwice.cases.course import ENDED, FROM, Step
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.kinds import RULES
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.victims import LEAST_TOLD
from thinktwice.cases.wordings import Wordings
from thinktwice.errors import InputError
from thinktwice.web.edge.signed_in.handing_out import hand_out
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import agency_of, names_of
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.drafting import FILE_BYTES, FILES
from thinktwice.web.portal.requests.words import KIND_NAMES, NEXT, REFUSAL_NAMES, SCAN_NAMES, STATE_NAMES, STEP_NAMES


@AREA.page("GET", "/requests/{case_id}", permission="read_own_cases")
def one(visit: Visit) -> Response:
    """Show one request, what happened and what can be done."""
    found, timeline = visit.desk(CaseDesk).find(visit.who, visit.path("case_id"))
    return visit.show(
        "request.html",
        title=_("Request"),
        status=422 if visit.faults else 200,
        found=found,
        timeline=timeline,
        names=names_of(visit),
        agency=agency_of(visit),
        rule=RULES[found.kind],
        wording=visit.desk(Wordings).current(visit.who, found.id) if found.kind == "victim_notification" else None,
        least_told=LEAST_TOLD,
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        nexts=NEXT,
        steps=STEP_NAMES,
        refusals=REFUSAL_NAMES,
        scans=SCAN_NAMES,
        most_bytes=FILE_BYTES,
        typed=visit.form.raw("text") or visit.form.raw("note"),
        has_ended=found.state in ENDED,
        is_late=found.is_late(visit.now),
        can=_can(visit, found),
    )


@AREA.page("POST", "/requests/{case_id}/messages", permission="write_case_message")
def write(visit: Visit) -> Response:
    """Write to the operator."""
    case_id = visit.path("case_id")
    try:
        visit.desk(CaseFiling).write(visit.who, case_id, visit.form.raw("text"))
    except InputError as error:
        visit.faults.extend(error.faults)
        return one(visit)
    return visit.go(f"/requests/{case_id}", said="message-sent")


@AREA.page("POST", "/requests/{case_id}/attachments", permission="upload_case_file", limits=FILES)
def attach(visit: Visit) -> Response:
    """Keep a file with a request that was submitted."""
    case_id, upload = visit.path("case_id"), visit.form.files.get("file")
    if upload is None or not upload.name:
        visit.faults.extend(InputError.of(_("Choose a file."), field="file").faults)
        return one(visit)
    try:
        upload.content.seek(0)
        visit.desk(CaseFiling).attach(visit.who, case_id, upload.name, upload.content)
    except InputError as error:
        visit.faults.extend(error.faults)
        return one(visit)
    return visit.go(f"/requests/{case_id}", said="file-kept")


@AREA.page("POST", "/requests/{case_id}/files/{file_id}/download", permission="read_own_cases")
def leave(visit: Visit) -> Response:
    """Give a leave to take a file away, and lead to it."""
    case_id = visit.path("case_id")
    token = visit.desk(CaseFiling).leave(visit.who, case_id, visit.path("file_id"))
    return visit.go(f"/requests/{case_id}/downloads/{token}")


@AREA.page("GET", "/requests/{case_id}/downloads/{token}", permission="read_own_cases")
def download(visit: Visit) -> Response:
    """Hand a file out, once."""
    case_id = visit.path("case_id")
    return hand_out(visit, visit.desk(CaseFiling).download(visit.who, case_id, visit.path("token")), case_id)


@AREA.page("POST", "/requests/{case_id}/answer", permission="file_request")
def answer(visit: Visit) -> Response:
    """Answer what the operator asked."""
    return _step(visit, "answer", "answered")


@AREA.page("GET", "/requests/{case_id}/withdraw", permission="withdraw_request")
def withdrawal(visit: Visit) -> Response:
    """Say what a withdrawal means before it happens."""
    found, _timeline = visit.desk(CaseDesk).find(visit.who, visit.path("case_id"))
    status, note = 422 if visit.faults else 200, visit.form.raw("note")
    title = _("Withdraw this request?")
    return visit.show("withdraw.html", title=title, status=status, found=found, note=note, kinds=KIND_NAMES)


@AREA.page("POST", "/requests/{case_id}/withdraw", permission="withdraw_request")
def withdraw(visit: Visit) -> Response:
    """Withdraw a request."""
    case_id = visit.path("case_id")
    try:
        visit.desk(CaseDesk).step(visit.who, case_id, "withdraw", Taking(note=visit.form.raw("note")))
    except InputError as error:
        visit.faults.extend(error.faults)
        return withdrawal(visit)
    return visit.go(f"/requests/{case_id}", said="withdrawn")


@AREA.page("POST", "/requests/{case_id}/close", permission="file_request")
def close(visit: Visit) -> Response:
    """Close a request that is done."""
    return _step(visit, "close", "closed")


def _step(visit: Visit, step: Step, said: str) -> Response:
    case_id = visit.path("case_id")
    try:
        visit.desk(CaseDesk).step(visit.who, case_id, step, Taking(note=visit.form.raw("note")))
    except InputError as error:
        visit.faults.extend(error.faults)
        return one(visit)
    return visit.go(f"/requests/{case_id}", said=said)


def _can(visit: Visit, found: CaseRequest) -> set[str]:
    """Return which steps this person may take now; the desk decides again when one is taken."""
    officer_steps = {"answer": "file_request", "withdraw": "withdraw_request", "close": "file_request"}
    can = {
        step
        for step, permission in officer_steps.items()
        if visit.may(permission) and found.state in FROM[cast("Step", step)]  # type: ignore[arg-type]  # of the table above
    }
    if found.stands.measure_until is not None or (found.state == "fulfilled" and RULES[found.kind].outcome == "data"):
        can.discard("close")
    if visit.may("file_request") and found.author == visit.who.account_id and found.state in _OPEN_FORM:
        can.add("write_form")
    return can


_OPEN_FORM = frozenset({"draft", "needs_information"})
