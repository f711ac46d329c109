"""An operator's server that receives webhooks, on a real loopback port."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """Keeps every request; counts each webhook id once, as receivers must; answers as told."""

    secret: bytes
    answer: int | None = 204
    """The status to answer with; None takes the request in and never answers."""
    headers: dict[str, str] = field(default_factory=dict)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The verified bodies by webhook id."""

    def __post_init__(self) -> None:
        receiver, self._news = self, threading.Condition()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver._take({name.lower(): value for name, value in self.headers.items()}, body)
                while receiver.answer is None:
                    with receiver._news:
                        receiver._news.wait(0.05)
                self.send_response(receiver.answer)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *values: object) -> None:  # noqa: A002 - the name is the base class's
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/webhooks"

    def wait_for(self, ready: Any, seconds: float = 60) -> None:
        """Wait until ``ready(self)``, or fail."""
        with self._news:
            assert self._news.wait_for(lambda: ready(self), seconds), (self.received, self.effects)

    def close(self) -> None:
        """Stop listening; requests that hang are let go."""
        self.answer = 503
        self._server.shutdown()
        self._server.server_close()

    def _take(self, headers: dict[str, str], body: bytes) -> None:
        with self._news:
            self.received.append((headers, body))
            if self.answer in (None, 204):
                Webhook(self.secret).verify(body, headers)
                self.effects.setdefault(headers["webhook-id"], json.loads(body))
            self._news.notify_all()
