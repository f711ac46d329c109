"""How database files are opened."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from thinktwice.errors import NotFoundError, UnavailableError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect


def test_a_connection_is_durable(tmp_path: Path) -> None:
    """Write-ahead log, full sync, foreign keys, and no transaction that nobody asked for."""
    with closing(connect(tmp_path / "a.db")) as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == ["wal", 2, 1, 10_000]
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (1)")
        assert not connection.in_transaction


def test_files_and_folders_are_private(tmp_path: Path) -> None:
    """Only their owner may read them."""
    folder = DataFolder(tmp_path / "data")
    folder.create()
    folder.create()
    connect(folder.journal).close()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder.path, folder.journal)] == [0o700, 0o600]


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?mode=memory.db", "é#1.db"])
def test_any_file_name_is_a_file_name(tmp_path: Path, name: str) -> None:
    """Characters that mean something in a URI are only characters."""
    connect(tmp_path / name).close()
    assert (tmp_path / name).exists()
    connect(tmp_path / name, read_only=True).close()


def test_reading_creates_and_writes_nothing(tmp_path: Path) -> None:
    """A missing file is named, not made; an existing one cannot be changed."""
    with pytest.raises(NotFoundError, match=r"no database at .*absent\.db"):
        connect(tmp_path / "absent.db", read_only=True)
    assert not (tmp_path / "absent.db").exists()
    connect(tmp_path / "a.db").close()
    with (
        closing(connect(tmp_path / "a.db", read_only=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_no_database_is_unavailable(tmp_path: Path, read_only: bool) -> None:
    """Garbage, a folder and a missing folder are refused with the path."""
    (tmp_path / "garbage.db").write_bytes(b"garbage" * 1000)
    for path in (tmp_path / "garbage.db", tmp_path):
        with pytest.raises(UnavailableError, match="cannot open"):
            connect(path, read_only=read_only)
    with pytest.raises(UnavailableError, match="cannot open"):
        connect(tmp_path / "no" / "a.db")


def test_the_folder_names_every_file(tmp_path: Path) -> None:
    """All files lie directly in the data folder, under their documented names."""
    folder = DataFolder(tmp_path)
    names = [folder.journal, folder.journal_lock, folder.control, folder.watchlist, folder.migration_lock]
    assert [path.relative_to(tmp_path).as_posix() for path in names] == [
        "journal.db",
        "journal.lock",
        "control.db",
        "watchlist",
        "migration.lock",
    ]
