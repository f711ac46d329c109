"""The questions of the rung *ask* on the hosted page, one at a time, without script.

Invariants: earlier answers travel in the form, never in an address; nothing is recorded before the last answer, and
then all of it as one event; which question comes next is decided here, not by what the browser claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

from thinktwice.alerts.rendered import AskedQuestion, AskStep
from thinktwice.errors import InputError
from thinktwice.records.questionnaire import is_answer, next_question
from thinktwice.web.customer.choices import EVENT_ID, MOST_FIELDS, viewport_in


class AnswersForm(msgspec.Struct, frozen=True):
    """One submitted page of questions; ``asked`` is the question it showed."""

    event_id: str
    locale: str
    asked: str
    answers: Mapping[str, str]
    viewport: str = ""

    @property
    def is_unanswered(self) -> bool:
        """Whether the page was sent without an answer to its question."""
        return self.asked not in self.answers


def read_answers(body: bytes) -> AnswersForm:
    """Read a URL-encoded form; answers that nobody offered are left out.

    Raises:
        InputError: it is not a form of ours.
    """
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InputError.of("is a URL-encoded form with at most 32 fields") from error
    fields = dict(pairs)
    if not EVENT_ID.fullmatch(fields.get("event_id", "")):
        raise InputError.of("is 8 to 64 letters, digits, '-' or '_'", field="event_id")
    answers = {name.removeprefix("q-"): answer for name, answer in fields.items() if name.startswith("q-")}
    return AnswersForm(
        fields["event_id"],
        fields.get("locale", "")[:35],
        fields.get("asked", ""),
        {name: answer for name, answer in answers.items() if is_answer(name, answer)},
        viewport_in(fields),
    )


def question_after(step: AskStep, answers: Mapping[str, str]) -> AskedQuestion | None:
    """Return the question to show after these answers, None when all are answered."""
    name = next_question(answers)
    return next((question for question in step.questions if question.id == name), None)
