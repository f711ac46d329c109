"""What the element on the operator's own page needs beside the rendered alert.

Invariants: interface words come from one place, so page and element say the same; what was recorded before is named
by kind only, so that a reload repeats nothing; nothing here comes from the staff record (rule 7).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.words import words_for
from thinktwice.records.alert import OpenAlert

_AS_THEY_ARE: Final = (
    "to",
    "network",
    "memo",
    "language",
    "second_screen",
    "example",
    "signs",
    "preempt",
    "tips",
    "resources",
    "new_window",
    "back",
    "second_step",
    "typing_pattern",
    "typing_differs",
    "error",
    "cannot_type",
    "read_back",
    "optional",
    "cancelled",
    "continued",
    "reported",
    "still_open",
    "away",
    "away_text",
)


def element_view(alert: RenderedAlert, opened: OpenAlert, operator: str, now: datetime) -> dict[str, object]:
    """Return the body of ``GET /v1/alerts/{id}``.

    ``now`` lets a browser with a wrong clock date what it records; ``events`` are the kinds recorded so far.
    """
    return {
        "alert": alert,
        "choice": opened.choice,
        "events": sorted(opened.event_types),
        "now": now,
        "words": element_words(alert, operator),
    }


def element_words(alert: RenderedAlert, operator: str) -> dict[str, str]:
    """Return the interface words in the alert's language, with everything filled in."""
    words = words_for(alert.locale)
    said = {name: str(getattr(words, name)) for name in _AS_THEY_ARE}
    said["report"] = words.report.format(operator=operator)
    if alert.pair is not None:
        first, last = alert.pair.first_asked, alert.pair.last_asked
        said["typing_label"] = words.typing_label.format(first=first, last=last)
        said["typing_missing"] = words.typing_missing.format(count=last - first + 1)
    return said
