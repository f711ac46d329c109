"""Writing one day of the lake.

Invariants: rows are in order of ``seq``; where row groups end depends on the number of rows only; the folder gets its
name when everything in it is durable, and a half-written one has a name that nobody reads.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

from thinktwice.journal.seam import RecordKind, StoredRecord
from thinktwice.lake.columns import TABLES, schema_of
from thinktwice.lake.manifest import NAME, FileEntry, Manifest, sha256_of, text_of
from thinktwice.lake.rows import Row, columns_of, row_of
from thinktwice.records.signal import Catalogue
from thinktwice.storage.layout import sync_folder

ROW_GROUP: Final = 65_536
WRITER: Final = f"pyarrow/{pa.__version__}"
PART: Final = ".part-"


def folder_name(day: date) -> str:
    """Return the name of a day's folder, as Hive, DuckDB and Spark read it."""
    return f"day={day.isoformat()}"


class DayWriter:
    """Writes the records of one day; ``finish`` puts it in place, ``drop`` leaves no trace."""

    def __init__(self, lake: Path, day: date, catalogue: Catalogue) -> None:
        self._lake, self._day = lake, day
        self._part = Path(tempfile.mkdtemp(prefix=f"{PART}{day.isoformat()}-", dir=lake))
        self._files = {kind: _TableFile(self._part, kind, catalogue) for kind in TABLES}
        self._first = self._last = 0

    def add(self, record: StoredRecord) -> None:
        """Add the next record."""
        self._first = self._first or record.seq
        self._last = record.seq
        self._files[record.kind].add(record)

    def finish(self) -> Manifest:
        """Make the day durable and give it its name."""
        entries = {TABLES[kind]: one.close() for kind, one in self._files.items()}
        manifest = Manifest(day=self._day, min_seq=self._first, max_seq=self._last, files=entries, writer=WRITER)
        (self._part / NAME).write_bytes(text_of(manifest))
        for path in self._part.iterdir():
            _sync_file(path)
        sync_folder(self._part)
        self._part.chmod(0o700)
        self._part.rename(self._lake / folder_name(self._day))
        sync_folder(self._lake)
        return manifest

    def drop(self) -> None:
        """Forget what was written."""
        for one in self._files.values():
            one.drop()
        shutil.rmtree(self._part, ignore_errors=True)


class _TableFile:
    """One Parquet file that grows by whole row groups."""

    def __init__(self, folder: Path, kind: RecordKind, catalogue: Catalogue) -> None:
        self._schema = schema_of(kind, catalogue)
        self._path = folder / f"{TABLES[kind]}.parquet"
        self._writer = pq.ParquetWriter(self._path, self._schema, compression="zstd", version="2.6")
        self._rows: list[Row] = []
        self._count, self._first, self._last = 0, None, None

    _first: int | None
    _last: int | None

    def add(self, record: StoredRecord) -> None:
        if self._first is None:
            self._first = record.seq
        self._last = record.seq
        self._rows.append(row_of(record))
        if len(self._rows) == ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(columns_of(self._rows, self._schema), row_group_size=ROW_GROUP)
        self._count += len(self._rows)
        self._rows = []

    def close(self) -> FileEntry:
        if self._rows:
            self._flush()
        self._writer.close()
        return FileEntry(
            rows=self._count,
            bytes=self._path.stat().st_size,
            sha256=sha256_of(self._path),
            min_seq=self._first,
            max_seq=self._last,
        )

    def drop(self) -> None:
        self._writer.close()


def open_tables(records: Iterable[StoredRecord], catalogue: Catalogue) -> dict[str, pa.Table]:
    """Return records that no file holds yet as tables, read exactly as they would be written."""
    rows: dict[RecordKind, list[Row]] = {kind: [] for kind in TABLES}
    for record in records:
        rows[record.kind].append(row_of(record))
    return {TABLES[kind]: columns_of(found, schema_of(kind, catalogue)) for kind, found in rows.items()}


def _sync_file(path: Path) -> None:
    path.chmod(0o600)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
