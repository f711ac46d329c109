"""Which scams deceive the customer, and which patterns mean that somebody else acts.

Invariants: a typology is *authorised* (the customer is deceived and acts) or *unauthorised* (somebody else acts); one
that is not in the taxonomy is an operator's own and authorised; a campaign is of one kind only, because the screen of
an unauthorised pattern may be the thief's: it waits for a person and says nothing (DESIGN section 4, *refer*), so all
unauthorised kinds are told with the same neutral words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast, get_args

from thinktwice.contacts.document import Entry, parse_document, read_source
from thinktwice.contacts.fields import NAME, Fields, Form
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.vocabulary import NoScreen, Rung

Agency = Literal["authorised", "unauthorised"]

NUMBER_OF_RED_FLAGS: Final = 3
_FIELDS: Final = (
    "id",
    "name",
    "agency",
    "definition",
    "red_flags",
    "preempts",
    "signals",
    "mitre_f3",
    "interpol",
    "told_as",
)
_CODE: Final = Form(re.compile(r"[FT][0-9]{4}(\.[0-9]{3})?"), "write a code of the framework, such as F1032 or T1660")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typology:
    """One kind of scam, for staff and authors; what customers read stands in the texts of each language.

    ``definition`` is one sentence, ``red_flags`` what shows at withdrawal time, ``preempts`` what the scammer says so
    that a message like ours is not believed. ``signals`` are those that most often show it. ``mitre_f3`` holds codes,
    ``interpol`` names of published taxonomies that are near. ``told_as`` names the typology whose texts are used.
    """

    id: str
    name: str
    agency: Agency
    definition: str
    red_flags: tuple[str, ...]
    preempts: str
    signals: tuple[str, ...]
    mitre_f3: tuple[str, ...]
    interpol: tuple[str, ...]
    told_as: str | None = None

    @property
    def texts(self) -> str:
        """Under which id the texts of this kind are written."""
        return self.told_as or self.id


def shipped_typologies() -> Path:
    """Return the folder of the taxonomy and its texts that come with ThinkTwice."""
    return Path(__file__).parents[1] / "packs" / "typologies"


@cache
def taxonomy() -> Mapping[str, Typology]:
    """Return the shipped kinds of scam by id, in the order of the file.

    Raises:
        InputError: the file that came with ThinkTwice was damaged.
    """
    return read_taxonomy(shipped_typologies() / "taxonomy.yaml")


def read_taxonomy(path: Path) -> Mapping[str, Typology]:
    """Read one taxonomy.

    Raises:
        InputError: with every fault, each with file, line and field.
    """
    faults: list[Fault] = []
    text = read_source(path, path.parent, faults)
    document = None if text is None else parse_document(text, str(path), faults)
    found: dict[str, Typology] = {}
    if document is not None:
        for item in Fields(document, ("typologies",), faults).entries("typologies"):
            typology = _read(item, faults)
            if typology.id in found:
                faults.append(item.fault(Phrase("the id %(id)s is given twice", id=typology.id)))
            found[typology.id] = typology
        faults.extend(
            Fault(
                Phrase("%(id)s is told as %(told_as)s, which is not there", id=one.id, told_as=one.told_as),
                "told_as",
                str(path),
            )
            for one in found.values()
            if one.told_as is not None and one.told_as not in found
        )
    if faults:
        raise InputError(*faults)
    return MappingProxyType(found)


def _read(item: Entry, faults: list[Fault]) -> Typology:
    fields = Fields(item, _FIELDS, faults)
    red_flags = fields.texts("red_flags")
    if red_flags and len(red_flags) != NUMBER_OF_RED_FLAGS:
        fields.fault(
            "red_flags",
            Phrase(
                "write %(number_of_red_flags)s; here are %(count)s",
                number_of_red_flags=NUMBER_OF_RED_FLAGS,
                count=len(red_flags),
            ),
        )
    return Typology(
        id=fields.text("id", form=NAME),
        name=fields.text("name"),
        agency=cast("Agency", fields.choice("agency", get_args(Agency))),
        definition=fields.text("definition"),
        red_flags=red_flags,
        preempts=fields.text("preempts"),
        signals=fields.texts("signals", form=NAME),
        mitre_f3=fields.texts("mitre_f3", form=_CODE),
        interpol=fields.texts("interpol"),
        told_as=fields.optional_text("told_as", form=NAME),
    )


def is_unauthorised(typologies: Sequence[str]) -> bool:
    """Tell whether these typologies mean that somebody other than the customer acts."""
    return any(_is_unauthorised(name) for name in typologies)


def _is_unauthorised(name: str) -> bool:
    known = taxonomy().get(name)
    return known is not None and known.agency == "unauthorised"


def typology_faults(typologies: Sequence[str], intervention: Rung, no_screen: NoScreen) -> Iterator[tuple[str, str]]:
    """Yield field and message of what forbids a campaign about somebody else's acts."""
    if not is_unauthorised(typologies):
        return
    if not all(_is_unauthorised(name) for name in typologies):
        yield "typologies", Phrase("deceived customers and somebody else's acts need campaigns of their own")
    if intervention != "refer":
        yield "intervention", Phrase("write refer: the screen may be the thief's, so a person speaks with the customer")
    if no_screen != "refer":
        yield "no_screen", Phrase("write refer: a person speaks with the customer")
