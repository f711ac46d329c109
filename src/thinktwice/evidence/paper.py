"""From a page to a PDF, in a process of its own.

Invariants: laying out a page shares no thread, no lock and no memory with deciding; the page loads nothing, from the
network or from disk, but pictures that are written into it; a page that cannot be laid out in time is an error that
says so.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any, Final

from thinktwice.errors import UnavailableError

SECONDS: Final = 120
"""Patience with one document; a busy machine takes some seconds."""


def pdf_of(page: str) -> bytes:
    """Return a page of HTML as PDF.

    Raises:
        UnavailableError: it cannot be laid out here.
    """
    command = [sys.executable, "-m", "thinktwice.evidence.paper"]
    try:
        done = subprocess.run(command, input=page.encode(), capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - this module, started anew
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"the PDF could not be made: {type(error).__name__}") from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UnavailableError(f"the PDF could not be made: {last[:200]}")
    return done.stdout


def _lay_out() -> None:
    """Read HTML from standard input and write PDF to standard output."""
    import weasyprint

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc]  # the library has no types
        """Fetches nothing but what stands in the page itself, so that it cannot reach beyond."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return a picture that the address holds; refuse any other."""
            if url.startswith("data:image/png;base64,"):
                return super().fetch(url, headers)
            raise ValueError(f"evidence loads nothing: {url[:40]} {headers and ''}")

    html = sys.stdin.buffer.read().decode("utf-8")
    sys.stdout.buffer.write(weasyprint.HTML(string=html, url_fetcher=Nothing()).write_pdf(pdf_tags=True))


if __name__ == "__main__":
    _lay_out()
