"""The second lock of the audit chain is the same whether a database was migrated or made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy

from thinktwice.storage.control_schema import CONTROL
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate


def triggers(path: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%' ORDER BY name"
        ).fetchall()


def test_a_migrated_database_has_the_triggers_of_a_fresh_one(tmp_path: Path) -> None:
    """Both have the same triggers, word for word."""
    migrate(tmp_path)
    CONTROL.create_all(sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'fresh'}", poolclass=sqlalchemy.pool.NullPool))
    migrated = triggers(DataFolder(tmp_path).control)
    assert migrated == triggers(tmp_path / "fresh")
    assert len(migrated) == 6
