"""Which format a file has, told from its name and its first lines.

Invariant: detection reads a bounded beginning of the file; what is not recognised is refused with the choice of
formats, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Final, Literal, get_args

from thinktwice.errors import InputError, Phrase
from thinktwice.watchlist.entry import Reading
from thinktwice.watchlist.formats import csv, ofac_sdn, tagpack, text
from thinktwice.watchlist.source_file import read_lines

Format = Literal["csv", "text", "ofac-sdn", "tagpack"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_LINES_READ: Final = 50
_SDN_ROW: Final = re.compile(r'\d{1,9},".*"?')


def format_of(path: Path) -> Format:
    """Return the format of a file.

    Raises:
        InputError: the file is empty or of a format that is not read.
    """
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".yaml", ".yml")):
        return "tagpack"
    lines = [line.rstrip("\r\n") for line in islice(read_lines(path), _LINES_READ)]
    filled = [line for line in lines if line.strip(" \t\x1a")]
    if not filled:
        raise InputError.of("the file is empty", where=str(path))
    if filled[0].lstrip().startswith(("{", "[", "<")):
        raise InputError.of(
            Phrase("JSON and XML lists are not read; formats are %(choices)s", choices=", ".join(FORMATS)),
            field="--format",
            where=str(path),
        )
    if any(re.match(r"tags\s*:", line) for line in filled):
        return "tagpack"
    if _is_sdn(filled):
        return "ofac-sdn"
    statements = [line for line in filled if not line.lstrip().startswith("#")]
    if statements and any(mark in statements[0].partition("#")[0] for mark in csv.DELIMITERS):
        return "csv"
    if name.endswith((".csv", ".tsv")):
        return "csv"
    return "text"


def read(path: Path, kind_of_file: Format, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read a file in a known format."""
    if mapping and kind_of_file != "csv":
        raise InputError.of(
            Phrase("columns are named only for csv, not for %(kind_of_file)s", kind_of_file=kind_of_file),
            field="--column",
        )
    match kind_of_file:
        case "csv":
            return csv.read(path, mapping)
        case "text":
            return text.read(path)
        case "ofac-sdn":
            return ofac_sdn.read(path)
        case "tagpack":
            return tagpack.read(path)


def _is_sdn(lines: list[str]) -> bool:
    """Whether every line begins as a row of SDN.CSV or of its comments does, and one bears its marks."""
    if not all(_SDN_ROW.match(line) for line in lines):
        return False
    return any("-0-" in line or "; " in line for line in lines)
