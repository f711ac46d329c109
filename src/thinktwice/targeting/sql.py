"""Audiences as DuckDB SQL, with the same three answers.

Invariants: every identifier and literal is quoted or cast, so that the answer depends neither on the engine's
reading of precedence nor on its typing of numbers; sums and products are computed in 38 digits, which
``terms.MAXIMUM_MULTIPLIER`` keeps from overflowing; nothing is ever a DOUBLE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.records.signal import SignalDefinition, SignalType
from thinktwice.targeting.audience import Audience
from thinktwice.targeting.printing import plain, quoted
from thinktwice.targeting.tree import (
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
    Or,
    Prefix,
    Product,
    Sum,
    Term,
    Text,
    names_of,
)

COLUMN_TYPES: Final[Mapping[SignalType, str]] = {
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "amount": "DECIMAL(38,18)",
    "money": "DECIMAL(20,4)",
    "ratio": "DECIMAL(20,4)",
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
}
"""The column type that ``to_duckdb`` expects of each signal type."""

_WIDE: Final[Mapping[str, str]] = {"integer": "DECIMAL(38,0)", "money": "DECIMAL(38,4)", "ratio": "DECIMAL(38,4)"}


def to_duckdb(audience: Audience) -> str:
    """Return a DuckDB expression that is TRUE, FALSE or NULL where the audience is TRUE, FALSE or UNKNOWN.

    It reads columns named like the signals, of ``COLUMN_TYPES``; missing is NULL, and no list holds NULL.
    """
    return _Sql({definition.name: definition for definition in audience.definitions}).condition(audience.tree)


class _Sql:
    """Writes the conditions of one audience."""

    def __init__(self, definitions: Mapping[str, SignalDefinition]) -> None:
        self._definitions = definitions

    def condition(self, node: Condition) -> str:
        """Return a condition as SQL, closed in parentheses where it has parts."""
        match node:
            case Not():
                return f"(NOT {self.condition(node.operand)})"
            case And() | Or():
                word = " AND " if isinstance(node, And) else " OR "
                return "(" + word.join(self.condition(part) for part in node.operands) + ")"
            case Comparison():
                return self._comparison(node.left, node.operator, node.right)
            case Between():
                # Two comparisons, because a missing bound leaves the other one to say FALSE in every engine.
                low, high = (
                    self._comparison(node.term, sign, end) for sign, end in ((">=", node.low), ("<=", node.high))
                )
                return f"({low} AND {high})"
            case _:
                return self._atom(node)

    def _atom(self, node: Condition) -> str:  # noqa: PLR0911  one answer for each kind of atom
        match node:
            case Constant():
                return _boolean(node.value)
            case Flag():
                return _column(node.name)
            case Is():
                return f"({_column(node.name)} IS {_boolean(node.value)})"
            case Missing():
                return f"({_column(node.name)} IS NULL)"
            case Member():
                kind = self._definitions[node.name].type
                values = ", ".join(_literal(value, kind) for value in node.values)
                return f"({_column(node.name)} IN ({values}))"
            case Contains():
                return f"list_contains({_column(node.name)}, {quoted(node.value)})"
            case Prefix():
                return f"starts_with({_column(node.name)}, {quoted(node.value)})"
            case _:
                raise AssertionError("not an atom")

    def _comparison(self, left: Term, operator: str, right: Term) -> str:
        kind = self._definitions[next(names_of(left))].type
        is_wide = any(isinstance(term, Sum | Product) for term in (left, right))
        one, other = (self._wide(term, kind) if is_wide else _narrow(term, kind) for term in (left, right))
        return f"({one} {operator} {other})"

    def _wide(self, term: Term, kind: SignalType) -> str:
        match term:
            case Name() | Number():
                return f"CAST({_narrow(term, kind)} AS {_WIDE[kind]})"
            case Product():
                return f"({self._wide(term.term, kind)} * CAST({term.factor} AS DECIMAL(7,0)))"
            case Sum():
                return f"({self._wide(term.left, kind)} {term.operator} {self._wide(term.right, kind)})"
            case Text():
                raise AssertionError("texts have no arithmetic")


def _narrow(term: Term, kind: SignalType) -> str:
    if isinstance(term, Name):
        return _column(term.name)
    assert isinstance(term, Number | Text)
    return _literal(term, kind)


def _literal(literal: Number | Text, kind: SignalType) -> str:
    if isinstance(literal, Text):
        return quoted(literal.value)
    return f"CAST('{plain(literal.value)}' AS {COLUMN_TYPES[kind]})"


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _boolean(value: bool) -> str:
    return "TRUE" if value else "FALSE"
