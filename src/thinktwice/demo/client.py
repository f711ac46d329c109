"""How the demo exchange talks to ThinkTwice: over HTTP, as any operator's server does.

Invariant: every call is written down with its answer, so that the visitor can see what an integration looks like; the
API key is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer, as shown to the visitor."""

    what: str
    method: str
    path: str
    sent: Any
    status: int
    received: Any


class Client:
    """Calls of one exchange; ``base`` is where the service listens."""

    def __init__(self, base: str, secret: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=base, headers={"Authorization": f"Bearer {secret}"}, timeout=5, trust_env=False
        )

    async def decide(self, body: dict[str, Any]) -> Call:
        """Ask what to do with a withdrawal."""
        return await self._post("before the withdrawal is queued", "/v1/decisions", body)

    async def clear(self, decision_id: str) -> Call:
        """Ask whether the withdrawal may execute now."""
        return await self._post("before money leaves", f"/v1/decisions/{decision_id}/clearance", {})

    async def note(self, event: dict[str, Any]) -> Call:
        """Tell what happened."""
        return await self._post("after it happened", "/v1/events", {"events": [event]})

    async def _post(self, what: str, path: str, body: dict[str, Any]) -> Call:
        try:
            response = await self._http.post(path, json=body)
            received = response.json()
            return Call(what, "POST", path, body, response.status_code, received)
        except (httpx.HTTPError, ValueError) as error:
            return Call(what, "POST", path, body, 0, {"error": type(error).__name__})
