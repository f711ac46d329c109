"""The questions of the rung *ask*: which there are, in which order, and which answers are known.

Invariants: every question can be left with ``not_sure`` or ``prefer_not_to_say``; which one comes next depends only on
the answers before it, so a page without script, an element and the server walk the same path. The words live with the
alerts, the consequences with the decisions; neither is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOT_SURE: Final = "not_sure"
PREFER_NOT: Final = "prefer_not_to_say"
ALWAYS: Final = (NOT_SURE, PREFER_NOT)

QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "origin": ("own_wallet", "known_in_person", "known_online", "told_by_authority"),
    "on_call": ("yes", "no"),
    "money_back": ("large_part", "a_little", "fee_first", "never_tried", "own_wallet"),
    "coached": ("yes", "no"),
}
"""Each question with its answers, those of ``ALWAYS`` aside, in the order in which they are asked."""

CONTACT: Final = "contact"
"""The one optional question after stopping: how contact was made."""

CONTACT_WAYS: Final = ("social_media", "messenger", "phone", "dating", "advert", "in_person", "other")

SKIPPED_AFTER: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "money_back": {"origin": ("own_wallet", "told_by_authority")}
}
"""Questions that certain answers to earlier ones make pointless."""


def next_question(answers: Mapping[str, str]) -> str | None:
    """Return the question to ask after these answers, None when there is no more."""
    for name in QUESTIONS:
        skips = SKIPPED_AFTER.get(name, {})
        if any(answers.get(earlier) in given for earlier, given in skips.items()):
            continue
        if not is_answer(name, answers.get(name, "")):
            return name
    return None


def is_answer(question: str, answer: str) -> bool:
    """Whether ``answer`` can be given to ``question``."""
    return answer in QUESTIONS.get(question, ()) or (question in QUESTIONS and answer in ALWAYS)


def is_contact_answer(answer: str) -> bool:
    """Whether ``answer`` can be given to the question after stopping."""
    return answer in CONTACT_WAYS or answer == PREFER_NOT


def answers_in(detail: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to our questions among the details of an event; everything else is left out."""
    return {name: detail[name] for name in QUESTIONS if is_answer(name, detail.get(name, ""))}
