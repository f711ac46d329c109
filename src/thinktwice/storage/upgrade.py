"""Alembic, driven without an ini file: the one module that imports it.

Invariants: all outstanding migrations of one database run in one transaction; foreign keys are checked again before it
commits; Alembic's own log lines stay below the level that anybody sees by default.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.pool import StaticPool


def script_config(versions: Path) -> Config:
    """Return the settings of one version tree; ``env.py`` lies beside the trees."""
    config = Config()
    for key, value in {
        "script_location": str(versions.parent),
        "path_separator": "newline",
        "version_locations": str(versions),
    }.items():
        config.set_main_option(key, value.replace("%", "%%"))
    return config


def versions_of(versions: Path) -> tuple[str, ...]:
    """Return the migrations of a version tree, oldest first."""
    tree = ScriptDirectory.from_config(script_config(versions))
    return tuple(reversed([script.revision for script in tree.walk_revisions()]))


def upgrade(connection: sqlite3.Connection, versions: Path, to: str = "head") -> None:
    """Run the migrations up to ``to`` on an open connection in autocommit mode.

    Raises:
        sqlite3.Error: a migration failed; nothing of it remains.
    """
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    config = script_config(versions)
    connection.execute("PRAGMA foreign_keys = OFF")  # migrations may rebuild tables; no effect inside a transaction
    try:
        with engine.connect() as shell, shell.begin():
            # The driver begins nothing by itself, so that SQLAlchemy's commit and rollback close what begins here.
            shell.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = shell
            command.upgrade(config, to)
            _check_foreign_keys(connection)
    except sqlalchemy.exc.DBAPIError as error:
        raise sqlite3.OperationalError(str(error)) from error
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: sqlite3.Connection) -> None:
    """Refuse a migration that leaves a reference to nothing."""
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan is not None:
        raise sqlite3.IntegrityError(f"a row of {orphan[0]} refers to nothing")
