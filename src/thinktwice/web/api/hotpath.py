"""``POST /v1/decisions``, answered in front of the framework (DESIGN section 7, *The hot path*).

Invariants: this path gives exactly the same refusals and headers as every other call; what it does not serve goes
on untouched. A call that succeeds is counted, not logged: the journal has it, and logging would cost more than
deciding.
"""

from __future__ import annotations

import time
from typing import Final

from thinktwice.errors import InputError
from thinktwice.web.api.metrics import ApiMetrics
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.edge.access import log_request, log_unexpected
from thinktwice.web.edge.asgi import App, Receive, Scope, Send, header, send_problem
from thinktwice.web.edge.bodies import ITEM_LIMIT, read_body, require_json
from thinktwice.web.edge.errors import ClientGoneError
from thinktwice.web.edge.headers import SECURITY_HEADERS
from thinktwice.web.edge.keys import require_key
from thinktwice.web.edge.problems import is_json

PATH: Final = "/v1/decisions"


class HotPath:
    """ASGI application that decides withdrawals and hands everything else to ``app``."""

    def __init__(self, app: App, parts: ApiParts, metrics: ApiMetrics) -> None:
        self._app = app
        self._parts = parts
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Decide, or hand on."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        body = b""
        try:
            self._parts.hosts.require(header(scope, b"host"))
            key = require_key(self._parts.keys, header(scope, b"authorization"), "decide")
            require_json(header(scope, b"content-type"))
            body = await read_body(scope, receive, ITEM_LIMIT)
            answer = await self._parts.desk.decide(body, is_test=key.is_test)
        except ClientGoneError:
            return
        except Exception as error:  # noqa: BLE001  (every error becomes a problem document, see edge.problems)
            await self._refuse(scope, send, error, body, started)
            return
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"application/json"),
                    (b"content-length", b"%d" % len(answer)),
                    *SECURITY_HEADERS,
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer})
        self._metrics.decided(answer, is_test=key.is_test)
        self._metrics.answered_decide(time.perf_counter() - started)

    async def _refuse(self, scope: Scope, send: Send, error: Exception, body: bytes, started: float) -> None:
        """Answer with a problem document; log and count it."""
        is_malformed = isinstance(error, InputError) and not is_json(body)
        status = await send_problem(scope, send, error, SECURITY_HEADERS, is_malformed=is_malformed)
        if status == 500:
            log_unexpected(self._parts.log, error)
        seconds = time.perf_counter() - started
        log_request(self._parts.log, scope, status, seconds)
        self._metrics.answered("decide", status, seconds)
