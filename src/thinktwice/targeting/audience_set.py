"""All audiences of the live campaigns, evaluated together.

Invariants: per jurisdiction there is one generated function, built once, over just the audiences that can be
other than FALSE there; each answers TRUE, UNKNOWN or FALSE exactly as ``interpreting`` and DuckDB do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.signal import SignalDefinition, SignalValues
from thinktwice.targeting.audience import Audience
from thinktwice.targeting.candidates import atoms_of
from thinktwice.targeting.codegen import Writer
from thinktwice.targeting.interpreting import truth
from thinktwice.targeting.tree import (
    And,
    Comparison,
    Condition,
    Constant,
    Member,
    Not,
    Or,
    Text,
    all_of,
    any_of,
    names_of,
)

Entry = tuple[str, Audience, tuple[str, ...]]
"""Id, audience, and the jurisdictions it is released in; ``("*",)`` is everywhere."""

_Evaluate = Callable[[SignalValues], tuple[int, int]]
_SCOPE: Final = "jurisdiction"


class AudienceSet:
    """Audiences fused into one function per jurisdiction; immutable, safe to share between threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Compile the entries; bit *n* of a mask stands for entry *n*.

        Signals are looked up by name: every signal of the catalogue must be a key, None when missing.
        """
        self.ids: Final = tuple(entry[0] for entry in entries)
        self._definitions = {one.name: one for _, audience, _ in entries for one in audience.definitions}
        named = {code for _, _, codes in entries for code in codes if code != ANYWHERE}
        for _, audience, _ in entries:
            named |= _named_in(audience.tree)
        self._buckets: Final[Mapping[str, _Evaluate]] = {code: self._compile(entries, code) for code in sorted(named)}
        self._default: Final = self._compile(entries, None)

    def evaluate(self, signals: SignalValues) -> tuple[int, int]:
        """Return (TRUE mask, UNKNOWN mask) for the signals of one withdrawal."""
        return self._buckets.get(signals[_SCOPE], self._default)(signals)  # type: ignore[arg-type]  # always text

    def true_ids(self, mask: int) -> tuple[str, ...]:
        """Return the ids whose bit is set, in the order of the entries."""
        return tuple(one for place, one in enumerate(self.ids) if mask >> place & 1)

    def unknown_ids(self, mask: int) -> tuple[str, ...]:
        """Return the ids whose bit is set in an UNKNOWN mask, in the order of the entries."""
        return self.true_ids(mask)

    def _compile(self, entries: Sequence[Entry], jurisdiction: str | None) -> _Evaluate:
        reached = []
        for bit, (_, audience, codes) in enumerate(entries):
            if ANYWHERE in codes or jurisdiction in codes:
                condition = _within(audience.tree, jurisdiction)
                if condition != Constant(False):
                    reached.append((bit, condition))
        return _function(self._definitions, reached)


def _function(definitions: Mapping[str, SignalDefinition], conditions: Sequence[tuple[int, Condition]]) -> _Evaluate:
    writer = Writer(definitions)
    source = writer.function(conditions)
    namespace: dict[str, object] = {"__builtins__": {}, **writer.constants}
    exec(compile(source, "<audiences>", "exec"), namespace)  # noqa: S102  holds no text of any audience; see codegen
    evaluate: _Evaluate = namespace["evaluate"]  # type: ignore[assignment]  # what the source defines
    return evaluate


def _named_in(tree: Condition) -> set[str]:
    """Return the jurisdictions that a tree writes out; each gets a function of its own."""
    found: set[str] = set()
    for atom in atoms_of(tree):
        if isinstance(atom, Member) and atom.name == _SCOPE:
            found |= {str(value.value) for value in atom.values}
        elif isinstance(atom, Comparison) and _is_about_scope(atom):
            assert isinstance(atom.right, Text)
            found.add(atom.right.value)
    return found


def _is_about_scope(atom: Condition) -> bool:
    """Whether an atom asks for written-out jurisdictions only."""
    if isinstance(atom, Comparison):
        return isinstance(atom.right, Text) and set(names_of(atom.left)) == {_SCOPE}
    return isinstance(atom, Member) and atom.name == _SCOPE


def _within(condition: Condition, jurisdiction: str | None) -> Condition:
    """Return what is left of a condition once the jurisdiction is known; None is one that no tree writes out."""
    match condition:
        case Not():
            inner = _within(condition.operand, jurisdiction)
            return Constant(not inner.value) if isinstance(inner, Constant) else Not(inner)
        case And() | Or():
            is_and = isinstance(condition, And)
            parts = [_within(part, jurisdiction) for part in condition.operands]
            if Constant(not is_and) in parts:
                return Constant(not is_and)
            left = [part for part in parts if part != Constant(is_and)]
            return all_of(left) if is_and else any_of(left)
        case _:
            if _is_about_scope(condition):
                return Constant(truth(condition, {_SCOPE: jurisdiction or ""}) is True)
            return condition
