"""The portal's process works where there is no journal, and where it may not be read; no module of it can open one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.support.portal import open_bureau
from thinktwice.bootstrap.portal import open_portal
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

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


AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from thinktwice.bootstrap.portal import open_portal
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
data = Path(sys.argv[1])
with open_portal(load_settings(data=data / "before"), TEST_KEYRING):
    pass  # loads what is loaded late, because the interpreter itself may be closed to others
os.setgid(65534)
os.setuid(65534)
with open_portal(load_settings(data=data), TEST_KEYRING):
    try:
        (data / "journal.db").read_bytes()
    except PermissionError:
        print("closed")
    try:
        (data / "journal.db").unlink()
    except PermissionError:
        print("stays")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_user_of_its_own_serves_and_cannot_read_the_journal() -> None:
    """As a user of the operating system that may read ``control.db`` alone, the portal opens; the journal is closed."""
    with TemporaryDirectory(dir="/tmp") as name:
        folder = DataFolder(Path(name))
        migrate(folder.path)
        for path in folder.path.iterdir():
            path.chmod(0o600 if "journal" in path.name else 0o666)
        folder.path.chmod(0o1777)
        assert run(AS_SOMEBODY_ELSE, name).split() == ["closed", "stays"]


def test_the_command_serves_beside_a_journal_it_cannot_use(tmp_path: Path) -> None:
    """``thinktwice serve portal`` answers with a journal in its folder that is no database; and stops when asked."""
    keys = tmp_path / "keys"
    command = [str(Path(sys.executable).with_name("thinktwice"))]
    subprocess.run([*command, "key", "generate-keyring", str(keys)], check=True, capture_output=True)
    data = tmp_path / "data"
    data.mkdir()
    (data / "journal.db").write_bytes(b"not a database")
    environment = os.environ | {"THINKTWICE_KEY_FILE": str(keys)}
    arguments = ["serve", "portal", "--data", str(data), "--port", "0"]
    with subprocess.Popen([*command, *arguments], stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            line = next(line for line in process.stderr if "serving portal" in line)
            port = line.split("127.0.0.1:")[1].split()[0]
            answer = httpx.get(f"http://127.0.0.1:{port}/sign-in", headers={"Host": "localhost"})
            assert answer.status_code == 200
            assert "Agency portal" in answer.text
            assert httpx.get(f"http://127.0.0.1:{port}/sign-in", headers={"Host": "console"}).status_code != 200
        finally:
            process.terminate()
            process.wait(20)
    assert process.returncode == 0
    assert (data / "journal.db").read_bytes() == b"not a database"
