r"""The legacy files of the US Treasury's OFAC: ``SDN.CSV`` and its overflow ``SDN_COMMENTS.CSV``.

Both are CSV without header; ``-0-`` is empty; a control character (0x1a) ends the file. Addresses stand in the remarks,
the last column: ``Digital Currency Address - XBT 1abc…; alt. Digital Currency Address - ETH 0x…;``. OFAC cuts remarks
at a fixed length and goes on in the comments file, in the middle of a word: a row there may begin with the tail of a
label (``ddress - ETH 0x…``, whose address is whole) or of an address (which is none, and is reported).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from thinktwice.addresses.destinations import decode_everywhere
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.watchlist.entry import Entry, Reading, address_problem, shown
from thinktwice.watchlist.source_file import read_lines

SDN_COLUMNS: Final = 12
COMMENTS_COLUMNS: Final = 2
_END_OF_FILE: Final = "\x1a"
_LABEL: Final = "alt. Digital Currency Address - "
_MARKED: Final = re.compile(r"Digital Currency Address\s*-\s*([A-Z0-9]{2,10})\s+(\S+)")
_CUT_LABEL: Final = re.compile(r"(?P<label>[A-Za-z. ]*-? ?)(?P<code>[A-Z0-9]{2,10}) (?P<address>\S+)")
_CUT_CODE: Final = re.compile(r"(?:[A-Z0-9]{1,10} )?(?P<address>[A-Za-z0-9]+)")
_SHORTEST_TAIL: Final = 6
"""A single word shorter than this at a row's beginning is a number or the tail of a name."""


def read(path: Path) -> Reading:
    """Yield the addresses in the remarks, in order, and a fault for each severed one."""
    for line, row in _rows(path):
        if len(row) == SDN_COLUMNS:
            yield from _remarks(path, line, row[0], row[1], row[-1], is_overflow=False)
        elif len(row) == COMMENTS_COLUMNS:
            yield from _remarks(path, line, row[0], None, row[-1], is_overflow=True)
        else:
            yield Fault(
                Phrase(
                    "a row of SDN.CSV has %(sdn)s columns, one of SDN_COMMENTS.CSV %(comments)s; this has %(count)s",
                    sdn=SDN_COLUMNS,
                    comments=COMMENTS_COLUMNS,
                    count=len(row),
                ),
                where=str(path),
                line=line,
            )


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(line.rstrip("\r\n").rstrip(_END_OF_FILE) + "\n" for line in read_lines(path))
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, ["" if cell == "-0-" else cell for cell in cells]
    except csv.Error as error:
        raise InputError.of(
            Phrase("not a table: %(error)s", error=error), where=str(path), line=reader.line_num
        ) from error


def _remarks(path: Path, line: int, number: str, name: str | None, remarks: str, *, is_overflow: bool) -> Reading:
    """Read one remarks cell; pieces are separated by semicolons, the last ends with a full stop."""
    reference = f"OFAC SDN {number}" if number.isdecimal() else "OFAC SDN"
    pieces = remarks.split(";")
    for position, piece in enumerate(pieces):
        found = _MARKED.search(piece)
        code, address = (found[1], found[2]) if found else (None, None)
        if is_overflow and position == 0 and not found:
            code, address, tail = _first_piece(piece.strip(), has_more=len(pieces) > 1 and _LABEL.strip() in pieces[1])
            if tail:
                yield Fault(
                    Phrase("the tail %(tail)s of a severed address is not imported", tail=repr(tail)),
                    "remarks",
                    str(path),
                    line,
                )
        if address is None:
            continue
        is_last = position == len(pieces) - 1
        if is_last and not address.endswith(".") and not _is_whole(address):
            yield Fault(
                Phrase("the head %(address)s of a severed address is not imported", address=repr(address)),
                "remarks",
                str(path),
                line,
            )
            continue
        address = address.rstrip(".,")
        if problem := address_problem(address):
            yield Fault(problem, "remarks", str(path), line)
            continue
        yield Entry(address=address, line=line, kind="sanctions", asset=code, label=shown(name), reference=reference)


def _first_piece(piece: str, *, has_more: bool) -> tuple[str | None, str | None, str | None]:
    """Read the piece that a row of the overflow begins with: code and address when whole, else the severed tail."""
    cut = _CUT_LABEL.fullmatch(piece)
    if cut and cut["label"].strip() and _LABEL.endswith(cut["label"]):
        return cut["code"], cut["address"], None
    bare = _CUT_CODE.fullmatch(piece.rstrip("."))
    if bare is None:
        return None, None, None
    if _is_whole(bare["address"]):
        return None, bare["address"], None
    tail = bare["address"]
    is_tail = len(tail) >= _SHORTEST_TAIL and has_more and not tail.isdecimal()
    return None, None, tail if is_tail else None


def _is_whole(address: str) -> bool:
    """Whether a text that may have been cut proves itself: it decodes in a family with a checksum or fixed form."""
    families = {key.partition(":")[0] for key in decode_everywhere(address.rstrip("."))}
    return not families <= {"literal", "solana"}
