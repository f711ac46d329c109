"""Reading request bodies within bounds: size, time and declared type.

Invariants: never more than the limit is kept in memory, whether the client declares a length, lies about it or
sends chunks; what is refused is read on and dropped up to ``DRAIN`` bytes, so that a client that is still writing
can read why.
"""

from __future__ import annotations

import asyncio
from typing import Final

from thinktwice.web.edge.asgi import App, Message, Receive, Scope, Send, header, send_problem
from thinktwice.web.edge.errors import ClientGoneError, EdgeError, MediaTypeError, SlowBodyError, TooLargeError

ITEM_LIMIT: Final = 64 * 1024
"""One withdrawal or event, in bytes (DESIGN section 5)."""

BATCH_LIMIT: Final = 1024 * 1024
"""One batch, in bytes (DESIGN section 5)."""

DRAIN: Final = 32 * 1024 * 1024
BODY_SECONDS: Final = 15.0


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Return the whole body of a request.

    Raises:
        TooLargeError: It has more than ``limit`` bytes.
        SlowBodyError: It did not arrive within ``BODY_SECONDS``.
        ClientGoneError: The client hung up.
    """
    declared = header(scope, b"content-length")
    if declared is not None and len(declared) > len(str(DRAIN)):
        raise TooLargeError(limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")  # nearly always: all of it came in one piece
        if len(body) > limit:
            raise TooLargeError(limit)
        return body
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read_pieces(message, receive, limit)
    except TimeoutError:
        raise SlowBodyError from None


async def _read_pieces(message: Message, receive: Receive, limit: int) -> bytes:
    """Return a body that comes in several pieces."""
    pieces: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        size += len(message.get("body", b""))
        if size <= limit:
            pieces.append(message.get("body", b""))
        else:
            pieces.clear()
        if size > DRAIN:
            break
        if not message.get("more_body"):
            if size > limit:
                break
            return b"".join(pieces)
        message = await receive()
    if message["type"] != "http.request":
        raise ClientGoneError
    raise TooLargeError(limit)


def require_json(content_type: bytes | None) -> None:
    """Refuse a body that is declared as something other than JSON; none declared is taken as JSON.

    This also keeps other sites' forms away, which a browser sends without asking first.

    Raises:
        MediaTypeError: Another media type is declared.
    """
    if content_type is None or content_type == b"application/json":
        return
    media_type = content_type.split(b";", 1)[0].strip().lower()
    if media_type != b"application/json":
        raise MediaTypeError


class BodyLimit:
    """ASGI middleware: reads the body within bounds and hands it on whole."""

    def __init__(self, app: App, limit: int = BATCH_LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 413 or 408."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive, self._limit)
        except ClientGoneError:
            return
        except EdgeError as error:
            await send_problem(scope, send, error)
            return
        await self._app(scope, _replay(body, receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a channel that first gives the body already read."""
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
