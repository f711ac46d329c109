"""What staff ask of the deciding process, carried to it while it runs.

Invariants: the one process that writes the journal does it; what cannot be carried now is carried at a later turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.core import Core
from thinktwice.bootstrap.following import following
from thinktwice.decisions.asks import Ask, Resolve
from thinktwice.decisions.clock import utc_now
from thinktwice.interventions.resolutions import Carrier
from thinktwice.journal.writer import GroupCommit
from thinktwice.people.sealing import Sealing
from thinktwice.records.resolution import ResolutionAct, ResolutionResult


@contextmanager
def carrying(core: Core, writer: GroupCommit[Ask, Any]) -> Iterator[None]:
    """Carry for as long as the block lasts; nothing without a master key, under which everything asked is sealed."""
    if not core.keyring.masters:
        yield
        return

    def apply(act: ResolutionAct) -> ResolutionResult:
        result: ResolutionResult = writer.submit(Resolve(act)).result()
        return result

    with closing(Ledger(core.folder.control, utc_now)) as ledger:
        carrier = Carrier(ledger, Sealing(core.keyring.masters), apply)
        with following(core.folder.control, carrier.carry, "carrying"):
            yield
