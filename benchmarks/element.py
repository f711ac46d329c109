"""The element: what a browser fetches for it, compressed.

Budget (DESIGN section 8): at most 12 KB for all script and style, each file on its own as a server without a build step
sends it. A bundler and a better compression send less; that is shown beside it.
"""

from __future__ import annotations

import gzip
from pathlib import Path

Row = tuple[str, float, str, str | None]
SOURCES = Path(__file__).parents[1] / "element" / "src"
KILOBYTE = 1_000


def run() -> list[Row]:
    """Weigh every module that the registration needs."""
    files = [path.read_bytes() for path in sorted(SOURCES.glob("*.js"))]
    return [
        ("element: all files, compressed one by one", _weight(files), "KB", "<= 12"),
        ("element: all files, compressed as one", _weight([b"".join(files)]), "KB", None),
        ("element: all files, as they are", sum(map(len, files)) / KILOBYTE, "KB", None),
    ]


def _weight(parts: list[bytes]) -> float:
    return round(sum(len(gzip.compress(part, 6)) for part in parts) / KILOBYTE, 2)


if __name__ == "__main__":
    for row in run():
        print(*row, sep="\t")
