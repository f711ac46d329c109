"""The running service against its own description, with generated requests (Schemathesis)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.support.api_server import ApiServer, serve_everything
from tests.support.keys import store_key
from thinktwice.evidence.verification import verify
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of
from thinktwice.people.keys import create_key
from thinktwice.web.api.description import openapi_document
from thinktwice.web.api.schemas import EXAMPLE_EVENT, EXAMPLE_WITHDRAWAL

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serve_everything(tmp_path_factory.mktemp("data")) as running:
        yield running


assert TEST_KEYRING.seal is not None
SEAL = TEST_KEYRING.seal
schema = schemathesis.openapi.from_dict(openapi_document())


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_described(case: Any, server: ApiServer) -> None:
    """Whatever is generated from the description, the answer has a described status, type, header and shape, and no
    server error."""
    case.call_and_validate(checks=CHECKS, base_url=server.url, headers=server.headers)


@pytest.mark.prove
@schema.parametrize()
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_described_at_length(case: Any, server: ApiServer) -> None:
    """The same with fifty times as many requests."""
    case.call_and_validate(checks=CHECKS, base_url=server.url, headers=server.headers)


def validate(name: str, value: object) -> None:
    document = openapi_document()
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_a_whole_story_is_as_described(server: ApiServer) -> None:
    """Decide, decide again, explain, ask for clearance, tell what happened: each answer has its described shape."""
    body = EXAMPLE_WITHDRAWAL | {"initiated_at": datetime.now(UTC).isoformat(), "withdrawal_id": "w-story"}
    with httpx.Client(base_url=server.url, headers=server.headers) as session:
        answer = session.post("/v1/decisions", json=body).raise_for_status().json()
        validate("Answer", answer)
        assert session.post("/v1/decisions", json=body).json() == answer
        assert session.post("/v1/decisions", json=body | {"amount": "1"}).status_code == 409
        validate("BatchAnswer", session.post("/v1/decisions/batch", json={"withdrawals": [body, {}]}).json())
        again = session.get(f"/v1/decisions/{answer['decision_id']}/answer").raise_for_status().json()
        validate("Answer", again)
        assert again == answer
        explained = session.get(f"/v1/decisions/{answer['decision_id']}").raise_for_status().json()
        validate("StaffDecision", explained)
        assert explained["explanation"]["signals"]["jurisdiction"] == "HK"
        clearance = session.post(f"/v1/decisions/{answer['decision_id']}/clearance").raise_for_status().json()
        validate("Clearance", clearance)
        proof = session.post(
            f"/v1/decisions/{answer['decision_id']}/evidence", json={"edition": "restricted"}, timeout=60
        )
        validate("Evidence", proof.raise_for_status().json())
        assert verify(proof.content, public_key_of(SEAL)) == []
        event = EXAMPLE_EVENT | {
            "event_id": "e-story",
            "withdrawal_id": "w-story",
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        noted = session.post("/v1/events", json={"events": [event, event]}).raise_for_status().json()
        validate("EventsAnswer", noted)
        assert noted["results"][0]["status"] == "recorded"
        results = session.get("/v1/results/hk-joint-anti-scam", timeout=60).raise_for_status().json()
        validate("CampaignResults", results)
        assert results["analysis"]["verdict"]["standing"] == "cannot_tell"
        assert session.get("/v1/results/nobody").status_code == 404
        assert session.get("/readyz").status_code == 200


def test_an_alert_is_as_described(server: ApiServer) -> None:
    """The token of an answer opens the words of that alert and takes what the browser says; a key opens neither."""
    with httpx.Client(base_url=server.url) as session:
        for number in range(200):  # most customers are not held out
            now = datetime.now(UTC).isoformat()
            body = EXAMPLE_WITHDRAWAL | {
                "initiated_at": now,
                "withdrawal_id": f"w-alert-{number}",
                "customer": {"id": f"c-{number}", "jurisdiction": "HK"},
            }
            answer = session.post("/v1/decisions", json=body, headers=server.headers).raise_for_status().json()
            if answer["alert"]:
                break
        alert = answer["alert"]
        path, token = f"/v1/alerts/{alert['id']}", {"Authorization": f"Bearer {alert['token']}"}
        shown = session.get(path, headers=token).raise_for_status().json()
        validate("ShownAlert", shown)
        described = openapi_document()["components"]["schemas"]["ShownAlert"]
        assert set(shown) == set(described["properties"]) == set(described["required"])
        seen = {"events": [{"event_id": "browser-1", "type": "seen", "occurred_at": now}]}
        recorded = session.post(f"{path}/events", json=seen, headers=token)
        assert recorded.status_code == 202
        validate("AlertEventsRecorded", recorded.json())
        assert session.get(path, headers=server.headers).status_code == 401
        assert session.get(f"/v1/decisions/{answer['decision_id']}", headers=token).status_code == 401
        page = session.get(f"/alerts/{alert['token']}")
        assert page.status_code == 200
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_live_key_does_not_see_test_traffic(server: ApiServer) -> None:
    """What was decided with a test key cannot be cleared with a live one."""
    key, secret = create_key(name="live", mode="live", scopes=["clear"], actor="tests", now=datetime.now(UTC))
    store_key(server.data, key)
    body = EXAMPLE_WITHDRAWAL | {"initiated_at": datetime.now(UTC).isoformat(), "withdrawal_id": "w-test"}
    with httpx.Client(base_url=server.url) as session:
        answer = session.post("/v1/decisions", json=body, headers=server.headers).raise_for_status().json()
        path = f"/v1/decisions/{answer['decision_id']}/clearance"
        live = {"Authorization": f"Bearer {secret}"}
        deadline = time.monotonic() + 5
        while (response := session.post(path, headers=live)).status_code == 401 and time.monotonic() < deadline:
            time.sleep(0.2)  # a new key is known within a second
        assert response.status_code == 404
        assert session.post(path, headers=server.headers).status_code == 200
