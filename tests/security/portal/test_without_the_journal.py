"""The portal's process works where there is no journal, and where it may not be read; no module of it can open one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.portal import open_bureau
from thinktwice.bootstrap.portal import open_portal
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder

SOURCE = Path(__file__).parents[3] / "src" / "thinktwice"

LOADED = """
import sys
import thinktwice.bootstrap.choices, thinktwice.bootstrap.portal, thinktwice.bootstrap.serving
print([name for name in sys.modules if name.startswith(("thinktwice.journal", "thinktwice.web.console"))])
"""

OPENED = """
import sys
opened = []
def watch(event, args):
    if event in {"open", "sqlite3.connect"}:
        opened.append(str(args[0]))
sys.addaudithook(watch)
from pathlib import Path
from thinktwice.bootstrap.portal import open_portal
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
with open_portal(load_settings(data=Path(sys.argv[1])), TEST_KEYRING):
    pass
print([path for path in opened if "journal" in path])
"""


def run(code: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout


def test_a_fresh_folder_gets_no_journal(tmp_path: Path) -> None:
    """Opening the portal makes ``control.db`` and nothing of the journal."""
    with open_portal(load_settings(data=tmp_path / "data"), TEST_KEYRING):
        pass
    folder = DataFolder(tmp_path / "data")
    assert folder.control.exists()
    assert not list(folder.path.glob("journal*"))


@pytest.mark.parametrize("journal", ["a folder", "nonsense", "unreadable"])
def test_a_journal_that_cannot_be_read_does_not_matter(tmp_path: Path, journal: str) -> None:
    """Where the journal is a folder, no database, or closed to this user, the portal serves and leaves it as it was."""
    with open_bureau(tmp_path) as bureau:
        path = DataFolder(tmp_path).journal
        if journal == "a folder":
            path.mkdir()
        else:
            path.write_bytes(b"not a database")
            path.chmod(0o000 if journal == "unreadable" else 0o600)
        officer = bureau.officer(bureau.agency())
        with open_portal(load_settings(data=tmp_path), TEST_KEYRING):
            assert bureau.browser(officer).get("/requests").status_code == 200
        assert path.is_dir() or path.stat().st_size == len(b"not a database")


def test_its_process_opens_nothing_of_the_journal(tmp_path: Path) -> None:
    """Watched by the interpreter itself, a whole start opens no file with the journal's name."""
    assert run(OPENED, str(tmp_path / "data")).strip() == "[]"


def test_its_process_does_not_even_load_what_opens_a_journal() -> None:
    """After importing all that ``serve portal`` imports, no module of the journal or the console is there."""
    assert run(LOADED).strip() == "[]"


def test_no_module_of_the_portal_names_the_journal() -> None:
    """Neither the pages nor what puts them together can reach ``journal.db`` by name."""
    files = [*(SOURCE / "web" / "portal").rglob("*.py"), *(SOURCE / "bootstrap").glob("portal*.py")]
    assert len(files) > 15
    named = [path.name for path in files if ".journal" in path.read_text("utf-8")]
    assert named == []
