"""Write a tree as the language an analyst would write.

Invariant: reading what this prints gives an equal tree.
"""

from __future__ import annotations

from decimal import Decimal

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
)


def to_text(condition: Condition) -> str:
    """Return the condition in the audience language, with only the parentheses it needs."""
    match condition:
        case Or():
            return " OR ".join(to_text(part) for part in condition.operands)
        case And():
            return " AND ".join(_bracketed(part, Or) for part in condition.operands)
        case Not():
            return _negation(condition.operand)
        case _:
            return _atom(condition, "")


def _bracketed(condition: Condition, *kinds: type[Condition]) -> str:
    text = to_text(condition)
    return f"({text})" if isinstance(condition, kinds) else text


def _negation(operand: Condition) -> str:
    if isinstance(operand, Is | Missing | Member | Between):
        return _atom(operand, "NOT ")
    return f"NOT {_bracketed(operand, And, Or, Not, Comparison)}"


def _atom(atom: Condition, negation: str) -> str:  # noqa: PLR0911, C901  one answer for each kind of atom
    match atom:
        case Constant():
            return "TRUE" if atom.value else "FALSE"
        case Flag():
            return atom.name
        case Is():
            return f"{atom.name} IS {negation}{'TRUE' if atom.value else 'FALSE'}"
        case Missing():
            return f"{atom.name} IS {negation}NULL"
        case Comparison():
            return f"{_term(atom.left)} {atom.operator} {_term(atom.right)}"
        case Between():
            return f"{_term(atom.term)} {negation}BETWEEN {_term(atom.low)} AND {_term(atom.high)}"
        case Member():
            return f"{atom.name} {negation}IN ({', '.join(_term(value) for value in atom.values)})"
        case Contains():
            return f"list_contains({atom.name}, {quoted(atom.value)})"
        case Prefix():
            return f"starts_with({atom.name}, {quoted(atom.value)})"
        case Not() | And() | Or():
            raise AssertionError("not an atom")


def _term(term: Term) -> str:
    match term:
        case Name():
            return term.name
        case Number():
            return plain(term.value)
        case Text():
            return quoted(term.value)
        case Product():
            return f"{_operand(term.term, Sum)} * {_operand(Number(Decimal(term.factor)))}"
        case Sum():
            return f"{_term(term.left)} {term.operator} {_operand(term.right, Sum)}"


def _operand(term: Term, *kinds: type[Term]) -> str:
    """Bracket a term that binds more loosely than its place, and a negative number, which would read as ``--``."""
    is_negative = isinstance(term, Number) and term.value.is_signed()
    return f"({_term(term)})" if is_negative or isinstance(term, kinds) else _term(term)


def quoted(text: str) -> str:
    """Return the text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def plain(value: Decimal) -> str:
    """Return the number in full, without an exponent."""
    return format(value, "f")
