"""Tables with one address a row, separated by commas, semicolons or tabs, with or without a heading.

Invariant: a row gives one whole entry or one fault naming the cell; a cell that cannot be read never becomes a default.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from thinktwice.errors import Fault, InputError, Phrase, words_of
from thinktwice.watchlist.entry import Entry, Reading, address_problem, read_date, read_time, shown
from thinktwice.watchlist.formats.columns import Columns, find_columns
from thinktwice.watchlist.kinds import DISPOSITIONS, KINDS, confidence_of, kind_of
from thinktwice.watchlist.source_file import read_lines

DELIMITERS: Final = ",;\t|"


def read(path: Path, mapping: Mapping[str, str] | None = None) -> Reading:
    """Yield an entry or a fault a row.

    Args:
        path: The file.
        mapping: Fields to columns, as ``parse_mapping`` reads them; a column is its heading or its 1-based number.

    Raises:
        InputError: no column holds addresses, a named column is missing, or the text is no table.
    """
    lines = read_lines(path)
    first_line = next(lines, "")
    reader = csv.reader(chain([first_line], lines), delimiter=delimiter_of(first_line))
    rows = _numbered(reader, path)
    first = next(rows, None)
    if first is None:
        return
    columns = find_columns(first[1], mapping or {}, str(path))
    for line, row in rows if columns.has_header else chain([first], rows):
        yield _entry(columns, path, line, row)


def delimiter_of(line: str) -> str:
    """Return the delimiter that occurs most in a line outside quotation marks; a comma when none does."""
    unquoted = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=lambda mark: (unquoted.count(mark), -DELIMITERS.index(mark)))


def _numbered(reader: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with the line on which it ends."""
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row  # type: ignore[attr-defined]  # csv readers have it; their type is private
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]  # as above
        raise InputError.of(Phrase("not a table: %(error)s", error=error), where=str(path), line=line) from error


def _entry(columns: Columns, path: Path, line: int, row: list[str]) -> Entry | Fault:
    address = columns.cell(row, "address")
    if problem := address_problem(address):
        return Fault(problem, "address", str(path), line)
    name = ""
    try:
        values: dict[str, object] = {}
        for name, read_cell in _CELLS.items():
            if text := columns.cell(row, name):
                values[name] = read_cell(text)
    except ValueError as error:
        return Fault(words_of(error), name, str(path), line)
    word = None
    if isinstance(values.get("kind"), _Unmapped):
        word, values["kind"] = str(values["kind"]), None
        if "kind" in columns.named:
            return Fault(
                Phrase("%(word)s is no kind; kinds are %(choices)s", word=repr(word[:40]), choices=", ".join(KINDS)),
                "kind",
                str(path),
                line,
            )
    return Entry(address=address, line=line, kind_word=word, **values)  # type: ignore[arg-type]  # each reader of _CELLS returns its field's type


class _Unmapped(str):
    """A word in a column headed like a kind, which maps to none."""

    __slots__ = ()


def _kind(text: str) -> str:
    return kind_of(text) or _Unmapped(text)


def _confidence(text: str) -> int:
    value = confidence_of(text)
    if value is None:
        raise ValueError(Phrase("%(text)s is no confidence; write 0 to 100", text=repr(text[:40])))
    return value


def _disposition(text: str) -> str:
    folded = text.lower()
    if folded not in DISPOSITIONS:
        raise ValueError(
            Phrase(
                "%(text)s is no disposition; they are %(choices)s",
                text=repr(text[:40]),
                choices=", ".join(DISPOSITIONS),
            )
        )
    return folded


def _date(text: str) -> object:
    try:
        return read_date(text)
    except ValueError:
        raise ValueError(Phrase("%(text)s is no date; write YYYY-MM-DD", text=repr(text[:40]))) from None


def _time(text: str) -> object:
    try:
        return read_time(text)
    except ValueError:
        raise ValueError(
            Phrase("%(text)s is no time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ", text=repr(text[:40]))
        ) from None


_CELLS: Final = {
    "asset": shown,
    "memo": shown,
    "kind": _kind,
    "confidence": _confidence,
    "disposition": _disposition,
    "label": shown,
    "reference": shown,
    "listed_at": _date,
    "expires_at": _time,
}
