"""One address a line; ``#`` begins a comment; empty lines are skipped."""

from __future__ import annotations

from pathlib import Path

from thinktwice.errors import Fault
from thinktwice.watchlist.entry import Entry, Reading, address_problem, shown
from thinktwice.watchlist.source_file import read_lines


def read(path: Path) -> Reading:
    """Yield an entry a line; the comment behind an address becomes its label."""
    for number, line in enumerate(read_lines(path), start=1):
        address, _, comment = line.partition("#")
        address = address.strip(" \t\r\n\x1a")
        if not address:
            continue
        if problem := address_problem(address):
            yield Fault(problem, "address", str(path), number)
        else:
            yield Entry(address=address, line=number, label=shown(comment))
