"""What an audience says of one withdrawal, node by node: the plain meaning of the language.

Invariants: arithmetic is exact; None is missing on the way in and unknown on the way out. The generated code in
``codegen`` must agree with this, and both with DuckDB.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal, Inexact, Overflow
from typing import Any, Final

from thinktwice.records.signal import SignalValues
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
    Operator,
    Or,
    Prefix,
    Product,
    Sum,
    Term,
    Text,
)

EXACT: Final = Context(prec=80, traps=[Inexact, Overflow])
"""Wide enough for every term the language admits, and loud if it were not; independent of the thread's context."""

_COMPARE: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def truth(condition: Condition, signals: SignalValues) -> bool | None:
    """Return TRUE, FALSE or, when a missing signal decides, None."""
    match condition:
        case Not():
            inner = truth(condition.operand, signals)
            return None if inner is None else not inner
        case And():
            return _all(truth(part, signals) for part in condition.operands)
        case Or():
            negated = _all(None if (one := truth(part, signals)) is None else not one for part in condition.operands)
            return None if negated is None else not negated
        case _:
            return _atom(condition, signals)


def _all(answers: Iterable[bool | None]) -> bool | None:
    seen = set(answers)
    return False if False in seen else None if None in seen else True


def _atom(atom: Condition, signals: SignalValues) -> bool | None:
    match atom:
        case Constant():
            return atom.value
        case Is():
            return signals[atom.name] is atom.value
        case Missing():
            return signals[atom.name] is None
        case Comparison():
            return _compare(atom.left, atom.operator, atom.right, signals)
        case Between():
            low = _compare(atom.term, ">=", atom.low, signals)
            return _all((low, _compare(atom.term, "<=", atom.high, signals)))
        case _:
            return _membership(atom, signals)


def _membership(atom: Condition, signals: SignalValues) -> bool | None:
    match atom:
        case Flag():
            value = signals[atom.name]
            return None if value is None else value is True
        case Member():
            value = signals[atom.name]
            return None if value is None else any(value == one.value for one in atom.values)
        case Contains():
            texts = signals[atom.name]
            return None if texts is None else isinstance(texts, tuple) and atom.value in texts
        case Prefix():
            text = signals[atom.name]
            return None if text is None else isinstance(text, str) and text.startswith(atom.value)
        case _:
            raise AssertionError("not an atom")


def _compare(left: Term, sign: Operator, right: Term, signals: SignalValues) -> bool | None:
    one, other = _value(left, signals), _value(right, signals)
    return None if one is None or other is None else _COMPARE[sign](one, other)


def _value(term: Term, signals: SignalValues) -> Decimal | int | str | None:
    match term:
        case Number() | Text():
            return term.value
        case Name():
            value = signals[term.name]
            assert not isinstance(value, tuple)
            return value
        case Product():
            inner = _value(term.term, signals)
            return None if inner is None else EXACT.multiply(_number(inner), term.factor)
        case Sum():
            one, other = _value(term.left, signals), _value(term.right, signals)
            if one is None or other is None:
                return None
            return (EXACT.add if term.operator == "+" else EXACT.subtract)(_number(one), _number(other))


def _number(value: Decimal | int | str) -> Decimal | int:
    assert not isinstance(value, str)
    return value
