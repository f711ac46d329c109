"""What changes is told: signed, at least once, with one effect, whatever is killed when."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api_server import serve_everything
from tests.support.receiver import Receiver
from tests.support.serving import Serving, install
from tests.support.world import request
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.loading import read_keyring

SECRET = TEST_KEYRING.webhook[0].secret


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(SECRET)
    yield receiver
    receiver.close()


def alerted(client: httpx.Client, name: str = "w-1") -> dict[str, Any]:
    """Decide a withdrawal that is asked to confirm."""
    body = request(name, initiated_at=datetime.now(UTC).isoformat(), customer={"id": f"c-{name}", "jurisdiction": "JP"})
    answer: dict[str, Any] = client.post("/v1/decisions", json=body).raise_for_status().json()
    assert answer["action"] == "alert"
    return answer


def choose(client: httpx.Client, answer: dict[str, Any], kind: str) -> None:
    """Say in the customer's browser what they chose; durable when this returns."""
    alert = answer["alert"]
    event = {"event_id": f"b-{kind}", "type": kind, "occurred_at": datetime.now(UTC).isoformat()}
    client.post(
        f"/v1/alerts/{alert['id']}/events",
        json={"events": [event]},
        headers={"Authorization": f"Bearer {alert['token']}"},
    ).raise_for_status()


def test_a_choice_is_told_signed_and_with_nothing_about_why(tmp_path: Path, receiver: Receiver) -> None:
    """The body says decision, withdrawal, status and until; the signature is HMAC-SHA256 over id, time and body."""
    with (
        serve_everything(tmp_path, webhook_url=receiver.url) as server,
        httpx.Client(base_url=server.url, headers=server.headers) as client,
    ):
        answer = alerted(client)
        choose(client, answer, "continued")
        receiver.wait_for(lambda one: one.effects)
        choose(client, answer, "cancelled")
        receiver.wait_for(lambda one: len(one.effects) == 2)
    (headers, body), _ = receiver.received
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    first, second = receiver.effects.values()
    assert set(first) == {"type", "timestamp", "data"}
    assert first["type"] == "clearance.changed"
    until = first["data"].pop("until")
    assert datetime.fromisoformat(until) > datetime.now(UTC)
    assert first["data"] == {
        "decision_id": answer["decision_id"],
        "withdrawal_id": "w-1",
        "attempt": 1,
        "status": "cleared",
        "is_test": True,
    }
    assert second["data"]["status"] == "cancelled"


def test_a_redirect_is_not_followed_and_a_refusal_is_tried_again(tmp_path: Path, receiver: Receiver) -> None:
    """Nothing goes anywhere but to the configured address; the same id comes again until it is acknowledged."""
    other = Receiver(SECRET)
    receiver.answer, receiver.headers = 307, {"Location": other.url}
    with (
        serve_everything(tmp_path, webhook_url=receiver.url) as server,
        httpx.Client(base_url=server.url, headers=server.headers) as client,
    ):
        choose(client, alerted(client), "continued")
        receiver.wait_for(lambda one: one.received)
        receiver.answer, receiver.headers = 204, {}
        receiver.wait_for(lambda one: one.effects)
    assert other.received == []
    other.close()
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1


@pytest.mark.parametrize("moment", ["before delivery", "before the acknowledgement"])
def test_a_kill_loses_nothing_and_repeats_under_the_same_id(tmp_path: Path, moment: str) -> None:
    """SIGKILL after the commit, with the receiver away or silent: after a restart the webhook arrives, one effect."""
    installation = install(tmp_path)
    receiver = Receiver(read_keyring(installation.key_file.read_text()).webhook[0].secret)
    receiver.answer = 503 if moment == "before delivery" else None
    (installation.data / "thinktwice.toml").write_text(f'webhook_url = "{receiver.url}"\n')
    serving = Serving(installation)
    with httpx.Client(base_url=serving.url, headers=installation.headers) as client:
        choose(client, alerted(client), "continued")
        receiver.wait_for(lambda one: one.received)
    assert serving.kill() == -9
    first_ids = {headers["webhook-id"] for headers, _ in receiver.received}
    count = len(receiver.received)
    receiver.answer = 204
    serving = Serving(installation)
    try:
        receiver.wait_for(lambda one: len(one.received) > count and one.effects)
        time.sleep(1.5)
        assert len(receiver.received) == count + 1
        assert {headers["webhook-id"] for headers, _ in receiver.received} == first_ids
        assert [effect["data"]["status"] for effect in receiver.effects.values()] == ["cleared"]
        logs = "".join(path.read_text() for path in installation.data.glob("serve-*.log"))
        assert base64.b64encode(receiver.secret).decode()[:16] not in logs
    finally:
        serving.kill()
        receiver.close()
