"""What a customer's form says, read strictly.

Invariants: a choice that lowers protection needs the second step of its rung, and the marked characters where two
addresses look alike; a choice to stop needs nothing. What was typed is judged here and never stored.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, cast, get_args
from urllib.parse import parse_qsl

import msgspec

from thinktwice.alerts.figures import inert
from thinktwice.alerts.pair import is_marked_text
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.report import LONGEST
from thinktwice.errors import InputError
from thinktwice.records.decision import CustomerFacts
from thinktwice.records.event import AlertEvent
from thinktwice.records.questionnaire import CONTACT, is_contact_answer
from thinktwice.records.vocabulary import VIEWPORTS

FORM_BYTES: Final = 8_192
MOST_FIELDS: Final = 32
EVENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")

Chosen = Literal["cancelled", "continued", "reported", "help", "answered"]
ABOUT: Final = ("appeal", "call_me")
"""What a customer may ask of us with *help*."""

Check = Literal["typed", "read_back", "missing", "differs"]
_ANSWER = "q-"


class ChoiceForm(msgspec.Struct, frozen=True):
    """One submitted form."""

    choice: Chosen
    event_id: str
    locale: str
    step: str
    marked: str
    is_read_back: bool
    about: str
    answers: Mapping[str, str]
    told: Mapping[str, str]
    viewport: str = ""


def read_choice(body: bytes) -> ChoiceForm:
    """Read a URL-encoded form.

    Raises:
        InputError: it is not a form of ours.
    """
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InputError.of("is a URL-encoded form with at most 32 fields") from error
    fields = dict(pairs)
    choice, event_id = fields.get("choice", ""), fields.get("event_id", "")
    if choice not in get_args(Chosen):
        raise InputError.of(f"is one of {', '.join(get_args(Chosen))}", field="choice")
    if choice == "help" and fields.get("about") not in ABOUT:
        raise InputError.of(f"is one of {', '.join(ABOUT)}", field="about")
    if not EVENT_ID.fullmatch(event_id):
        raise InputError.of("is 8 to 64 letters, digits, '-' or '_'", field="event_id")
    return ChoiceForm(
        choice=cast("Chosen", choice),
        event_id=event_id,
        locale=fields.get("locale", "")[:35],
        step=fields.get("step", ""),
        marked=fields.get("marked", "")[:64],
        is_read_back=fields.get("read_back") == "yes",
        about=fields.get("about", "") if choice == "help" else "",
        answers={name.removeprefix(_ANSWER): answer for name, answer in fields.items() if name.startswith(_ANSWER)},
        told=told_in(fields) if choice in {"reported", "answered"} else {},
        viewport=viewport_in(fields),
    )


def viewport_in(fields: Mapping[str, str]) -> str:
    """Return how much room the page has, as its script says; empty without script."""
    said = fields.get("viewport", "")
    return said if said in VIEWPORTS else ""


def told_in(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a customer wrote into the report form, bounded and without control characters."""
    written = {name: inert(" ".join(fields.get(name, "").split()))[:longest] for name, longest in LONGEST.items()}
    way = fields.get(f"q-{CONTACT}", "")
    told = written | ({CONTACT: way} if is_contact_answer(way) else {})
    return {name: text for name, text in told.items() if text}


def exposure(locale: str, viewport: str) -> dict[str, str]:
    """Return how the alert was shown when something was done; what is unknown is left out."""
    return {"locale": locale} | ({"viewport": viewport} if viewport else {})


def check_marked(facts: CustomerFacts, typed: str, *, is_read_back: bool) -> Check:
    """Judge the characters typed from a freshly obtained address, or the statement in their place.

    Characters of another address are *differs* even beside the statement: typing them says the addresses differ.
    """
    if typed.strip():
        known = facts.lookalike.imitated_address if facts.lookalike else ""
        return "typed" if is_marked_text(typed, known, facts.address) else "differs"
    return "read_back" if is_read_back else "missing"


def events_of(form: ChoiceForm, alert: RenderedAlert, now: datetime, check: Check | None) -> tuple[AlertEvent, ...]:
    """Return what a form says as events: the choice, and before it the answers to questions that were asked."""
    detail = exposure(alert.locale, form.viewport) | ({"check": check} if check else {})
    if form.about:
        detail |= {"about": form.about}
    detail |= form.told
    chosen = AlertEvent(event_id=form.event_id, type=form.choice, occurred_at=now, detail=detail)
    answers = _asked(form, alert)
    if form.choice != "continued" or not answers:
        return (chosen,)
    answered_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{form.event_id} answered"))
    return AlertEvent(event_id=answered_id, type="answered", occurred_at=now, detail=answers), chosen


def _asked(form: ChoiceForm, alert: RenderedAlert) -> dict[str, str]:
    """Return the answers that belong to questions of this alert; others were not asked."""
    questions = alert.second_step.questions if alert.second_step else ()
    options = {question.id: {option.id for option in question.options} for question in questions}
    return {name: answer for name, answer in form.answers.items() if answer in options.get(name, ())}
