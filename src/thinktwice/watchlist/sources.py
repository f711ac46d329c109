"""Which lists there are: when each was read last, by whom, how much of it counts now. Reads only."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LAST_IMPORTS: Final = """
SELECT m.source, m.format, m.file_name, m.kind, m.imported_at, m.actor, m.entries, m.faults
FROM indicator_import m JOIN (SELECT max(id) AS id FROM indicator_import GROUP BY source) newest USING (id)
"""
"""The newest reading of every source."""

COUNT_CURRENT: Final = """
SELECT source, count(*), max(is_agency_reported), max(known_from) FROM indicator WHERE known_until IS NULL
GROUP BY source
"""
"""How many statements of each source hold; one pass over the index of sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One list. ``held`` are statements that hold now; the rest is None where it was never read from a file."""

    name: str
    held: int
    is_agency: bool
    last_at: datetime | None
    format: str | None = None
    file_name: str | None = None
    kind: str | None = None
    actor: str | None = None
    entries: int | None = None
    faults: int | None = None


def sources(connection: sqlite3.Connection) -> tuple[Source, ...]:
    """Return every source, by name."""
    current = {row[0]: row[1:] for row in connection.execute(COUNT_CURRENT)}
    found: dict[str, Source] = {}
    for name, kind_of_file, file_name, kind, at, actor, entries, faults in connection.execute(LAST_IMPORTS):
        held, is_agency, _ = current.get(name, (0, 0, None))
        found[name] = Source(
            name=name,
            held=held,
            is_agency=bool(is_agency),
            last_at=datetime.fromisoformat(at),
            format=kind_of_file,
            file_name=file_name,
            kind=kind,
            actor=actor,
            entries=entries,
            faults=faults,
        )
    for name in current.keys() - found.keys():
        held, is_agency, newest = current[name]
        found[name] = Source(name=name, held=held, is_agency=bool(is_agency), last_at=datetime.fromisoformat(newest))
    return tuple(found[name] for name in sorted(found))
