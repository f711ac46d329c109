"""JSON schemas of everything that comes in and goes out, taken from the records and sharpened.

Invariant: a type is described by the record that decodes or encodes it, so that description and behaviour have one
source; what the records cannot say (patterns, examples, times) is added here by field name and nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from thinktwice.alerts.plain import ChannelTexts
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.decisions.answer import Answer
from thinktwice.records.alert import Choice
from thinktwice.records.clearance import Clearance
from thinktwice.records.event import AlertEvent, OperatorEvent
from thinktwice.records.resolution import ResolutionRequest, ResolutionResult
from thinktwice.records.vocabulary import AlertEventType
from thinktwice.records.withdrawal import WithdrawalRequest
from thinktwice.web.api.answers import BatchAnswer, EventsAnswer, Health, Readiness, StaffDecision
from thinktwice.web.api.evidence import Evidence, EvidenceRequest
from thinktwice.web.api.results import CampaignResults
from thinktwice.web.edge.problems import Problem

Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{name}"

EXAMPLE_WITHDRAWAL: Final[Schema] = {
    "withdrawal_id": "w-8841",
    "attempt": 1,
    "initiated_at": "2026-11-22T06:16:15Z",
    "channel": "app",
    "customer": {"id": "c-123", "jurisdiction": "HK", "locale": "zh-Hant-HK"},
    "asset": "USDT",
    "network": "tron",
    "amount": "12000.00",
    "fiat_amount": "12003.10",
    "fiat_currency": "USD",
    "destination": {"address": "TXLAQ63Xg1NAzckPwKHvzw7CSEmLMEqcdj", "owner": "self"},
    "account": {"fiat_balance": "12100.00", "last_deposit_at": "2026-11-22T05:50:00Z"},
    "session": {"is_new_device": True, "risk_flags": []},
}

EXAMPLE_EVENT: Final[Schema] = {
    "event_id": "e-1",
    "type": "withdrawal.completed",
    "occurred_at": "2026-11-22T06:20:00Z",
    "withdrawal_id": "w-8841",
    "attempt": 1,
}


class WithdrawalBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /v1/decisions/batch``."""

    withdrawals: Annotated[tuple[WithdrawalRequest, ...], Meta(min_length=1, max_length=100)]


class EventBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /v1/events``."""

    events: Annotated[tuple[OperatorEvent, ...], Meta(min_length=1)]


class AlertEventBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /v1/alerts/{alert_id}/events``."""

    events: Annotated[tuple[AlertEvent, ...], Meta(min_length=1, max_length=20)]


class AlertEventsRecorded(msgspec.Struct, frozen=True):
    """How many events are durable now."""

    recorded: int


class ShownAlert(msgspec.Struct, frozen=True):
    """The words of one alert, ready to be shown, and how it stands.

    ``events`` are the kinds of events recorded so far, so that a reload repeats nothing; ``asked_for`` what the
    customer asked of us (``appeal``, ``call_me``). ``code`` proves at ``/verify`` that the message is ours and is null
    where somebody else may be looking; ``call_code`` is what our caller says first, null where nobody calls. ``now`` is
    the service's clock, by which a browser dates its events; ``words`` are the interface words of the element by name.
    """

    alert: RenderedAlert
    choice: Choice | None
    events: tuple[AlertEventType, ...]
    asked_for: tuple[str, ...]
    code: str | None
    call_code: str | None
    now: datetime
    words: dict[str, str]


_REQUESTS: Final = (WithdrawalRequest, WithdrawalBatch, EventBatch, AlertEventBatch, ResolutionRequest, EvidenceRequest)
_ANSWERS: Final = (
    ShownAlert,
    ChannelTexts,
    AlertEventsRecorded,
    Answer,
    BatchAnswer,
    Clearance,
    ResolutionResult,
    EventsAnswer,
    StaffDecision,
    Evidence,
    CampaignResults,
    Health,
    Readiness,
    Problem,
)

_ID: Final[Schema] = {"pattern": r"^[\x21-\x7e]{1,128}$"}
_COUNTRY: Final[Schema] = {"pattern": "^[A-Z]{2}$", "examples": ["HK"]}
_TEXT: Final[Schema] = {"minLength": 1, "maxLength": 128}

_SHARPENED: Final[dict[str, Schema]] = {
    "withdrawal_id": _ID,
    "event_id": _ID,
    "replaces": _ID,
    "attempt": {"minimum": 1, "maximum": 10_000},
    "jurisdiction": _COUNTRY | {"description": "Country of the customer's account (ISO 3166 alpha-2)."},
    "ip_country": _COUNTRY,
    "fiat_currency": {"pattern": "^[A-Z]{3}$", "description": "The installation's reporting currency."},
    "asset": {"pattern": r"^[A-Za-z0-9][A-Za-z0-9._$+-]{0,31}$", "examples": ["USDT"]},
    "network": {"examples": ["tron", "ERC20", "eip155:1"], "description": "Name, exchange ticker or CAIP-2 id."},
    "id": {"minLength": 1, "maxLength": 256},
    "address": {"minLength": 1, "maxLength": 256},
    "onchain_age_days": {"minimum": 0, "maximum": 100_000},
    "risk_flags": {"maxItems": 64},
    "vendor_category": _TEXT,
    "vasp": _TEXT,
    "label": _TEXT,
    "source": _TEXT,
    "act_id": _ID,
    "reason": {"minLength": 1, "maxLength": 1000},
    "how": _TEXT,
    "note_ref": _TEXT,
    "at": {"format": "date-time"},
}
"""The rules that intake applies, by field name (see ``decisions.intake``)."""

_DECIMAL: Final[Schema] = {
    "anyOf": [
        {"type": "string", "format": "decimal", "pattern": r"^[0-9]{1,16}(\.[0-9]{1,4})?$"},
        {"type": "number", "minimum": 0},
    ],
    "description": "A decimal, best sent as text; amounts may have 20 digits before and 18 after the point.",
    "examples": ["12000.00"],
}


def component_schemas() -> dict[str, Schema]:
    """Return the schema of each type, by name, for ``components.schemas`` of the OpenAPI document."""
    _, requests = msgspec.json.schema_components(_REQUESTS, ref_template=REFERENCE)
    _, answers = msgspec.json.schema_components(_ANSWERS, ref_template=REFERENCE)
    components: dict[str, Schema] = {**answers, **requests}
    for name, schema in components.items():
        schema["description"] = str(schema.get("description", name)).replace("``", "`")
        for field, described in schema.get("properties", {}).items():
            # An answer may repeat a refused id, so the rules for what comes in do not hold for what goes out.
            _sharpen(name, field, described, _SHARPENED.get(field, {}) if name in requests else {})
    components["WithdrawalRequest"]["examples"] = [EXAMPLE_WITHDRAWAL]
    components["EventBatch"]["examples"] = [{"events": [EXAMPLE_EVENT]}]
    return components


def _sharpen(owner: str, field: str, schema: Schema, rules: Schema) -> None:
    """Add to one field what its record cannot say."""
    for part in schema.get("anyOf", (schema,)):
        if part.get("format") == "decimal":
            part.clear()
            part.update(_DECIMAL)
        elif part.get("type") not in ("null", None):
            part.update(rules)
            if field.endswith("_at") or (field == "until"):
                part["format"] = "date-time"
    if (owner, field) == ("DecisionFallback", "withdrawal"):
        schema.clear()
        schema["$ref"] = REFERENCE.format(name="WithdrawalRequest")
