"""Lake and journal as one history, in DuckDB.

Invariants: every record is there exactly once, whichever part of it lies in Parquet; what is read does not depend on
where the line between the two was; times come out as TIMESTAMP in UTC; no extension is fetched from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from thinktwice.errors import Phrase, StateError
from thinktwice.journal.seam import JournalReader
from thinktwice.lake.columns import TABLES, schema_of, times_of
from thinktwice.lake.day import open_tables
from thinktwice.lake.service import Lake
from thinktwice.records.signal import Catalogue


@contextmanager
def open_history(
    lake: Lake, reader: JournalReader, catalogue: Catalogue, *, scratch: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database with a view for each of ``TABLES``; ``scratch`` is where it may spill.

    Raises:
        InputError: the lake has a gap.
        StateError: lake and journal are not of the same records, or have columns of other types.
    """
    connection = connect(scratch)
    try:
        records = reader.records(kinds=tuple(TABLES), after_seq=lake.joint(reader))
        newest = open_tables(records, catalogue)
        show(connection, newest, {name: lake.files(name) for name in newest}, catalogue)
        yield connection
    except (duckdb.BinderException, duckdb.ConversionException) as error:
        raise StateError(Phrase("lake and journal do not fit together: %(error)s", error=error)) from error
    finally:
        connection.close()


def show(
    connection: duckdb.DuckDBPyConnection,
    newest: Mapping[str, pa.Table],
    files: Mapping[str, Sequence[Path]],
    catalogue: Catalogue,
) -> None:
    """Make the views of a history over tables in memory and Parquet files of the same columns."""
    for kind, name in TABLES.items():
        connection.register(f"open_{name}", newest[name])
        times = ", ".join(f"make_timestamp(epoch_us({one})) AS {one}" for one in times_of(schema_of(kind, catalogue)))
        parts = _parts(name, files.get(name, ()))
        connection.execute(f"CREATE VIEW {name} AS SELECT * REPLACE ({times}) FROM ({parts})")  # noqa: S608 - ours


def connect(scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that fetches nothing."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET SESSION enable_progress_bar = false")  # it would write into whatever a command prints
    if scratch is not None:
        connection.execute(f"SET temp_directory = {_quoted(scratch)}")
    return connection


def _parts(table: str, files: Sequence[Path]) -> str:
    """Return the union of a table's files and of its open period, by name, so that days may lack newer columns."""
    newest = f"SELECT * FROM open_{table}"  # noqa: S608 - a name of ours
    if not files:
        return newest
    listed = ", ".join(_quoted(path) for path in files)
    old = f"SELECT * FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"  # noqa: S608 - ours
    return f"{old} UNION ALL BY NAME {newest}"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
