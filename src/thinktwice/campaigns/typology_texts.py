"""The shared texts about each kind of scam, by language, from which a message may draw.

Invariants: a message that writes any section of a typology writes all of them, and draws none; what is drawn is part
of the message as if it stood in its file, so it is checked, hashed and approved with it; faults in drawn words name
the shared file. An unauthorised kind is told with the neutral words of ``told_as``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from thinktwice.campaigns.sections import Section, split_message
from thinktwice.campaigns.typologies import shipped_typologies, taxonomy
from thinktwice.contacts.document import Entry, read_source
from thinktwice.errors import Fault, InputError

PARTS = ("story", "example", "signs", "preempt")
"""What is told of each kind: see ``TypologyText``."""


@dataclass(frozen=True, slots=True)
class SharedTexts:
    """The texts of one language: its sections by name, and the front matter, which records exceptions."""

    sections: Mapping[str, Section]
    front: Entry


def shipped_text_locales(folder: Path | None = None) -> tuple[str, ...]:
    """Return the languages in which texts are shared."""
    return tuple(sorted(path.stem for path in (folder or shipped_typologies() / "texts").glob("*.md")))


@cache
def shared_texts(locale: str) -> SharedTexts | None:
    """Return the shared texts of a language, or None when nobody wrote any.

    Raises:
        InputError: the file that came with ThinkTwice was damaged.
    """
    path = shipped_typologies() / "texts" / f"{locale}.md"
    if not path.is_file():
        return None
    faults: list[Fault] = []
    text = read_source(path, path.parent, faults)
    front, sections = (None, {}) if text is None else split_message(text, str(path), faults)
    if faults or front is None:
        raise InputError(*faults)
    return SharedTexts(sections, front)


def drawn_sections(locale: str, typologies: Sequence[str], own: Mapping[str, Section]) -> dict[str, Section]:
    """Return the shared sections of the typologies of which ``own`` says nothing, under their names there."""
    shared = shared_texts(locale)
    found: dict[str, Section] = {}
    for name in typologies:
        known = taxonomy().get(name)
        if shared is None or known is None or any(section.startswith(f"typology.{name}.") for section in own):
            continue
        for part in PARTS:
            section = shared.sections.get(f"typology.{known.texts}.{part}")
            if section is not None:
                found[f"typology.{name}.{part}"] = replace(section, name=f"typology.{name}.{part}")
    return found
