"""Words as structure: what Markdown said, without any markup left in it.

Invariants: a run is text and a style, never HTML, so whoever shows it escapes it; a filled value is set apart after
Markdown was read, so no value can become markup; the only links are to numbers and pages of the contact registry.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal
from unicodedata import east_asian_width

import msgspec
from markdown_it.token import Token

from thinktwice.alerts.figures import inert
from thinktwice.campaigns.message import fill
from thinktwice.campaigns.spoken import MARKDOWN

Style = Literal["plain", "strong", "emphasis", "value"]


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of text; ``href`` is a ``tel:`` number or a page of the contact registry."""

    text: str
    style: Style = "plain"
    href: str | None = None


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """One paragraph."""

    runs: tuple[Run, ...]


class Bullets(msgspec.Struct, frozen=True, tag="list"):
    """A list of short items."""

    items: tuple[tuple[Run, ...], ...]


Prose = tuple[Paragraph | Bullets, ...]

# Filled values travel through Markdown as these two private characters around their position in the list of values;
# ``inert`` removes such characters from values themselves, and they are nothing in the words that are read.
_OPEN, _CLOSE = "\ue000", "\ue001"
_UNMARKED: Final = {ord(_OPEN): None, ord(_CLOSE): None}
_SLOT: Final = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_BREAK: Final = Run("\n")


class Value(msgspec.Struct, frozen=True):
    """A value to fill in, and where it leads when chosen."""

    text: str
    href: str | None = None


def read_prose(
    text: str, values: Mapping[str, Value | None] | None = None, links: Collection[str] = frozenset()
) -> Prose:
    """Return the paragraphs and lists of a Markdown text with its placeholders filled.

    A link is kept only when its address is one of ``links``; of any other the words remain.

    Raises:
        KeyError: a placeholder outside a group has no value.
    """
    given = {name: value for name, value in (values or {}).items() if value is not None}
    order = list(given.values())
    slots = {name: f"{_OPEN}{position}{_CLOSE}" for position, name in enumerate(given)}
    blocks: list[Paragraph | Bullets] = []
    for style_runs, item_of in _blocks(fill(text.translate(_UNMARKED), slots)):
        runs = tuple(_filled(style_runs, order, links))
        last = blocks[-1] if blocks else None
        if item_of is None:
            blocks.append(Paragraph(runs))
        elif isinstance(last, Bullets) and item_of == "same":
            blocks[-1] = Bullets((*last.items, runs))
        else:
            blocks.append(Bullets((runs,)))
    return tuple(blocks)


def read_line(text: str) -> tuple[Run, ...]:
    """Return the runs of a text that is one paragraph, such as an item of a list."""
    return tuple(run for block in read_prose(text) if isinstance(block, Paragraph) for run in block.runs)


def plain_text(prose: Prose) -> str:
    """Return prose as text: paragraphs apart by an empty line, items led by a dash."""
    parts = []
    for block in prose:
        if isinstance(block, Paragraph):
            parts.append(text_of(block.runs))
        else:
            parts.append("\n".join(f"- {text_of(item)}" for item in block.items))
    return "\n\n".join(parts)


def text_of(runs: tuple[Run, ...]) -> str:
    """Return the text of some runs."""
    return "".join(run.text for run in runs)


_Block = tuple[tuple[Run, ...], Literal["new", "same"] | None]


@lru_cache(maxsize=2048)
def _blocks(text: str) -> tuple[_Block, ...]:
    """Return each paragraph's runs, and for an item of a list whether the list begins with it."""
    found: list[_Block] = []
    depth, is_first = 0, True
    for token in MARKDOWN.parse(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth, is_first = depth + 1, depth == 0
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif token.type == "inline":
            place: Literal["new", "same"] | None = None if not depth else "new" if is_first else "same"
            is_first = False
            found.append((tuple(_joined(list(_runs(token.children or [])))), place))
    return tuple(found)


def _runs(tokens: list[Token]) -> Iterator[Run]:
    """Yield the runs of one paragraph with their style and unchecked link."""
    styles: list[Style] = ["plain"]
    href: str | None = None
    for token in tokens:
        if token.type in {"strong_open", "em_open"}:
            styles.append("strong" if token.type == "strong_open" else "emphasis")
        elif token.type in {"strong_close", "em_close"}:
            styles.pop()
        elif token.type in {"link_open", "link_close"}:
            href = str(token.attrGet("href")) if token.type == "link_open" else None
        elif token.type in {"softbreak", "hardbreak"}:
            yield _BREAK
        elif token.content:
            yield Run(token.content, styles[-1], href)


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Yield the runs with each line break as a space, or as nothing beside a script that has no spaces."""
    for position, run in enumerate(runs):
        if run is not _BREAK:
            yield run
            continue
        before = runs[position - 1].text[-1:] if position else ""
        after = runs[position + 1].text[:1] if position + 1 < len(runs) else ""
        if not any(east_asian_width(character) in {"W", "F"} for character in before + after):
            yield Run(" ")


def _filled(runs: tuple[Run, ...], values: list[Value], links: Collection[str]) -> Iterator[Run]:
    """Yield the runs with values in their slots and foreign links dropped."""
    for run in runs:
        href = run.href if run.href in links else None
        parts = _SLOT.split(run.text)
        for position, part in enumerate(parts):
            if position % 2:
                value = values[int(part)]
                yield Run(inert(value.text), "value", value.href)
            elif part:
                # An amount and its asset stay on one line.
                is_between = part == " " and 0 < position < len(parts) - 1
                yield Run("\N{NO-BREAK SPACE}" if is_between else part, run.style, href)
