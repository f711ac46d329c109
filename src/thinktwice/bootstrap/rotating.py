"""Everything that an installation keeps under its master key, named once, so that one command replaces the key.

Invariant: every column of envelopes in ``control.db`` is among these; a test holds the tables to it.
"""

from __future__ import annotations

from typing import Final

from thinktwice.cases import rotation as cases
from thinktwice.people import rotation as people
from thinktwice.people.rotation import Sealed

COLUMNS: Final = (
    *people.COLUMNS,
    *cases.COLUMNS,
    Sealed("intervention_note", "text_sealed", "intervention_note.text"),
    Sealed("resolution_asked", "request_sealed", "resolution_asked.request", row="act_id"),
    Sealed("campaign_comment", "text_sealed", "campaign_comment.text"),
    Sealed("listing_dispute", "words_sealed", "listing_dispute.words"),
    Sealed("listing_dispute", "reason_sealed", "listing_dispute.reason"),
)
