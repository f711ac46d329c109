"""What has to be told out of band: supervisors of a request, a missed target, customers on an agency's list.

Invariants: a notice is told under its own id however often it is tried, so that its receiver counts it once; it is put
down as told only after it was acknowledged; what cannot be told stays, and the oldest age of it can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.request import request_of
from thinktwice.cases.targets import TARGET_MISSED
from thinktwice.cases.victims import MESSAGE_KIND, VictimMessages
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

AT_ONCE: Final = 20
COUNT_UNTOLD: Final = "SELECT count(*), min(made_at) FROM case_notice WHERE told_at IS NULL"
_MESSAGES: Final = msgspec.json.Decoder(VictimMessages)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice that nobody acknowledged; ``body`` is the JSON of its webhook, the same at every attempt."""

    id: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many notices wait, and since when the oldest does."""

    waiting: int
    since: datetime | None


class Notices:
    """The notices in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing) -> None:
        self._ledger = ledger
        self._sealing = sealing

    def untold(self) -> tuple[Notice, ...]:
        """Return some that wait, the oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(sql.SELECT_UNTOLD, (AT_ONCE,)).fetchall()
            return tuple(
                Notice(row[0], row[2], msgspec.json.encode(_event(connection, self._sealing, row))) for row in rows
            )

    def backlog(self) -> Backlog:
        """Return what waits."""
        with self._ledger.reading() as connection:
            waiting, oldest = connection.execute(COUNT_UNTOLD).fetchone()
        return Backlog(waiting, datetime.fromisoformat(oldest) if oldest else None)

    def tell(self, deliver: Callable[[Notice], str | None]) -> list[str]:
        """Try what waits once; returns what went wrong, in words for a log."""
        return list(self._tell(deliver))

    def _tell(self, deliver: Callable[[Notice], str | None]) -> Iterator[str]:
        for notice in self.untold():
            fault = deliver(notice)
            if fault is not None:
                yield f"notice {notice.id}: {fault}"
                continue
            with self._ledger.act(Actor("system", "notices"), "notice.tell", "case_notice", notice.id) as act:
                act.connection.execute(sql.SET_TOLD, (as_text(act.at), notice.id))
                act.note(kind=notice.kind)


def _event(connection: Any, sealing: Sealing, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return the webhook of a notice; a supervisor learns who asks for which kind of thing, and not about whom."""
    notice_id, case_id, kind, recipient, made_at = row
    opened = sealing.open(recipient, f"case_notice.recipient:{notice_id}")
    with closing(connection.execute(sql.SELECT_REQUEST, (case_id,))) as cursor:
        request = request_of(cursor.fetchone(), sealing)
    if kind == MESSAGE_KIND:
        told = _MESSAGES.decode(opened)
        data: dict[str, Any] = {
            "message": told.message,
            "words": dict(told.words),
            "sha256": told.digest,
            "customer_refs": list(told.customer_refs),
        }
        return {"type": "case.victim_message", "timestamp": made_at, "data": data}
    agency = agency_of(connection.execute(SELECT_AGENCY, (request.agency_id,)).fetchone())
    data = {
        "recipient": opened,
        "supervisor": request.form.supervisor_name,
        "agency": agency.name,
        "number": request.number,
        "kind": request.kind,
        "officer": request.form.officer_name,
        "case_number": request.form.case_number,
    }
    if kind == TARGET_MISSED and request.decide_by is not None:
        data["decide_by"] = as_text(request.decide_by)
    return {"type": f"case.{kind}", "timestamp": made_at, "data": data}
