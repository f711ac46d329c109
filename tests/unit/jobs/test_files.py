"""What jobs made is there whole, for a short while, under a name that leads nowhere else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from thinktwice.errors import NotFoundError
from thinktwice.jobs.files import KEPT, FinishedFiles

JOB = "job_" + "0" * 32


def test_a_file_is_kept_and_replaced(tmp_path: Path) -> None:
    """A job that is done again replaces what it made; only this installation can read it."""
    files = FinishedFiles(tmp_path / "finished")
    files.keep(JOB, b"one")
    files.keep(JOB, b"two")
    assert (files.read(JOB), files.has(JOB)) == (b"two", True)
    assert [one.stat().st_mode & 0o077 for one in (tmp_path / "finished").iterdir()] == [0]


def test_a_file_goes_after_its_hour(tmp_path: Path) -> None:
    """What is too old is gone at the next look, a half-written one too."""
    files = FinishedFiles(tmp_path)
    files.keep(JOB, b"one")
    (tmp_path / f"{JOB}.part").write_bytes(b"half")
    old = time.time() - KEPT.total_seconds() - 1
    for file in tmp_path.iterdir():
        os.utime(file, (old, old))
    with pytest.raises(NotFoundError):
        files.read(JOB)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../control.db", "", "job_1", JOB + "/x", JOB.upper()])
def test_only_a_jobs_id_names_a_file(tmp_path: Path, name: str) -> None:
    """Nothing else is looked for."""
    with pytest.raises(NotFoundError):
        FinishedFiles(tmp_path).read(name)
