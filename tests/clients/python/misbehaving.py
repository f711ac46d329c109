"""A server that speaks the contract when it wants to, and otherwise does everything that servers do to clients.

It is a real one: sockets on loopback, an event loop in a thread of its own. ``taken`` counts every event it has made
its own, by id, as the service does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

MODES = (
    "slow",
    "refusing",
    "half_open",
    "hang_up",
    "reset",
    "trickled_head",
    "trickled_body",
    "endless_body",
    "html",
    "not_http",
    "wrong_json",
    "truncated",
    "wrong_shape",
    "other_withdrawal",
    "redirect",
    "status_500",
    "status_503",
    "status_403",
)


class Misbehaving:
    """Serves in ``mode``, which may be changed at any time; ``held`` are addresses that it holds."""

    def __init__(self) -> None:
        self.mode = "well"
        self.date_offset = timedelta()
        self.held: set[str] = set()
        self.alerted: set[str] = set()
        self.clearance = "cleared"
        self.refused_fields: tuple[str, ...] = ()
        self.taken: Counter[str] = Counter()
        self.told: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, bytes]] = []
        self.decisions: dict[tuple[str, int], dict[str, Any]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listening: socket.socket | None = None
        self._port = 0
        self._connections: dict[asyncio.Task[None], socket.socket] = {}
        self._last = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def go(self, mode: str) -> None:
        """Change the mode; ``refusing`` closes the port, every other opens it again."""
        self.mode = mode
        self._call(self._close() if mode == "refusing" else self._listen())

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        if self._listening is None:
            listening = socket.create_server(("127.0.0.1", self._port))
            listening.setblocking(False)
            self._port = listening.getsockname()[1]
            self._loop.add_reader(listening, self._accept, listening)
            self._listening = listening

    def _accept(self, listening: socket.socket) -> None:
        """Take a connection and count it in the same step, so that ``_close`` misses none (asyncio's server does)."""
        with contextlib.suppress(BlockingIOError, ConnectionError):
            connection, _ = listening.accept()
            connection.setblocking(False)
            self._connections[self._loop.create_task(self._serve(connection))] = connection

    async def _close(self) -> None:
        if self._listening is not None:
            self._loop.remove_reader(self._listening)
            self._listening.close()
            self._listening = None
        ended = dict(self._connections)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        for connection in ended.values():
            connection.close()  # of a task that was cancelled before its first step
        self._connections.clear()

    async def _stop(self) -> None:
        await self._close()

    async def _serve(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()  # a peer that reads no more would keep a mere close waiting
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            task = asyncio.current_task()
            assert task is not None
            self._connections.pop(task, None)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = lines[0].split(" ")[1]
        self.requests.append((path, body))
        return await self._misbehave(writer, path, body)

    async def _misbehave(self, writer: asyncio.StreamWriter, path: str, body: bytes) -> bool:
        mode = self.mode
        if mode in ("slow", "half_open"):
            await asyncio.sleep(30)
        if mode == "half_open" or mode == "hang_up":
            return False
        if mode == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        if mode == "not_http":
            writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\x00\xff\xfe")
            return False
        whole = self._reply(path, body)
        if mode == "lost_reply":
            return False
        if mode == "endless_body":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while True:
                writer.write(b'{"a":' * 2_000)
                await writer.drain()
        if mode == "truncated":
            writer.write(whole[:-20])
            await writer.drain()
            return False
        if mode in ("trickled_head", "trickled_body"):
            start = 0 if mode == "trickled_head" else whole.index(b"\r\n\r\n") + 4
            writer.write(whole[:start])
            for byte in whole[start:]:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
            return True
        writer.write(whole)
        await writer.drain()
        return True

    def _reply(self, path: str, body: bytes) -> bytes:
        json_type, html = "application/json", "<html><body>502 Bad Gateway</body></html>"
        match self.mode:
            case "html":
                return self._http(200, "text/html", html)
            case "wrong_json":
                return self._http(200, json_type, "[1, 2")
            case "wrong_shape":
                return self._http(200, json_type, json.dumps({"action": "proceed", "decision_id": 7, "results": {}}))
            case "redirect":
                return self._http(302, "text/html", html, "Location: http://192.0.2.1/login\r\n")
            case "status_500":
                return self._http(500, "text/html", html)
            case "status_503":
                problem = {"type": "/docs#problem-unavailable", "title": "Unavailable", "status": 503}
                return self._http(503, "application/problem+json", json.dumps(problem), "Retry-After: 2\r\n")
            case "status_403":
                return self._http(403, "text/html", html)
            case _:
                return self._answer(path, json.loads(body))

    def _answer(self, path: str, body: dict[str, Any]) -> bytes:
        if path == "/v1/events":
            return self._json({"results": [self._take(event) for event in body["events"]]})
        if path.endswith("/clearance"):
            status = self.clearance
            return self._json({"is_cleared": status == "cleared", "status": status, "until": None})
        if self.refused_fields:
            faults = [{"field": name, "message": "is wrong"} for name in self.refused_fields]
            problem = {"type": "/docs#problem-invalid-input", "title": "No", "status": 422, "faults": faults}
            return self._http(422, "application/problem+json", json.dumps(problem))
        return self._json(self._decide(body))

    def _decide(self, body: dict[str, Any]) -> dict[str, Any]:
        key = (body["withdrawal_id"], body.get("attempt", 1))
        address = body["destination"]["address"]
        action = "hold" if address in self.held else "alert" if address in self.alerted else "proceed"
        token = "t" * 64
        alert = {
            "id": "a-1",
            "url": f"http://127.0.0.1/alerts/{token}",
            "token": token,
            "locale": "en",
            "expires_at": self._now().isoformat(),
        }
        hold = {
            "until": (self._now() + timedelta(hours=24)).isoformat(),
            "reason_class": "customer_protection",
            "appeal_url": None,
        }
        answer = {
            "decision_id": self._id(),
            "withdrawal_id": key[0] if self.mode != "other_withdrawal" else "another",
            "attempt": key[1],
            "action": action,
            "intervention": {"hold": "hold", "alert": "confirm"}.get(action),
            "alert": alert if action == "alert" else None,
            "hold": hold if action == "hold" else None,
            "a_field_of_a_later_version": [1],
        }
        return self.decisions.setdefault(key, answer)

    def _take(self, event: dict[str, Any]) -> dict[str, Any]:
        event_id = event["event_id"]
        if event.get("type") == "nonsense":
            fault = {"field": "events[0].type", "message": "unknown"}
            return {"event_id": event_id, "status": "rejected", "faults": [fault]}
        if datetime.fromisoformat(event["occurred_at"]) > self._now() + timedelta(minutes=5):
            fault = {"field": "events[0].occurred_at", "message": "more than 5 minutes ahead"}
            return {"event_id": event_id, "status": "rejected", "faults": [fault]}
        if event_id in self.told:
            return {"event_id": event_id, "status": "duplicate" if self.told[event_id] == event else "conflict"}
        self.told[event_id] = event
        self.taken[event_id] += 1
        return {"event_id": event_id, "status": "recorded", "faults": []}

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.date_offset

    def _id(self) -> str:
        """Return a UUIDv7 that is later than every one before."""
        self._last = max(self._last + 1, int(self._now().timestamp() * 1_000))
        text = f"{self._last:012x}7000{0x8000:04x}{os.urandom(6).hex()}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def _json(self, value: object) -> bytes:
        return self._http(200, "application/json", json.dumps(value))

    def _http(self, status: int, content_type: str, text: str, more: str = "") -> bytes:
        body = text.encode()
        date = format_datetime(self._now(), usegmt=True)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nDate: {date}\r\n"
        return (head + more + "\r\n").encode() + body


@contextlib.contextmanager
def lateness() -> Iterator[list[float]]:
    """Measure beside the test how late this machine wakes threads; the longest is the last entry afterwards."""
    found = [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            started = time.perf_counter()
            time.sleep(0.005)
            found[0] = max(found[0], time.perf_counter() - started - 0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    yield found
    over.set()
    thread.join()


def withdrawal(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the body of a withdrawal; ``address`` and ``customer`` may be named."""
    address = changes.pop("address", "0x1111111111111111111111111111111111111111")
    return {
        "withdrawal_id": f"w-{number}",
        "initiated_at": "2026-11-20T12:00:00Z",
        "customer": {"id": changes.pop("customer", "customer-1"), "jurisdiction": "HK", "locale": "zh-Hant-HK"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": "12.0",
        "fiat_amount": "12.0",
        "fiat_currency": "USD",
        "destination": {"address": address},
        **changes,
    }
