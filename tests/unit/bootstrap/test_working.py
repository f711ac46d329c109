"""What jobs left for somebody is cleared away while the service runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

from thinktwice.bootstrap.working import sweeping
from thinktwice.jobs.files import KEPT, FinishedFiles

JOB = "job_" + "0" * 32


def test_a_finished_file_goes_after_its_hour_though_nobody_looks(tmp_path: Path) -> None:
    """A copy of results does not lie about until somebody happens to open a page."""
    files = FinishedFiles(tmp_path)
    with sweeping(files, every_seconds=0.02):
        files.keep(JOB, b"results")
        old = time.time() - KEPT.total_seconds() - 1
        os.utime(tmp_path / JOB, (old, old))
        deadline = time.monotonic() + 20
        while list(tmp_path.iterdir()):
            assert time.monotonic() < deadline, "the file is still there"
            time.sleep(0.01)
