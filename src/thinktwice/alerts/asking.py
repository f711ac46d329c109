"""The questions of the rung *ask*, in words.

Invariant: the same questions in the same order for everybody; nothing observed chooses one, except that who may be
sharing the screen is asked to end that first, and is asked nothing else.
"""

from __future__ import annotations

from typing import Final

from thinktwice.alerts.prose import read_prose
from thinktwice.alerts.rendered import AnswerOption, AskedQuestion, AskStep
from thinktwice.alerts.words import Words
from thinktwice.records.questionnaire import CONTACT, CONTACT_WAYS, QUESTIONS, SKIPPED_AFTER

_NONE: Final[dict[str, tuple[str, ...]]] = {}


def ask_step(words: Words, *, must_end_sharing: bool) -> AskStep:
    """Return the step of questions, or the one that asks to end sharing."""
    said = words.ask
    if must_end_sharing:
        return AskStep(said.sharing_headline, read_prose(said.sharing_text), ())
    return AskStep(said.title, read_prose(said.intro), tuple(_asked(words, name) for name in QUESTIONS))


def contact_question(words: Words) -> AskedQuestion:
    """Return the one question after stopping, which may be left."""
    options = words.help.how_options
    chosen = tuple(AnswerOption(name, options[name]) for name in CONTACT_WAYS)
    return AskedQuestion(CONTACT, words.help.how, (*chosen, _prefer_not(words)))


def _asked(words: Words, name: str) -> AskedQuestion:
    question = words.ask.questions[name]
    options = tuple(AnswerOption(answer, question.options[answer]) for answer in QUESTIONS[name])
    always = (AnswerOption("not_sure", words.ask.not_sure), _prefer_not(words))
    return AskedQuestion(name, question.text, (*options, *always), SKIPPED_AFTER.get(name, _NONE))


def _prefer_not(words: Words) -> AnswerOption:
    return AnswerOption("prefer_not_to_say", words.ask.prefer_not_to_say)
