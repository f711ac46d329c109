"""From syntax to a typed tree: the whitelist of what an audience may say.

Invariants: a node type that is not named here is refused; every signal in the result exists, and every literal
beside it is one the signal could hold, exactly (nothing is rounded); arithmetic cannot overflow the types that
``sql`` computes in, because the multipliers of a term are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sqlglot import exp

from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.signal import Catalogue, SignalDefinition
from thinktwice.targeting.grammar import Source
from thinktwice.targeting.terms import Terms
from thinktwice.targeting.tree import (
    MIRRORED,
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
    Prefix,
    Text,
    all_of,
    any_of,
)

_OPERATORS: Final[dict[type[exp.Expr], Operator]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def check(source: Source, syntax: exp.Expr, catalogue: Catalogue) -> Condition:
    """Return the typed tree of a syntax tree.

    Raises:
        InputError: with a fault for every operand of AND and OR that means nothing.
    """
    return _Checker(source, catalogue).condition(syntax)


class _Checker:
    """One reading of one text."""

    def __init__(self, source: Source, catalogue: Catalogue) -> None:
        self._source = source
        self._terms = Terms(source, catalogue)
        self._atoms: dict[type[exp.Expr], Callable[..., Condition]] = {
            exp.Column: self._flag,
            exp.Boolean: lambda node: Constant(bool(node.this)),
            exp.Is: self._is,
            exp.In: self._member,
            exp.Between: self._between,
            exp.ArrayContains: self._contains,
            exp.StartsWith: self._prefix,
            exp.Like: self._like,
        }

    def condition(self, node: exp.Expr) -> Condition:
        """Return the condition that a node states; the depth is that of the parentheses."""
        node = node.unnest()
        if isinstance(node, exp.And):
            return all_of(self._operands(node, exp.And), self._place(node))
        if isinstance(node, exp.Or):
            return any_of(self._operands(node, exp.Or), self._place(node))
        if isinstance(node, exp.Not):
            return Not(self.condition(node.this), place=self._place(node))
        if type(node) in _OPERATORS:
            return self._comparison(node)
        if atom := self._atoms.get(type(node)):
            return atom(node)
        if isinstance(node, exp.Alias):
            raise self._refusal(
                Phrase("an AND, an OR or an operator is missing before %(alias)s", alias=node.alias), node.args["alias"]
            )
        raise self._refusal("this is no condition; compare a signal, as in fiat_amount >= 200", node)

    def _operands(self, node: exp.Expr, kind: type[exp.Expr]) -> Iterator[Condition]:
        """Yield the operands of a chain; all faults of all operands are raised together at the end."""
        faults: list[Fault] = []
        for part in _chain(node, kind):
            try:
                yield self.condition(part)
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(*faults)

    def _comparison(self, node: exp.Expr) -> Condition:
        operator, left, right = _OPERATORS[type(node)], node.this.unnest(), node.expression.unnest()
        if _is_literal(left) and not _is_literal(right):
            operator, left, right = MIRRORED[operator], right, left
        if isinstance(right, exp.Boolean):
            return self._boolean_comparison(node, operator, left, right)
        if isinstance(right, exp.Null) or isinstance(left, exp.Null):
            raise self._refusal("nothing equals NULL; write IS NULL or IS NOT NULL", node)
        one, other = self._terms.pair(left, right)
        if self._terms.type_of(one) == "text" and operator not in ("=", "<>"):
            raise self._refusal("texts have no order; use =, <>, IN or starts_with", node)
        return Comparison(one, operator, other, place=self._place(node))

    def _boolean_comparison(self, node: exp.Expr, operator: Operator, left: exp.Expr, right: exp.Expr) -> Condition:
        if operator not in ("=", "<>") or not isinstance(left, exp.Column):
            raise self._refusal("compare only yes-or-no signals with TRUE or FALSE, and only with =", node)
        flag = self._flag(left)
        return flag if bool(right.this) == (operator == "=") else Not(flag, place=flag.place)

    def _flag(self, node: exp.Expr) -> Condition:
        definition = self._terms.signal(node)
        if definition.type != "boolean":
            raise self._refusal(
                Phrase(
                    "%(definition)s is %(type)s; compare it with something",
                    definition=definition.name,
                    type=definition.type,
                ),
                node,
            )
        return Flag(definition.name, place=self._place(node))

    def _is(self, node: exp.Expr) -> Condition:
        definition, right = self._terms.signal(node.this.unnest()), node.expression
        if isinstance(right, exp.Null):
            return Missing(definition.name, place=self._place(node))
        if isinstance(right, exp.Boolean) and definition.type == "boolean":
            return Is(definition.name, bool(right.this), place=self._place(node))
        raise self._refusal("IS goes with NULL, and with TRUE or FALSE after a yes-or-no signal", node)

    def _member(self, node: exp.Expr) -> Condition:
        definition = self._terms.signal(node.this.unnest())
        listed = node.expressions
        if not listed or any(node.args.get(extra) for extra in ("query", "unnest", "field", "is_global")):
            raise self._refusal("IN takes a list of literals: IN ('HK', 'MO')", node)
        if definition.type in ("boolean", "texts"):
            raise self._refusal(
                Phrase(
                    "%(definition)s is %(type)s; IN is for numbers and texts",
                    definition=definition.name,
                    type=definition.type,
                ),
                node,
            )
        name = Name(definition.name)
        values = [self._literal(name, part) for part in listed]
        if len({one.value for one in values}) < len(values):
            raise self._refusal("a value stands in this list twice", node)
        texts = tuple(one for one in values if isinstance(one, Text))
        numbers = tuple(one for one in values if isinstance(one, Number))
        return Member(definition.name, texts or numbers, place=self._place(node))

    def _literal(self, name: Name, node: exp.Expr) -> Number | Text:
        node = node.unnest()
        if not _is_literal(node) or isinstance(node, exp.Null | exp.Boolean):
            raise self._refusal(
                "IN takes numbers or texts; ask for NULL with IS NULL, and compare signals with =", node
            )
        value = self._terms.beside(name, node)
        assert isinstance(value, Number | Text)
        return value

    def _between(self, node: exp.Expr) -> Condition:
        term = self._terms.term(node.this)
        kind = self._terms.type_of(term)
        if kind is None or kind in ("text", "texts", "boolean"):
            raise self._refusal("BETWEEN is for numbers: fiat_amount BETWEEN 200 AND 1000", node)
        low, high = (self._terms.beside(term, node.args[side]) for side in ("low", "high"))
        return Between(term, low, high, place=self._place(node))

    def _contains(self, node: exp.Expr) -> Condition:
        definition = self._text_signal(node, "texts", "list_contains(risk_flags, 'new_device')")
        return Contains(definition.name, self._text(node, definition), place=self._place(node))

    def _prefix(self, node: exp.Expr) -> Condition:
        definition = self._text_signal(node, "text", "starts_with(locale, 'zh')")
        return Prefix(definition.name, self._text(node, None), place=self._place(node))

    def _like(self, node: exp.Expr) -> Condition:
        definition = self._text_signal(node, "text", "locale LIKE 'zh%'")
        pattern = self._text(node, None)
        if not pattern.endswith("%") or len(pattern) == 1 or set("%_") & set(pattern[:-1]):
            raise self._refusal("LIKE is for a beginning only: a text, then one % at its end", node)
        return Prefix(definition.name, pattern[:-1], place=self._place(node))

    def _text_signal(self, node: exp.Expr, kind: str, example: str) -> SignalDefinition:
        if not isinstance(node.this, exp.Column) or not isinstance(node.expression, exp.Literal):
            raise self._refusal(Phrase("write a signal, then a text: %(example)s", example=example), node)
        definition = self._terms.signal(node.this)
        if definition.type != kind:
            raise self._refusal(
                Phrase(
                    "%(definition)s is %(type)s, not %(kind)s; an example is %(example)s",
                    definition=definition.name,
                    type=definition.type,
                    kind=kind,
                    example=example,
                ),
                node,
            )
        return definition

    def _text(self, node: exp.Expr, definition: SignalDefinition | None) -> str:
        return self._terms.text(node.expression, definition).value

    def _place(self, node: exp.Expr) -> int:
        return self._terms.place(node)

    def _refusal(self, message: str, node: exp.Expr) -> InputError:
        return self._source.refusal(message, self._place(node))


def _is_literal(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Neg) else node
    return isinstance(inner, exp.Literal | exp.Boolean | exp.Null)


def _chain(node: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    """Return the operands of ``a AND b AND …`` in order; the parser leans such chains to the left."""
    parts: list[exp.Expr] = []
    while isinstance(node, kind):
        parts.append(node.expression)
        node = node.this
    return [node, *reversed(parts)]
