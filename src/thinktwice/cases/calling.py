"""The call to the agency behind a request, on the number that it did not give.

Invariants: a call counts only while the agency is trusted as far as the request needs, so that a number that one person
changed is nobody's call before two people trust it; the entry of the chain names the number that was called.
"""

from __future__ import annotations

from thinktwice.audit.ledger import Act
from thinktwice.cases.agencies import SELECT_AGENCY, Agency, agency_of
from thinktwice.cases.kinds import Kind, may_ask
from thinktwice.cases.request import CaseRequest
from thinktwice.errors import Phrase, StateError


def uncallable(agency: Agency, kind: Kind) -> Phrase | None:
    """Return why no call to this agency counts for a request of this kind now, None when one does."""
    if agency.call_back_number is None:
        return Phrase("no number of this agency is recorded yet")
    if not may_ask(kind, agency.trust):
        return Phrase("the agency is not trusted far enough for this any more; two people look at its number first")
    return None


def note_call(act: Act, request: CaseRequest) -> None:
    """Put down in the entry of a call-back which number was called.

    Raises:
        StateError: No call counts now.
    """
    agency = agency_of(act.connection.execute(SELECT_AGENCY, (request.agency_id,)).fetchone())
    if fault := uncallable(agency, request.kind):
        raise StateError(fault)
    act.note(number_called=agency.call_back_number)
