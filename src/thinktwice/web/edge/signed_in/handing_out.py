"""Handing a file out, piece by piece, for as long as whoever takes it has access.

Invariants: a file is only ever an attachment, whatever it says it is; while pieces leave, session, account and agency
are asked again every second; when access has ended the connection is broken before the file is whole, so that its
length says that it is not, and the chain holds that it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from thinktwice.cases.filing import Download
from thinktwice.web.edge.errors import AccessEndedError
from thinktwice.web.edge.signed_in.visit import Visit

AGAIN_SECONDS: Final = 1.0
"""How long pieces leave before access is asked for again."""


def hand_out(visit: Visit, file: Download, case_id: str) -> Response:
    """Answer with a file of a request."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.size),
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Content-SHA256": file.sha256,
    }
    pieces = while_access_lasts(visit, file.pieces, ("case.download.use", "case", case_id))
    return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)


def while_access_lasts(visit: Visit, pieces: Iterator[bytes], taking: tuple[str, str, str]) -> Iterator[bytes]:
    """Yield pieces until they are at their end; ``taking`` is the act, and the kind and id of what is taken away.

    Raises:
        AccessEndedError: The session, its account or its agency is not let in any more.
        UnavailableError: That cannot be asked.
    """
    parts, secret = visit.parts, visit.secret or ""
    asked = time.monotonic()
    for piece in pieces:
        if time.monotonic() - asked >= AGAIN_SECONDS:
            # Somebody sits there and waits for the file: that keeps the session alive like any other request.
            if parts.gate.person(secret, is_active=True) is None:
                parts.ledger.refused(visit.actor, *taking, "access ended while it was handed out")
                raise AccessEndedError
            asked = time.monotonic()
        yield piece
