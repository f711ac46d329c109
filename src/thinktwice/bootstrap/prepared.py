"""Customers whom the operator's own systems found for an agency's list: by transactions, accounts, whatever we lack.

Invariants: file-based, beside the prepared portions of productions: ``victims.csv`` in the folder of the request, one
customer's id a row under the heading ``customer_id``; read whole or not at all, bounded; ids become references at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from thinktwice.cases.request import CaseRequest
from thinktwice.cases.victims import Prepared, nobody_prepared
from thinktwice.errors import InputError, Phrase
from thinktwice.evidence.customer_records import CustomerRecords
from thinktwice.keyring.keys import Keyring, customer_ref

NAME: Final = "victims"
HEADING: Final = "customer_id"
MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 16 << 20
_MOST_ID: Final = 256


def prepared_victims(records: CustomerRecords | None, keyring: Keyring) -> Prepared:
    """Return what reads the customers that the operator's systems prepared."""
    key = keyring.ref
    if records is None or key is None:
        return nobody_prepared

    def prepared(request: CaseRequest) -> Sequence[str]:
        path = records.found(request, NAME)
        return sorted({customer_ref(key, one) for one in read_ids(path)}) if path is not None else ()

    return prepared


def read_ids(path: Path) -> tuple[str, ...]:
    """Return the customers' ids of a file.

    Raises:
        InputError: too large, not UTF-8, no such column, or a row without an id; named by its line.
    """
    if path.stat().st_size > MOST_BYTES:
        raise InputError.of(Phrase("is at most %(most)s MB long", most=MOST_BYTES >> 20), where=path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            return tuple(_ids(csv.DictReader(text, strict=True), path.name))
    except (UnicodeDecodeError, csv.Error) as error:
        said = Phrase("is not a readable CSV table in UTF-8: %(error)s", error=error)
        raise InputError.of(said, where=path.name) from None


def _ids(rows: csv.DictReader[str], where: str) -> Iterator[str]:
    if HEADING not in (rows.fieldnames or ()):
        raise InputError.of(Phrase("has no column %(choices)s", choices=HEADING), where=where, line=1)
    for number, row in enumerate(rows, 1):
        one = (row[HEADING] or "").strip()
        if not 1 <= len(one) <= _MOST_ID or number > MOST_ROWS:
            most = Phrase("names one customer a row, at most %(most)s", most=f"{MOST_ROWS:,}")
            raise InputError.of(most, where=where, line=rows.line_num)
        yield one
