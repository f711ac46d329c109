"""The ceiling: the same HTTP server reading each body and answering the same bytes, without anything in between."""

from __future__ import annotations

import sys

from thinktwice.bootstrap.serving import bind, port_of, serve
from thinktwice.web.edge.asgi import Receive, Scope, Send

ANSWER = b'{"decision_id":"019a' + b"0" * 360 + b'"}'
"""As long as an answer usually is: two thirds proceed (about 200 bytes), the others carry an alert (about 700)."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, answer."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


if __name__ == "__main__":
    with bind("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{port_of(listener)}"
        serve([(app, listener)], when_ready=lambda: print(f"serving no-op at {url} ", file=sys.stderr, flush=True))
