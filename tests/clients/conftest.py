"""Makes the clients importable: they are packages of their own and are not installed with ours."""

from __future__ import annotations

import sys
from pathlib import Path

_SOURCE = str(Path(__file__).parents[2] / "clients" / "python" / "src")
if _SOURCE not in sys.path:
    sys.path.insert(0, _SOURCE)
