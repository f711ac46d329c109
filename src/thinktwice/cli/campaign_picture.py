"""The sheet as pictures: as many as it takes, so that no page is cut off.

Invariants: every page of the sheet is whole on exactly one picture, in the order of the sheet; each picture is at most
as high as a browser draws, and has the cover that names the version; how high a page is, is measured and never guessed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from thinktwice.errors import UnavailableError

COLUMNS: Final = 6
GAP: Final = 24
MARGIN: Final = 16
HIGHEST: Final = 16_000
"""Pixels of one picture from top to bottom; above 16,384 browsers draw nothing."""

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_SECONDS: Final = 120
_MEASURE: Final = (
    "<script>document.title = JSON.stringify([...document.body.children]"
    ".filter(one => one.tagName !== 'SCRIPT').map(one => Math.ceil(one.getBoundingClientRect().height)));</script>"
)
_TITLE: Final = re.compile(r"<title>(\[[0-9,]*\])</title>")


def height_of(heights: Sequence[int]) -> int:
    """Return how high the boxes stand in rows, the cover first."""
    rows = [max(heights[start : start + COLUMNS]) for start in range(0, len(heights), COLUMNS)]
    return sum(rows) + GAP * (len(rows) - 1) + 2 * MARGIN


def split(cover: int, heights: Sequence[int], highest: int = HIGHEST) -> list[range]:
    """Return which pages stand on which picture, beside its cover; ``heights`` are theirs in order.

    Raises:
        UnavailableError: one page alone is higher than a picture can be.
    """
    parts: list[range] = []
    start = 0
    while start < len(heights):
        fits = start
        while fits < len(heights) and height_of([cover, *heights[start : fits + 1]]) <= highest:
            fits += 1
        if fits == start:
            raise UnavailableError("a page is higher than a picture can be; write the sheet as .pdf or .html instead")
        parts.append(range(start, fits))
        start = fits
    return parts


def write_pictures(drawn: Callable[[range], str], count: int, width: int, out: Path) -> tuple[Path, ...]:
    """Draw the sheet and return the files: ``out``, or several numbered ones where it does not fit one.

    ``drawn`` gives the HTML of some pages with the cover; there are ``count`` pages.

    Raises:
        UnavailableError: there is no browser here, or it fails, or a page is too high.
    """
    cover, *heights = _measured(drawn(range(count)), width)
    parts = split(cover, heights)
    names = [out] if len(parts) == 1 else [out.with_stem(f"{out.stem}-{number}") for number in range(1, len(parts) + 1)]
    for part, name in zip(parts, names, strict=True):
        height = height_of([cover, *heights[part.start : part.stop]])
        _browse(drawn(part), f"--window-size={width},{height}", f"--screenshot={name.resolve()}")
        if not name.is_file():
            raise UnavailableError("Chromium could not make the picture; write the sheet as .pdf or .html instead")
    return tuple(names)


def _measured(html: str, width: int) -> list[int]:
    """Return the heights of the cover and of every page, as the browser lays them out."""
    said = _browse(html.replace("</body>", f"{_MEASURE}</body>"), f"--window-size={width},{HIGHEST}", "--dump-dom")
    found = _TITLE.search(said)
    if found is None:
        raise UnavailableError("Chromium could not measure the pages; write the sheet as .pdf or .html instead")
    return [int(height) for height in json.loads(found.group(1))]


def _browse(html: str, *options: str) -> str:
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise UnavailableError("no Chromium is installed here; write the sheet as .pdf or .html instead")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "sheet.html"
        page.write_text(html, "utf-8")
        command = [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            *options,
            page.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - a browser of this machine, shown our own page
    if done.returncode:
        raise UnavailableError("Chromium could not make the picture; write the sheet as .pdf or .html instead")
    return done.stdout.decode("utf-8", "replace")
