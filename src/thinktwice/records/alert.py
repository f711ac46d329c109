"""One alert as the page that shows it may know it: words by reference, the customer's own facts, the choice so far.

Invariant: nothing here comes from the staff record (rule 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from thinktwice.records.decision import AlertReference, CustomerFacts, Hold
from thinktwice.records.vocabulary import Action, Rung

Choice = Literal["cancelled", "continued", "reported", "changed"]
Standing = Literal["over", "released", "lapsed", "ended", "sent"]
"""What became of a withdrawal meanwhile, where nothing waits any more: the wait is over, staff ended it early, the
request no longer counts (too old, or asked again), it was stopped by the operator, or its money has left."""


class OpenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert behind a valid token.

    ``action`` and ``intervention`` are the step at which the customer stands now, after their answers; ``hold`` says
    until when and why it waits. ``answers`` are the customer's own, by question; ``asked_for`` what they asked of us
    (``appeal``, ``call_me``); ``report`` what they told with a report. ``must_end_sharing`` asks them to change the
    device instead of answering. ``standing`` is None while the withdrawal stands as ``action`` says. ``choice`` is what
    the customer chose, as far as it still counts; that it was chosen stays in ``event_types``.
    ``keeps_first_line`` chooses between help lines where one has been sent as many calls as it agreed to; it is true of
    many alerts for no reason at all, so it says nothing, and it never leaves the server.
    """

    decision_id: str
    reference: AlertReference
    facts: CustomerFacts
    intervention: Rung | None
    action: Action = "alert"
    hold: Hold | None = None
    decided_at: datetime | None = None
    answers: Mapping[str, str] = {}
    asked_for: frozenset[str] = frozenset()
    report: Mapping[str, str] = {}
    must_end_sharing: bool = False
    choice: Choice | None = None
    event_types: frozenset[str] = frozenset()
    standing: Standing | None = None
    keeps_first_line: bool = False
