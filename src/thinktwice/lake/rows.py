"""From records of the journal to columns.

Invariants: a row is a function of its record alone; decimals go from their stored text to DECIMAL without a float;
amounts finer than their column are cut off, never rounded up. A ``decision.fallback`` stands for the withdrawal that
the client answered by itself, so its row carries that withdrawal's key, customer, destination and amount.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, Final

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from thinktwice.errors import Phrase, StateError
from thinktwice.journal.seam import RecordKind, StoredRecord
from thinktwice.records.clearance import Clearance
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent
from thinktwice.records.resolution import RecordedResolution

Row = dict[str, Any]

_SPACE: Final = "\x1f"
"""Ends the prefix of ids of test traffic (ADR 7); ``is_test`` says the same in a column of its own."""


class _Place(msgspec.Struct):
    key: str


class _Answered(msgspec.Struct):
    """What the history needs of the withdrawal inside a fallback."""

    withdrawal_id: str
    attempt: int
    customer_ref: str
    destination: _Place
    fiat_amount: Decimal
    fiat_currency: str


class _Event(msgspec.Struct):
    """What the history needs of a stored ``NotedEvent``."""

    event_id: str
    type: str
    occurred_at: datetime
    destination: _Place | None = None
    amount: Decimal | None = None
    fiat_amount: Decimal | None = None
    label: str | None = None
    source: str | None = None
    withdrawal: _Answered | None = None
    answer: str | None = None


_EXACT: Final = Context(prec=80, rounding=ROUND_DOWN)
_read_decision: Final = msgspec.json.Decoder(Decision).decode
_read_event: Final = msgspec.json.Decoder(_Event).decode
_read_alert_event: Final = msgspec.json.Decoder(AlertEvent).decode
_read_clearance: Final = msgspec.json.Decoder(Clearance).decode
_read_resolution: Final = msgspec.json.Decoder(RecordedResolution).decode


def row_of(record: StoredRecord) -> Row:
    """Return the cells of one record; a column that is left out is NULL.

    Raises:
        StateError: the record's body is not what its kind says.
    """
    row: Row = {
        "seq": record.seq,
        "recorded_at": record.recorded_at,
        "is_test": record.is_test,
        "withdrawal_id": record.withdrawal_id and record.withdrawal_id.rpartition(_SPACE)[2],
        "attempt": record.attempt,
        "customer_ref": record.customer_ref,
        "destination_key": record.destination_key,
    }
    try:
        _READERS[record.kind](row, record)
    except msgspec.MsgspecError as error:
        raise StateError(
            Phrase("record %(seq)s (%(kind)s) cannot be read: %(error)s", seq=record.seq, kind=record.kind, error=error)
        ) from error
    return row


def _add_decision(row: Row, record: StoredRecord) -> None:
    decision = _read_decision(record.body)
    why, alert, hold = decision.explanation, decision.alert, decision.hold
    row |= why.signals
    row["decision_id"] = decision.decision_id
    row["match_key"] = decision.match_key
    row["decided_at"] = decision.decided_at
    row["action"], row["intervention"] = decision.action, decision.intervention
    row["is_notice"] = alert is not None and alert.is_notice
    if alert is not None:
        row["alert_id"], row["alert_locale"] = alert.alert_id, alert.locale
    if hold is not None:
        row["hold_until"], row["hold_reason"] = hold.until, hold.reason_class
    row["fiat_currency"] = decision.facts.fiat_currency
    for name in _WHY:
        row[name] = getattr(why, name)


_WHY: Final = ("engine", "snapshot", "reasons", "campaign", "version", "release", "experiment", "bucket", "arm",
               "overshadowed", "unknown", "is_trigger", "is_known_bad")  # fmt: skip


def _add_event(row: Row, record: StoredRecord) -> None:
    event = _read_event(record.body)
    row["event_id"], row["type"], row["occurred_at"] = event.event_id, event.type, event.occurred_at
    row["amount"] = _cut(event.amount, 18)
    row["fiat_amount"] = _cut(event.fiat_amount, 4)
    row["label"], row["source"], row["answer"] = event.label, event.source, event.answer
    if event.destination is not None:
        row["destination_key"] = event.destination.key
    if event.type == "withdrawal.changed":
        row["answer"] = None  # the new destination as typed; the attempt that follows carries it decoded
    withdrawal = event.withdrawal
    if withdrawal is not None:
        row["withdrawal_id"], row["attempt"] = withdrawal.withdrawal_id, withdrawal.attempt
        row["customer_ref"], row["destination_key"] = withdrawal.customer_ref, withdrawal.destination.key
        row["fiat_amount"] = _cut(withdrawal.fiat_amount, 4)
        row["fiat_currency"] = withdrawal.fiat_currency


def _add_alert_event(row: Row, record: StoredRecord) -> None:
    event = _read_alert_event(record.body)
    row["event_id"], row["type"], row["occurred_at"] = event.event_id, event.type, event.occurred_at
    row["alert_id"], row["campaign"], row["arm"] = record.alert_id, record.campaign, record.arm
    for name in _EXPOSURE:
        row[name] = event.detail.get(name)


_EXPOSURE: Final = ("locale", "viewport", "dwell", "badge", "raised_to")
"""How an alert was met, and the rung that we raised it to; the other details of its events are the customer's own words
and stay in the journal."""


def _add_clearance(row: Row, record: StoredRecord) -> None:
    clearance = _read_clearance(record.body)
    row["decision_id"], row["status"], row["until"] = record.record_id, clearance.status, clearance.until


def _add_resolution(row: Row, record: StoredRecord) -> None:
    resolution = _read_resolution(record.body)
    row["act_id"], row["decision_id"] = resolution.act.act_id, resolution.act.decision_id
    row["resolution"], row["status"] = resolution.act.resolution, resolution.result.status


_READERS: Final[Mapping[RecordKind, Callable[[Row, StoredRecord], None]]] = {
    "decision": _add_decision,
    "event": _add_event,
    "alert_event": _add_alert_event,
    "clearance": _add_clearance,
    "resolution": _add_resolution,
}


def _cut(value: Decimal | None, places: int) -> str | None:
    if value is None:
        return None
    return format(value.quantize(Decimal(1).scaleb(-places), context=_EXACT), "f")


def columns_of(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as a table of this schema."""
    return pa.Table.from_arrays([_column(rows, field) for field in schema], schema=schema)


def _column(rows: Sequence[Row], field: pa.Field) -> pa.Array:
    cells = [row.get(field.name) for row in rows]
    if pa.types.is_decimal(field.type):
        return pa.array(cells, pa.string()).cast(field.type)
    return pa.array(cells, field.type)
