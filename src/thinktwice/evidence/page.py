"""The document inside a pack: the same parts, for a person to read.

Invariants: made from the parts of its edition and nothing else, so that it cannot say more than they do; everything is
escaped; times carry their zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from thinktwice import __version__
from thinktwice.evidence.sealing import digest_of


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template environment of the document."""
    made = Environment(
        loader=PackageLoader("thinktwice.evidence"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"utc": utc, "run_text": run_text}
    return made


def page_of(parts: Mapping[str, Any], *, edition: str, operator: str, made_at: datetime) -> str:
    """Return the document as one page of HTML that needs no other file."""
    digests = {name: digest_of(part) for name, part in parts.items()}
    return (
        environment()
        .get_template("evidence.html")
        .render(
            parts=parts,
            edition=edition,
            operator=operator,
            made_at=made_at.isoformat(timespec="seconds"),
            product=f"ThinkTwice {__version__}",
            digests=digests,
        )
    )


def utc(moment: str | None) -> str:
    """Return a time of a part as a reader takes it: to the second, with its zone."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S} UTC" if moment else "unknown"


def run_text(runs: list[dict[str, Any]]) -> str:
    """Return the text of some runs of words."""
    return "".join(run["text"] for run in runs)
