"""The code that proves a message ours, and the words that go with it, as page and element show them.

Invariants: both say until when the code holds, in the customer's own time, because a page that waits is left open
longer than that; a screen that may be the thief's has none.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from thinktwice.alerts.figures import moment_in
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.words import words_for
from thinktwice.keyring.codes import Codes


class CodeShown(NamedTuple):
    """A code, and how and until when it can be checked."""

    code: str
    text: str


def code_shown(alert: RenderedAlert, jurisdiction: str, operator: str, codes: Codes, now: datetime) -> CodeShown | None:
    """Return the code of an alert at this minute; None where the screen has none."""
    if not alert.is_notice and alert.exits.scammed is None:
        return None
    until = moment_in(codes.hold_until(now), alert.locale, jurisdiction)
    text = words_for(alert.locale).verify.code_text.format(operator=operator, until=until)
    return CodeShown(codes.of_message(alert.alert_id, now), text)
