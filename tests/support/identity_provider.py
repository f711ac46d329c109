"""An identity provider that really runs, in a process of its own, and a line to it that may lie."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx


@contextmanager
def running_provider(*, token_seconds: int = 3600) -> Iterator[str]:
    """Start ``oidc-provider-mock`` on a free port and give its issuer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--token-max-age", str(token_seconds)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the provider ended"
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def say_about(issuer: str, subject: str, **claims: object) -> None:
    """Have the provider put these claims into the ID tokens of a subject."""
    httpx.put(f"{issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()


def approve(url: str, subject: str) -> dict[str, str]:
    """Do what a browser does there: sign in as a subject; returns the parameters it comes back with."""
    response = httpx.post(url, data={"sub": subject}, follow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


class Line(httpx.BaseTransport):
    """The way to the provider: remembers what is sent, and may change the ID token on its way back."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []
        self.change: Callable[[str], str] | None = None
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        response = self._inner.handle_request(request)
        body = response.read()
        if self.change and request.url.path == "/oauth2/token" and response.status_code == 200:
            token = json.loads(body)
            token["id_token"] = self.change(token["id_token"])
            body = json.dumps(token).encode()
        return httpx.Response(response.status_code, headers={"content-type": "application/json"}, content=body)

    def close(self) -> None:
        self._inner.close()


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and signature of a token."""
    header, claims, signature = token.split(".")
    return json.loads(_decode(header)), json.loads(_decode(claims)), signature


def joined(header: dict[str, Any], claims: dict[str, Any], signature: str) -> str:
    """The token of these parts."""
    return ".".join((_encode(header), _encode(claims), signature))


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encode(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
