"""One alert as the page that shows it may know it: words by reference, the customer's own facts, the choice so far.

Invariant: nothing here comes from the staff record (rule 7).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from thinktwice.records.decision import AlertReference, CustomerFacts
from thinktwice.records.vocabulary import Rung

Choice = Literal["cancelled", "continued", "reported", "changed"]


class OpenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert behind a valid token."""

    decision_id: str
    reference: AlertReference
    facts: CustomerFacts
    intervention: Rung | None
    choice: Choice | None = None
    event_types: frozenset[str] = frozenset()
