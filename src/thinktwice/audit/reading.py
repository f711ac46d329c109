"""Looking into the chain: search, one entry, export, and everything that a check needs.

Invariant: reads only, and every answer belongs to one moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import msgspec

from thinktwice.audit import statements as sql
from thinktwice.audit.checkpoint import Checkpoint, read_line
from thinktwice.audit.commitments import belongs, opens
from thinktwice.audit.entry import Beginning, Sealed
from thinktwice.audit.ledger import Ledger, as_text
from thinktwice.audit.lines import Line, line_of, write_line
from thinktwice.audit.verification import Finding
from thinktwice.errors import InputError, NotFoundError, Phrase

_COMMITMENTS = msgspec.json.Decoder(dict[str, Sealed])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which entries to show; what is None does not matter. ``act`` takes a whole act or its first words."""

    act: str | None = None
    actor_kind: str | None = None
    actor_id: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A checkpoint and when each witness outside acknowledged it."""

    checkpoint: Checkpoint
    filed_at: str | None
    sent_at: str | None


class AuditReader:
    """Reads the chain of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find(self, filters: Filters, *, before: int | None = None, limit: int = 50) -> list[Line]:
        """Return entries, newest first; page on with ``before`` = the number of the last one shown."""
        values = asdict(filters) | {"before": before if before is not None else 2**62, "limit": limit}
        for name in ("since", "until"):
            values[name] = as_text(values[name]) if values[name] else None
        with self._ledger.reading() as connection:
            return [line_of(row) for row in connection.execute(sql.FOUND, values)]

    def entry(self, seq: int) -> Line:
        """Return one entry.

        Raises:
            NotFoundError: there is none of this number.
        """
        with self._ledger.reading() as connection:
            row = connection.execute(sql.ENTRY, (seq,)).fetchone()
        if row is None:
            raise NotFoundError(f"there is no entry {seq}")
        return line_of(row)

    def acts(self) -> tuple[str, ...]:
        """Return the names of all acts ever done, for a filter."""
        with self._ledger.reading() as connection:
            return tuple(act for (act,) in connection.execute(sql.ACTS))

    def count(self) -> int:
        """Return how long the chain is."""
        with self._ledger.reading() as connection:
            last = connection.execute(sql.LAST).fetchone()
        return int(last[0]) if last else 0

    def opens(self, seq: int, label: str, value: str) -> bool | None:
        """Tell whether a commitment is to this value; None when its salt was erased, or there is none."""
        with self._ledger.reading() as connection:
            salt = connection.execute(sql.SALT, (seq, label)).fetchone()
            row = connection.execute(sql.ENTRY, (seq,)).fetchone()
        if salt is None or row is None:
            return None
        sealed = line_of(row).commitments.get(label)
        return sealed is not None and opens(sealed, salt[0], label, value)

    def checkpoints(self, limit: int = 20) -> list[Witnessed]:
        """Return the newest checkpoints, newest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(sql.CHECKPOINTS, (limit,)).fetchall()
        return [
            Witnessed(checkpoint=read_line(document), filed_at=filed_at, sent_at=sent_at)
            for _, _, document, _, filed_at, sent_at in rows
        ]

    def export(self) -> Iterator[bytes]:
        """Yield the whole chain line by line, as it is at the first line.

        Raises:
            NotFoundError: nobody has done anything yet.
        """
        with self._ledger.reading() as connection:
            yield write_line(beginning_of(connection))
            for line in read_entries(connection):
                if isinstance(line, str):
                    raise InputError.of(line)
                yield write_line(line)


def beginning_of(connection: sqlite3.Connection) -> Beginning:
    """Return which chain this is.

    Raises:
        NotFoundError: it has not begun.
    """
    row = connection.execute(sql.BEGINNING).fetchone()
    if row is None:
        raise NotFoundError("the audit chain is empty: nobody has done anything yet")
    return Beginning(chain=row[0], begun_at=row[1])


def read_entries(connection: sqlite3.Connection, after: int = 0) -> Iterator[Line | str]:
    """Yield the entries after a number, in order; a row that holds none gives the reason instead."""
    for row in connection.execute(sql.ENTRIES_AFTER, (after,)):
        try:
            yield line_of(row)
        except InputError as error:
            yield str(error)


def check_salts(connection: sqlite3.Connection) -> list[Finding]:
    """Name every salt that is not the one its commitment was made with; erased salts are as they should be."""
    findings = []
    for seq, label, salt, commitments in connection.execute(sql.SALTS):
        sealed = _COMMITMENTS.decode(commitments).get(label) if commitments else None
        if sealed is None or not belongs(sealed, salt):
            message = Phrase("the salt of %(label)s is not the one it was committed to with", label=repr(label))
            findings.append(Finding("salt", seq, message))
    return findings
