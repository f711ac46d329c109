"""The element's pure parts, tested by node's own runner where node is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ELEMENT = Path(__file__).parents[2] / "element"


def test_the_ladder_keeps_its_invariants() -> None:
    """Every claim of ``element/test`` holds: nothing lowers protection, nothing is recorded twice."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser tests still walk the ladder")
    ran = subprocess.run([node, "--test"], check=False, cwd=ELEMENT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 0" not in ran.stdout
