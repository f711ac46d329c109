"""Rules 1 and 2 over HTTP: what the running service acknowledged survives ``kill -9``, and nothing is there twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.serving import Installation, Serving, install
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.storage.layout import DataFolder

WRITERS = 32
LONGEST_LOAD_SECONDS = 0.5
CUSTOMERS = 40
"""Few enough that writers keep meeting at one customer's state."""


@dataclass
class Sent:
    """Everything that was sent, by id, and what of it was acknowledged."""

    withdrawals: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    is_acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


def withdrawal(name: str, rng: random.Random) -> dict[str, Any]:
    """Return a body; about half of the amounts reach the shipped campaigns."""
    return {
        "withdrawal_id": name,
        "initiated_at": datetime.now(UTC).isoformat(),
        "customer": {"id": f"c-{rng.randrange(CUSTOMERS)}", "jurisdiction": rng.choice(["HK", "SG", "GB"])},
        "asset": "USDT",
        "network": "ethereum",
        "amount": "150.00",
        "fiat_amount": rng.choice(["150.00", "12000.00"]),
        "fiat_currency": "USD",
        "destination": {"address": f"0x{rng.getrandbits(16):040x}"},
    }


def events_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what follows a withdrawal: the money left, and a deposit came in."""
    name, now = body["withdrawal_id"], datetime.now(UTC).isoformat()
    completed = {"event_id": f"done-{name}", "type": "withdrawal.completed", "withdrawal_id": name, "occurred_at": now}
    deposit = {
        "event_id": f"paid-{name}",
        "type": "deposit.received",
        "occurred_at": now,
        "customer_id": body["customer"]["id"],
        "network": "ethereum",
        "from_address": body["destination"]["address"],
        "fiat_amount": "25.00",
    }
    return [completed, deposit]


async def write(client: httpx.AsyncClient, writer: str, seed: int, sent: Sent) -> None:
    """Decide and tell events, one after the other, until the service is gone."""
    rng = random.Random(seed)
    number = 0
    while True:
        number += 1
        body = withdrawal(f"w-{writer}-{number}", rng)
        events = events_of(body)
        sent.withdrawals[body["withdrawal_id"]] = body
        try:
            answer = await client.post("/v1/decisions", json=body)
            assert answer.status_code == 200, answer.text
            sent.decided[body["withdrawal_id"]] = answer.json()["decision_id"]
            sent.is_acknowledged.set()
            sent.events.update({event["event_id"]: event for event in events})
            answer = await client.post("/v1/events", json={"events": events})
        except httpx.TransportError:
            return
        results = answer.json()["results"]
        assert [one["status"] for one in results] == ["recorded", "recorded"], results
        sent.noted.update(one["event_id"] for one in results)


async def load_until_killed(serving: Serving, headers: dict[str, str], seconds: float, seed: int, sent: Sent) -> None:
    """Let all writers write, and kill the service so long after its first acknowledgement."""
    sent.is_acknowledged = asyncio.Event()
    limits = httpx.Limits(max_connections=WRITERS)
    async with httpx.AsyncClient(base_url=serving.url, headers=headers, limits=limits, timeout=30) as client:
        writers = [
            asyncio.create_task(write(client, f"{seed}-{number}", seed * WRITERS + number, sent))
            for number in range(WRITERS)
        ]
        await asyncio.wait_for(sent.is_acknowledged.wait(), 30)
        await asyncio.sleep(seconds)
        os.kill(serving.pid, signal.SIGKILL)
        await asyncio.gather(*writers)


def check_resent(client: httpx.Client, sent: Sent, names: Sequence[str]) -> None:
    """The same bodies give the same decisions, and their events are known; other amounts and contents conflict."""
    for chunk in chunks(names):
        bodies = [sent.withdrawals[name] for name in chunk]
        for body, result in zip(bodies, batch(client, bodies), strict=True):
            decision_id = sent.decided.setdefault(body["withdrawal_id"], result["decision"]["decision_id"])
            assert result["decision"]["decision_id"] == decision_id
        for result in batch(client, [body | {"fiat_amount": "151.00"} for body in bodies]):
            assert result["problem"]["status"] == 409
        events = [event for body in bodies if (event := sent.events.get(f"done-{body['withdrawal_id']}"))]
        events += [event for body in bodies if (event := sent.events.get(f"paid-{body['withdrawal_id']}"))]
        for event, result in zip(events, note(client, events), strict=True):
            is_new = event["event_id"] not in sent.noted
            assert result["status"] == "duplicate" or (is_new and result["status"] == "recorded"), result
            sent.noted.add(event["event_id"])
        others = [event | {"fiat_amount": "26.00"} for event in events if event["type"] == "deposit.received"]
        assert {result["status"] for result in note(client, others)} <= {"conflict"}


def batch(client: httpx.Client, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Decide many at once."""
    results: list[dict[str, Any]] = client.post("/v1/decisions/batch", json={"withdrawals": bodies}).json()["results"]
    return results


def note(client: httpx.Client, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tell many events at once."""
    if not events:
        return []
    results: list[dict[str, Any]] = client.post("/v1/events", json={"events": events}).json()["results"]
    return results


def chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many as one request may carry."""
    for start in range(0, len(names), 100):
        yield names[start : start + 100]


def check_journal(installation: Installation, sent: Sent) -> None:
    """All that was acknowledged is there once, nothing else is, and the sequence has no gap."""
    reader = SqliteJournalReader(DataFolder(installation.data).journal)
    records = list(reader.records(kinds=["decision", "event", "alert_event", "clearance", "resolution"]))
    reader.close()
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert all(a.recorded_at <= b.recorded_at for a, b in pairwise(records))
    decisions = Counter(record.withdrawal_id for record in records if record.kind == "decision")
    ids = {record.withdrawal_id: record.record_id for record in records if record.kind == "decision"}
    events = Counter(record.record_id for record in records if record.kind == "event")
    assert set(decisions.values()) == set(events.values()) == {1}
    assert {name: ids[name] for name in sent.decided} == sent.decided
    assert sent.noted <= set(events)
    assert set(decisions) <= set(sent.withdrawals)
    assert set(events) <= set(sent.events)


def kill_rounds(folder: Path, rounds: int) -> Sent:
    """Load and kill again and again on the same data; each life is asked about all of the life before."""
    rng = random.Random(rounds)
    installation, sent = install(folder), Sent()
    serving = Serving(installation)
    try:
        for number in range(rounds):
            before = len(sent.withdrawals)
            seconds = rng.uniform(0, LONGEST_LOAD_SECONDS)
            asyncio.run(load_until_killed(serving, installation.headers, seconds, number, sent))
            assert serving.kill() == -signal.SIGKILL
            assert is_free(serving.url), "the port is still taken"
            serving = Serving(installation, is_forked=True)
            check_journal(installation, sent)
            with httpx.Client(base_url=serving.url, headers=installation.headers, timeout=30) as client:
                check_resent(client, sent, list(sent.withdrawals)[before:])
        with httpx.Client(base_url=serving.url, headers=installation.headers, timeout=30) as client:
            check_resent(client, sent, list(sent.withdrawals))
        check_journal(installation, sent)
    finally:
        serving.kill()
    return sent


def is_free(url: str) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) != 0


def test_what_the_service_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """Twenty kills at random moments under 32 writers: all acknowledged is there, once."""
    sent = kill_rounds(tmp_path, 20)
    assert len(sent.decided) >= 20 * 2
    assert len(sent.decided) == len(sent.withdrawals)


@pytest.mark.prove
def test_what_the_service_acknowledged_survives_many_kills(tmp_path: Path) -> None:
    """Two hundred kills, the same claims."""
    kill_rounds(tmp_path, 200)
