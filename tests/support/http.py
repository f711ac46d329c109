"""Asking an ASGI application from a test, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx

from thinktwice.web.edge.asgi import App

HOST = "http://localhost"


def ask(
    app: App,
    method: str,
    path: str,
    *,
    body: bytes | list[bytes] | None = None,
    headers: Mapping[str, str] | httpx.Headers | None = None,
    key: str | None = None,
    client: str = "192.0.2.7",
) -> httpx.Response:
    """Return the response to one request; a list of bodies is sent in chunks without a declared length."""

    async def pieces(parts: list[bytes]) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    sent = httpx.Headers(headers)
    if key:
        sent["Authorization"] = f"Bearer {key}"

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(client, 1234))
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as session:
            return await session.request(
                method,
                path,
                content=pieces(body) if isinstance(body, list) else body,
                headers=sent,
            )

    return asyncio.run(run())
