"""One JSON object a line, whoever logs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

_SAID = """
import logging, structlog
from thinktwice.bootstrap.logs import log_to_stderr

ours = structlog.get_logger("ours")
log_to_stderr("info")
ours.info("up", port=8080)
theirs = logging.getLogger("theirs")
theirs.info("not from a library below a warning")
theirs.warning("slow: %s\\nand a second line", "disk")
try:
    held = "never told"
    raise ValueError("nobody foresaw this")
except ValueError:
    ours.exception("failed")
    theirs.exception("failed as well")
log_to_stderr("error")
ours.info("no longer wanted")
"""


def test_every_line_is_an_object_and_an_error_says_where() -> None:
    """Ours and those of libraries alike; a level that is set later holds for a logger that was used before."""
    done = subprocess.run([sys.executable, "-c", _SAID], capture_output=True, text=True, timeout=120, check=True)
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["level"], line.get("logger")) for line in lines] == [
        ("up", "info", None),
        ("slow: disk\nand a second line", "warning", "theirs"),
        ("failed", "error", None),
        ("failed as well", "error", "theirs"),
    ]
    assert all("timestamp" in line for line in lines)
    for failed in lines[2:]:
        assert "line 13, in <module>" in failed["exception"]
        assert failed["exception"].endswith("ValueError: nobody foresaw this")
    assert "never told" not in done.stderr
    assert done.stdout == ""
