"""A message read from its file ``messages/<locale>.md``, or for one arm from ``messages/<locale>.<arm>.md``.

Invariants: every section that a page needs is there, or the file is refused; a section that no page shows is
refused too, so that nobody approves words that are never seen. A typology of which the file says nothing is told with
the shared words of its language. An arm's file holds the sections in which the arm differs; all others are those of the
campaign in that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast, get_args

from thinktwice.campaigns.message import (
    CONTACT_PLACEHOLDERS,
    DESTINATION_VARIANTS,
    LOOKALIKE_VARIANTS,
    WITHDRAWAL_PLACEHOLDERS,
    Message,
    Question,
    Review,
    TypologyText,
    placeholders,
)
from thinktwice.campaigns.sections import Section, split_message, unknown_sections
from thinktwice.campaigns.typology_texts import PARTS, drawn_sections, shared_texts
from thinktwice.contacts.document import Entry
from thinktwice.contacts.fields import Fields
from thinktwice.errors import Fault, Phrase

_PLAIN: Final = (
    "headline",
    "self_check",
    "help_with_contact",
    "help_without_contact",
    "safe_action",
    "learn_more",
    "go_on",
    "second_step",
    "second_step_go_on",
    "second_step_back",
    "attribution",
    "resources_intro",
    "cancelled",
    "continued",
    "notice",
)
_FRONT_FIELDS: Final = ("locale", "title", "reviewed", "exceptions")
_EXCEPTION_FIELDS: Final = ("section", "says", "because")
_OPTION: Final = re.compile(r"([a-z][a-z0-9_]*): (.+)")
NUMBER_OF_SIGNS: Final = 3


@dataclass(frozen=True, slots=True)
class Exemption:
    """A phrase of the never-say list that one section may use, with the reason recorded beside it."""

    section: str
    says: str
    because: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message together with its sections, for checks that name a line; ``where`` is the file that it was read for."""

    message: Message
    sections: Mapping[str, Section]
    exceptions: tuple[Exemption, ...]
    where: str


def read_words(
    text: str,
    where: str,
    locale: str,
    typologies: Sequence[str],
    *,
    base: Words | None = None,
    is_lookalike: bool,
    faults: list[Fault],
) -> Words | None:
    """Read one message file, or return None after adding faults; an arm's file is laid over the words of ``base``."""
    before = len(faults)
    front, sections = split_message(text, where, faults)
    if front is None:
        return None
    title, reviewed, exceptions = _front_matter(front, locale, faults)
    if base is None:
        drawn = drawn_sections(locale, typologies, sections)
        sections, exceptions = sections | drawn, exceptions + _drawn_exceptions(locale, drawn, faults)
    elif not sections:
        faults.append(Fault("changes no words; write each section in which this arm differs", where=where))
        return None
    else:
        exceptions += tuple(one for one in base.exceptions if one.section not in sections)
        sections = {**base.sections, **sections}
    variants = LOOKALIKE_VARIANTS if is_lookalike else DESTINATION_VARIANTS
    reading = _Reading(where, sections, faults)
    message = Message(
        locale=locale,
        title=title,
        reviewed=reviewed,
        this_withdrawal={name: reading.text(f"this_withdrawal.{name}") for name in variants},
        stories={name: _story(reading, name) for name in typologies},
        tips=reading.items("tips"),
        questions=_questions(reading),
        typing_prompt=reading.text("typing_prompt") if is_lookalike else None,
        **{name: reading.text(name) for name in _PLAIN},
    )
    faults.extend(unknown_sections(sections, reading.asked))
    faults.extend(_placeholder_faults(sections, is_lookalike=is_lookalike))
    faults.extend(
        Fault(
            Phrase("the exception is for %(section)s, which is no section here", section=said.section),
            "exceptions",
            where,
            front.line,
        )
        for said in exceptions
        if said.section not in sections
    )
    return Words(message, sections, exceptions, where) if len(faults) == before else None


def _front_matter(front: Entry, locale: str, faults: list[Fault]) -> tuple[str | None, Review, tuple[Exemption, ...]]:
    fields = Fields(front, _FRONT_FIELDS, faults)
    if fields.text("locale") != locale:
        fields.fault(
            "locale",
            Phrase("the file is named %(locale)s.md; write locale: %(locale)s, or rename the file", locale=locale),
        )
    exceptions = tuple(_exceptions(fields, faults))
    reviewed = cast("Review", fields.choice("reviewed", get_args(Review)))
    return fields.optional_text("title"), reviewed, exceptions


def _exceptions(fields: Fields, faults: list[Fault]) -> Iterator[Exemption]:
    for item in fields.entries("exceptions", required=False):
        said = Fields(item, _EXCEPTION_FIELDS, faults)
        yield Exemption(said.text("section"), said.text("says"), said.text("because", longest=500))


def _drawn_exceptions(locale: str, drawn: Mapping[str, Section], faults: list[Fault]) -> tuple[Exemption, ...]:
    """Return the exceptions that the shared texts record for the sections drawn from them."""
    shared = shared_texts(locale) if drawn else None
    if shared is None:
        return ()
    recorded = _exceptions(Fields(shared.front, _FRONT_FIELDS, faults), faults)
    return tuple(one for one in recorded if one.section in drawn)


class _Reading:
    """Takes sections by name and remembers which were asked for."""

    def __init__(self, where: str, sections: Mapping[str, Section], faults: list[Fault]) -> None:
        self._where = where
        self._faults = faults
        self.sections = sections
        self.asked: set[str] = set()

    def text(self, name: str) -> str:
        """Return the text of a section that must be there."""
        self.asked.add(name)
        section = self.sections.get(name)
        if section is None:
            self._faults.append(Fault(Phrase("the section is missing; add ## %(name)s", name=name), name, self._where))
        return section.text if section else ""

    def items(self, name: str) -> tuple[str, ...]:
        """Return the items of a section that must be a list."""
        text = self.text(name)
        items = self.sections[name].items if text else ()
        if items is None:
            self._faults.append(self.sections[name].fault("write a list: one item a line, each led by '- '"))
        return items or ()

    def fault(self, name: str, message: str) -> None:
        """Add a fault at a section."""
        self._faults.append(self.sections[name].fault(message))


def _story(reading: _Reading, typology: str) -> TypologyText:
    names = {part: f"typology.{typology}.{part}" for part in PARTS}
    signs = reading.items(names["signs"])
    if signs and len(signs) != NUMBER_OF_SIGNS:
        reading.fault(
            names["signs"],
            Phrase(
                "write %(number_of_signs)s signs; here are %(count)s", number_of_signs=NUMBER_OF_SIGNS, count=len(signs)
            ),
        )
    return TypologyText(
        story=reading.text(names["story"]),
        example=reading.text(names["example"]),
        signs=signs,
        preempt=reading.text(names["preempt"]),
    )


def _questions(reading: _Reading) -> tuple[Question, ...]:
    """Read ``## question.<id>``: one paragraph, then a list of ``- identifier: words``."""
    found = []
    for name, section in reading.sections.items():
        if not name.startswith("question."):
            continue
        reading.asked.add(name)
        text, _, rest = section.text.partition("\n\n")
        options = [_OPTION.fullmatch(line.removeprefix("- ")) for line in rest.split("\n")]
        if not rest or not all(options):
            reading.fault(name, "write the question, an empty line, then a list of '- identifier: words'")
            continue
        pairs = tuple((match.group(1), match.group(2)) for match in options if match)
        if missing := {"not_sure", "prefer_not_to_say"} - {identifier for identifier, _ in pairs}:
            reading.fault(
                name, Phrase("every question can be left open; add %(choices)s", choices=", ".join(sorted(missing)))
            )
        found.append(Question(name.removeprefix("question."), text, pairs))
    return tuple(found)


def _placeholder_faults(sections: Mapping[str, Section], *, is_lookalike: bool) -> list[Fault]:
    faults = []
    for name, section in sections.items():
        allowed, needed = _placeholders_of(name, is_lookalike=is_lookalike)
        used = set(placeholders(section.text))
        said = ", ".join(f"{{{known}}}" for known in sorted(allowed)) or "none here"
        faults += [
            section.fault(Phrase("{%(name)s} is no placeholder here; known: %(said)s", name=name, said=said))
            for name in sorted(used - allowed)
        ]
        faults += [
            section.fault(Phrase("the placeholder {%(name)s} is missing", name=name)) for name in sorted(needed - used)
        ]
        if _stray_braces(section.text):
            faults.append(section.fault("write a placeholder as {name}; other braces are not read"))
    return faults


def _placeholders_of(name: str, *, is_lookalike: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return which placeholders a section may hold and which it must."""
    if name == "help_with_contact":
        return CONTACT_PLACEHOLDERS, frozenset({"contact_name", "contact_phone"})
    if name.startswith("this_withdrawal."):
        if is_lookalike:
            return WITHDRAWAL_PLACEHOLDERS, frozenset()
        return WITHDRAWAL_PLACEHOLDERS - {"known_date"}, frozenset({"amount", "asset"})
    if name == "notice":
        return WITHDRAWAL_PLACEHOLDERS - {"known_date"}, frozenset()
    return frozenset(), frozenset()


def _stray_braces(text: str) -> bool:
    rest = re.sub(r"\{[a-z_]+\}", "", text)
    return "{" in rest or "}" in rest
