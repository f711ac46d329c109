"""Python source for many audiences at once.

Invariants: the source holds only names made here (``v0``, ``c0``, …), signal names of the catalogue as literals,
operators and whole numbers; every text and decimal of an audience is a bound constant, so no audience can add
code. "Is true" and "is false" are separate expressions, so that unknown is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from thinktwice.records.signal import SignalDefinition
from thinktwice.targeting.interpreting import EXACT
from thinktwice.targeting.tree import (
    OPPOSITE,
    And,
    Between,
    Comparison,
    Condition,
    Constant,
    Contains,
    Flag,
    Is,
    Member,
    Missing,
    Name,
    Not,
    Number,
    Operator,
    Or,
    Prefix,
    Product,
    Sum,
    Term,
    Text,
    names_of,
)

_SPELT: Final[Mapping[Operator, str]] = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Writer:
    """Writes conditions as Python expressions and collects what they need."""

    def __init__(self, definitions: Mapping[str, SignalDefinition]) -> None:
        self._definitions = definitions
        self._locals: dict[str, str] = {}
        self._bound: dict[tuple[type, object], str] = {}
        self.constants: dict[str, object] = {"add": EXACT.add, "subtract": EXACT.subtract, "multiply": EXACT.multiply}

    def function(self, conditions: Sequence[tuple[int, Condition]]) -> str:
        """Return the source of ``evaluate(signals) -> (true mask, unknown mask)``; ints are bit positions."""
        body: list[str] = []
        for bit, condition in conditions:
            body.append(f"    if {self.true(condition)}: t |= {1 << bit}")
            absent = self._guards(condition, "is None", " or ")
            if absent:
                body.append(f"    elif ({absent}) and not {self.false(condition)}: u |= {1 << bit}")
        loads = [f"    {local} = signals[{name!r}]" for name, local in self._locals.items()]
        return "\n".join(["def evaluate(signals):", "    t = u = 0", *loads, *body, "    return t, u", ""])

    def true(self, condition: Condition) -> str:
        """Return an expression that holds exactly when the condition is TRUE."""
        match condition:
            case Not():
                return self.false(condition.operand)
            case And() | Or():
                word = " and " if isinstance(condition, And) else " or "
                return "(" + word.join(self.true(part) for part in self._ordered(condition.operands)) + ")"
            case Between() if not isinstance(condition.low, Number) or not isinstance(condition.high, Number):
                return self.true(_two_comparisons(condition))
            case _:
                return self._atom(condition, is_true=True)

    def false(self, condition: Condition) -> str:
        """Return an expression that holds exactly when the condition is FALSE."""
        match condition:
            case Not():
                return self.true(condition.operand)
            case And() | Or():
                word = " or " if isinstance(condition, And) else " and "
                return "(" + word.join(self.false(part) for part in self._ordered(condition.operands)) + ")"
            case Between() if not isinstance(condition.low, Number) or not isinstance(condition.high, Number):
                return self.false(_two_comparisons(condition))
            case _:
                return self._atom(condition, is_true=False)

    def _ordered(self, operands: Sequence[Condition]) -> list[Condition]:
        """Put what is cheap to ask first; the order changes no answer, because nothing here can fail."""
        return sorted(operands, key=self._cost)

    def _cost(self, condition: Condition) -> int:
        match condition:
            case Constant() | Flag() | Is() | Missing():
                return 1
            case Member():
                return 3
            case Prefix() | Contains():
                return 5
            case Comparison() | Between():
                names = list(names_of(condition))
                is_plain = all(self._definitions[name].type in ("text", "integer") for name in names)
                return (2 if is_plain else 4) * len(names)
            case Not():
                return self._cost(condition.operand)
            case And() | Or():
                return sum(self._cost(part) for part in condition.operands)

    def _atom(self, atom: Condition, *, is_true: bool) -> str:
        match atom:
            case Constant():
                return str(atom.value == is_true)
            case Is():
                return f"({self._local(atom.name)} is {'' if is_true else 'not '}{atom.value})"
            case Missing():
                return f"({self._local(atom.name)} is {'' if is_true else 'not '}None)"
            case Flag():
                # A missing flag is None: it is not true, and ``is False`` says that it is not false either.
                return self._local(atom.name) if is_true else f"({self._local(atom.name)} is False)"
            case _:
                guards = (
                    "" if self._needs_no_guard(atom, is_true=is_true) else self._guards(atom, "is not None", " and ")
                )
                tested = self._tested(atom, is_true=is_true)
                return f"({guards} and {tested})" if guards else f"({tested})"

    def _needs_no_guard(self, atom: Condition, *, is_true: bool) -> bool:
        """None equals no literal and is in no list of literals, so asking is enough."""
        is_equality = isinstance(atom, Comparison) and atom.operator == "=" and isinstance(atom.right, Number | Text)
        is_direct = isinstance(atom, Comparison) and isinstance(atom.left, Name)
        return is_true and (isinstance(atom, Member) or (is_equality and is_direct))

    def _tested(self, atom: Condition, *, is_true: bool) -> str:
        negation = "" if is_true else "not "
        match atom:
            case Comparison():
                sign = atom.operator if is_true else OPPOSITE[atom.operator]
                kind = self._kind(atom)
                return f"{self._term(atom.left, kind)} {_SPELT[sign]} {self._term(atom.right, kind)}"
            case Between():
                kind = self._kind(atom)
                low, term, high = (self._term(part, kind) for part in (atom.low, atom.term, atom.high))
                return f"{negation}{low} <= {term} <= {high}"
            case Member():
                kind = self._definitions[atom.name].type
                values = tuple(_constant(value.value, kind) for value in atom.values)
                bound = frozenset(values) if len(values) > 4 else values
                return f"{self._local(atom.name)} {negation}in {self._bind(bound)}"
            case Contains():
                return f"{self._bind(atom.value)} {negation}in {self._local(atom.name)}"
            case Prefix():
                return f"{negation}{self._local(atom.name)}.startswith({self._bind(atom.value)})"
            case _:
                raise AssertionError("not an atom")

    def _kind(self, atom: Condition) -> str:
        return self._definitions[next(names_of(atom))].type

    def _term(self, term: Term, kind: str) -> str:
        match term:
            case Name():
                return self._local(term.name)
            case Number() | Text():
                return self._bind(_constant(term.value, kind))
            case Product():
                return f"multiply({self._term(term.term, kind)}, {term.factor})"
            case Sum():
                verb = "add" if term.operator == "+" else "subtract"
                return f"{verb}({self._term(term.left, kind)}, {self._term(term.right, kind)})"

    def _guards(self, condition: Condition, test: str, word: str) -> str:
        """Return ``test`` of every signal of a condition that may be missing."""
        names = dict.fromkeys(names_of(condition))
        return word.join(f"{self._local(name)} {test}" for name in names if self._definitions[name].may_be_missing)

    def _local(self, name: str) -> str:
        return self._locals.setdefault(name, f"v{len(self._locals)}")

    def _bind(self, value: object) -> str:
        if type(value) is int:
            return repr(value)
        known = self._bound.setdefault((type(value), value), f"c{len(self._bound)}")
        self.constants[known] = value
        return known


def _two_comparisons(between: Between) -> Condition:
    """A missing bound leaves the other one to say FALSE, so each needs its own guard."""
    low = Comparison(between.term, ">=", between.low)
    return And((low, Comparison(between.term, "<=", between.high)))


def _constant(value: Decimal | str, kind: str) -> Decimal | int | str:
    """Return a literal in the type of the values it meets; comparing like with like is fastest."""
    return int(value) if kind == "integer" and isinstance(value, Decimal) else value
