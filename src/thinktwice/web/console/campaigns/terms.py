"""The terms of a release as fields of a form, and back into ``release.yaml``.

Invariants: pure; what has no field (a plan, the rule of a hold) and every comment beside other lines stays as it was
written; nothing is judged here: the one reader of releases does that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from thinktwice.campaigns.release import MAX_HOLDOUT
from thinktwice.contacts.document import Entry, parse_document
from thinktwice.errors import Fault, InputError, Phrase

PATH: Final = "release.yaml"
SINGLE: Final = ("experiment", "starts_at", "ends_at", "expected_daily_triggers")
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "frequency_cap": ("triggers", "per_days"),
    "blast_radius": ("times_expected", "within_minutes", "then"),
}
NAMES: Final = (*SINGLE, "holdout", *(f"{group}-{name}" for group, names in GROUPS.items() for name in names))
_PLAIN: Final = re.compile(r"(?=.{1,100}\Z)[A-Za-z0-9]([A-Za-z0-9_.:+-]*[A-Za-z0-9])?")
_SHARE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?")
_LINE: Final = re.compile(r"([A-Za-z_]+):")


@dataclass(frozen=True, slots=True)
class MergedTerms:
    """Two changes of the same terms put together.

    ``taken`` are the fields that only the others changed; of ``conflicts`` a person has to choose, ``values`` has mine.
    """

    values: Mapping[str, str]
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]


def read_terms(text: str) -> dict[str, str]:
    """Return the values of the form; empty where the file says nothing. ``weight-<arm>`` are the weights.

    Raises:
        InputError: the file is no document, so it can only be edited as text.
    """
    faults: list[Fault] = []
    document = parse_document(text, PATH, faults)
    if faults or document is None or not isinstance(document.value, Mapping):
        raise InputError(*(faults or [Fault("is no list of fields", where=PATH)]))
    fields = document.value
    found = {name: _text(fields.get(name)) for name in SINGLE}
    found["holdout"] = _percent(_text(fields.get("holdout")))
    for group, names in GROUPS.items():
        inner = _inner(fields.get(group))
        found |= {f"{group}-{name}": _text(inner.get(name)) for name in names}
    return found | {f"weight-{arm}": _text(weight) for arm, weight in _inner(fields.get("weights")).items()}


def write_terms(text: str, given: Mapping[str, str]) -> str:
    """Return the file with the values of the form in it.

    Raises:
        InputError: a value holds what no value of these fields can.
    """
    faults = [
        Fault("write letters, digits, and . : + - _ only", name)
        for name, value in given.items()
        if value and name != "holdout" and not _PLAIN.fullmatch(value)
    ]
    if given["holdout"] and not 0 <= _number(given["holdout"]) <= MAX_HOLDOUT * 100:
        most = _plain(MAX_HOLDOUT * 100)
        faults.append(Fault(Phrase("write a number of per cent from 0 to %(most)s, such as 10", most=most), "holdout"))
    if faults:
        raise InputError(*faults)
    lines: dict[str, str | None] = {name: f"{name}: {given[name]}" if given[name] else None for name in SINGLE}
    lines["holdout"] = f"holdout: {_share(given['holdout'])}"
    weights = {name.removeprefix("weight-"): value for name, value in given.items() if name.startswith("weight-")}
    lines["weights"] = _flow("weights", weights)
    for group, names in GROUPS.items():
        lines[group] = _flow(group, {name: given[f"{group}-{name}"] for name in names})
    for name, line in lines.items():
        text = _replaced(text, name, line)
    return text


def merge_terms(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> MergedTerms:
    """Put two changes of the same terms together, field by field; what is not there is empty."""
    values: dict[str, str] = {}
    taken: list[str] = []
    conflicts: list[str] = []
    for name in dict.fromkeys((*theirs, *base, *mine)):
        before, ours, others = (one.get(name, "") for one in (base, mine, theirs))
        values[name] = others if ours == before else ours
        if others not in (before, ours):
            (taken if ours == before else conflicts).append(name)
    return MergedTerms(values, tuple(taken), tuple(conflicts))


def _flow(name: str, values: Mapping[str, str]) -> str | None:
    """Return a group in one line; None when nothing of it is filled in."""
    filled = {key: value for key, value in values.items() if value}
    return f"{name}: {{{', '.join(f'{key}: {value}' for key, value in filled.items())}}}" if filled else None


def _replaced(text: str, name: str, line: str | None) -> str:
    """Return the text with one field written anew where it stands, or at the end; a value that stands is left alone."""
    kept: list[str] = []
    is_inside = is_found = False
    for old in text.splitlines():
        begins = _LINE.match(old)
        if begins and begins[1] == name:
            is_inside, is_found = True, True
            if line is not None:
                kept.append(line + _comment(old))
        elif is_inside and (old.startswith((" ", "\t", "-")) and old.strip()):
            continue
        else:
            is_inside = False
            kept.append(old)
    if line is not None and not is_found:
        kept.append(line)
    return "\n".join(kept) + "\n"


def _comment(line: str) -> str:
    found = re.search(r"\s+#.*$", line)
    return found[0] if found else ""


def _text(entry: Entry | None) -> str:
    return entry.value if entry is not None and isinstance(entry.value, str) else ""


def _inner(entry: Entry | None) -> Mapping[str, Entry]:
    return entry.value if entry is not None and isinstance(entry.value, Mapping) else {}


def _number(text: str) -> Decimal:
    """Return a number that is written out, or -1: powers of ten are no share, and could fill any file."""
    return Decimal(text) if _SHARE.fullmatch(text) else Decimal(-1)


def _percent(share: str) -> str:
    """Return a share as per cent, for people; what is no number stays as it is, and is none in the form either."""
    return _plain(Decimal(share) * 100) if _SHARE.fullmatch(share) else share


def _share(percent: str) -> str:
    return _plain(Decimal(percent or "0") / 100)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
