"""The words of one campaign in one language.

Invariants: a message holds text only, no address and no number of its own; what belongs to one customer or one
jurisdiction enters through the placeholders declared here. Bodies are a small Markdown subset (paragraphs, lists,
emphasis); a text that came from a customer is never Markdown, so whoever renders escapes filled values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Review = Literal["none", "native", "partner"]
"""Who read the words besides their author: nobody, a native reader, or the police partner."""

WITHDRAWAL_PLACEHOLDERS: Final = frozenset({"amount", "asset", "network", "destination", "known_date"})
"""May stand in ``this_withdrawal`` and ``notice``; ``known_date`` only where a look-alike names an older address."""

CONTACT_PLACEHOLDERS: Final = frozenset({"contact_name", "contact_phone", "contact_hours"})
"""May stand in ``help_with_contact``."""

DESTINATION_VARIANTS: Final = ("first_time", "paid_before")
"""Variants of ``this_withdrawal`` in an ordinary pack, by whether this customer paid the destination before."""

LOOKALIKE_VARIANTS: Final = ("paid", "saved", "received")
"""Variants of ``this_withdrawal`` in the look-alike pack, by how the customer knows the imitated address."""


@dataclass(frozen=True, slots=True)
class TypologyText:
    """One kind of scam, told: two sentences, an example, three signs, and what the scammer says about warnings."""

    story: str
    example: str
    signs: tuple[str, ...]
    preempt: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its closed answers as (identifier, words); an answer may raise the rung, never lower it."""

    id: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Everything a pack says in one language; see the module for what may stand inside the texts.

    ``stories`` is keyed by typology and empty in the look-alike pack; ``this_withdrawal`` by variant. Button labels
    are ``safe_action``, ``learn_more``, ``go_on``, ``second_step_go_on`` and ``second_step_back``. ``cancelled`` and
    ``continued`` are said after the choice; ``notice`` goes out where no screen is looked at. ``typing_prompt`` is
    the second step of the look-alike pack only.
    """

    locale: str
    headline: str
    this_withdrawal: Mapping[str, str]
    stories: Mapping[str, TypologyText]
    self_check: str
    help_with_contact: str
    help_without_contact: str
    safe_action: str
    learn_more: str
    go_on: str
    second_step: str
    second_step_go_on: str
    second_step_back: str
    tips: tuple[str, ...]
    attribution: str
    resources_intro: str
    cancelled: str
    continued: str
    notice: str
    typing_prompt: str | None = None
    title: str | None = None
    reviewed: Review = "none"
    questions: tuple[Question, ...] = ()


_GROUP = re.compile(r"\[([^\[\]]*\{[a-z_]+\}[^\[\]]*)\](?!\()")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names between braces, in order of appearance."""
    return tuple(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """Put values in the place of ``{names}``; a ``[group]`` with a name that has no value disappears whole.

    So ``Ask {contact_name}, {contact_phone}[, {contact_hours}].`` reads well with and without hours. Values are
    inserted as they are: the caller escapes them for the format it renders.

    Raises:
        KeyError: a name outside any group has no value.
    """

    def group(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(values.get(name) for name in placeholders(inner)) else ""

    def value(match: re.Match[str]) -> str:
        found = values.get(match.group(1))
        if found is None:
            raise KeyError(match.group(1))
        return found

    return _PLACEHOLDER.sub(value, _GROUP.sub(group, text))
