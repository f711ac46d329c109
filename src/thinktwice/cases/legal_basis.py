"""Which instruments carry which requests in each country, as the operator's counsel entered them, and service targets.

Invariants: a table is data, never a legal opinion of ours: what is shipped is marked *for counsel* and nothing in the
program relies on it being right; a folder is used whole or not at all; what is not entered carries nothing, and a kind
whose target is not entered keeps ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast, get_args

from thinktwice.cases.kinds import KINDS, RULES, Kind
from thinktwice.contacts.document import Entry, parse_document, read_source
from thinktwice.contacts.fields import Fields, Form
from thinktwice.errors import Fault, InputError, Phrase

Reach = Literal["domestic", "mlat"]
"""Whether the instrument binds us directly, or comes through mutual legal assistance."""

_TABLE: Final = ("country", "status", "reviewed_by", "reviewed_on", "reply_hours", "bases")
_BASIS: Final = ("id", "name", "signed_by", "is_compelled", "reach", "kinds", "most_days", "note")
_COUNTRY: Final = Form(re.compile(r"[A-Z]{2}"), "write a country code like HK")
_ID: Final = Form(re.compile(r"[a-z][a-z0-9_]{0,39}"), "write lower-case letters, digits and _")
_MOST_DAYS: Final = 3_660
_MOST_HOURS: Final = 90 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """One instrument: what it is called, who signs it, whether it compels, how far it reaches, how long it lasts."""

    id: str
    name: str
    signed_by: str
    is_compelled: bool
    reach: Reach
    kinds: tuple[Kind, ...]
    most_days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBases:
    """The tables of every country.

    ``for_counsel`` names the countries whose table nobody has reviewed; ``hours`` are the service targets in them.
    """

    by_country: Mapping[str, tuple[LegalBasis, ...]]
    for_counsel: frozenset[str] = frozenset()
    hours: Mapping[str, Mapping[Kind, int]] = field(default_factory=dict)

    def of(self, country: str) -> tuple[LegalBasis, ...]:
        """Return a country's legal bases, none when nobody entered any."""
        return self.by_country.get(country, ())

    def find(self, country: str, basis_id: str) -> LegalBasis | None:
        """Return one legal basis of a country."""
        return next((basis for basis in self.of(country) if basis.id == basis_id), None)

    def reply_hours(self, country: str, kind: Kind) -> int:
        """Return within how many hours a request of a kind is decided for the first time."""
        return self.hours.get(country, {}).get(kind, RULES[kind].reply_hours)


def shipped_legal_bases() -> Path:
    """Return the folder of the tables that ship with us: one worked example, marked *for counsel*."""
    return Path(__file__).parents[1] / "packs" / "legal_bases"


def load_legal_bases(folder: Path) -> LegalBases:
    """Read every ``*.yaml`` of a folder.

    Raises:
        InputError: a file cannot be used; every fault names file, line and field, and nothing is taken.
    """
    faults: list[Fault] = []
    by_country: dict[str, tuple[LegalBasis, ...]] = {}
    for_counsel: set[str] = set()
    hours: dict[str, Mapping[Kind, int]] = {}
    for path in sorted(folder.glob("*.yaml")):
        text = read_source(path, folder, faults)
        entry = parse_document(text, str(path), faults) if text is not None else None
        if entry is None:
            continue
        table = Fields(entry, _TABLE, faults)
        country = table.text("country", form=_COUNTRY)
        if country in by_country:
            table.fault("country", Phrase("%(country)s has a table already", country=country))
        by_country[country] = _bases(table, faults)
        hours[country] = _hours(table)
        if _is_for_counsel(table):
            for_counsel.add(country)
    if faults:
        raise InputError(*faults)
    return LegalBases(by_country=by_country, for_counsel=frozenset(for_counsel), hours=hours)


def _is_for_counsel(table: Fields) -> bool:
    """Whether nobody has reviewed a table; a review has a name and a day."""
    if table.choice("status", ("for_counsel", "reviewed")) == "for_counsel":
        return True
    table.text("reviewed_by")
    table.day("reviewed_on")
    return False


def _hours(table: Fields) -> dict[Kind, int]:
    """Return the targets that a table names, longer or shorter than ours."""
    fields = table.group("reply_hours", KINDS)
    if fields is None:
        return {}
    found = {kind: fields.optional_integer(kind, 1, _MOST_HOURS) for kind in KINDS}
    return {kind: hours for kind, hours in found.items() if hours is not None}


def _bases(table: Fields, faults: list[Fault]) -> tuple[LegalBasis, ...]:
    found = [_basis(entry, faults) for entry in table.entries("bases", required=False)]
    ids = [basis.id for basis in found]
    for repeated in {one for one in ids if ids.count(one) > 1}:
        table.fault("bases", Phrase("'%(repeated)s' stands there twice", repeated=repeated))
    return tuple(found)


def _basis(entry: Entry, faults: list[Fault]) -> LegalBasis:
    fields = Fields(entry, _BASIS, faults)
    kinds = fields.texts("kinds")
    for unknown in set(kinds) - set(KINDS):
        fields.fault(
            "kinds", Phrase("'%(unknown)s' is not one of %(choices)s", unknown=unknown, choices=", ".join(KINDS))
        )
    return LegalBasis(
        id=fields.text("id", form=_ID),
        name=fields.text("name"),
        signed_by=fields.text("signed_by"),
        is_compelled=fields.flag("is_compelled"),
        reach=cast("Reach", fields.choice("reach", get_args(Reach))),
        kinds=cast("tuple[Kind, ...]", kinds),
        most_days=fields.optional_integer("most_days", 1, _MOST_DAYS),
        note=fields.optional_text("note", longest=1_000) or "",
    )
