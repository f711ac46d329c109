"""Service targets: until when a request is decided for the first time, and telling when that time has passed.

Invariants: a target is the agency's country's, or ours where its table names none; a missed one is told once, as an act
of the clock, whoever looks or does not; what was decided or has ended misses nothing any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.request import CaseRequest, request_of
from thinktwice.cases.supervision import tell
from thinktwice.errors import StateError
from thinktwice.people.acting import acting
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

TARGET_MISSED: Final = "target_missed"
AT_ONCE: Final = 200
SELECT_MISSED: Final = """
SELECT id FROM case_request
WHERE state IN ('submitted', 'verifying_requester', 'needs_information', 'legal_review') AND decide_by < ?
AND decided_at IS NULL AND id NOT IN (SELECT case_id FROM case_notice WHERE kind = ?) ORDER BY decide_by, id LIMIT ?
"""
"""By the index of states and times, so that the rows of all the other requests, which may be large, are not read."""
WAS_TOLD: Final = "SELECT 1 FROM case_notice WHERE case_id = ? AND kind = ?"


def target_of(connection: sqlite3.Connection, bases: LegalBases, request: CaseRequest) -> timedelta:
    """Return the time for the first decision of a request."""
    agency = agency_of(connection.execute(SELECT_AGENCY, (request.agency_id,)).fetchone())
    return timedelta(hours=bases.reply_hours(agency.country, request.kind))


class Targets:
    """The targets of the requests in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def tell_missed(self) -> int:
        """Leave a notice for every target that was missed since, and return how many; called by the clock."""
        with self._ledger.reading() as connection:
            values = (as_text(self._clock()), TARGET_MISSED, AT_ONCE)
            missed = [row[0] for row in connection.execute(SELECT_MISSED, values)]
        told = 0
        for case_id in missed:
            with suppress(StateError):  # decided, or told by another process, since it was listed
                self._tell(case_id)
                told += 1
        return told

    def _tell(self, case_id: str) -> None:
        with acting(self._ledger, Actor("system", "cases"), "case.miss_target", "case", case_id) as act:
            found = request_of(act.connection.execute(sql.SELECT_REQUEST, (case_id,)).fetchone(), self._sealing)
            was_told = act.connection.execute(WAS_TOLD, (case_id, TARGET_MISSED)).fetchone() is not None
            if was_told or not found.is_late(act.at):
                raise StateError("no target is missed here, or it was told")
            tell(act, self._sealing, found, TARGET_MISSED)
