"""Attacks on an alert, against the real service: wrong tokens; events replayed, reordered, forged, by the thousand."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api_server import ApiServer, new_key, open_everything, serve_everything
from tests.support.attacked_alert import Alert, alert_at, event, recorded
from tests.support.world import request
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.keyring.tokens import sign_token
from thinktwice.storage.layout import DataFolder

CHANGING = {"date", "content-length"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serve_everything(tmp_path_factory.mktemp("data")) as running:
        yield running


def _wrong_tokens(alert: Alert) -> dict[str, str]:
    """Return tokens that an attacker might try, by what is wrong with them."""
    key, soon = TEST_KEYRING.token[0], datetime.now(UTC) + timedelta(hours=1)
    name, expiry, alert_id, mac = alert.token.split(".")
    turned = {
        f"changed at {place}": alert.token[:place]
        + ("A" if alert.token[place] != "A" else "B")
        + alert.token[place + 1 :]
        for place in (0, len(name) + 1, len(name) + len(expiry) + 4, len(alert.token) - 43, len(alert.token) - 1)
    }
    return turned | {
        "expired": sign_token(key, alert.id, datetime.now(UTC) - timedelta(seconds=1)),
        "expired long ago": sign_token(key, alert.id, datetime(2000, 1, 1, tzinfo=UTC)),
        "a life of one's own": f"{name}.{int(expiry) + 60}.{alert_id}.{mac}",
        "another installation's": sign_token(Key(key.id, b"\x01" * 32), alert.id, soon),
        "another key's": sign_token(Key("other-key", key.secret), alert.id, soon),
        "of no alert": sign_token(key, "0193f0c0-0000-7000-8000-00000000dead", soon),
        "without proof": f"{name}.{expiry}.{alert_id}.",
        "in upper case": alert.token.upper(),
        "with a part more": alert.token + ".x",
        "long": "x" * 5_000,
        "of another alphabet": "%F0%9F%92%A9.%00.%0d%0aSet-Cookie:x=1.%ff",
    }


def _told(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    return response.status_code, {k: v for k, v in response.headers.items() if k not in CHANGING}, response.content


def test_every_wrong_token_gets_one_neutral_answer(server: ApiServer) -> None:
    """Expired, tampered, foreign and invented look the same: status, headers, every byte; and nothing is recorded."""
    alert = alert_at(server.url, server.headers, "tokens")
    calls = [("GET", ""), ("GET", "/signs"), ("GET", "/continue"), ("GET", "/questions"), ("GET", "/help")]
    calls += [("GET", "/report.txt"), ("GET", "/report.pdf"), ("POST", "/choices"), ("POST", "/questions")]
    form = {"choice": "cancelled", "event_id": "event-0001", "asked": "origin"}
    with httpx.Client(base_url=server.url) as browser:
        for method, rest in calls:
            data = form if method == "POST" else None
            answers = {
                wrong: _told(browser.request(method, f"/alerts/{token}{rest}", data=data))
                for wrong, token in _wrong_tokens(alert).items()
            }
            assert {status for status, _, _ in answers.values()} == {404}, answers
            assert len({str(answer) for answer in answers.values()}) == 1, (method, rest)
        for method, rest in (("GET", ""), ("GET", "/texts"), ("POST", "/events")):
            said = {"events": [event("cancelled")]} if method == "POST" else None
            path = f"/v1/alerts/{alert.id}{rest}"
            answers = {
                wrong: _told(browser.request(method, path, json=said, headers={"Authorization": f"Bearer {token}"}))
                for wrong, token in _wrong_tokens(alert).items()
                if token.isascii()
            }
            assert {status for status, _, _ in answers.values()} == {401}
            assert len({str(answer) for answer in answers.values()}) == 1, (method, rest)
    assert recorded(server.data, alert.id) == []


def test_a_genuine_token_opens_no_other_alert(server: ApiServer) -> None:
    """Mine, presented for yours, is the answer to a forged one, and counts for neither."""
    mine, yours = (alert_at(server.url, server.headers, name) for name in ("mine", "yours"))
    path = f"{server.url}/v1/alerts/{yours.id}"
    forged = httpx.get(path, headers={"Authorization": "Bearer forged"})
    assert _told(httpx.get(path, headers=mine.bearer)) == _told(forged)
    taken = httpx.post(f"{path}/events", headers=mine.bearer, json={"events": [event("cancelled")]})
    assert _told(taken) == _told(forged)
    assert recorded(server.data, yours.id) + recorded(server.data, mine.id) == []


def test_replayed_events_count_once_and_an_id_means_one_event(server: ApiServer) -> None:
    """Sent again byte for byte: taken, not counted. Sent with another content: refused. Another alert's id: its own."""
    alert, other = (alert_at(server.url, server.headers, name) for name in ("replay", "other"))
    first = event()
    assert [alert.send(first).status_code for _ in range(20)] == [202] * 20
    assert alert.send(first | {"type": "help"}).status_code == 409
    assert alert.send(first | {"detail": {"dwell": "2-5s"}}).status_code == 409
    assert other.send(first).status_code == 202
    assert (recorded(server.data, alert.id), recorded(server.data, other.id)) == (["seen"], ["seen"])


def test_reordered_events_do_not_lower_protection(server: ApiServer) -> None:
    """Whatever comes late, older or first by its own claim, to stop stands."""
    alert = alert_at(server.url, server.headers, "order")
    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert alert.send(event("cancelled", "event-0002")).status_code == 202
    assert alert.send(event("continued", "event-0003", occurred_at=earlier)).status_code == 409
    assert alert.send(event("delivered", "event-0004")).status_code == 202
    choice = {"choice": "continued", "step": "second", "event_id": "event-0005"}
    httpx.post(f"{alert.page}/choices", data=choice)
    assert recorded(server.data, alert.id) == ["cancelled", "delivered"]


@pytest.mark.parametrize(
    "forged",
    [
        {"type": "cleared"},
        {"type": "withdrawal.completed"},
        {"type": "scam.reported", "label": "genuine"},
        {"event_id": "../../x"},
        {"event_id": "other-alert/event-0001"},
        {"occurred_at": "2020-01-01T00:00:00Z"},
        {"occurred_at": "2099-01-01T00:00:00Z"},
        {"alert_id": "x"},
        {"recorded_at": "2026-01-01T00:00:00Z"},
        {"detail": {"x": "y" * 201}},
        {"detail": {"x": "line\nbreak"}},
    ],
)
def test_forged_events_are_refused(server: ApiServer, forged: dict[str, Any]) -> None:
    """No other kind, time, id or field; nothing of the list is recorded."""
    alert = alert_at(server.url, server.headers, "forged")
    assert alert.send(event(event_id="event-0009"), event() | forged).status_code == 422
    assert recorded(server.data, alert.id) == []


def test_facts_of_the_server_cannot_be_claimed(server: ApiServer) -> None:
    """A hold, its end, a badge, the screen and how long it took are written by the server or not at all."""
    alert = alert_at(server.url, server.headers, "claims")
    httpx.get(alert.page)
    claimed = {"raised_to": "hold", "until": "2099-01-01T00:00:00+00:00", "badge": "police", "viewport": "9x9"}
    claimed |= {"screen": "block", "screen_rung": "refer", "screen_standing": "ended"}
    assert alert.send(event("answered", detail=claimed)).status_code == 202
    assert alert.send(event("cancelled", "event-0002", detail={"dwell": "over-60s"} | claimed)).status_code == 202
    with closing(SqliteJournalReader(DataFolder(server.data).journal)) as reader:
        delivered, answered, cancelled = reader.alert_events(alert.id)
    details = [json.loads(record.body).get("detail", {}) for record in (delivered, answered, cancelled)]
    assert (details[0]["badge"], details[0]["screen"], details[1]) == ("none", "alert", {})
    assert set(details[2]) == {"dwell"}
    assert details[2]["dwell"] != "over-60s"


def test_10_000_events_are_held_back_and_counted_once(tmp_path: Path) -> None:
    """429 with Retry-After beyond the limit, whoever they say forwarded them; one event in the journal."""
    limit = 30
    with open_everything(tmp_path, browser_requests_per_minute=limit) as app:
        headers = {"Authorization": f"Bearer {new_key(tmp_path)}"}

        async def flood() -> tuple[str, Counter[int], set[bool]]:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                made: dict[str, Any] | None = None
                for number in range(50):
                    body = request(
                        f"w-{number}", customer__id=f"c-{number}", initiated_at=datetime.now(UTC).isoformat()
                    )
                    made = (await client.post("/v1/decisions", json=body, headers=headers)).json()["alert"]
                    if made:
                        break
                assert made
                path, said = f"/v1/alerts/{made['id']}/events", json.dumps({"events": [event()]}).encode()
                sent = [
                    (b"host", b"localhost"),
                    (b"authorization", f"Bearer {made['token']}".encode()),
                    (b"content-type", b"application/json"),
                ]
                answers: Counter[int] = Counter()
                are_told = set()
                for number in range(10_000):
                    forwarded = (b"x-forwarded-for", b"203.0.113.%d" % (number % 250))
                    status, told = await _post(app, path, said, [*sent, forwarded])
                    answers[status] += 1
                    if status == 429:
                        are_told.add(int(told.get(b"retry-after", b"0")) >= 1)
                return made["id"], answers, are_told

        alert_id, answers, are_told = asyncio.run(flood())
        assert set(answers) == {202, 429}
        assert limit <= answers[202] <= limit * 2  # the bucket refills while it is being emptied
        assert answers[202] + answers[429] == 10_000
        assert are_told == {True}
        assert recorded(tmp_path, alert_id) == ["seen"]


async def _post(app: Any, path: str, body: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[int, dict[bytes, bytes]]:
    """Ask without a client library, whose own time would be most of it."""
    started: dict[str, Any] = {}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
    }
    scope |= {
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
    }
    scope |= {"client": ("192.0.2.7", 1234), "server": ("localhost", 80)}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)

    await app(scope, receive, send)
    return started["status"], {name.lower(): value for name, value in started["headers"]}
