"""One request in readable words: its form, and what can be done with it now.

Invariants: pure; what is shown of a step is what the workflow itself answers, never a second copy of its rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from thinktwice.cases.course import FROM, Step
from thinktwice.cases.form import RequestForm
from thinktwice.cases.kinds import RULES
from thinktwice.cases.reach import STAFF_STEPS
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.workflow import advance
from thinktwice.errors import SecondPersonError, StateError, words_of
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


ORDER: Final[tuple[Step, ...]] = (
    "take",
    "confirm_requester",
    "call_back",
    "confirm_approval",
    "fulfil",
    "deliver",
    "approve",
    "approve_partly",
    "ask_more",
    "reconsider",
    "refuse",
    "close",
)
"""In which order steps are offered: what leads on first."""

_PLAIN: Final[frozenset[Step]] = frozenset({"take", "confirm_requester", "call_back", "fulfil"})
"""Steps that may be the page's filled button; what approves, delivers or ends something is a plain one."""


def main_step(steps: Iterable[Step]) -> Step | None:
    """Return the step that is offered as the next one, None where each deserves a thought."""
    return next((step for step in steps if step in _PLAIN), None)


def rows_of(form: RequestForm) -> tuple[tuple[str, str], ...]:
    """Return the form's plain fields that say something, each with its label."""
    return tuple((label, getattr(form, name)) for name, label in _LABELS if getattr(form, name))


def steps_for(request: CaseRequest, person: Person, now: datetime) -> tuple[Step, ...]:
    """Return the steps that this person can take right now, what leads on first."""
    return tuple(step for step in ORDER if obstacle(request, person, step, now) is None)


def obstacles(request: CaseRequest, person: Person, now: datetime) -> Iterator[tuple[Step, str]]:
    """Yield the steps that fit the state and the person's roles, and what stands in their way, in words."""
    for step in ORDER:
        is_done = request.stands.awaits_second and step in {"approve", "approve_partly"}
        if request.state in FROM[step] and person.may(STAFF_STEPS[step]) and not is_done:
            said = obstacle(request, person, step, now)
            if said:
                yield step, said


def obstacle(request: CaseRequest, person: Person, step: Step, now: datetime) -> str | None:
    """Return why a step cannot be taken, None when it can."""
    if not person.may(STAFF_STEPS[step]):
        return _("no role of yours allows it")
    is_data = RULES[request.kind].outcome == "data"
    only = request.form.data_categories[:1] if step == "approve_partly" and is_data else ()
    try:
        advance(request.stands, step, side="operator", person=person.account_id, now=now, only=only)
    except (StateError, SecondPersonError) as error:
        return words_of(error)
    return None
