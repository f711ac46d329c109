"""Hand-offs: what another team's system is told about a withdrawal that waits.

Invariants: told under the note's own id however often it is tried, so that the receiver counts it once; put down as
told only after it was acknowledged; nothing says whether a suspicious-transaction report exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

SELECT_UNTOLD: Final = """
SELECT id, decision_id, at, text_sealed FROM intervention_note
WHERE kind = 'hand_off' AND told_at IS NULL ORDER BY rowid LIMIT 20
"""
SET_TOLD: Final = "UPDATE intervention_note SET told_at = ? WHERE id = ? AND told_at IS NULL"


@dataclass(frozen=True, slots=True)
class HandOff:
    """One hand-off that nobody acknowledged; ``body`` is the JSON of its webhook, the same at every attempt."""

    id: str
    body: bytes


class HandOffs:
    """The hand-offs in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing) -> None:
        self._ledger = ledger
        self._sealing = sealing

    def untold(self) -> tuple[HandOff, ...]:
        """Return some that wait, the oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_UNTOLD).fetchall()
        return tuple(self._hand_off(*row) for row in rows)

    def tell(self, deliver: Callable[[HandOff], str | None]) -> list[str]:
        """Try what waits once; returns what went wrong, in words for a log."""
        faults = []
        for one in self.untold():
            fault = deliver(one)
            if fault is not None:
                faults.append(f"hand-off {one.id}: {fault}")
                continue
            with self._ledger.act(
                Actor("system", "hand-offs"), "intervention.told", "intervention_note", one.id
            ) as act:
                act.connection.execute(SET_TOLD, (as_text(act.at), one.id))
        return faults

    def _hand_off(self, note_id: str, decision_id: str, at: str, sealed: bytes) -> HandOff:
        text = self._sealing.open(sealed, f"intervention_note.text:{note_id}")
        data = {"decision_id": decision_id, "text": text}
        event = {"type": "intervention.handed_off", "timestamp": at, "data": data}
        return HandOff(note_id, msgspec.json.encode(event))
