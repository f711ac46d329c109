"""The access log, and the last line of defence against unexpected errors.

Invariants: no query string, header, body, token or customer address is ever logged; of an unexpected error its type
and place are logged, not its message, which may quote a request; whatever happens the client gets a response.
"""

from __future__ import annotations

import re
import time
import traceback
from pathlib import Path
from typing import Any, Final

import structlog

from thinktwice.web.edge.asgi import App, Message, Receive, Scope, Send, send_problem
from thinktwice.web.edge.errors import AccessEndedError

_ALERT_TOKEN: Final = re.compile(r"(/alerts/+)[^/]+", re.IGNORECASE)
_LONG_PART: Final = re.compile(r"[^/]{40,}")
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})


def loggable_path(path: str) -> str:
    """Return a path without secrets: alert tokens, and whatever is long enough to be one, are left out."""
    path = _LONG_PART.sub("{long}", path[:500])
    path = _ALERT_TOKEN.sub(r"\1{token}", path)
    return "".join(char if char.isprintable() else "?" for char in path)[:200]


def place_of(error: BaseException) -> str:
    """Return where an error arose, innermost frame last, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames)


class AccessLog:
    """ASGI middleware, outermost: one line per request; probes only when they fail."""

    def __init__(self, app: App, *, log: Any = None) -> None:
        self._app = app
        self._log = log if log is not None else structlog.get_logger("thinktwice.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except AccessEndedError:  # nothing unexpected: the server breaks the connection of an answer without its end
            log_request(self._log, scope, status, time.perf_counter() - started)
            return
        except Exception as error:  # noqa: BLE001  (the last line of defence: a problem document instead of nothing)
            log_unexpected(self._log, error)
            if not status:
                await send_problem(scope, send_and_note, error)
        log_request(self._log, scope, status, time.perf_counter() - started)


def log_unexpected(log: Any, error: BaseException) -> None:
    """Log that something unexpected happened, and where."""
    log.error("unexpected", error=type(error).__name__, place=place_of(error))


def log_request(log: Any, scope: Scope, status: int, seconds: float) -> None:
    """Log one request; probes only when they failed."""
    path = loggable_path(scope["path"])
    if path not in _QUIET or status >= 400:
        log.info(
            "request", method=scope["method"][:10], path=path, status=status, milliseconds=round(seconds * 1000, 2)
        )
