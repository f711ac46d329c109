"""Two people at the operator's desk end a hold over HTTP; one alone cannot, and a server key not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.support.api_server import serve_everything
from tests.support.keys import store_key
from tests.support.world import request
from thinktwice.people.keys import Scope, create_key
from thinktwice.storage.migrate import migrate


def key_of(data: Path, actor: str, scope: Scope = "staff") -> dict[str, str]:
    """Make a test key of one person, and return its header."""
    key, secret = create_key(name=actor, mode="test", scopes=[scope], actor=actor, now=datetime.now(UTC))
    store_key(data, key)
    return {"Authorization": f"Bearer {secret}"}


def test_two_people_release_and_one_cannot(tmp_path: Path) -> None:
    """Problem documents say what is missing; the release ends the hold; the next attempt is decided afresh."""
    migrate(tmp_path)
    an, an_again, bo = (key_of(tmp_path, name) for name in ("An Li", "An Li", "Bo Chan"))
    server_key = key_of(tmp_path, "server", "clear")
    with (
        serve_everything(tmp_path) as server,
        httpx.Client(base_url=server.url, headers=server.headers) as client,
    ):

        def decide(name: str, channel: str) -> dict[str, Any]:
            body = request(name, initiated_at=datetime.now(UTC).isoformat(), channel=channel)
            answer: dict[str, Any] = client.post("/v1/decisions", json=body).raise_for_status().json()
            return answer

        held = decide("w-1", "api")
        assert held["action"] == "hold"
        path = f"/v1/decisions/{held['decision_id']}/resolution"
        contact = {"how": "call to a number on file", "at": datetime.now(UTC).isoformat(), "note_ref": "case-7"}

        def act(key: dict[str, str], actor: str, act_id: str, **more: Any) -> tuple[int, dict[str, Any]]:
            body = {"act_id": act_id, "resolution": "release", "reason": "spoke", "actor": actor, **more}
            response = client.post(path, json=body, headers=key)
            return response.status_code, response.json()

        assert act(server_key, "server", "a-0", contact=contact)[0] == 403
        status, problem = act(an, "An Li", "a-1")
        assert (status, problem["faults"][0]["field"]) == (422, "contact")
        assert act(an, "Bo Chan", "a-1", contact=contact)[0] == 422
        status, first = act(an, "An Li", "a-2", contact=contact)
        assert (status, first["status"], first["clearance"]["status"]) == (200, "awaiting_second", "held")
        assert act(an, "An Li", "a-2", contact=contact) == (200, first)
        for key in (an, an_again):
            status, problem = act(key, "An Li", "a-3")
            assert (status, problem["type"]) == (403, "/docs#problem-second-person")
        status, second = act(bo, "Bo Chan", "a-4")
        assert (status, second["status"], second["clearance"]["is_cleared"]) == (200, "released", False)
        status, problem = act(bo, "Bo Chan", "a-5")
        assert (status, problem["type"]) == (409, "/docs#problem-state")
        clearance = client.post(f"/v1/decisions/{held['decision_id']}/clearance").json()
        assert clearance == {"is_cleared": False, "status": "expired", "until": None}
        fresh = decide("w-2", "app")
        assert (fresh["action"], fresh["intervention"]) == ("alert", "confirm")
