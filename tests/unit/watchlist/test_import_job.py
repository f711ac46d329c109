"""Uploads are kept and read within bounds, and a job speaks of the file as it was uploaded."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.keys import TESTS
from thinktwice.audit.ledger import Ledger
from thinktwice.errors import ConflictError, InputError
from thinktwice.jobs.job import Job
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.watchlist import import_job
from thinktwice.watchlist.import_job import TASK, ImportAsked, ask_import, import_task, keep_upload, sweep_uploads

EVM = "0x52908400098527886e0f7030069857d2e4169ee7"


class Desk:
    """Uploads, asks and does."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.ledger = Ledger(folder.control)
        self.tasks = Tasks()
        self.tasks.add(TASK, import_task(folder, self.ledger))
        self.jobs = SqliteJobs(self.ledger, self.tasks)

    def ask(self, upload: str, **said: Any) -> Job:
        asked = ImportAsked(upload=upload, actor="Ana", source="police", **({"is_rehearsal": False} | said))
        with self.ledger.act(TESTS, "watchlist.import.ask", "upload", "u") as act:
            return ask_import(self.jobs, act, TESTS, asked)

    def do(self, job: Job) -> Job:
        JobRunner(self.jobs, self.tasks).work_once()
        return self.jobs.job(job.id)

    def close(self) -> None:
        self.jobs.close()
        self.ledger.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    migrate(tmp_path)
    with closing(Desk(DataFolder(tmp_path))) as desk:
        yield desk


def test_an_upload_is_imported_in_the_name_of_who_asked(desk: Desk) -> None:
    """The entry of the import carries who asked for the job, and the file is gone when it is done."""
    upload = keep_upload(desk.folder, "police list.csv", [b"address,kind\n", f"{EVM},scam\n".encode()])
    job = desk.do(desk.ask(upload))
    assert (job.state, job.error) == ("done", None)
    assert job.result is not None
    assert (job.result["added"], job.result["faults"]) == (1, [])
    with desk.ledger.reading() as connection:
        rows = connection.execute("SELECT act, actor_id FROM audit_entry ORDER BY seq").fetchall()
        names = connection.execute("SELECT file_name, actor FROM indicator_import").fetchall()
    assert rows == [("watchlist.import.ask", TESTS.id), ("watchlist.import", TESTS.id)]
    assert names == [("police_list.csv", "Ana")]
    assert not list(desk.folder.uploads.iterdir())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"address,kind\nnowhere\n", "list.csv:2"),
        (b"", "list.csv"),
        (b"\xff\xfe\x00", "list.csv"),
        (b"\x1f\x8bnot gzip", "list.csv"),
    ],
)
def test_a_fault_names_the_file_and_not_the_server(desk: Desk, content: bytes, says: str) -> None:
    """Whoever uploaded sees the name and line of their file, never a path of the server."""
    job = desk.do(desk.ask(keep_upload(desk.folder, "list.csv", [content])))
    assert job.state == "failed"
    assert says in str(job.error)
    assert str(desk.folder.path) not in str(job.error)


def test_faults_that_a_list_made_long_do_not_keep_its_entries_out(desk: Desk) -> None:
    """Whoever writes a list cannot make the job say more than it may, and so fail every time."""
    bad = "".join(f"0x{number:040x}{'y' * 60},{chr(0xE0001) * 60}\n" for number in range(300))
    content = f"address,kind\n{EVM},scam\n{bad}".encode()
    job = desk.do(desk.ask(keep_upload(desk.folder, "l" * 100 + ".csv", [content])))
    assert (job.state, job.error) == ("done", None)
    assert job.result is not None
    assert len(job.result["faults"]) == import_job.FAULTS_SHOWN


def test_an_upload_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is refused while it arrives, and nothing of it stays."""
    monkeypatch.setattr(import_job, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="command line"):
        keep_upload(desk.folder, "list.csv", (b"x" * 100 for _ in range(10**9)))
    assert not list(desk.folder.uploads.iterdir())


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "..", ".hidden", "a\x00b", "x" * 5000, "名單.csv"])
def test_a_name_leads_nowhere_else(desk: Desk, name: str) -> None:
    """Whatever a file is called, it lies in a folder of its own under the uploads."""
    upload = keep_upload(desk.folder, name, [b"x"])
    path = (desk.folder.uploads / upload).resolve()
    assert path.is_file()
    assert path.parent.parent == desk.folder.uploads.resolve()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("upload", ["../control.db", "x/y", "0" * 32 + "/../../control.db", "0" * 32 + "/list.csv", ""])
def test_an_upload_that_is_none_is_refused(desk: Desk, upload: str) -> None:
    """Arguments are checked when the job runs, too: they come from a database."""
    job = desk.do(desk.ask(upload))
    assert job.state == "failed"
    assert "upload" in str(job.error)


def test_one_upload_is_imported_one_way(desk: Desk) -> None:
    """Rehearsals may try any settings; the import itself is asked for once."""
    upload = keep_upload(desk.folder, "list.csv", [b"address,kind\n", f"{EVM},scam\n".encode()])
    first, second = desk.ask(upload, is_rehearsal=True), desk.ask(upload, is_rehearsal=True, confidence=10)
    assert first.id != second.id
    job = desk.ask(upload)
    assert desk.ask(upload).id == job.id
    with pytest.raises(ConflictError):
        desk.ask(upload, confidence=10)


def test_old_uploads_are_swept(desk: Desk) -> None:
    """After 30 days, not before."""
    upload = keep_upload(desk.folder, "list.csv", [b"x"])
    assert sweep_uploads(desk.folder) == 0
    old = time.time() - 31 * 24 * 3600
    os.utime((desk.folder.uploads / upload).parent, (old, old))
    assert sweep_uploads(desk.folder) == 1
    assert not (desk.folder.uploads / upload).exists()
