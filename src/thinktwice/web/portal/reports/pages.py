"""The pages on which officers report addresses.

Invariants: every report is answered alike and looks alike afterwards; a list is taken whole or not at all, each row
that cannot be used named; nobody sees what another agency reported.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.responses import Response

from thinktwice.cases.feedback import LEAST_REPORTS, Feedback
from thinktwice.cases.identifiers import MOST_BYTES, Identifier, read_identifiers
from thinktwice.cases.reported import OwnReport
from thinktwice.cases.reports import HANDLINGS, MOST_DAYS, Named, Reports
from thinktwice.cases.stix import is_stix, read_stix
from thinktwice.cases.victims import LEAST_TOLD
from thinktwice.errors import Fault, InputError, NotFoundError
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import agency_of, names_of
from thinktwice.web.portal.requests.reading import PASTED, UPLOADED, named, uploaded_in
from thinktwice.web.portal.routes import Area

AREA: Final = Area(
    "thinktwice.web.portal.reports",
    needs=(Reports, Feedback),
    says={
        "reported": _("We have your report. Nothing more is told about an address."),
        "co-signed": _("You are the second officer of this report."),
        "retracted": _("The report is taken back."),
    },
)

MOST_ROWS: Final = 500
LIMITS: Final = FormLimits(form_bytes=1 << 20, file_bytes=2 * MOST_BYTES, is_text=False)
STATE_NAMES: Final = {"received": _("Received"), "retracted": _("Taken back"), "expired": _("Expired")}
HANDLING_NAMES: Final = {"warn": _("Warn"), "silent": _("Silent")}
HANDLING_HINTS: Final = {
    "warn": _("Customers who are about to pay there are warned."),
    "silent": _("Nobody outside the operator notices anything."),
}


@AREA.page("GET", "/reports", permission="report_address")
def reports(visit: Visit) -> Response:
    """List what the agency reported."""
    return visit.show(
        "reports.html",
        title=_("Reported addresses"),
        reports=visit.desk(Reports).own(visit.who),
        weeks=visit.desk(Feedback).own(visit.who),
        least_told=LEAST_TOLD,
        least_reports=LEAST_REPORTS,
        names=names_of(visit),
        agency=agency_of(visit),
        states=STATE_NAMES,
        handlings=HANDLING_NAMES,
    )


@AREA.page("GET", "/reports/new", permission="report_address")
def form(visit: Visit) -> Response:
    """Show the form of a report."""
    return _form(visit, rows="", handling="warn", reason="", days="90")


@AREA.page("POST", "/reports/new", permission="report_address", limits=LIMITS)
def report(visit: Visit) -> Response:
    """Take addresses: all that were named, or none."""
    sent = visit.form
    typed = {"rows": sent.raw("rows"), "handling": sent.text("handling", 20), "reason": sent.raw("reason").strip()}
    days = sent.text("days", 6)
    try:
        addresses = _addresses(visit)
        lasting = int(days) if days.isascii() and days.isdigit() else 0
        visit.desk(Reports).report_all(
            visit.who,
            addresses,
            handling=typed["handling"],
            reason=typed["reason"],
            days=lasting,
        )
    except InputError as error:
        visit.faults.extend(error.faults)
        return _form(visit, **typed, days=days)
    return visit.go("/reports", said="reported")


@AREA.page("POST", "/reports/{report_id}/co-sign", permission="report_address")
def co_sign(visit: Visit) -> Response:
    """Be the second officer of a report."""
    visit.desk(Reports).co_sign(visit.who, visit.path("report_id"))
    return visit.go("/reports", said="co-signed")


@AREA.page("GET", "/reports/{report_id}/retract", permission="retract_report")
def retraction(visit: Visit) -> Response:
    """Say what taking a report back does before it happens."""
    return visit.show("retract.html", title=_("Take this report back?"), report=_own(visit))


@AREA.page("POST", "/reports/{report_id}/retract", permission="retract_report")
def retract(visit: Visit) -> Response:
    """Take a report back."""
    visit.desk(Reports).retract(visit.who, visit.path("report_id"))
    return visit.go("/reports", said="retracted")


def _own(visit: Visit) -> OwnReport:
    """Return a report of the agency."""
    for found in visit.desk(Reports).own(visit.who):
        if found.id == visit.path("report_id"):
            return found
    raise NotFoundError("there is no such report")


def _form(visit: Visit, **typed: object) -> Response:
    say = visit.words.say
    handlings = [(one, say(HANDLING_NAMES[one]), say(HANDLING_HINTS[one])) for one in HANDLINGS]
    facts = {"agency": agency_of(visit), "handlings": handlings, "most_days": MOST_DAYS, "most_rows": MOST_ROWS}
    status = 422 if visit.faults else 200
    return visit.show("new.html", title=_("Report addresses"), status=status, **facts, **typed)


def _addresses(visit: Visit) -> list[Named]:
    """Return the addresses that were pasted and uploaded, each once, with the end that a bundle gave it.

    Raises:
        InputError: rows that cannot be used, too many, or none.
    """
    faults: list[Fault] = []
    found: dict[Identifier, datetime | None] = {}
    pasted = visit.form.raw("rows").encode("utf-8", "replace")
    for content, line, field in ((pasted, PASTED, "rows"), (uploaded_in(visit, "file"), UPLOADED, "file")):
        try:
            if is_stix(content):
                found = read_stix(content, at_most=MOST_ROWS, now=visit.now) | found
            else:
                found |= dict.fromkeys(read_identifiers(content, at_most=MOST_ROWS))
        except InputError as error:
            faults.extend(named(visit, error, line, field))
    if any(identifier.kind != "address" for identifier in found):
        faults.append(Fault(_("Only addresses are reported here: each line begins with address."), "rows"))
    if not found and not faults:
        faults.append(Fault(_("Name at least one address."), "rows"))
    if len(found) > MOST_ROWS:
        faults.append(Fault(visit.words.say(_("At most %(count)s can be named here."), count=MOST_ROWS), "rows"))
    if faults:
        raise InputError(*faults)
    return [Named(address.network or "", address.value, until) for address, until in found.items()]
