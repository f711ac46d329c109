"""Candidate values: a few values of each signal that stand for all.

Invariant: for every set of conditions on one signal alone, if any value satisfies them a candidate does. Numbers:
each literal and its neighbours at the scale of the type, and the ends of the range. Texts: each literal, each
prefix continued by a character nobody writes, and a text nobody writes; where all values are known, those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from thinktwice.records.signal import SignalDefinition, SignalValue
from thinktwice.targeting.interpreting import EXACT, truth
from thinktwice.targeting.tree import (
    And,
    Atom,
    Between,
    Comparison,
    Condition,
    Constant,
    Contains,
    Member,
    Name,
    Not,
    Number,
    Or,
    Prefix,
    Text,
    names_of,
)
from thinktwice.targeting.values import CLOSED, DIGITS, RANGES

Key = tuple[str, str | None]
"""A signal, or one possible entry of a list signal."""

_NOBODY_WRITES = "\x00"


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """Yield the atoms below a condition, in reading order."""
    match condition:
        case Not():
            yield from atoms_of(condition.operand)
        case And() | Or():
            for part in condition.operands:
                yield from atoms_of(part)
        case _:
            yield condition


class Tables:
    """For each atom of one condition: for which candidates it is true, false, or neither."""

    def __init__(self, condition: Condition, definitions: Mapping[str, SignalDefinition]) -> None:
        self._definitions = definitions
        self._candidates: dict[Key, tuple[SignalValue, ...]] = {_NOBODY: (None,)}
        self._masks: dict[Atom, dict[str, tuple[tuple[Key, int], ...]]] = {}
        grouped: defaultdict[Key, list[Atom]] = defaultdict(list)
        for atom in atoms_of(condition):
            for name in names_of(atom):
                grouped[_key(atom, name)].append(atom)
        for key, atoms in grouped.items():
            self._candidates[key] = _candidates(key, atoms, definitions[key[0]])

    def everything(self, key: Key) -> int:
        """Return the mask of all candidates."""
        return (1 << len(self._candidates[key])) - 1

    def where(self, key: Key, value: SignalValue) -> int:
        """Return the mask of the one candidate that is ``value``; 0 when there is none."""
        return sum(1 << place for place, one in enumerate(self._candidates[key]) if one == value)

    def keys(self, name: str) -> tuple[Key, ...]:
        """Return the keys of a signal."""
        return tuple(key for key in self._candidates if key[0] == name)

    def candidates(self, key: Key) -> tuple[SignalValue, ...]:
        """Return the candidates of a key, in the order of the bits."""
        return self._candidates[key]

    def masks(self, atom: Condition, want: str) -> tuple[tuple[Key, int], ...]:
        """Return, per signal, the candidates for which an atom may come out as wanted."""
        assert not isinstance(atom, Not | And | Or)
        if atom not in self._masks:
            self._masks[atom] = self._measure(atom)
        return self._masks[atom][want]

    def _measure(self, atom: Atom) -> dict[str, tuple[tuple[Key, int], ...]]:
        if isinstance(atom, Constant):
            return _constant(atom.value)
        names = list(dict.fromkeys(names_of(atom)))
        if len(names) > 1 or _is_computed(atom):
            present = tuple((key, self.everything(key) & ~self.where(key, None)) for key in map(_plain, names))
            # One present bound can make BETWEEN false while the other is missing.
            false = () if isinstance(atom, Between) else present
            return {"true": present, "false": false, "false or unknown": (), "true or unknown": ()}
        key, yes, no = _key(atom, names[0]), 0, 0
        for place, value in enumerate(self._candidates[key]):
            answer = truth(atom, {key[0]: value})
            yes |= (answer is True) << place
            no |= (answer is False) << place
        everything = self.everything(key)
        return {
            "true": ((key, yes),),
            "false": ((key, no),),
            "false or unknown": ((key, everything & ~yes),),
            "true or unknown": ((key, everything & ~no),),
        }


def _plain(name: str) -> Key:
    return name, None


_NOBODY: Final[Key] = ("", None)
"""Stands for no signal; a constant that comes out wrong leaves it no candidate."""


def _constant(value: bool) -> dict[str, tuple[tuple[Key, int], ...]]:
    fails = ((_NOBODY, 0),)
    right, wrong = ((), fails) if value else (fails, ())
    return {"true": right, "false": wrong, "false or unknown": wrong, "true or unknown": right}


def _key(atom: Atom, name: str) -> Key:
    return name, atom.value if isinstance(atom, Contains) else None


def _is_computed(atom: Atom) -> bool:
    parts = [atom.left, atom.right] if isinstance(atom, Comparison) else []
    parts += [atom.term, atom.low, atom.high] if isinstance(atom, Between) else []
    return any(not isinstance(part, Name | Number | Text) for part in parts) or (
        sum(isinstance(part, Name) for part in parts) > 1
    )


def _candidates(key: Key, atoms: list[Atom], definition: SignalDefinition) -> tuple[SignalValue, ...]:
    found: list[SignalValue] = [None] if definition.may_be_missing else []
    match definition.type:
        case "boolean":
            found += [True, False]
        case "texts":
            found += [(key[1],), ()] if key[1] is not None else [()]
        case "text":
            found += CLOSED.get(definition.name) or _texts(atoms)
        case _:
            found += _numbers(atoms, definition)
    return tuple(dict.fromkeys(found))


def _texts(atoms: list[Atom]) -> tuple[str, ...]:
    found = [_NOBODY_WRITES]
    for atom in atoms:
        if isinstance(atom, Prefix):
            found.append(atom.value + _NOBODY_WRITES)
        found += [literal.value for literal in _literals(atom) if isinstance(literal, Text)]
    return tuple(found)


def _numbers(atoms: list[Atom], definition: SignalDefinition) -> list[Decimal]:
    step = Decimal(1).scaleb(-DIGITS[definition.type][1])
    low, high = RANGES.get(definition.name, (None, None))
    found = [Decimal(end) for end in (low, high) if end is not None] or [Decimal(0)]
    for atom in atoms:
        for literal in _literals(atom):
            if isinstance(literal, Number):
                value = literal.value
                found += [EXACT.subtract(value, step), value, EXACT.add(value, step)]
    return [one for one in found if (low is None or one >= low) and (high is None or one <= high)]


def _literals(atom: Atom) -> list[Number | Text]:
    match atom:
        case Comparison():
            parts = [atom.left, atom.right]
        case Between():
            parts = [atom.term, atom.low, atom.high]
        case Member():
            return list(atom.values)
        case _:
            return []
    return [part for part in parts if isinstance(part, Number | Text)]
