"""Histories as tables: CSV and Parquet with dotted column names, turned into the bodies that HTTP would carry.

Invariants: every cell is read as text, so a decimal never becomes a float; an empty cell is *missing*; a column that
means nothing is refused by name once, on line 1, instead of being dropped silently; line numbers are those of the
file (for Parquet: row numbers, from 1).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from thinktwice.errors import Fault, InputError
from thinktwice.records.withdrawal import WithdrawalRequest

Cells = Mapping[str, str]
Body = dict[str, Any]

OUTCOME_COLUMNS: Final = ("completed_at", "cancelled_at", "label", "labelled_at", "label_source")
_ATTRIBUTES: Final = "attributes."
_TRUE: Final = frozenset({"true", "t", "1", "yes"})
_FALSE: Final = frozenset({"false", "f", "0", "no"})
_PARQUET_BATCH: Final = 2_000


def _columns() -> dict[str, Any]:
    """Return every dotted column name with its type, from the wire type itself."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(WithdrawalRequest):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            found |= {f"{field.name}.{inner.name}": inner.type for inner in msgspec.structs.fields(field.type)}
        elif field.name != "attributes":
            found[field.name] = field.type
    return found


COLUMNS: Final[Mapping[str, Any]] = _columns()
REQUIRED: Final = (
    "withdrawal_id",
    "initiated_at",
    "customer.id",
    "customer.jurisdiction",
    "asset",
    "network",
    "amount",
    "fiat_amount",
    "fiat_currency",
    "destination.address",
)


def check_columns(names: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a required column, repeats one, or has one that means nothing.

    Raises:
        InputError: with every fault of the header, on line 1.
    """
    faults = [Fault("column is missing", name, where, 1) for name in REQUIRED if name not in names]
    for place, name in enumerate(names):
        if name in names[:place]:
            faults.append(Fault("column comes twice", name, where, 1))
        elif name not in COLUMNS and name not in OUTCOME_COLUMNS and not name.startswith(_ATTRIBUTES):
            near = get_close_matches(name, [*COLUMNS, *OUTCOME_COLUMNS], n=2)
            hint = f"; did you mean {' or '.join(near)}?" if near else "; remove it, or declare attributes.<name>"
            faults.append(Fault(f"no such column{hint}", name[:100], where, 1))
    if faults:
        raise InputError(*faults)


def body_of(cells: Cells) -> Body:
    """Turn the cells of one row into the body of a withdrawal.

    Raises:
        InputError: a cell does not hold what its column says; with the column as field.
    """
    body: Body = {}
    faults = []
    for name, text in cells.items():
        if name in OUTCOME_COLUMNS or not text:
            continue
        outer, _, inner = name.partition(".")
        target = body.setdefault(outer, {}) if inner else body
        try:
            target[inner or outer] = _value(name, text)
        except ValueError as error:
            faults.append(Fault(str(error), name))
    if faults:
        raise InputError(*faults)
    return body


def outcomes_of(cells: Cells) -> Iterator[tuple[Body, bool]]:
    """Yield the events that the outcome columns of one row stand for, and whether the row says when.

    A label without a time gets the withdrawal's own for now; whoever sorts puts it after everything else.
    """
    key: Body = {"withdrawal_id": cells.get("withdrawal_id", ""), "attempt": int(cells.get("attempt") or 1)}
    name = f"{key['withdrawal_id']}:{key['attempt']}"
    for column, kind in (("completed_at", "withdrawal.completed"), ("cancelled_at", "withdrawal.cancelled")):
        if cells.get(column):
            yield {"type": kind, "event_id": f"{name}:{column}"[:128], "occurred_at": cells[column], **key}, True
    if cells.get("label"):
        event: Body = {"type": "outcome.labelled", "event_id": f"{name}:label"[:128], **key}
        event |= {"label": cells["label"], "source": cells.get("label_source") or "file"}
        event["occurred_at"] = cells.get("labelled_at") or cells.get("initiated_at")
        yield event, bool(cells.get("labelled_at"))


def _value(name: str, text: str) -> Any:
    kind = COLUMNS.get(name)
    if name.startswith(_ATTRIBUTES):
        return _attribute(text)
    readers: tuple[tuple[Any, Callable[[str], Any]], ...] = (
        (bool | None, _boolean),
        (int | None, _whole),
        (int, _whole),
        (tuple[str, ...], _texts),
    )
    for accepted, read in readers:
        if kind == accepted:
            return read(text)
    return text


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("true, false or nothing")


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 18:
        raise ValueError("a whole number")
    return int(text)


def _texts(text: str) -> list[str]:
    if not text.startswith("["):
        return [flag.strip() for flag in text.split(";") if flag.strip()]
    try:
        flags = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError('a list such as ["one", "two"], or one;two') from None
    if not all(isinstance(flag, str) for flag in flags):
        raise ValueError("a list of texts")
    return list(flags)


def _attribute(text: str) -> Any:
    """Read an attribute by its form: the intake checks it against the declared type."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if text.removeprefix("-").isdecimal() and len(text) <= 18 and not text.removeprefix("-").startswith("00"):
        return int(text)
    return _texts(text) if text.startswith("[") else text


def csv_rows(lines: Iterator[str], where: str) -> Iterator[tuple[int, Cells | Fault]]:
    """Yield (line number, cells or what is wrong with the row) of a CSV with a header.

    Raises:
        InputError: the header cannot be used, or the file is no CSV any more from some line on.
    """
    rows = csv.reader(lines, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        check_columns(header, where)
        for row in rows:
            if not row or row == [""]:
                continue
            if len(row) != len(header):
                yield rows.line_num, Fault(f"{len(row)} cells under {len(header)} columns")
            else:
                yield rows.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise InputError.of(f"not CSV: {error}", where=where, line=rows.line_num) from None


def parquet_rows(path: Path) -> Iterator[tuple[int, Cells | Fault]]:
    """Yield (row number, cells) of a Parquet file; DuckDB turns every column into exact text.

    Raises:
        InputError: it is no Parquet file, or its columns cannot be used.
    """
    with duckdb.connect() as database:
        try:
            database.execute("SET TimeZone = 'UTC'; SET threads = 1; SET memory_limit = '512MB'")
            described = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            check_columns([row[0] for row in described], str(path))
            columns = ", ".join(_as_text(row[0], row[1]) for row in described)
            database.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)])  # noqa: S608 - names are checked
            names, number = [row[0] for row in described], 0
            while batch := database.fetchmany(_PARQUET_BATCH):
                for number, row in enumerate(batch, number + 1):  # noqa: B020 - the count goes on
                    yield number, {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        except duckdb.Error as error:
            raise InputError.of(f"not a Parquet file: {str(error).splitlines()[0][:200]}", where=str(path)) from None


def _as_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.endswith("[]"):
        return f"CAST(to_json({quoted}) AS VARCHAR)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({quoted}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"CAST({quoted} AS VARCHAR)"
