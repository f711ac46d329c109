"""The few names of ASGI that everything at the edge is typed with, and how to answer without a framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from thinktwice.web.edge.problems import CONTENT_TYPE, encode_problem, problem_headers, problem_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of the only header of this lower-case name; None when it is absent or given twice.

    Two different values of one header are how requests are smuggled past a proxy, so neither is believed.
    """
    values = [value for key, value in scope["headers"] if key == name]
    return values[0] if len(values) == 1 else None


async def send_body(
    send: Send, status: int, content_type: bytes, body: bytes, headers: Headers = (), *, is_head: bool = False
) -> None:
    """Send a whole response."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", b"%d" % len(body)),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"" if is_head else body})


async def send_problem(
    scope: Scope, send: Send, error: BaseException, headers: Headers = (), *, is_malformed: bool = False
) -> int:
    """Send the problem document of an error and return its status."""
    problem = problem_of(error, is_malformed=is_malformed)
    await send_body(
        send,
        problem.status,
        CONTENT_TYPE,
        encode_problem(problem),
        [*problem_headers(error), *headers],
        is_head=scope.get("method") == "HEAD",
    )
    return problem.status
