"""The tree of an audience: few node types, all frozen.

Invariants: equal trees mean equal audiences, whatever the spelling; ``And`` never holds an ``And`` nor ``Or`` an
``Or``; a literal never stands left of a comparison; ``place`` (offset in the text) is for messages and never
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

Operator = Literal["=", "<>", "<", "<=", ">", ">="]

OPPOSITE: Final[dict[Operator, Operator]] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What holds exactly when the comparison does not, both sides present."""

MIRRORED: Final[dict[Operator, Operator]] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides exchanged."""


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of the tree; ``place`` is the offset in the text it was read from."""

    place: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """The value of a signal."""

    name: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number, exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text between single quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """``left + right`` or ``left - right``."""

    left: Term
    operator: Literal["+", "-"]
    right: Term


@dataclass(frozen=True, slots=True)
class Product(Node):
    """``term * factor``; the factor is a whole number."""

    term: Term
    factor: int


Term = Name | Number | Text | Sum | Product


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """``TRUE`` or ``FALSE``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Flag(Node):
    """A yes-or-no signal standing alone."""

    name: str


@dataclass(frozen=True, slots=True)
class Is(Node):
    """``name IS TRUE`` or ``name IS FALSE``; never unknown."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class Missing(Node):
    """``name IS NULL``; never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two terms of one type; unknown when one is missing."""

    left: Term
    operator: Operator
    right: Term


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``term >= low AND term <= high``."""

    term: Term
    low: Term
    high: Term


@dataclass(frozen=True, slots=True)
class Member(Node):
    """``name IN (…)`` over literals, each once."""

    name: str
    values: tuple[Number, ...] | tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """``list_contains(name, 'value')``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """``starts_with(name, 'value')``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    """True when the operand is false, unknown when it is unknown."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class And(Node):
    """True when all are, false when one is."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """True when one is, false when all are."""

    operands: tuple[Condition, ...]


Atom = Constant | Flag | Is | Missing | Comparison | Between | Member | Contains | Prefix
Condition = Atom | Not | And | Or


def all_of(operands: Iterable[Condition], place: int = 0) -> Condition:
    """Return the conjunction, flattened; of one condition, that condition; of none, TRUE."""
    flat = [part for one in operands for part in (one.operands if isinstance(one, And) else (one,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat), place=place) if flat else Constant(True, place=place)


def any_of(operands: Iterable[Condition], place: int = 0) -> Condition:
    """Return the disjunction, flattened; of one condition, that condition; of none, FALSE."""
    flat = [part for one in operands for part in (one.operands if isinstance(one, Or) else (one,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat), place=place) if flat else Constant(False, place=place)


def names_of(node: Condition | Term) -> Iterator[str]:
    """Yield the signals a condition or term reads, once per mention, in reading order."""
    match node:
        case Name() | Flag() | Is() | Missing() | Member() | Contains() | Prefix():
            yield node.name
        case Number() | Text() | Constant():
            return
        case Sum() | Comparison():
            yield from names_of(node.left)
            yield from names_of(node.right)
        case Product():
            yield from names_of(node.term)
        case Between():
            for part in (node.term, node.low, node.high):
                yield from names_of(part)
        case Not():
            yield from names_of(node.operand)
        case And() | Or():
            for operand in node.operands:
                yield from names_of(operand)
