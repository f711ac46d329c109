"""One request in readable words: its form, and what can be done with it now.

Invariants: pure; what is shown of a step is what the workflow itself answers, never a second copy of its rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from thinktwice.cases.form import RequestForm
from thinktwice.cases.kinds import RULES
from thinktwice.cases.reach import STAFF_STEPS
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.workflow import FROM, Step, advance
from thinktwice.errors import SecondPersonError, StateError
from thinktwice.people.person import Person
from thinktwice.web.edge.words import mark as _

_LABELS: Final = (
    ("unit", _("Unit")),
    ("officer_name", _("Officer")),
    ("rank", _("Rank")),
    ("officer_number", _("Officer's number")),
    ("supervisor_name", _("Supervisor")),
    ("supervisor_contact", _("Supervisor's contact")),
    ("case_number", _("Case number")),
    ("offence", _("Offence")),
    ("legal_entity", _("Addressed to")),
    ("signatory", _("Signed by")),
    ("necessity", _("Why it is needed, and why less would not do")),
    ("question", _("Question or wording")),
)


def rows_of(form: RequestForm) -> tuple[tuple[str, str], ...]:
    """Return the form's plain fields that say something, each with its label."""
    return tuple((label, getattr(form, name)) for name, label in _LABELS if getattr(form, name))


def steps_for(request: CaseRequest, person: Person, now: datetime) -> tuple[Step, ...]:
    """Return the steps that this person can take right now, in the order of the workflow."""
    return tuple(step for step in STAFF_STEPS if obstacle(request, person, step, now) is None)


def obstacles(request: CaseRequest, person: Person, now: datetime) -> Iterator[tuple[Step, str]]:
    """Yield the steps that fit the state and the person's roles, and what stands in their way, in words."""
    for step in STAFF_STEPS:
        if request.state in FROM[step] and person.may(STAFF_STEPS[step]):
            said = obstacle(request, person, step, now)
            if said:
                yield step, said


def obstacle(request: CaseRequest, person: Person, step: Step, now: datetime) -> str | None:
    """Return why a step cannot be taken, None when it can."""
    if not person.may(STAFF_STEPS[step]):
        return "no role of yours allows it"
    is_data = RULES[request.kind].outcome == "data"
    only = request.form.data_categories[:1] if step == "approve_partly" and is_data else ()
    try:
        advance(request.stands, step, side="operator", person=person.account_id, now=now, only=only)
    except (StateError, SecondPersonError) as error:
        return str(error)
    return None
