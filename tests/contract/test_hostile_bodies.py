"""Hostile bodies against the whole running service: a problem document that names the field, never 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.api_server import ApiServer, serve_everything

HUGE = 10_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serve_everything(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def session(server: ApiServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        yield client


def withdrawal(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "withdrawal_id": f"w-{datetime.now(UTC).timestamp()}",
        "initiated_at": datetime.now(UTC).isoformat(),
        "customer": {"id": "c-1", "jurisdiction": "HK"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": "100.00",
        "fiat_amount": "100.00",
        "fiat_currency": "USD",
        "destination": {"address": "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c"},
    }
    for path, value in changes.items():
        place = body
        *parents, last = path.split("__")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return body


def refused(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    return document


def ahead(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


FIELDS: list[tuple[str, dict[str, Any], str]] = [
    ("wrong type", {"amount": True}, "amount"),
    ("list for text", {"withdrawal_id": ["w"]}, "withdrawal_id"),
    ("object for text", {"asset": {}}, "asset"),
    ("text for object", {"customer": "c-1"}, "customer"),
    ("null for required", {"network": None}, "network"),
    ("unknown field", {"surprise": 1}, "surprise"),
    ("unknown nested field", {"session__surprise": 1}, "session.surprise"),
    ("negative amount", {"amount": "-1"}, "amount"),
    ("negative fiat", {"fiat_amount": -0.01}, "fiat_amount"),
    ("NaN as text", {"amount": "NaN"}, "amount"),
    ("signalling NaN", {"fiat_amount": "sNaN"}, "fiat_amount"),
    ("infinity", {"amount": "Infinity"}, "amount"),
    ("huge exponent", {"amount": "1e1000000"}, "amount"),
    ("tiny exponent", {"amount": "1e-1000000"}, "amount"),
    ("too many digits", {"amount": "9" * 1000}, "amount"),
    ("too many places", {"amount": "0." + "1" * 100}, "amount"),
    ("not a number", {"amount": "12,000"}, "amount"),
    ("naive time", {"initiated_at": "2026-11-22T06:16:15"}, "initiated_at"),
    ("far future", {"initiated_at": "9999-12-31T23:59:59Z"}, "initiated_at"),
    ("end of time with offset", {"initiated_at": "9999-12-31T23:59:59-14:00"}, "initiated_at"),
    ("beginning of time", {"initiated_at": "0001-01-01T00:00:00+14:00"}, "initiated_at"),
    ("no such day", {"initiated_at": "2026-02-30T00:00:00Z"}, "initiated_at"),
    ("a number for a time", {"initiated_at": 1e30}, "initiated_at"),
    ("future account", {"customer__account_opened_at": "2999-01-01T00:00:00Z"}, "customer.account_opened_at"),
    ("unknown jurisdiction", {"customer__jurisdiction": "XX"}, "customer.jurisdiction"),
    ("long jurisdiction", {"customer__jurisdiction": "H" * 5000}, "customer.jurisdiction"),
    ("lower-case jurisdiction", {"customer__jurisdiction": "hk"}, "customer.jurisdiction"),
    ("unknown network", {"network": "tronn"}, "network"),
    ("other currency", {"fiat_currency": "EUR"}, "fiat_currency"),
    ("empty id", {"withdrawal_id": ""}, "withdrawal_id"),
    ("control character", {"withdrawal_id": "a\u0000b"}, "withdrawal_id"),
    ("long id", {"withdrawal_id": "w" * 129}, "withdrawal_id"),
    ("attempt zero", {"attempt": 0}, "attempt"),
    ("attempt beyond 64 bits", {"attempt": 2**70}, "attempt"),
    ("attempt as text", {"attempt": "1"}, "attempt"),
    ("channel", {"channel": "fax"}, "channel"),
    ("empty address", {"destination__address": ""}, "destination.address"),
    ("long address", {"destination__address": "1" * 257}, "destination.address"),
    ("undeclared attribute", {"attributes": {"vip": True}}, "attributes.vip"),
    ("too many flags", {"session__risk_flags": ["x"] * 65}, "session.risk_flags"),
    ("locale", {"customer__locale": "zh_Hant<script>"}, "customer.locale"),
]


@pytest.mark.parametrize(("change", "field"), [case[1:] for case in FIELDS], ids=[case[0] for case in FIELDS])
def test_a_wrong_field_is_named(session: httpx.Client, change: dict[str, Any], field: str) -> None:
    """422 with the dotted path of exactly that field, alone and in a batch whose other items are decided."""
    body = withdrawal(**change)
    document = refused(session.post("/v1/decisions", content=json.dumps(body)), 422)
    assert field in {fault["field"] for fault in document["faults"]}, document
    assert all(len(fault["message"]) <= 300 for fault in document["faults"])
    batch = session.post("/v1/decisions/batch", content=json.dumps({"withdrawals": [body, withdrawal()]}))
    assert batch.status_code == 200, batch.text
    first, second = batch.json()["results"]
    assert first["problem"]["status"] == 422
    assert second["decision"]["action"] in ("proceed", "alert")


SURROGATES = ["withdrawal_id", "customer__id", "asset", "network", "destination__address", "destination__memo"]


@pytest.mark.parametrize("path", SURROGATES)
def test_a_lone_surrogate_is_refused(session: httpx.Client, path: str) -> None:
    r"""Escaped (\ud800) it is a fault of the text, as bytes no UTF-8 at all; neither is a crash."""
    body = json.dumps(withdrawal(**{path: "a\ud800b"}))
    assert "\\ud800" in body
    response = session.post("/v1/decisions", content=body)
    assert refused(response, response.status_code)["status"] in (400, 422)
    raw = json.dumps(withdrawal(**{path: "a?b"})).encode().replace(b"a?b", b"a\xed\xa0\x80b")
    refused(session.post("/v1/decisions", content=raw), 400)


MALFORMED = {
    "empty": b"",
    "cut off": b'{"withdrawal_id":',
    "NaN literal": b'{"amount":NaN}',
    "trailing": b"{} {}",
    "deep lists": b"[" * 30_000,
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "binary": bytes(range(256)),
    "NUL": b"\x00",
}


@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/decisions/batch", "/v1/events"])
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_400(session: httpx.Client, path: str, body: bytes) -> None:
    """What is no JSON is 400 on every call."""
    refused(session.post(path, content=body), 400)


@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/decisions/batch", "/v1/events"])
@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"', b"{}", b'{"withdrawals":7,"events":7}'])
def test_another_shape_is_422(session: httpx.Client, path: str, body: bytes) -> None:
    """JSON of another shape is refused as a whole."""
    refused(session.post(path, content=body), 422)


def nested(levels: int) -> dict[str, Any]:
    inner: Any = 1
    for _ in range(levels):
        inner = {"a": inner}
    return {"events": [{"event_id": "e", "type": "decision.fallback", "occurred_at": ahead(), "withdrawal": inner}]}


@pytest.mark.parametrize("levels", [9, 900])
def test_deep_nesting_is_refused(session: httpx.Client, levels: int) -> None:
    """Valid but deep JSON is refused whole."""
    response = session.post("/v1/events", content=json.dumps(nested(levels)))
    assert refused(response, response.status_code)["status"] in (400, 422)


@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/decisions/batch", "/v1/events", "/v1/decisions/x/clearance"])
def test_ten_megabytes_are_413_on_a_real_connection(session: httpx.Client, path: str) -> None:
    """The client can read the refusal although it was still sending, declared or in chunks."""
    refused(session.post(path, content=b"x" * HUGE), 413)
    refused(session.post(path, content=iter([b"x" * 100_000] * 100)), 413)


EVENTS: list[tuple[str, dict[str, Any], str]] = [
    ("no type", {"event_id": "e-1", "occurred_at": "2026-01-01T00:00:00Z"}, "type"),
    ("unknown type", {"event_id": "e-1", "occurred_at": "2026-01-01T00:00:00Z", "type": "x"}, "type"),
    (
        "no id",
        {"type": "withdrawal.completed", "occurred_at": "2026-01-01T00:00:00Z", "withdrawal_id": "w"},
        "event_id",
    ),
    (
        "naive time",
        {"event_id": "e-2", "type": "withdrawal.completed", "occurred_at": "2026-01-01T00:00:00", "withdrawal_id": "w"},
        "occurred_at",
    ),
    (
        "negative deposit",
        {
            "event_id": "e-3",
            "type": "deposit.received",
            "occurred_at": "2026-01-01T00:00:00Z",
            "customer_id": "c",
            "network": "ethereum",
            "from_address": "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c",
            "fiat_amount": "-1",
        },
        "fiat_amount",
    ),
]


@pytest.mark.parametrize(("event", "field"), [case[1:] for case in EVENTS], ids=[case[0] for case in EVENTS])
def test_a_wrong_event_never_hides_the_others(session: httpx.Client, event: dict[str, Any], field: str) -> None:
    """Its result names the field; the next event is recorded."""
    good = {
        "event_id": f"e-{datetime.now(UTC).timestamp()}",
        "type": "address_book.saved",
        "occurred_at": "2026-01-01T00:00:00Z",
        "customer_id": "c",
        "network": "ethereum",
        "address": "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c",
    }
    response = session.post("/v1/events", content=json.dumps({"events": [event, good]}))
    assert response.status_code == 200, response.text
    first, second = response.json()["results"]
    assert first["status"] == "rejected"
    assert f"events[0].{field}" in {fault["field"] for fault in first["faults"]}
    assert second["status"] == "recorded"


def test_a_batch_of_101_is_refused(session: httpx.Client) -> None:
    """A hundred is the most."""
    refused(session.post("/v1/decisions/batch", content=json.dumps({"withdrawals": [{}] * 101})), 422)


FULL: dict[str, Any] = {
    "withdrawal_id": "w-full",
    "attempt": 1,
    "replaces": "w-0",
    "initiated_at": "2026-01-01T00:00:00Z",
    "channel": "app",
    "customer": {
        "id": "c-1",
        "kind": "retail",
        "jurisdiction": "HK",
        "locale": "zh-Hant-HK",
        "account_opened_at": "2025-01-01T00:00:00Z",
        "age_band": "60-69",
    },
    "asset": "USDT",
    "network": "tron",
    "amount": "1",
    "fiat_amount": "1",
    "fiat_currency": "USD",
    "destination": {
        "address": "TXLAQ63Xg1NAzckPwKHvzw7CSEmLMEqcdj",
        "memo": "1",
        "owner": "self",
        "vasp": "x",
        "saved_at": "2025-01-01T00:00:00Z",
        "onchain_age_days": 1,
        "vendor_category": "x",
        "is_internal": False,
    },
    "account": {
        "fiat_balance": "1",
        "last_deposit_at": "2025-01-01T00:00:00Z",
        "credentials_changed_at": "2025-01-01T00:00:00Z",
    },
    "session": {
        "ip_country": "HK",
        "is_new_device": True,
        "is_remote_access": False,
        "is_on_call": False,
        "risk_flags": ["x"],
    },
    "attributes": {},
}
EVENT_FIELDS: dict[str, dict[str, Any]] = {
    "withdrawal.completed": {"withdrawal_id": "w", "attempt": 1},
    "withdrawal.changed": {"withdrawal_id": "w", "amount": "1", "destination": "x"},
    "deposit.received": {"customer_id": "c", "network": "tron", "from_address": "T", "fiat_amount": "1"},
    "address_book.saved": {"customer_id": "c", "network": "tron", "address": "T"},
    "outcome.labelled": {"withdrawal_id": "w", "source": "police", "label": "scam"},
    "decision.fallback": {"withdrawal": FULL, "answer": "proceed"},
}
BAD: list[Any] = ["a\ud800b", "\x00", "x" * 3000, "", {}, [], None, True, -1, 1e308, 2**70, "１２", "\u202e", "NaN"]


def places(record: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in record.items():
        yield (*path, name)
        if isinstance(value, dict):
            yield from places(value, (*path, name))


def with_value(record: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    first, *rest = path
    return record | {first: with_value(record[first], tuple(rest), value) if rest else value}


def never_broken(response: httpx.Response, path: tuple[str, ...], value: Any) -> None:
    assert response.status_code in (200, 400, 409, 422), (path, value, response.text)
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"


def test_no_value_in_any_field_breaks_a_decision(session: httpx.Client) -> None:
    """Every field of a withdrawal × every hostile value: an answer or a problem document, never 5xx."""
    for path in places(FULL):
        for value in BAD:
            response = session.post("/v1/decisions", content=json.dumps(with_value(FULL, path, value)))
            never_broken(response, path, value)


@pytest.mark.parametrize("kind", EVENT_FIELDS)
def test_no_value_in_any_field_breaks_an_event(session: httpx.Client, kind: str) -> None:
    """Every field of every event × every hostile value."""
    event = {"event_id": "e", "type": kind, "occurred_at": "2026-01-01T00:00:00Z", **EVENT_FIELDS[kind]}
    for path in places(event):
        for value in BAD:
            response = session.post("/v1/events", content=json.dumps({"events": [with_value(event, path, value)]}))
            never_broken(response, path, value)
