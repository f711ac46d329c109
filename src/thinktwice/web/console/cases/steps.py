"""The steps that staff take with a request: each has a page that says what will happen to whom, and a form.

Invariant: which permission a step needs is the table's of ``cases.reach``, one route a step, so that the walk over
routes and roles meets each.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.cases.calling import uncallable
from thinktwice.cases.course import Step
from thinktwice.cases.desk import NEEDS_NOTE, PRIVATE, REFUSALS, Taking
from thinktwice.cases.form import most_days
from thinktwice.cases.kinds import RULES
from thinktwice.cases.reach import STAFF_STEPS
from thinktwice.cases.workflow import lacks
from thinktwice.errors import InputError, words_of
from thinktwice.people.permissions import DANGEROUS
from thinktwice.web.console.cases import words
from thinktwice.web.console.cases.area import AREA, office
from thinktwice.web.console.cases.reading import obstacle
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

STEP_TITLE: Final = _("What happens now")


def declare(step: Step) -> None:
    """Declare the two pages of a step."""
    path, permission = f"/cases/{{case_id}}/{path_of(step)}", STAFF_STEPS[step]

    @AREA.page("GET", path, permission=permission, is_fresh=permission in DANGEROUS)
    def step_form(visit: Visit) -> Response:
        return visit.show("step.html", title=words.STEP_VERBS[step], **_facts(visit, step))

    @AREA.page("POST", path, permission=permission)
    def take_step(visit: Visit) -> Response:
        case_id = visit.path("case_id")
        try:
            office(visit).desk.step(visit.who, case_id, step, _taking(visit, step))
        except InputError as error:
            return visit.show_again(error, "step.html", title=words.STEP_VERBS[step], **_facts(visit, step))
        return visit.go(f"/cases/{case_id}", said="case-stepped")


def path_of(step: str) -> str:
    """Return how a step is written in an address."""
    return step.replace("_", "-")


for _step in STAFF_STEPS:
    declare(_step)


def _taking(visit: Visit, step: Step) -> Taking:
    """Read what comes along with a step.

    Raises:
        InputError: The days are no number, or a partial approval of data names nothing.
    """
    days = visit.form.text("days", 6)
    if days and not (days.isascii() and days.isdecimal()):
        raise InputError.of(str(_("Write the days as a number")), field="days")
    only = visit.form.all("only") if step == "approve_partly" else ()
    if step == "approve_partly" and visit.form.is_ticked("chooses") and not only:
        raise InputError.of(str(_("Choose what is approved, or refuse the request")), field="only")
    return Taking(
        note=visit.form.raw("note"),
        refusal=(visit.form.text("refusal", 40) or None) if step == "refuse" else None,
        days=int(days) if days and step == "fulfil" else None,
        only=only,
    )


def _facts(visit: Visit, step: Step) -> dict[str, Any]:
    case_id, desk = visit.path("case_id"), office(visit)
    found, timeline = desk.desk.find(visit.who, case_id)
    rule, agency = RULES[found.kind], desk.agencies.find(found.agency_id)
    hindered = desk.desk.hindrance(visit.who, found, step)
    no_call = uncallable(agency, found.kind) if step == "call_back" else None
    return {
        "found": found,
        "agency": agency,
        "step": step,
        "path": f"/cases/{case_id}/{path_of(step)}",
        "meaning": words.STEP_MEANINGS[step],
        "obstacle": obstacle(found, visit.who, step, visit.now) or no_call or (hindered and words_of(hindered)),
        "lacks": lacks(found.stands) if step in {"approve", "confirm_approval"} else (),
        "rule": rule,
        "needs_note": step in NEEDS_NOTE or step == "refuse",
        "is_private": step in PRIVATE,
        "refusals": [(code, visit.words.say(words.REFUSAL_NAMES[code])) for code in REFUSALS],
        "categories": [(one, visit.words.say(words.CATEGORY_NAMES[one]), "") for one in found.form.data_categories],
        "chooses": step == "approve_partly" and rule.outcome == "data",
        "has_production": any(entry.kind == "production" for entry in timeline),
        "days": most_days(found.kind, found.form, agency.country, desk.bases),
        "given": {name: visit.form.raw(name) for name in ("note", "refusal")},
        "kind_names": words.KIND_NAMES,
        "is_final": step in {"refuse", "deliver"},
    }
