"""Terms: signals, literals and the little arithmetic there is.

Invariants: both sides of a comparison have one type; a literal takes the type of what it stands beside and fits
it exactly; the multipliers of a term add up to at most ``MAXIMUM_MULTIPLIER``, so that a value of at most 16
digits before the point grows to at most 23 and never overflows the 34 that ``sql`` computes in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sqlglot import exp

from thinktwice.errors import InputError, Phrase
from thinktwice.records.signal import Catalogue, SignalDefinition, SignalType
from thinktwice.targeting.grammar import Source
from thinktwice.targeting.tree import Name, Number, Product, Sum, Term, Text, names_of
from thinktwice.targeting.values import number_fault, text_fault

MAXIMUM_MULTIPLIER: Final = 1_000_000

_COMPUTED: Final[frozenset[SignalType]] = frozenset({"integer", "money", "ratio"})


class Terms:
    """Reads terms of one text against one catalogue."""

    def __init__(self, source: Source, catalogue: Catalogue) -> None:
        self._source = source
        self._catalogue = catalogue

    def signal(self, node: exp.Expr) -> SignalDefinition:
        """Return the signal that a node names.

        Raises:
            InputError: the node is something else.
        """
        if not isinstance(node, exp.Column) or node.args.get("table"):
            raise self._refusal("a signal must stand here", node)
        definition = self._catalogue.get(node.name)
        if definition is None:
            raise self._refusal(Phrase("there is no signal %(node)s", node=node.name), node)
        return definition

    def pair(self, left: exp.Expr, right: exp.Expr) -> tuple[Term, Term]:
        """Return both sides of a comparison, which have one type.

        Raises:
            InputError: no side names a signal, or the types differ.
        """
        one = self.term(left)
        kind = self.type_of(one)
        if kind is None:
            raise self._refusal("compare a signal; two literals are always or never equal", left)
        if kind == "texts":
            raise self._refusal("a list is asked with list_contains(signal, 'text')", left)
        if kind == "boolean":
            raise self._refusal("combine yes-or-no signals with AND, OR and NOT", left)
        return one, self.beside(one, right)

    def beside(self, one: Term, node: exp.Expr) -> Term:
        """Return the term at a node, which must have the type of ``one``.

        Raises:
            InputError: the types differ, or a literal does not fit.
        """
        other = self.term(node)
        kind, its_kind = self.type_of(one), self.type_of(other)
        assert kind is not None
        if its_kind not in (None, kind):
            raise self._refusal(
                Phrase("%(kind)s cannot be compared with %(its_kind)s", kind=kind, its_kind=its_kind), node
            )
        if isinstance(other, Number | Text):
            self._fit(other, kind, one, node)
        return other

    def type_of(self, term: Term) -> SignalType | None:
        """Return the type of the signals in a term; None for a literal."""
        return next((self._catalogue[name].type for name in names_of(term)), None)

    def text(self, node: exp.Expr, definition: SignalDefinition | None) -> Text:
        """Return the text literal at a node, checked against the signal it stands beside.

        Raises:
            InputError: no text, or one that the signal never holds.
        """
        if not isinstance(node, exp.Literal) or not node.is_string:
            raise self._refusal("a text in single quotes must stand here", node)
        literal = Text(str(node.this), place=self.place(node))
        if not literal.value:
            raise self._refusal("an empty text is never a value", node)
        if definition and (message := text_fault(literal.value, definition)):
            raise self._refusal(message, node)
        return literal

    def term(self, node: exp.Expr) -> Term:
        """Return the term at a node.

        Raises:
            InputError: something that is no term, or arithmetic that is not offered.
        """
        node = node.unnest()
        if isinstance(node, exp.Column):
            return Name(self.signal(node).name, place=self.place(node))
        if isinstance(node, exp.Literal) and node.is_string:
            return self.text(node, None)
        if isinstance(node, exp.Literal):
            return Number(Decimal(str(node.this)), place=self.place(node))
        if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
            return Number(Decimal(str(node.this.this)).copy_negate(), place=self.place(node))
        if isinstance(node, exp.Mul):
            return self._product(node)
        if isinstance(node, exp.Add | exp.Sub):
            return self._sum(node)
        raise self._refusal("a signal or a literal must stand here", node)

    def place(self, node: exp.Expr) -> int:
        """Return the offset of the first word below a node that the parser has placed."""
        return min((below.meta["start"] for below in node.walk() if "start" in below.meta), default=0)

    def _product(self, node: exp.Expr) -> Term:
        term, factor = self.term(node.this), self.term(node.expression)
        if isinstance(term, Number):
            term, factor = factor, term
        if not isinstance(factor, Number) or factor.value != int(factor.value):
            raise self._refusal("multiply by a whole number only", node)
        self._computed(term, node)
        return self._bounded(Product(term, int(factor.value), place=self.place(node)), node)

    def _sum(self, node: exp.Expr) -> Term:
        left, right = self.term(node.this), self.term(node.expression)
        kind, its_kind = self.type_of(left), self.type_of(right)
        for one, beside in ((left, right), (right, left)):
            self._computed(one if self.type_of(one) else beside, node)
        if kind and its_kind and kind != its_kind:
            raise self._refusal(Phrase("%(kind)s and %(its_kind)s cannot be added", kind=kind, its_kind=its_kind), node)
        for one in (left, right):
            if isinstance(one, Number | Text):
                self._fit(one, kind or its_kind or "money", left, node)
        operator: Final = "+" if isinstance(node, exp.Add) else "-"
        return self._bounded(Sum(left, operator, right, place=self.place(node)), node)

    def _computed(self, term: Term, node: exp.Expr) -> None:
        kind = self.type_of(term)
        if kind is None:
            raise self._refusal("write the result of arithmetic between literals", node)
        if kind == "amount":
            raise self._refusal("amounts fill their type and are only compared; compute with fiat_amount", node)
        if kind not in _COMPUTED:
            raise self._refusal(Phrase("%(kind)s has no arithmetic", kind=kind), node)

    def _bounded(self, term: Term, node: exp.Expr) -> Term:
        if _multiplier(term) > MAXIMUM_MULTIPLIER:
            raise self._refusal(Phrase("factors add up to more than %(most)s", most=f"{MAXIMUM_MULTIPLIER:,}"), node)
        return term

    def _fit(self, literal: Number | Text, kind: SignalType, beside: Term, node: exp.Expr) -> None:
        """Refuse a literal that the term it stands beside can never equal or be ordered with exactly."""
        if (kind == "text") != isinstance(literal, Text) or kind in ("boolean", "texts"):
            found = Phrase("text") if isinstance(literal, Text) else Phrase("number")
            raise self._refusal(Phrase("%(kind)s cannot be compared with a %(found)s", kind=kind, found=found), node)
        if isinstance(literal, Number):
            message = number_fault(literal.value, kind)
        else:
            message = text_fault(literal.value, self._catalogue[next(names_of(beside))])
        if message:
            raise self._refusal(message, node)

    def _refusal(self, message: str, node: exp.Expr) -> InputError:
        return self._source.refusal(message, self.place(node))


def _multiplier(term: Term) -> int:
    """Return by how much, at most, a term exceeds the largest value in it."""
    match term:
        case Product():
            return abs(term.factor) * _multiplier(term.term)
        case Sum():
            return _multiplier(term.left) + _multiplier(term.right)
        case _:
            return 1
