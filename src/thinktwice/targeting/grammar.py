"""From text to a syntax tree: bounds first, then words, then sqlglot.

Invariants: no text reaches the parser before its length, number of words and nesting are known to be small; every
word in it is a signal, an operator of the language, a literal or one of two functions. What the parser returns
is still only *syntax*; ``checking`` decides what it means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from thinktwice.errors import Fault, InputError, Phrase, joined

MAXIMUM_LENGTH: Final = 4_000
MAXIMUM_WORDS: Final = 1_000
MAXIMUM_NESTING: Final = 16
"""Parentheses inside parentheses; the parser spends some twenty Python frames on each."""
MAXIMUM_ARITHMETIC: Final = 64
"""Signs ``+``, ``-`` and ``*`` in one audience."""

MAXIMUM_FAULTS: Final = 10
"""A reader mends the first faults first; a hostile text has hundreds."""

FUNCTIONS: Final = ("list_contains", "starts_with")

_WORDS: Final = frozenset(
    {
        TokenType.AND,
        TokenType.OR,
        TokenType.NOT,
        TokenType.IN,
        TokenType.BETWEEN,
        TokenType.IS,
        TokenType.NULL,
        TokenType.TRUE,
        TokenType.FALSE,
        TokenType.LIKE,
        TokenType.NUMBER,
        TokenType.STRING,
        TokenType.EQ,
        TokenType.NEQ,
        TokenType.LT,
        TokenType.LTE,
        TokenType.GT,
        TokenType.GTE,
        TokenType.PLUS,
        TokenType.DASH,
        TokenType.STAR,
        TokenType.L_PAREN,
        TokenType.R_PAREN,
        TokenType.COMMA,
    }
)
_SIGNS: Final = frozenset({TokenType.PLUS, TokenType.DASH, TokenType.STAR})
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_ADVICE: Final[dict[TokenType, str]] = {
    TokenType.SLASH: Phrase("there is no division; multiply the other side by a whole number"),
    TokenType.SEMICOLON: Phrase("an audience is one condition; leave the semicolon out"),
    TokenType.DCOLON: Phrase("there are no casts; every signal has one type"),
    TokenType.CASE: Phrase("there is no CASE; combine conditions with AND, OR and NOT"),
    TokenType.SELECT: Phrase("an audience is a condition; subqueries do not exist here"),
    TokenType.DOT: Phrase("write the signal's name alone, and a digit before the decimal point"),
    TokenType.IDENTIFIER: Phrase("texts stand in single quotes, signal names without quotes"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The text of an audience and where it was found; makes faults that name line and column."""

    text: str
    where: str | None = None
    line: int | None = None

    def fault(self, message: str, offset: int) -> Fault:
        """Return a fault at an offset of the text; columns are 1-based and counted within the text."""
        before = self.text[:offset]
        row = before.count("\n")
        column = offset - (before.rfind("\n") + 1) + 1
        is_long = "\n" in self.text.strip()
        whole = Phrase("line %(row)s, column %(column)s", row=row + 1, column=column)
        place = whole if is_long else Phrase("column %(column)s", column=column)
        return Fault(
            Phrase("%(place)s: %(message)s", place=place, message=message),
            "audience",
            self.where,
            (self.line or 1) + row,
        )

    def written(self, token: Token) -> str:
        """Return a token as it stands in the text; its own text lacks quotes and underscores."""
        return self.text[token.start : token.end + 1]

    def refusal(self, message: str, offset: int = 0) -> InputError:
        """Return the fault as an error to raise."""
        return InputError(self.fault(message, offset))


def parse(source: Source, names: Collection[str]) -> exp.Expr:
    """Return the syntax tree of a text whose every word has been checked.

    Raises:
        InputError: too long, too deep, an unknown word, or not a condition; faults name the place.
    """
    tokens = _tokens(source)
    faults = [source.fault(message, token.start) for token, message in _strange(source, tokens, names)]
    if faults:
        raise InputError(*faults[:MAXIMUM_FAULTS])
    _bound(source, tokens)
    for token in tokens:  # a declared attribute may be called like a keyword of SQL
        if source.written(token) in names:
            token.token_type = TokenType.VAR
    try:
        statements = DuckDB().parser().parse(tokens, source.text)
    except ParseError as error:
        raise _syntax(source, error) from None
    except (SqlglotError, RecursionError) as error:
        raise source.refusal("this is not a condition that can be read") from error
    if len(statements) != 1 or statements[0] is None:
        raise source.refusal("an audience is one condition, such as fiat_amount >= 200")
    return statements[0]


def _tokens(source: Source) -> list[Token]:
    if len(source.text) > MAXIMUM_LENGTH:
        raise source.refusal(
            Phrase(
                "%(count)s characters; an audience has at most %(most)s",
                count=f"{len(source.text):,}",
                most=f"{MAXIMUM_LENGTH:,}",
            )
        )
    if strange := _UNPRINTABLE.search(source.text):
        raise source.refusal("a control character stands here; remove it", strange.start())
    try:
        tokens = DuckDB().tokenize(source.text)
    except (SqlglotError, RecursionError):
        raise source.refusal("a quote is opened here and never closed", _last_quote(source.text)) from None
    if not tokens:
        raise source.refusal("an audience is one condition, such as fiat_amount >= 200; TRUE reaches everybody")
    if len(tokens) > MAXIMUM_WORDS:
        raise source.refusal(
            Phrase(
                "%(count)s words and signs; an audience has at most %(most)s",
                count=f"{len(tokens):,}",
                most=f"{MAXIMUM_WORDS:,}",
            )
        )
    return tokens


def _last_quote(text: str) -> int:
    return max(text.rfind("'"), text.rfind('"'), 0)


def _strange(source: Source, tokens: Sequence[Token], names: Collection[str]) -> Iterator[tuple[Token, str]]:
    """Yield every word that is no part of the language, with what would be right."""
    for position, token in enumerate(tokens):
        written = source.written(token)
        following = tokens[position + 1].token_type if position + 1 < len(tokens) else None
        if token.comments:
            yield token, Phrase("comments have no place in an audience; use the campaign's title")
        elif written in names:
            if following == TokenType.L_PAREN:
                yield token, Phrase("%(written)s is a signal, not a function", written=written)
        elif token.token_type in _WORDS:
            if message := _misspelt(token.token_type, written, following):
                yield token, message
        elif written in FUNCTIONS:
            if following != TokenType.L_PAREN:
                yield token, Phrase("%(written)s is a function: %(written)s(signal, 'text')", written=written)
        else:
            yield token, _unknown(token.token_type, written, names, is_call=following == TokenType.L_PAREN)


def _misspelt(kind: TokenType, text: str, following: TokenType | None) -> str | None:  # noqa: PLR0911  one answer for each slip
    if kind == TokenType.NUMBER and not _NUMBER.fullmatch(text):
        return Phrase("write %(text)s as a plain decimal number, such as 1000 or 0.5", text=text)
    if kind == TokenType.EQ and text != "=":
        return Phrase("write a single =")
    if kind in (TokenType.PLUS, TokenType.DASH) and following in (TokenType.PLUS, TokenType.DASH):
        return Phrase("two signs in a row; write one")
    if kind == TokenType.NOT and following == TokenType.NOT:
        return Phrase("NOT NOT changes nothing; leave both out")
    if kind == TokenType.COMMA and following == TokenType.R_PAREN:
        return Phrase("nothing follows this comma; leave it out")
    if kind == TokenType.STRING and following == TokenType.STRING:
        return Phrase("two texts in a row; put a comma between them")
    return None


def _unknown(kind: TokenType, text: str, names: Collection[str], *, is_call: bool) -> str:
    if advice := _ADVICE.get(kind):
        return advice
    if not _IDENTIFIER.fullmatch(text):
        return Phrase("%(text)s is not part of the language", text=repr(text))
    if is_call:
        near = get_close_matches(text.lower(), FUNCTIONS, n=1)
        meant: str = (
            Phrase("; did you mean %(near)s?", near=near[0])
            if near
            else Phrase("; there are %(functions)s", functions=joined(FUNCTIONS, Phrase(" and ")))
        )
        return Phrase("there is no function %(text)s%(meant)s", text=text, meant=meant)
    near = get_close_matches(text.lower(), names, n=2, cutoff=0.6)
    meant = Phrase("; did you mean %(near)s?", near=joined(near, Phrase(" or "))) if near else ""
    return Phrase("there is no signal %(text)s%(meant)s", text=text, meant=meant)


def _bound(source: Source, tokens: Sequence[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if depth > MAXIMUM_NESTING:
            raise source.refusal(Phrase("parentheses nest deeper than %(most)s", most=MAXIMUM_NESTING), token.start)
        if depth < 0:
            raise source.refusal("this parenthesis was never opened", token.start)
    if depth:
        opened = [token.start for token in tokens if token.token_type == TokenType.L_PAREN]
        raise source.refusal("a parenthesis is not closed", opened[0])
    signs = [token for token in tokens if token.token_type in _SIGNS]
    if len(signs) > MAXIMUM_ARITHMETIC:
        raise source.refusal(
            Phrase("more than %(most)s signs of arithmetic", most=MAXIMUM_ARITHMETIC), signs[MAXIMUM_ARITHMETIC].start
        )


def _syntax(source: Source, error: ParseError) -> InputError:
    """Say where the parser stopped; its own words would name its classes, which help no analyst."""
    details = error.errors[0] if error.errors else {}
    lines = source.text.split("\n")
    row = min(max(int(details.get("line") or 1), 1), len(lines)) - 1
    highlight = str(details.get("highlight") or "")
    column = max(int(details.get("col") or 1) - len(highlight), 0)
    offset = min(sum(len(line) + 1 for line in lines[:row]) + column, len(source.text))
    return source.refusal(
        Phrase("something is missing or superfluous at %(highlight)s", highlight=repr(highlight)), offset
    )
