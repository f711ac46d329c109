"""What ``thinktwice campaign check`` finds out about one pack, and how it says it.

Invariants: a fault forbids the pack, a warning forbids it under ``--strict``, an open point (a review, an approval, a
contact that waits) makes it a draft and is always named; each finding has its file, and a line where one is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from thinktwice.campaigns.library import content_of, shipped_packs
from thinktwice.campaigns.reading import Reading, Surroundings, read_pack
from thinktwice.campaigns.version import hash_of
from thinktwice.contacts.checking import contact_findings, untrue_days
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import Fault
from thinktwice.records.campaign import ANYWHERE

OPEN_POINTS: Final = ("reviewed", "partners")
"""Fields whose warnings somebody outside the author's desk has to answer: a native reader, a partner."""

CHECKLIST: Final = (
    "Would somebody who is being deceived right now recognise themselves, without being accused?",
    "Is there one action, and is it the first thing that can be done?",
    "Does any sentence say or hint that the customer, the address or a third person is on a list or suspected?",
    "Does any sentence promise safety, money back, or what the police will or will never do?",
    "Does any sentence press, frighten or shame; name an age, an origin, a person, a platform or a sum?",
    "Does the message say what the scammer will say about it, in words that the scammer would really use?",
    "Do the words for police, reporting and scams match those that the police of this place use?",
    "Is every number dialled and every address opened by yourself, on the day of this review?",
    "Read aloud: does every language say the same, at the same length, to the same kind of reader?",
    "Does the page work at 360 pixels, in the dark, from right to left where the language does?",
)
"""The ideas of *never say* that no pattern finds; a reviewer answers them one by one."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one pack; ``version`` and ``reach`` only where it has no fault."""

    id: str
    reading: Reading
    version: str | None
    reach: str | None
    warnings: tuple[Fault, ...]
    open_points: tuple[Fault, ...]

    @property
    def state(self) -> str:
        """Return *refused*, *warned*, *draft* or *ready*."""
        if self.reading.faults:
            return "refused"
        return "warned" if self.warnings else "draft" if self.open_points else "ready"


def check_pack(folder: Path, around: Surroundings, contacts_dir: Path) -> Checked:
    """Read one pack and sort what was found."""
    reading = read_pack(folder, around)
    pack = reading.pack
    warnings = tuple(one for one in reading.warnings if one.field not in OPEN_POINTS)
    waiting = tuple(one for one in reading.warnings if one.field in OPEN_POINTS)
    if pack is None:
        return Checked(folder.name, reading, None, None, warnings, waiting)
    warnings += tuple(untrue_days(around.contacts, _codes(pack.jurisdictions, around), around.today, contacts_dir))
    codes = [] if ANYWHERE in pack.jurisdictions else list(pack.jurisdictions)
    waiting += tuple(contact_findings(around.contacts, codes, around.today, contacts_dir))
    reach = f"{', '.join(pack.jurisdictions)}; {pack.intervention} when {pack.audience.text}"
    version = hash_of(content_of(pack, around))
    return Checked(pack.id, reading, version, reach, warnings, waiting)


def _codes(jurisdictions: Sequence[str], around: Surroundings) -> Sequence[str]:
    return tuple(around.contacts.by_jurisdiction) if ANYWHERE in jurisdictions else jurisdictions


def lines_of(found: Checked) -> Iterator[str]:
    """Yield warnings and open points as a person reads them."""
    yield from (f"warning: {shortly(one)}" for one in found.warnings)
    yield from (f"open: {shortly(one)}" for one in found.open_points)


def shortly(fault: Fault) -> Fault:
    """Return a fault whose file is named as one looks for it: what ships with us by its place among the packs.

    Files of the folder we stand in are named from here; others stay as they are.
    """
    if fault.where is None or not (path := Path(fault.where)).is_absolute():
        return fault
    for folder, shown in ((shipped_packs(), Path()), (shipped_contacts(), Path("contacts")), (Path.cwd(), Path())):
        if path.is_relative_to(folder):
            return replace(fault, where=str(shown / path.relative_to(folder)))
    return fault


def as_json(found: Checked) -> dict[str, Any]:
    """Return the same as data."""

    def plain(faults: Sequence[Fault]) -> list[dict[str, Any]]:
        return [{"message": one.message, "field": one.field, "file": one.where, "line": one.line} for one in faults]

    return {
        "id": found.id,
        "state": found.state,
        "version": found.version,
        "faults": plain(found.reading.faults),
        "warnings": plain(found.warnings),
        "open": plain(found.open_points),
    }
