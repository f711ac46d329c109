"""Making evidence about one decision.

Invariants: the customer edition never meets the explanation: its parts are built by functions that are given the
customer's side; one PDF is made at a time, in a process of its own, so that deciding never waits for it.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.stored import StoredVersion
from thinktwice.decisions.clock import utc_now
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.working_set import decision_decoder
from thinktwice.errors import InputError, NotFoundError, Phrase
from thinktwice.evidence import staff
from thinktwice.evidence.acts import Act, acts_of, customers_side, staff_side
from thinktwice.evidence.page import page_of
from thinktwice.evidence.paper import pdf_of
from thinktwice.evidence.sealing import plain, seal_key_of, sealed
from thinktwice.evidence.shown import Shown, as_part, questions_of, shown_of
from thinktwice.journal.seam import JournalReader
from thinktwice.keyring.keys import Keyring
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation

Edition = Literal["customer", "restricted"]
EDITIONS: Final[tuple[Edition, ...]] = get_args(Edition)

PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceService:
    """Makes sealed evidence from what one installation stored."""

    reader: JournalReader
    archive: VersionArchive
    control: Path
    keyring: Keyring
    installation: Installation
    live: Callable[[], LiveCampaigns]
    policies: Callable[[], tuple[CampaignPolicy, ...]]
    operator: str
    clock: Callable[[], datetime] = utc_now
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def make(self, decision_id: str, edition: str) -> bytes:
        """Return the evidence file about a decision; it holds its own PDF.

        Raises:
            InputError: there is no such edition, or no key to seal with.
            NotFoundError: no decision has this id.
            UnavailableError: something cannot be read, or the PDF cannot be made.
        """
        if edition not in EDITIONS:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(EDITIONS)), field="edition")
        seal_key_of(self.keyring)
        body = self.reader.decision(decision_id)
        if body is None:
            raise NotFoundError("no decision has this id")
        parts = self._parts(decision_decoder.decode(body), is_restricted=edition == "restricted")
        made_at = self.clock()
        page = page_of(parts, edition=edition, operator=self.operator, made_at=made_at)
        with self._one_at_a_time:
            pdf = pdf_of(page)
        parts["document"] = {
            "media_type": PDF,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "base64": base64.b64encode(pdf).decode(),
        }
        return sealed(
            parts,
            edition=edition,
            decision_id=decision_id,
            operator=self.operator,
            made_at=made_at,
            keyring=self.keyring,
        )

    def _parts(self, decision: Decision, *, is_restricted: bool) -> dict[str, Any]:
        acts = acts_of(decision, self.reader)
        shown = shown_of(decision, acts, self.archive.version)
        parts = customers_parts(decision, acts, shown)
        if not is_restricted:
            return parts
        stored = self._stored(decision)
        return parts | {
            "acts": staff_side(acts),
            "decision": staff.decision_part(decision),
            "content": staff.content_part(stored),
            "ladder": staff.ladder_part(decision, stored, self.policies(), self.installation),
            "sources": staff.sources_part(decision, self.control),
            "replay": staff.replay_part(decision, self.live(), self.installation),
        }

    def _stored(self, decision: Decision) -> StoredVersion | None:
        explanation = decision.explanation
        if explanation.campaign is None or explanation.version is None:
            return None
        try:
            return self.archive.version(explanation.campaign, explanation.version)
        except (NotFoundError, InputError):
            return None  # the part ``shown`` says that the words are lost


def customers_parts(decision: Decision, acts: tuple[Act, ...], shown: Shown | None) -> dict[str, Any]:
    """Return the parts that a customer may read."""
    about = {
        "decision_id": decision.decision_id,
        "withdrawal_id": decision.withdrawal_id,
        "attempt": decision.attempt,
        "decided_at": decision.decided_at,
        "action": decision.action,
        "intervention": decision.intervention,
        "hold": decision.hold,
        "is_test": decision.is_test,
    }
    return {
        "about": plain(about),
        "withdrawal": plain(decision.facts),
        "shown": as_part(shown),
        "acts": customers_side(acts, questions_of(shown)),
    }


def document_of(evidence: bytes) -> bytes:
    """Return the PDF that an evidence file holds."""
    import msgspec

    found: bytes = base64.b64decode(msgspec.json.decode(evidence)["parts"]["document"]["base64"])
    return found
