"""What a report is made of: sections of paragraphs, lists, tables and charts, in one language already.

Invariant: text is plain, the page escapes it; only a chart's drawing is markup, and it was made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thinktwice.measurement.report.charts import Chart
from thinktwice.measurement.report.figures import Cell

Tone = Literal["plain", "quiet", "note", "lead"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a ``note`` asks to be looked at, a ``lead`` is the answer itself."""

    text: str
    tone: Tone = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with the words that lead to it."""

    items: tuple[str, ...]
    before: str = ""
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row is its heading, ``texts`` counts the leading columns that hold words."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: int = 1
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart; the table with its numbers follows it."""

    chart: Chart
    kind: Literal["drawing"] = "drawing"


Block = Text | Items | Table | Drawing


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report, by a name for links, with its title."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    starts_page: bool = False


def cells(*texts: str | Cell) -> tuple[Cell, ...]:
    """Return a row of a table from texts and figures."""
    return tuple(Cell(text) if isinstance(text, str) else text for text in texts)
