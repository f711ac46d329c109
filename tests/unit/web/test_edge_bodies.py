"""Bodies are read within bounds, whether or not their length is declared."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.http import ask
from thinktwice.web.edge import bodies
from thinktwice.web.edge.asgi import Message, Receive, Scope, Send, send_body
from thinktwice.web.edge.bodies import BodyLimit, read_body, require_json
from thinktwice.web.edge.errors import ClientGoneError, MediaTypeError, SlowBodyError, TooLargeError


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await read_body(scope, receive, 10**9)
    await send_body(send, 200, b"text/plain", b"%d" % len(body))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"x" * 1000, 200),
        (b"x" * 1001, 413),
        ([b"x" * 500, b"x" * 500], 200),
        ([b"x" * 500, b"x" * 501], 413),
        ([b"x"] * 1001, 413),
        ([b"x" * 65_536] * 160, 413),
    ],
    ids=["none", "limit", "over", "chunks", "chunks over", "many chunks", "10 MB in chunks"],
)
def test_the_limit_holds_for_every_way_of_sending(body: bytes | list[bytes], status: int) -> None:
    """Declared or chunked, one byte over the limit is 413."""
    response = ask(BodyLimit(echo, 1000), "POST", "/", body=body)
    assert response.status_code == status
    if status == 413:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["connection"] == "close"


def pieces(*messages: Message) -> Receive:
    queue = list(messages)

    async def receive() -> Message:
        return queue.pop(0)

    return receive


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_what_is_refused_is_not_kept() -> None:
    """Reading stops after a bounded amount even when the client never does."""
    sent = 0

    async def endless() -> Message:
        nonlocal sent
        sent += 1_000_000
        return part(b"x" * 1_000_000, more=True)

    with pytest.raises(TooLargeError):
        asyncio.run(read_body({"headers": []}, endless, 10))
    assert sent <= bodies.DRAIN + 2_000_000


def test_an_absurd_length_is_refused_unread() -> None:
    """A declared length beyond all bounds is refused before anything is read."""
    with pytest.raises(TooLargeError):
        asyncio.run(read_body({"headers": [(b"content-length", b"9" * 12)]}, pieces(), 10))


def test_a_client_that_hangs_up_is_noticed() -> None:
    """A connection that ends in the middle is not a shorter body."""
    with pytest.raises(ClientGoneError):
        asyncio.run(read_body({"headers": []}, pieces(part(b"{", more=True), {"type": "http.disconnect"}), 10))


def test_a_body_that_never_ends_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that stops sending is given up."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    is_first = True

    async def slow() -> Message:
        nonlocal is_first
        if not is_first:
            await asyncio.sleep(5)
        is_first = False
        return part(b"x", more=True)

    with pytest.raises(SlowBodyError):
        asyncio.run(read_body({"headers": []}, slow, 10))


@pytest.mark.parametrize(
    ("declared", "is_taken"),
    [
        (None, True),
        (b"application/json", True),
        (b"Application/JSON; charset=utf-8", True),
        (b"text/plain", False),
        (b"application/x-www-form-urlencoded", False),
        (b"multipart/form-data; boundary=x", False),
    ],
)
def test_forms_are_not_json(declared: bytes | None, is_taken: bool) -> None:
    """What a foreign page can send without asking is refused."""
    if is_taken:
        require_json(declared)
    else:
        with pytest.raises(MediaTypeError):
            require_json(declared)
