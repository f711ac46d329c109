"""Read an audience, refuse what cannot be meant, and say what can be known of it beforehand.

Invariants: an ``Audience`` came through every check or was built from a checked tree; ``jurisdictions`` is
necessary: outside it the audience is FALSE, never UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.signal import Catalogue, SignalDefinition
from thinktwice.targeting.candidates import Tables
from thinktwice.targeting.checking import check
from thinktwice.targeting.grammar import Source, parse
from thinktwice.targeting.printing import to_text
from thinktwice.targeting.reasoning import (
    Reasoner,
    Want,
    conflicting_pair,
    idle_parts,
    impossible_parts,
    parts_of,
)
from thinktwice.targeting.tree import Condition, Constant, Missing, Not, all_of, any_of, names_of

_SCOPE: Final = "jurisdiction"
_LONGEST_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign reaches.

    ``text`` is what was read; ``definitions`` are those of the ``signals`` it uses, in order of name;
    ``jurisdictions`` are the only ones in which it can be TRUE, None when it does not say.
    """

    text: str
    tree: Condition
    definitions: tuple[SignalDefinition, ...]
    jurisdictions: frozenset[str] | None = None

    @property
    def signals(self) -> frozenset[str]:
        """Names of the signals the audience reads."""
        return frozenset(definition.name for definition in self.definitions)


def read_tree(text: str, catalogue: Catalogue, *, where: str | None = None, line: int | None = None) -> Condition:
    """Return the typed tree of a text, whether or not anybody can be in it.

    Raises:
        InputError: the text is not in the language.
    """
    source = Source(text, where, line)
    return check(source, parse(source, catalogue.keys()), catalogue)


def read_audience(text: str, catalogue: Catalogue, *, where: str | None = None, line: int | None = None) -> Audience:
    """Return the audience a text states; ``where`` and ``line`` are the file and line it begins in.

    Raises:
        InputError: not in the language, or parts that can never be true; every fault names line and column of
            the text, and what would be right.
    """
    tree = read_tree(text, catalogue, where=where, line=line)
    audience = audience_of(tree, catalogue, text)
    source, reasoner = Source(text, where, line), _reasoner(audience)
    faults = [source.fault(_why_impossible(reasoner, part), part.place) for part in impossible_parts(reasoner, tree)]
    if faults:
        raise InputError(*faults)
    return audience


def audience_of(tree: Condition, catalogue: Catalogue, text: str | None = None) -> Audience:
    """Return the audience of a checked tree; without ``text``, the tree is printed."""
    definitions = tuple(catalogue[name] for name in sorted(set(names_of(tree))))
    audience = Audience(to_text(tree) if text is None else text, tree, definitions)
    return Audience(audience.text, tree, definitions, _jurisdictions(_reasoner(audience), tree))


def disabling_signals(audience: Audience) -> tuple[str, ...]:
    """Return the signals that may be missing and without which the audience is never TRUE, by name."""
    reasoner = _reasoner(audience)
    return tuple(
        definition.name
        for definition in audience.definitions
        if definition.may_be_missing
        and not reasoner.is_possible([(audience.tree, Want.TRUE)], _missing(reasoner, definition))
    )


def audience_warnings(audience: Audience, *, where: str | None = None, line: int | None = None) -> tuple[Fault, ...]:
    """Return what is probably not meant: an audience that is always TRUE, alternatives that reach nobody."""
    source, reasoner = Source(audience.text, where, line), _reasoner(audience)
    if not reasoner.is_possible([(audience.tree, Want.NOT_TRUE)]):
        return (source.fault("this is always true: every withdrawal is in the audience", 0),)
    return tuple(
        source.fault(Phrase("%(part)s never adds anybody here", part=_shown(part)), part.place)
        for part in idle_parts(reasoner, audience.tree)
    )


def wording_only(audience: Audience) -> bool:
    """Say whether signals that may only choose words can decide alone, which no rung may rest on.

    That is: with every condition on other signals failing, the audience can still be TRUE, and it cannot once the
    wording conditions fail too. Conditions on ``jurisdiction`` are the campaign's scope and decide nothing.
    """
    reasoner = _reasoner(audience)
    definitions = {definition.name: definition for definition in audience.definitions}
    words_alone = _failing(reasoner, audience.tree, Want.TRUE, definitions, is_wording_kept=True)
    nothing = _failing(reasoner, audience.tree, Want.TRUE, definitions, is_wording_kept=False)
    return reasoner.is_possible([(words_alone, Want.TRUE)]) and not reasoner.is_possible([(nothing, Want.TRUE)])


def _reasoner(audience: Audience) -> Reasoner:
    return Reasoner(Tables(audience.tree, {definition.name: definition for definition in audience.definitions}))


def _missing(reasoner: Reasoner, definition: SignalDefinition) -> dict[tuple[str, str | None], int]:
    return {key: reasoner.tables.where(key, None) for key in reasoner.tables.keys(definition.name)}


def _jurisdictions(reasoner: Reasoner, tree: Condition) -> frozenset[str] | None:
    """Return the jurisdictions in which the tree can be TRUE; None when one that nobody named is among them."""
    named: set[str] = set()
    key = (_SCOPE, None)
    if key not in reasoner.tables.keys(_SCOPE):
        return None
    for place, candidate in enumerate(reasoner.tables.candidates(key)):
        if reasoner.is_possible([(tree, Want.TRUE)], {key: 1 << place}):
            if not isinstance(candidate, str) or not candidate.isalpha():
                return None
            named.add(candidate)
    return frozenset(named)


def _why_impossible(reasoner: Reasoner, part: Condition) -> str:
    want = Want.TRUE if not reasoner.is_possible([(part, Want.TRUE)]) else Want.FALSE
    if pair := conflicting_pair(reasoner, part, want):
        one, other = (_shown(half) for half in pair)
        return Phrase(
            "%(one)s and %(other)s can never %(what)s",
            one=one,
            other=other,
            what=Phrase("both be true") if want is Want.TRUE else Phrase("both be false"),
        )
    if isinstance(part, Missing) and want is Want.TRUE:
        return Phrase("%(part)s is never missing", part=part.name)
    return Phrase("%(part)s can never be %(value)s", part=_shown(part), value=want.value)


def _shown(part: Condition) -> str:
    """Return a condition as it fits into a message."""
    text = to_text(part)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _failing(
    reasoner: Reasoner,
    condition: Condition,
    want: Want,
    definitions: Mapping[str, SignalDefinition],
    *,
    is_wording_kept: bool,
) -> Condition:
    """Return the condition with deciding atoms failing, except those that cannot fail."""
    if parts := parts_of(condition, want):
        goals = [
            _failing(reasoner, part, its_want, definitions, is_wording_kept=is_wording_kept)
            for part, its_want in parts[1]
        ]
        if isinstance(condition, Not):
            return Not(goals[0])
        is_conjunction = parts[0] == (want is Want.TRUE)
        return all_of(goals) if is_conjunction else any_of(goals)
    used = set(names_of(condition)) - {_SCOPE}
    is_wording = bool(used) and all(definitions[name].is_wording_only for name in used)
    wrong = Want.NOT_TRUE if want is Want.TRUE else Want.NOT_FALSE
    if not used or (is_wording and is_wording_kept) or not reasoner.is_possible([(condition, wrong)]):
        return condition
    return Constant(want is Want.FALSE)
