"""The OpenAPI 3.1 document: every call, who may make it, what comes back.

Invariant: a test walks the routes that are served and the paths described here and finds the same.
"""

from __future__ import annotations

from typing import Final

from thinktwice import __version__
from thinktwice.web.api.described_call import (
    ALL_KINDS,
    READ_PROBLEMS,
    call_of,
    json_of,
    problem_response,
    response_name,
    statuses,
    uuid_in_path,
)
from thinktwice.web.api.schemas import Schema, component_schemas
from thinktwice.web.edge.problems import Kind

_INTRODUCTION: Final = """
ThinkTwice decides whether a customer should think twice before a withdrawal. Call `POST /v1/decisions` before the
customer confirms, show what it answers, and call the clearance before money leaves: it alone is the authority.

Every refusal is a problem document (RFC 9457) whose `faults` name the fields. Repeating a call with the same
`withdrawal_id` and `attempt` is safe. A key made with `--mode test` makes test traffic, which counts nowhere.
"""

_CAMPAIGN: Final = {
    "name": "campaign",
    "in": "path",
    "required": True,
    "description": "The id of a campaign in force.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"},
}


def openapi_document() -> Schema:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ThinkTwice",
            "version": __version__,
            "summary": "Scam warnings for withdrawals",
            "description": _INTRODUCTION.strip(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "tags": [
            {"name": "decisions", "description": "For the operator's server."},
            {"name": "alerts", "description": "For the customer's browser, with the token of its own alert."},
            {"name": "staff", "description": "For staff tools; never for a browser of a customer."},
            {"name": "operations", "description": "For probes and dashboards."},
        ],
        "paths": _deciding_paths() | _afterwards_paths() | _staff_paths() | _alert_paths() | _operation_paths(),
        "components": {
            "schemas": component_schemas(),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key made with `thinktwice key create`: tt_live_… or tt_test_….",
                },
                "alert": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The `alert.token` of the answer; it opens that one alert for at most 24 hours. "
                    "`GET /v1/decisions/{decision_id}/answer` gives a fresh one.",
                },
            },
            "responses": {response_name(status): problem_response(status) for status in statuses()},
        },
    }


def problem_kinds() -> tuple[Kind, ...]:
    """Return every kind of problem document, for the documentation page."""
    return ALL_KINDS


def _deciding_paths() -> Schema:
    return {
        "/v1/decisions": {
            "post": call_of(
                "decide",
                "Decide one withdrawal",
                "Idempotent by `withdrawal_id` and `attempt`: the same body gives the same decision, another body 409. "
                "At most 64 KB.",
                scope="decide",
                body="WithdrawalRequest",
                answer="Answer",
            )
        },
        "/v1/decisions/batch": {
            "post": call_of(
                "decide_batch",
                "Decide up to 100 withdrawals",
                "One that cannot be used does not stop the others: its item holds a problem. At most 1 MB.",
                scope="decide",
                body="WithdrawalBatch",
                answer="BatchAnswer",
            )
        },
    }


def _afterwards_paths() -> Schema:
    decision_id = uuid_in_path("decision_id", "As `decision_id` in the answer.")
    return {
        "/v1/decisions/{decision_id}/answer": {
            "get": call_of(
                "answer_again",
                "Get an earlier answer once more, with a link that opens now",
                "An alert token lives at most 24 hours, a hold may stand longer. Whenever the customer opens their "
                "withdrawal in your app, ask for the answer again: everything but the alert's token, address and "
                "expiry is as it was. The page shows what stands now, also when the wait is over or ended early. "
                "Repeating `POST /v1/decisions` with the same body gives the same.",
                scope="decide",
                answer="Answer",
                problems=READ_PROBLEMS,
            ),
            "parameters": [decision_id],
        },
        "/v1/decisions/{decision_id}/clearance": {
            "post": call_of(
                "clear",
                "Ask whether the withdrawal may execute now",
                "Ask from your server immediately before money leaves. Only `is_cleared: true` is a yes; it lapses at "
                "`until`. What a browser says is a claim.",
                scope="clear",
                answer="Clearance",
                problems=READ_PROBLEMS,
            ),
            "parameters": [decision_id],
        },
        "/v1/events": {
            "post": call_of(
                "note_events",
                "Say what happened afterwards",
                "Each event counts once by its `event_id`; one that cannot be used does not stop the others. "
                "At most 1 MB.",
                scope="events",
                body="EventBatch",
                answer="EventsAnswer",
            )
        },
    }


def _staff_paths() -> Schema:
    decision_id = uuid_in_path("decision_id", "As `decision_id` in the answer.")
    return {
        "/v1/decisions/{decision_id}": {
            "get": call_of(
                "explain",
                "Read why a decision was made",
                "The staff record: campaign, arm, reasons and every signal value used. Never show it to a customer.",
                scope="staff",
                answer="StaffDecision",
                problems=READ_PROBLEMS,
                tag="staff",
            ),
            "parameters": [decision_id],
        },
        "/v1/decisions/{decision_id}/resolution": {
            "post": call_of(
                "resolve",
                "Resolve a withdrawal that waits",
                "`release` takes two people with keys of their own: the first names a recorded contact with the "
                "customer, made while the hold stood (`awaiting_second`); within 24 hours the second ends the hold "
                "(`released`). Nothing executes then: the next attempt is screened afresh, down to a deliberate "
                "confirmation. `cancel` stops the withdrawal and leaves the hold; `keep` withdraws a first release. "
                "Each act counts once by its `act_id`.",
                scope="staff",
                body="ResolutionRequest",
                answer="ResolutionResult",
                problems=(400, 401, 403, 404, 408, 409, 413, 415, 421, 422, 500, 503),
                tag="staff",
            ),
            "parameters": [decision_id],
        },
        "/v1/decisions/{decision_id}/evidence": {
            "post": call_of(
                "prove",
                "Prove what a customer was shown and did",
                "A sealed file (Ed25519 over RFC 8785 JSON) that holds its PDF and is checked without ThinkTwice. The "
                "`customer` edition holds nothing that only staff may know; never give the `restricted` one to a "
                "customer. Takes seconds; one is made at a time.",
                scope="staff",
                body="EvidenceRequest",
                answer="Evidence",
                problems=(400, 401, 403, 404, 408, 413, 415, 421, 422, 500, 503),
                tag="staff",
            ),
            "parameters": [decision_id],
        },
        "/v1/results/{campaign}": {
            "get": call_of(
                "read_results",
                "Read whether a campaign helped",
                "Everything that is known about its experiment as of now: verdict, comparisons with their intervals or "
                "why there are none, guardrails, data health. May be read every day. Takes seconds.",
                scope="staff",
                answer="CampaignResults",
                problems=READ_PROBLEMS,
                tag="staff",
            ),
            "parameters": [_CAMPAIGN],
        },
    }


def _alert_paths() -> Schema:
    """Describe what the customer surface serves beside its pages."""
    alert_id = uuid_in_path("alert_id", "As `alert.id` in the answer.")
    read = call_of(
        "read_alert",
        "Read an alert",
        "The words in the customer's language, for the custom element. Holds nothing that the customer did not know.",
        answer="ShownAlert",
        problems=(401, 404, 413, 421, 429, 500, 503),
        tag="alerts",
    )
    texts = call_of(
        "read_alert_texts",
        "Read an alert as plain text",
        "The same words for push, in-app chat and SMS. Each fits its channel or the call is refused; nothing is cut. "
        "Push and SMS name neither amount nor address, and no link.",
        answer="ChannelTexts",
        problems=(401, 404, 413, 421, 422, 429, 500, 503),
        tag="alerts",
    )
    note = call_of(
        "note_alert_events",
        "Say what the customer saw and chose",
        "Each event counts once by its `event_id`. Claims, never the authority to execute.",
        body="AlertEventBatch",
        problems=(401, 404, 408, 409, 413, 415, 421, 422, 429, 500, 503),
        tag="alerts",
    )
    note["responses"]["202"] = {"description": "Durable", "content": json_of("AlertEventsRecorded")}
    for call in (read, texts, note):
        call["security"] = [{"alert": []}]
    return {
        "/v1/alerts/{alert_id}": {"get": read, "parameters": [alert_id]},
        "/v1/alerts/{alert_id}/texts": {"get": texts, "parameters": [alert_id]},
        "/v1/alerts/{alert_id}/events": {"post": note, "parameters": [alert_id]},
    }


def _operation_paths() -> Schema:
    health = call_of(
        "health", "Does the process answer?", "Needs no key.", answer="Health", tag="operations", problems=()
    )
    ready = call_of(
        "readiness",
        "Can decisions be made?",
        "503 with the same shape while they cannot. Needs no key.",
        answer="Readiness",
        tag="operations",
        problems=(),
    )
    ready["responses"]["503"] = {"description": "Not ready", "content": json_of("Readiness")}
    metrics = call_of(
        "metrics",
        "Counters for Prometheus",
        "Needs no key on the same machine.",
        scope="read",
        tag="operations",
        problems=(401, 403, 421, 503),
    )
    metrics["security"].append({})
    metrics["responses"]["200"] = {
        "description": "The text format of Prometheus",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
    return {"/healthz": {"get": health}, "/readyz": {"get": ready}, "/metrics": {"get": metrics}}
