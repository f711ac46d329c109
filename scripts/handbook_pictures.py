"""Put the pictures that the handbook's test took in the place of the committed ones.

Run ``pytest tests/browser/console/test_handbook.py`` first, look at ``artifacts/handbook``, then run this.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TAKEN = ROOT / "artifacts" / "handbook"
COMMITTED = ROOT / "docs" / "handbook"


def main() -> int:
    """Copy them; return the exit code."""
    taken = {path.name: path for path in TAKEN.glob("*.png")}
    if not taken:
        print("no pictures; run: pytest tests/browser/console/test_handbook.py", file=sys.stderr)
        return 1
    COMMITTED.mkdir(parents=True, exist_ok=True)
    for old in COMMITTED.glob("*.png"):
        if old.name not in taken:
            old.unlink()
    for name, path in sorted(taken.items()):
        shutil.copyfile(path, COMMITTED / name)
        print(f"{name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
