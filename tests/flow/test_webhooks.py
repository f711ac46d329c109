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
from thinktwice.bootstrap.telling import state_of
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.loading import read_keyring
from thinktwice.outbox.message import Backlog

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


def test_operations_see_the_backlog(tmp_path: Path, receiver: Receiver) -> None:
    """Metrics say how many webhooks wait, how many failed and how old the oldest is; readiness stays ready."""
    receiver.answer = 503
    with (
        serve_everything(tmp_path, webhook_url=receiver.url) as server,
        httpx.Client(base_url=server.url, headers=server.headers) as client,
    ):

        def gauges() -> dict[str, float]:
            lines = client.get("/metrics").raise_for_status().text.splitlines()
            found = (line.split() for line in lines if line.startswith("thinktwice_webhooks_"))
            return {name.removeprefix("thinktwice_webhooks_"): float(value) for name, value in found}

        assert gauges() == {"waiting": 0, "failed": 0, "oldest_seconds": 0}
        choose(client, alerted(client), "continued")
        receiver.wait_for(lambda it: len(it.received) >= 1)
        give_up = time.monotonic() + 30
        while gauges()["failed"] < 1 and time.monotonic() < give_up:
            time.sleep(0.1)
        assert (gauges()["waiting"], gauges()["failed"]) == (1, 1)
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["webhooks"].split(";")[0]) == (200, "ok")
        receiver.answer = 204
        receiver.wait_for(lambda it: len(it.effects) == 1)
        while gauges()["waiting"] and time.monotonic() < give_up:
            time.sleep(0.1)
        assert gauges() == {"waiting": 0, "failed": 0, "oldest_seconds": 0}


def test_an_old_backlog_is_worth_knowing_and_stops_nothing() -> None:
    """Readiness says how far behind the webhooks are from a minute on."""
    assert state_of(lambda: Backlog(waiting=3, failed=0, oldest_seconds=59)) == "ok"
    said = state_of(lambda: Backlog(waiting=3, failed=2, oldest_seconds=600))
    assert said == "ok; 3 wait, the oldest for 10 min, 2 failed before"
