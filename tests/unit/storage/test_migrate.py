"""When databases are migrated, and when they are left alone."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from thinktwice.cli import migrate as command
from thinktwice.errors import UnavailableError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import CONTROL_HEAD, JOURNAL_HEAD, Migrated, current, migrate
from thinktwice.storage.sqlite import connect


def test_a_new_folder_becomes_current_and_stays_so(tmp_path: Path) -> None:
    """The first call creates both databases, the second does nothing; a strange folder name is only a name."""
    folder = tmp_path / "new" / "100% a:b"
    assert not current(folder)
    assert migrate(folder) == (Migrated("journal", None, JOURNAL_HEAD), Migrated("control", None, CONTROL_HEAD))
    assert current(folder)
    assert not any(one.is_changed for one in migrate(folder))


def test_a_current_folder_costs_no_alembic(tmp_path: Path) -> None:
    """When nothing is to be done Alembic and SQLAlchemy are not even imported."""
    migrate(tmp_path)
    code = (
        "import sys; from pathlib import Path; from thinktwice.storage.migrate import migrate\n"
        "migrate(Path(sys.argv[1])); print([m for m in ('alembic', 'sqlalchemy') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """A version that this tree does not know is refused by name and stays as it is."""
    migrate(tmp_path)
    with closing(connect(DataFolder(tmp_path).control)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'control_9999'")
    for _ in range(2):
        with pytest.raises(UnavailableError, match=r"newer ThinkTwice .version control_9999"):
            migrate(tmp_path)
    assert not current(tmp_path)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is refused with its path."""
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match=r"cannot use the data folder .*file"):
        migrate(tmp_path / "file")


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    """Four processes that start together all end well, and the folder is current."""
    code = (
        "import sys; from pathlib import Path; from thinktwice.storage.migrate import migrate\n"
        "migrate(Path(sys.argv[1]))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert current(tmp_path)


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    """`migrate --check` answers 1 before and 0 after; `migrate` names both databases."""
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    run = CliRunner()
    folder = ["--data", str(tmp_path)]
    before = run.invoke(app, ["migrate", "--check", *folder])
    assert (before.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert run.invoke(app, ["migrate", *folder]).output.splitlines() == [
        f"journal: new → {JOURNAL_HEAD}",
        f"control: new → {CONTROL_HEAD}",
    ]
    assert "nothing to do" in run.invoke(app, ["migrate", *folder]).output
    assert run.invoke(app, ["migrate", "--check", *folder]).exit_code == 0
