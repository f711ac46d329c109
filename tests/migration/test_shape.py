"""Migrations lead to the shape that the metadata describes, keep what is there, and happen whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy

from thinktwice.storage.control_schema import CONTROL
from thinktwice.storage.journal_schema import JOURNAL
from thinktwice.storage.migrate import CONTROL_HEAD, JOURNAL_HEAD, MIGRATIONS
from thinktwice.storage.sqlite import connect
from thinktwice.storage.upgrade import upgrade, versions_of

TREES = {"journal": (JOURNAL, JOURNAL_HEAD), "control": (CONTROL, CONTROL_HEAD)}

Shape = dict[str, object]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "database.db")) as connection:
        yield connection


def shape(connection: sqlite3.Connection) -> Shape:
    """Everything that tells two databases apart, whatever history led there: columns, keys, indexes, conditions."""
    tables = connection.execute(
        "SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' "
        "AND name <> 'alembic_version'"
    ).fetchall()
    found: Shape = {}
    for name, strict, without_rowid in tables:
        columns = connection.execute(f"SELECT * FROM pragma_table_xinfo('{name}')").fetchall()
        keys = connection.execute(f"SELECT * FROM pragma_foreign_key_list('{name}')").fetchall()
        is_counting = "AUTOINCREMENT" in sql_of(connection, name)
        found[name] = (strict, without_rowid, is_counting, columns, keys)
        for _, index, unique, origin, partial in connection.execute(f"PRAGMA index_list('{name}')").fetchall():
            parts = connection.execute(f"PRAGMA index_xinfo('{index}')").fetchall()
            condition = sql_of(connection, index).partition(" WHERE ")[2]
            found[f"{name}/{index}"] = (unique, origin, partial, parts, condition)
    return found


def sql_of(connection: sqlite3.Connection, name: str) -> str:
    return connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0] or ""


def fresh(metadata: sqlalchemy.MetaData, path: Path) -> Shape:
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", poolclass=sqlalchemy.pool.NullPool)
    metadata.create_all(engine)
    with closing(sqlite3.connect(path)) as connection:
        return shape(connection)


def fill(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Put three rows into each table, whatever its columns are at this version, and return all rows."""
    values: dict[str, Callable[[int], object]] = {
        "INTEGER": lambda n: n,
        "TEXT": lambda n: f"text {n}",
        "BLOB": lambda n: b"\x00%d" % n,
    }
    rows: dict[str, list[tuple[object, ...]]] = {}
    connection.execute("PRAGMA foreign_keys = OFF")
    for table in [name for name in shape(connection) if "/" not in name]:
        types = [row[2] for row in connection.execute(f"PRAGMA table_info('{table}')")]
        rows[table] = [tuple(values[type_](number) for type_ in types) for number in (1, 2, 3)]
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(types))})", rows[table])
    connection.execute("PRAGMA foreign_keys = ON")
    return rows


@pytest.mark.parametrize("name", TREES)
def test_a_migrated_database_equals_a_fresh_one(name: str, database: sqlite3.Connection, tmp_path: Path) -> None:
    """All migrations together build exactly the metadata."""
    upgrade(database, MIGRATIONS / name)
    assert shape(database) == fresh(TREES[name][0], tmp_path / "fresh.db")


@pytest.mark.parametrize("name", TREES)
def test_the_head_is_the_one_that_the_code_names(name: str) -> None:
    """The constant that saves importing Alembic is the newest migration, and no name serves two trees."""
    assert versions_of(MIGRATIONS / name)[-1] == TREES[name][1]
    assert all(version.startswith(name) for version in versions_of(MIGRATIONS / name))


@pytest.mark.parametrize(("name", "version"), [(name, v) for name in TREES for v in versions_of(MIGRATIONS / name)])
def test_an_upgrade_keeps_what_is_there(name: str, version: str, database: sqlite3.Connection, tmp_path: Path) -> None:
    """From every version on, rows put in then are there after the upgrade, and the shape is the newest."""
    upgrade(database, MIGRATIONS / name, version)
    rows = fill(database)
    upgrade(database, MIGRATIONS / name)
    for table, put in rows.items():
        kept = database.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
        assert [row[: len(put[0])] for row in kept] == put
    assert shape(database) == fresh(TREES[name][0], tmp_path / "fresh.db")


NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "journal_next"
down_revision = "{head}"
def upgrade():
    op.add_column("record", sa.Column("note", sa.Text()))
    op.create_index("record_by_note", "record", ["note"])
    {then}
"""


def with_next(tmp_path: Path, then: str) -> Path:
    """A copy of the journal's tree with one migration more."""
    tree = shutil.copytree(MIGRATIONS, tmp_path / "100% migrations") / "journal"
    (tree / "v9999_next.py").write_text(NEXT.format(head=JOURNAL_HEAD, then=then))
    return tree


def test_a_later_migration_runs_over_full_tables(database: sqlite3.Connection, tmp_path: Path) -> None:
    """A further migration adds its column to a filled table and loses nothing."""
    upgrade(database, MIGRATIONS / "journal")
    rows = fill(database)
    tree = with_next(tmp_path, "pass")
    upgrade(database, tree)
    assert database.execute("SELECT * FROM record").fetchall() == [(*row, None) for row in rows["record"]]
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("journal_next",)]


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ('op.execute("INSERT INTO nowhere VALUES (1)")', sqlite3.OperationalError),
        ("raise KeyError", KeyError),
    ],
)
def test_a_migration_that_fails_leaves_no_trace(
    database: sqlite3.Connection, tmp_path: Path, then: str, error: type[Exception]
) -> None:
    """When a later step fails, the steps before it are undone and the database can be used and upgraded again."""
    upgrade(database, MIGRATIONS / "journal")
    fill(database)
    before = (shape(database), database.execute("SELECT * FROM alembic_version").fetchall())
    with pytest.raises(error):
        upgrade(database, with_next(tmp_path, then))
    assert (shape(database), database.execute("SELECT * FROM alembic_version").fetchall()) == before
    assert not database.in_transaction
    assert database.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_migration_may_not_leave_a_reference_to_nothing(database: sqlite3.Connection) -> None:
    """An orphan found at the end of an upgrade stops it."""
    upgrade(database, MIGRATIONS / "control")
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute(
        "INSERT INTO indicator (match_key, address, kind, disposition, source, known_from, import_id) "
        "VALUES ('k', 'a', 'scam', 'warn', 's', '2026-01-01', 7)"
    )
    with pytest.raises(sqlite3.IntegrityError, match="indicator refers to nothing"):
        upgrade(database, MIGRATIONS / "control")
