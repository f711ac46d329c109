"""The files of a pack's words: one a language, and one a language for each arm that words something otherwise.

Invariants: ``messages/<locale>.md`` is whole; ``messages/<locale>.<arm>.md`` holds only the sections in which that arm
differs, and is read and checked as the whole message that a customer of the arm is told. What the campaign's own words
already said wrong is not said again for each arm.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from thinktwice.campaigns.checking import Known, message_faults, message_warnings, translation_warnings
from thinktwice.campaigns.jurisdictions import FALLBACK
from thinktwice.campaigns.words import Words, read_words
from thinktwice.contacts.document import read_source
from thinktwice.errors import Fault, Phrase

_NAME: Final = re.compile(
    r"(?P<locale>[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?)(\.(?P<arm>[a-z0-9]+([-_][a-z0-9]+)*))?\.md"
)


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """What was read: the campaign's words by locale, None where a file is refused; and the arms' own, by arm."""

    campaign: Mapping[str, Words | None] = field(default_factory=dict)
    arms: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)

    def findings(self, known: Known) -> tuple[list[Fault], list[Fault]]:
        """Return faults and warnings about the words, those of an arm where its own words brought them."""
        faults: list[Fault] = []
        warnings: list[Fault] = []
        told = {locale: words for locale, words in self.campaign.items() if words is not None}
        for words in told.values():
            found = _found(words, told.get(FALLBACK), known)
            faults += found[0]
            warnings += found[1]
        for arm, spoken in self.arms.items():
            for locale, words in spoken.items():
                before = _found(told[locale], told.get(FALLBACK), known)
                found = _found(words, spoken.get(FALLBACK), known)
                faults += [one for one in found[0] if one not in before[0]]
                warnings += [one for one in found[1] if one not in before[1]]
                warnings += _unchanged(words, told[locale])
            warnings += _untold(arm, spoken, told)
        return faults, warnings


def read_message_files(
    folder: Path, typologies: Sequence[str], arms: Collection[str], *, is_lookalike: bool, faults: list[Fault]
) -> MessageFiles:
    """Read every file of ``folder``, after adding faults; ``arms`` are those that the campaign has."""
    if not folder.is_dir() or folder.is_symlink():
        return MessageFiles()
    files = list(_files(folder, arms, faults))
    campaign: dict[str, Words | None] = {}
    for path, locale, arm in files:
        if arm is None:
            campaign[locale] = _read(path, locale, typologies, None, is_lookalike=is_lookalike, faults=faults)
    own: dict[str, dict[str, Words]] = {}
    for path, locale, arm in files:
        if arm is None:
            continue
        if locale not in campaign:
            message = Phrase(
                "the campaign has no words in %(locale)s that an arm could change; write %(locale)s.md first",
                locale=locale,
            )
            faults.append(Fault(message, where=str(path)))
            continue
        # Without the campaign's words, which are refused, nobody can say what the arm's would be.
        base = campaign[locale]
        words = base and _read(path, locale, typologies, base, is_lookalike=is_lookalike, faults=faults)
        if words is not None:
            own.setdefault(arm, {})[locale] = words
    return MessageFiles(campaign, own)


def _files(folder: Path, arms: Collection[str], faults: list[Fault]) -> Iterator[tuple[Path, str, str | None]]:
    """Yield path, locale and arm of each file that is named as one; hidden files are left alone."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        named = _NAME.fullmatch(path.name)
        if named is None:
            faults.append(Fault("name the file after its language, such as en.md or zh-Hant.md", where=str(path)))
        elif (arm := named["arm"]) is not None and arm not in arms:
            there = ", ".join(arms) or "none"
            faults.append(
                Fault(
                    Phrase("campaign.yaml has no arm %(arm)s; it has %(there)s", arm=arm, there=there), where=str(path)
                )
            )
        else:
            yield path, named["locale"], arm


def _read(
    path: Path, locale: str, typologies: Sequence[str], base: Words | None, *, is_lookalike: bool, faults: list[Fault]
) -> Words | None:
    text = read_source(path, path.parent.parent, faults)
    if text is None:
        return None
    return read_words(text, str(path), locale, typologies, base=base, is_lookalike=is_lookalike, faults=faults)


def _found(words: Words, english: Words | None, known: Known) -> tuple[list[Fault], list[Fault]]:
    faults = list(message_faults(words, known))
    return faults, [*message_warnings(words), *translation_warnings(words, english)]


def _unchanged(words: Words, campaign: Words) -> Iterator[Fault]:
    for name, section in words.sections.items():
        if section is not campaign.sections.get(name) and section.text == campaign.sections[name].text:
            yield section.fault("says what the campaign says; word it otherwise, or take the section out")


def _untold(arm: str, spoken: Mapping[str, Words], told: Mapping[str, Words]) -> Iterator[Fault]:
    """Name each language in which an arm with words of its own has none: nothing is tried on its readers."""
    folder = Path(next(iter(spoken.values())).where).parent
    for locale in sorted(set(told) - set(spoken)):
        message = Phrase(
            "is missing: readers of %(locale)s in the arm %(arm)s are told the campaign's words; add this file",
            locale=locale,
            arm=arm,
        )
        yield Fault(message, "arms", str(folder / f"{locale}.{arm}.md"))
