"""What only the SQLite journal promises: its lock, its plans, its log, and what it does when the disk is full."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.journal import decision, event, migrated
from thinktwice.errors import NotFoundError, UnavailableError
from thinktwice.journal import checkpoint, sql
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.sqlite import SqliteJournal, SqliteJournalReader
from thinktwice.journal.times import from_microseconds, to_microseconds
from thinktwice.journal.writer import GroupCommit
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return migrated(tmp_path)


@pytest.fixture
def journal(folder: DataFolder) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(folder.journal)
    yield journal
    journal.close()


def record(journal: SqliteJournal, *records: NewRecord) -> None:
    with journal.batch() as batch:
        batch.append(records)


EARLY, LATE = (datetime.fromisoformat(day) for day in ("1900-01-01", "9999-01-01"))

LOOKUPS = [name for name in dir(sql) if name.isupper() and "WHERE" in getattr(sql, name) and name != "COUNT"]


@pytest.mark.parametrize("name", LOOKUPS)
def test_every_look_up_uses_an_index(folder: DataFolder, name: str) -> None:
    """No statement with a condition scans a table; only COUNT, which says so, does."""
    statement = getattr(sql, name).format(keys="(?, ?), (?, ?)" if name == "DECISIONS_BY_KEY" else "?, ?")
    with closing(connect(folder.journal)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ["1"] * statement.count("?")).fetchall()
    steps = [row[3] for row in plan]
    assert any(step.startswith("SEARCH") for step in steps), steps
    assert "SCAN record" not in steps
    assert not [step for step in steps if step.startswith("SCAN") and "USING INDEX" in step]


def test_another_process_is_told_who_writes(journal: SqliteJournal, folder: DataFolder) -> None:
    """The refusal names the process that holds the journal; its death frees it at once."""
    code = (
        "import sys; from pathlib import Path; from thinktwice.journal.sqlite import SqliteJournal\n"
        "from thinktwice.errors import UnavailableError\n"
        "try: SqliteJournal(Path(sys.argv[1]))\n"
        "except UnavailableError as error: print(error)\n"
        "else: print('open', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(folder.journal)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"is being written by process {os.getpid()};" in told
    journal.close()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(UnavailableError, match=f"by process {other.pid};"):
            SqliteJournal(folder.journal)
        other.kill()
    SqliteJournal(folder.journal).close()


def test_a_journal_that_is_not_migrated_is_refused(tmp_path: Path) -> None:
    """An empty or missing file is not written to; the refusal says what to do, and the lock is free again."""
    for _ in range(2):
        with pytest.raises(UnavailableError, match="thinktwice migrate"):
            SqliteJournal(tmp_path / "journal.db")
    with pytest.raises(UnavailableError, match="thinktwice migrate"):
        SqliteJournalReader(tmp_path / "journal.db")
    with pytest.raises(NotFoundError, match="thinktwice migrate"):
        SqliteJournalReader(tmp_path / "absent.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Garbage is unavailable, not a traceback from the driver."""
    (tmp_path / "journal.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(UnavailableError, match="not a database"):
        SqliteJournal(tmp_path / "journal.db")


def test_a_full_disk_refuses_one_batch_and_harms_no_other(journal: SqliteJournal, folder: DataFolder) -> None:
    """When SQLite has no room the askers of that batch are refused, nothing of it remains, and the next batch works."""

    def handle(sizes: list[int]) -> list[int]:
        with journal.batch() as batch:
            batch.append([blank(size) for size in sizes])
        return sizes

    def blank(size: int) -> NewRecord:
        return NewRecord(kind="clearance", record_id=f"{size}", recorded_at=datetime.now(UTC), body=bytes(size))

    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    queue: GroupCommit[int, int] = GroupCommit(handle)  # type: ignore[arg-type] # a list is all that is ever given
    assert queue.submit(1000).result(10) == 1000
    with pytest.raises(UnavailableError, match="full"):
        queue.submit(1_000_000).result(10)
    assert queue.submit(1001).result(10) == 1001
    queue.close()
    reader = SqliteJournalReader(folder.journal)
    assert [(one.seq, one.record_id) for one in reader.records(kinds=["clearance"])] == [(1, "1000"), (2, "1001")]
    reader.close()


def test_a_journal_locked_by_a_foreign_tool_is_unavailable(journal: SqliteJournal, folder: DataFolder) -> None:
    """Somebody else's open write transaction refuses the batch instead of hanging for ever; then all is well."""
    journal._connection.execute("PRAGMA busy_timeout = 50")
    with closing(connect(folder.journal)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="locked"):
            record(journal, event("e1"))
        foreign.execute("ROLLBACK")
    record(journal, event("e1"))


def test_the_log_is_emptied_beside_the_writer_and_at_the_end(folder: DataFolder) -> None:
    """Records reach the database file while the writer works, without the writer doing it; close leaves no log."""
    journal = SqliteJournal(folder.journal, checkpoint_every_seconds=0.01)
    before = folder.journal.stat().st_size
    record(journal, *(decision(f"{number}") for number in range(500)))
    deadline = time.monotonic() + 10
    while folder.journal.stat().st_size == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    journal.close()
    wal = folder.journal.with_name("journal.db-wal")
    assert not wal.exists() or wal.stat().st_size == 0


def test_the_log_begins_anew_while_the_writer_never_rests(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Batch after batch without a pause: the log keeps to a part of what was written, and nothing is lost."""
    monkeypatch.setattr(checkpoint, "RESTART_AT_PAGES", 50)  # its 64 MB, again and again, would take minutes to write
    journal = SqliteJournal(folder.journal, checkpoint_every_seconds=0.001)
    for number in range(3_000):
        record(journal, decision(f"{number}"))
    log = folder.journal.with_name("journal.db-wal").stat().st_size
    journal.close()
    assert log < 8 * 1024 * 1024
    with closing(sqlite3.connect(folder.journal)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert plain.execute("SELECT count(*) FROM record").fetchone() == (3_000,)
    assert caplog.text == ""


def test_a_reader_that_never_ends_does_not_stop_the_close(folder: DataFolder) -> None:
    """An open read keeps the log, not the service: close returns, and nothing is lost."""
    journal = SqliteJournal(folder.journal)
    record(journal, decision("1"))
    with closing(sqlite3.connect(folder.journal, isolation_level=None)) as slow:
        slow.execute("BEGIN")
        slow.execute("SELECT count(*) FROM record").fetchone()
        record(journal, decision("2"))
        journal.close()
    reader = SqliteJournalReader(folder.journal)
    assert reader.count("decision") == 2
    reader.close()


def test_a_failing_checkpoint_is_tried_again(
    journal: SqliteJournal, folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of a checkpoint is logged and nothing else."""
    with closing(connect(folder.journal)) as lost:
        pass
    journal._checkpointer._is_nearly_empty = True
    journal._checkpointer.finish(lost)
    assert "tried again" in caplog.text
    record(journal, decision("1"))


def test_batches_of_several_threads_take_turns(journal: SqliteJournal, folder: DataFolder) -> None:
    """Threads that should not share a journal still never mix their batches."""

    def work(name: int) -> None:
        for number in range(20):
            record(journal, *(event(f"{name}-{number}-{part}") for part in "ab"))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = SqliteJournalReader(folder.journal)
    names = [one.record_id[:-2] for one in reader.records(kinds=["event"])]
    reader.close()
    assert names[::2] == names[1::2]
    assert len(set(names)) == 80


@given(st.datetimes(timezones=st.timezones(), min_value=EARLY, max_value=LATE))
def test_times_survive_exactly(time: datetime) -> None:
    """To microseconds and back is the same instant in UTC."""
    assert from_microseconds(to_microseconds(time)) == time.astimezone(UTC)
