"""What the element on the operator's own page needs beside the rendered alert.

Invariants: interface words come from one place, so page and element say the same; what was recorded before is named
by kind only, so that a reload repeats nothing; nothing here comes from the staff record (rule 7).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from thinktwice.alerts.asking import contact_question
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.words import words_for
from thinktwice.keyring.codes import Codes
from thinktwice.records.alert import OpenAlert
from thinktwice.web.customer.codes_shown import code_shown

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


def element_view(
    alert: RenderedAlert, opened: OpenAlert, operator: str, codes: Codes, now: datetime
) -> dict[str, object]:
    """Return the body of ``GET /v1/alerts/{id}``.

    ``now`` lets a browser with a wrong clock date what it records; ``events`` are the kinds recorded so far and
    ``asked_for`` what the customer asked of us; ``code`` proves that the message is ours, ``call_code`` the caller.
    """
    shown = code_shown(alert, opened.facts.jurisdiction, operator, codes, now)
    return {
        "alert": alert,
        "choice": opened.choice,
        "events": sorted(opened.event_types),
        "asked_for": sorted(opened.asked_for),
        "code": shown.code if shown else None,
        "call_code": call_code_of(alert, codes),
        "now": now,
        "words": element_words(alert) | {"code_text": shown.text if shown else ""},
    }


def call_code_of(alert: RenderedAlert, codes: Codes) -> str | None:
    """Return what the caller says, where a call is announced."""
    return codes.of_call(alert.alert_id) if alert.waiting is not None and alert.waiting.has_call else None


def element_words(alert: RenderedAlert) -> dict[str, str]:
    """Return the interface words in the alert's language, with everything filled in that stays as it is."""
    words = words_for(alert.locale)
    said = {name: str(getattr(words, name)) for name in _AS_THEY_ARE}
    said |= {
        "differs_text": words.typing_differs,
        "next": words.ask.next,
        "unanswered_text": words.ask.missing,
        "code": words.verify.code,
        "call_code": words.waiting.call_code,
    }
    if alert.waiting is None or not alert.waiting.is_over:  # once nothing waits, nobody is told what it waits for
        said |= {"appeal_done": words.waiting.appeal_done, "call_me_done": words.waiting.call_me_done}
    if alert.exits.scammed is not None:
        # What the hosted page has besides, after a choice: the one optional question, and the report to take away.
        said |= {"cancelled_more": contact_question(words).text, "reported_more": words.report_words.title}
    if alert.pair is not None:
        first, last = alert.pair.first_asked, alert.pair.last_asked
        said["typing_label"] = words.typing_label.format(first=first, last=last)
        said["missing_text"] = words.typing_missing.format(count=last - first + 1)
    return said
