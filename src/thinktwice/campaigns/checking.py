"""Rules about words and audiences that a folder of well-formed files can still break.

Invariants: a rule is a function from what was read to faults with a place; a fault forbids the pack, a warning tells
a careful author what to look at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from thinktwice.campaigns.never_say import never_said, phrases_of
from thinktwice.campaigns.pack import Arm
from thinktwice.campaigns.partners import Partners
from thinktwice.campaigns.readability import HIGHEST_GRADE, english_grade, length_of, longest_for, sentences
from thinktwice.campaigns.sections import Section
from thinktwice.campaigns.spoken import spoken
from thinktwice.campaigns.words import Words
from thinktwice.contacts.letters import passing_letter
from thinktwice.contacts.likeness import imitated_in
from thinktwice.contacts.registry import Contacts
from thinktwice.contacts.ways_out import addresses_in, numbers_in
from thinktwice.errors import Fault, Phrase
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.signal import Catalogue
from thinktwice.targeting.audience import Audience, audience_warnings, disabling_signals, wording_only

MAX_HEADLINE: Final = 60
MAX_HEADLINE_WIDE: Final = 24
"""Letters of a headline: in one line of a phone, for Latin letters and for wide ones."""

MAX_LABEL: Final = 40
MAX_NOTICE: Final = 300

_LABELS: Final = ("safe_action", "learn_more", "go_on", "second_step_go_on", "second_step_back")
_WIDE_LOCALES: Final = ("zh", "ja", "ko")
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]*)\)")
_BEFORE_HELP: Final = ("headline", "self_check", "this_withdrawal.", "safe_action")
"""Sections that stand before the help: nothing there may lead away from the one action."""


def audience_faults(
    audience: Audience, catalogue: Catalogue, jurisdictions: Sequence[str], place: Fault
) -> Iterator[Fault]:
    """Refuse an audience that nobody is in, or made of signals that may choose words only; ``place`` says where."""
    used = audience.signals - {"jurisdiction"}
    if used and (wording_only(audience) or all(catalogue[name].is_wording_only for name in used)):
        names = ", ".join(sorted(name for name in used if catalogue[name].is_wording_only))
        message = Phrase(
            "%(names)s may choose words but never, alone, whom an alert interrupts; add a fact about the money",
            names=names,
        )
        yield replace(place, message=message)
    needed = audience.jurisdictions
    if needed is not None and ANYWHERE not in jurisdictions and not needed & set(jurisdictions):
        here, there = ", ".join(jurisdictions), ", ".join(sorted(needed)) or "none"
        yield replace(
            place,
            message=Phrase(
                "nobody is reached: the audience needs %(there)s, the pack is for %(here)s", there=there, here=here
            ),
        )


def policy_warnings(audience: Audience, accepted: Mapping[str, str], place: Fault) -> Iterator[Fault]:
    """Warn about signals without which nobody is reached, and about audiences that say less than they seem to.

    ``accepted`` are signals whose absence is meant to disable the audience, each with the reason.
    """
    disabling = disabling_signals(audience)
    for name in disabling:
        if name not in accepted:
            meant = Phrase("say what then: OR %(name)s IS NULL, or why it is meant, in disabled_without", name=name)
            message = Phrase("where %(name)s is missing nobody is reached; %(meant)s", name=name, meant=meant)
            yield replace(place, message=message)
    for name in accepted:
        if name not in disabling:
            yield replace(
                place,
                message=Phrase(
                    "disabled_without names %(name)s, without which the audience works; remove it", name=name
                ),
            )
    yield from audience_warnings(audience, where=place.where, line=place.line)


def arm_warnings(arms: Mapping[str, Arm], weights: Mapping[str, int], place: Fault) -> Iterator[Fault]:
    """Warn about arms from which nothing can be learned: nobody is in one, or two are alike in everything."""
    for name in arms:
        if weights.get(name) == 0:
            yield replace(
                place,
                message=Phrase(
                    "the arm %(name)s has the weight 0, so nobody is in it; remove it or weigh it", name=name
                ),
            )
    for place_in_order, (name, arm) in enumerate(arms.items()):
        twin = next((other for other in [*arms][:place_in_order] if arms[other] == arm), None)
        if twin is not None:
            yield replace(
                place,
                message=Phrase(
                    "the arms %(twin)s and %(name)s are the same; vary one or remove one", twin=twin, name=name
                ),
            )


@dataclass(frozen=True, slots=True)
class Known:
    """What words may lead to, and whose names they may not imitate: partners' and contacts'."""

    links: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


def known_to(jurisdictions: Sequence[str], contacts: Contacts, partners: Partners, today: date) -> Known:
    """Return what the words of these jurisdictions may lead to on ``today``, and the names that customers know."""
    codes = contacts.by_jurisdiction if ANYWHERE in jurisdictions else jurisdictions
    shown = [contact for code in codes for contact in contacts.for_jurisdiction(code, today)]
    names = [name for partner in partners.by_id.values() for name in partner.all_names]
    names += [name for contact in shown for name in contact.all_names]
    return Known(frozenset(contact.url for contact in shown if contact.url), tuple(dict.fromkeys(names)))


def message_faults(words: Words, known: Known) -> Iterator[Fault]:
    """Yield what forbids a message: phrases never said, foreign links, imitated names, texts unfit for their place."""
    yield from never_said(words)
    for section in words.sections.values():
        yield from _link_faults(section, known.links)
        yield from _number_faults(section)
        if passing := passing_letter(section.text, words.message.locale):
            yield section.fault(passing)
        elif imitated := imitated_in(spoken(section.text), known.names):
            yield section.fault(Phrase("writes %(name)s with other letters; write the name itself", name=imitated))
    yield from _length_faults(words)


def message_warnings(words: Words) -> Iterator[Fault]:
    """Yield what a careful author looks at again: hard or crowded text, a missing list, words nobody reviewed."""
    locale, sections = words.message.locale, tuple(words.sections.values())
    if not phrases_of(locale):
        message = Phrase("no list of phrases never to say exists for %(locale)s; ask a native reader", locale=locale)
        yield Fault(message, None, words.where)
    for section in sections:
        yield from _long_sentences(section, locale)
    yield from _grade(words, sections)
    yield from _one_action_first(words)
    if words.message.reviewed == "none" and locale != "en":
        yield Fault("no native reader has reviewed these words yet", "reviewed", words.where)


def translation_warnings(words: Words, english: Words | None) -> Iterator[Fault]:
    """Warn about sections that still hold the English words in another language."""
    if english is None or words.message.locale == english.message.locale:
        return
    for name, section in words.sections.items():
        if name in english.sections and section.text == english.sections[name].text:
            yield section.fault("still says the English words; translate them")


def _link_faults(section: Section, known: frozenset[str]) -> Iterator[Fault]:
    named = [*_LINK.findall(section.text), *addresses_in(spoken(section.text))]
    bare = {url.removeprefix("https://").rstrip("/") for url in known}
    for url in dict.fromkeys(named):
        if url not in known and url not in bare:
            yield section.fault(
                Phrase(
                    "%(url)s is no verified contact of these jurisdictions; add it to contacts first",
                    url=_defanged(url),
                )
            )


def _number_faults(section: Section) -> Iterator[Fault]:
    for number in numbers_in(spoken(section.text)):
        yield section.fault(
            Phrase(
                "%(number)s reads like a telephone number, and words hold none, because nobody checks it there; put it "
                "into contacts, from where each page takes it",
                number=number,
            )
        )


def _defanged(url: str) -> str:
    """Write an address so that no terminal or page makes it a link; it may be a live attack site."""
    return url.replace("://", "[:]//").replace(".", "[.]")


def _length_faults(words: Words) -> Iterator[Fault]:
    is_wide = words.message.locale.split("-")[0] in _WIDE_LOCALES
    limits = {"headline": MAX_HEADLINE_WIDE if is_wide else MAX_HEADLINE, "notice": MAX_NOTICE}
    limits |= dict.fromkeys(_LABELS, MAX_LABEL)
    for name, longest in limits.items():
        section = words.sections[name]
        if "\n" in section.text:
            yield section.fault("write one line")
        if len(section.text) > longest:
            yield section.fault(
                Phrase("has %(count)s letters; at most %(most)s fit", count=len(section.text), most=longest)
            )


def _long_sentences(section: Section, locale: str) -> Iterator[Fault]:
    longest = longest_for(locale)
    unit = Phrase("letters") if locale.startswith("zh") else Phrase("words")
    for sentence in sentences(section.text):
        length = length_of(sentence, locale)
        if length > longest:
            start = " ".join(sentence.split()[:6])[:40]
            yield section.fault(
                Phrase(
                    "a sentence has %(length)s %(unit)s, more than %(most)s; make two: %(start)s…",
                    length=length,
                    unit=unit,
                    most=longest,
                    start=start,
                )
            )


def _grade(words: Words, sections: Sequence[Section]) -> Iterator[Fault]:
    if words.message.locale != "en":
        return
    grade = english_grade([section.text for section in sections])
    if grade is not None and grade > HIGHEST_GRADE:
        message = Phrase(
            "the words are of school grade %(grade)s, above %(highest_grade)s; use shorter words and sentences",
            grade=f"{grade:.1f}",
            highest_grade=f"{HIGHEST_GRADE:.0f}",
        )
        yield Fault(message, None, words.where)


def _leads_away(section: Section) -> bool:
    return bool(_LINK.search(section.text)) or any(addresses_in(spoken(section.text)))


def _one_action_first(words: Words) -> Iterator[Fault]:
    """Before the help stands one action: a headline of one sentence, no link, and a button unlike the other one."""
    sections = words.sections
    if len(list(sentences(sections["headline"].text))) > 1:
        yield sections["headline"].fault("says more than one thing; say one action, in one sentence")
    for name, section in sections.items():
        if name.startswith(_BEFORE_HELP) and _leads_away(section):
            yield section.fault("leads away before the one action; put the link into the tips or the resources")
    for safe, other in (("safe_action", "go_on"), ("second_step_back", "second_step_go_on")):
        if sections[safe].text.casefold() == sections[other].text.casefold():
            yield sections[safe].fault(Phrase("reads like %(other)s; the safe choice says what stays", other=other))
