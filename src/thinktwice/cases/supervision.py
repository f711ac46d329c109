"""Who is told out of band of what is asked in an officer's name.

Invariants: who asks does not choose alone who is told: every administrator of the agency who may sign in, other than
the one who asks, is told of every request at the address of their own account; a notice is written in the transaction
of what it tells, its recipient sealed.
"""

from __future__ import annotations

import sqlite3
import uuid
from datetime import datetime
from typing import Final

from thinktwice.audit.ledger import Act
from thinktwice.cases import statements as sql
from thinktwice.cases.request import CaseRequest
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

OF_A_REQUEST: Final = "request_submitted"

SELECT_ADMINISTRATORS: Final = """
SELECT id, email_sealed FROM account
WHERE realm = 'portal' AND agency_id = ? AND id != ? AND state = 'active' AND activated_at <= ?
AND (access_expires_at IS NULL OR access_expires_at > ?)
AND ' ' || roles || ' ' LIKE '% agency_administrator %' ORDER BY created_at, id
"""


def tell(act: Act, sealing: Sealing, request: CaseRequest, kind: str) -> None:
    """Leave a notice for the supervisor named in a request; of a new request one for each administrator too."""
    recipients = [request.form.supervisor_contact]
    if kind == OF_A_REQUEST:
        recipients = _of_a_request(act, sealing, request)
    for recipient in recipients:
        notice_id = uuid.uuid4().hex
        sealed = sealing.seal(recipient, f"case_notice.recipient:{notice_id}")
        act.connection.execute(sql.INSERT_NOTICE, (notice_id, request.id, kind, sealed, as_text(act.at)))


def has_independent_supervisor(connection: sqlite3.Connection, request: CaseRequest, at: datetime) -> bool:
    """Whether somebody whom the requester did not choose could be told at this time."""
    return bool(_administrators(connection, request, at))


def _of_a_request(act: Act, sealing: Sealing, request: CaseRequest) -> list[str]:
    named = request.form.supervisor_contact
    known = [
        sealing.open(email, f"account.email:{account_id}")
        for account_id, email in _administrators(act.connection, request, act.at)
    ]
    is_known = named.strip().casefold() in {email.casefold() for email in known}
    return known if is_known else [named, *known]


def _administrators(connection: sqlite3.Connection, request: CaseRequest, at: datetime) -> list[tuple[str, bytes]]:
    values = (request.agency_id, request.author, as_text(at), as_text(at))
    return connection.execute(SELECT_ADMINISTRATORS, values).fetchall()
