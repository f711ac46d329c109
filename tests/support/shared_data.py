"""Where the real data lies: published lists and cases that are used in tests and never committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("THINKTWICE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def shared_data(name: str) -> Path:
    """Return the path of one file of the shared data; skip the test when absent, but fail in CI."""
    path = FOLDER / name
    if not path.exists():
        reason = f"real data not found at {path}; set THINKTWICE_SHARED_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
