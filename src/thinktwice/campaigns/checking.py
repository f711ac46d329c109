"""Rules about words and audiences that a folder of well-formed files can still break.

Invariants: a rule is a function from what was read to faults with a place; a fault forbids the pack, a warning tells
a careful author what to look at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from thinktwice.campaigns.never_say import NEVER_SAY, never_said
from thinktwice.campaigns.sections import Section
from thinktwice.campaigns.words import Words
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import Fault
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.signal import Catalogue
from thinktwice.targeting.audience import Audience, audience_warnings, disabling_signals

MAX_HEADLINE: Final = 60
MAX_HEADLINE_WIDE: Final = 24
"""Letters of a headline: in one line of a phone, for Latin letters and for wide ones."""

MAX_LABEL: Final = 40
MAX_NOTICE: Final = 300
MAX_WORDS_IN_SENTENCE: Final = 25

_LABELS: Final = ("safe_action", "learn_more", "go_on", "second_step_go_on", "second_step_back")
_WIDE_LOCALES: Final = ("zh", "ja", "ko")
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]*)\)")
_URL: Final = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://[^\s)\]】」]+|\bwww\.[^\s)\]]+"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|net|org|io|app|xyz|top|info|gov|edu|hk|mo|sg|uk|au|us|ca|nz|jp|kr|tw|cn|de|fr|"
    r"eu|me|link|site|online|shop|live|cc|co|ai|finance|exchange)\b[^\s)\]]*"
    r"|\b(?:mailto|tel|javascript|data):\S+"
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def audience_faults(audience: Audience, catalogue: Catalogue, place: Fault) -> Iterator[Fault]:
    """Refuse an audience made of signals that may choose words only (DESIGN section 6); ``place`` says where."""
    used = audience.signals - {"jurisdiction"}
    if used and all(catalogue[name].is_wording_only for name in used):
        names = ", ".join(sorted(used))
        message = f"{names} may choose words but never, alone, whom an alert interrupts; add a fact about the money"
        yield replace(place, message=message)


def policy_warnings(audience: Audience, place: Fault) -> Iterator[Fault]:
    """Warn about signals without which nobody is reached, and about audiences that say less than they seem to."""
    for name in disabling_signals(audience):
        yield replace(place, message=f"where {name} is missing nobody is reached; say what then: OR {name} IS NULL")
    yield from audience_warnings(audience, where=place.where, line=place.line)


def message_faults(words: Words, jurisdictions: Sequence[str], contacts: Contacts, today: date) -> Iterator[Fault]:
    """Yield what forbids a message: phrases never said, foreign links, and texts that do not fit their place."""
    yield from never_said(words)
    known = _known_links(jurisdictions, contacts, today)
    for section in words.sections.values():
        yield from _link_faults(section, known)
    yield from _length_faults(words)


def message_warnings(words: Words) -> Iterator[Fault]:
    """Yield what a careful author looks at again: long sentences, languages without a list, words nobody reviewed."""
    sections = tuple(words.sections.values())
    if words.message.locale not in NEVER_SAY and sections:
        where = sections[0].where
        yield Fault(
            f"no list of phrases never to say exists for {words.message.locale}; ask a native reader", None, where
        )
    if words.message.locale == "en":
        for section in sections:
            yield from _long_sentences(section)
    if words.message.reviewed == "none" and words.message.locale != "en" and sections:
        yield Fault("no native reader has reviewed these words yet", "reviewed", sections[0].where)


def _known_links(jurisdictions: Sequence[str], contacts: Contacts, today: date) -> frozenset[str]:
    codes = contacts.by_jurisdiction if ANYWHERE in jurisdictions else jurisdictions
    found = (contact.url for code in codes for contact in contacts.for_jurisdiction(code, today))
    return frozenset(url for url in found if url)


def _link_faults(section: Section, known: frozenset[str]) -> Iterator[Fault]:
    targets = _LINK.findall(section.text)
    bare = [url.rstrip(".,;:!?") for url in _URL.findall(_LINK.sub(" ", section.text))]
    for url in [*targets, *bare]:
        if url not in known:
            yield section.fault(
                f"{_defanged(url)} is no verified contact of these jurisdictions; add it to contacts first"
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
            yield section.fault(f"has {len(section.text)} letters; at most {longest} fit")


def _long_sentences(section: Section) -> Iterator[Fault]:
    for sentence in _SENTENCE_END.split(section.text):
        count = len(sentence.split())
        if count > MAX_WORDS_IN_SENTENCE:
            yield section.fault(f"a sentence has {count} words; make two: {sentence[:40]}…")
