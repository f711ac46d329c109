"""The columns of every table of the history, in the lake and in the open period alike.

Invariants: decimals are DECIMAL and times are timestamps in UTC, never floats or texts; a signal's column has the
signal's name and its declared type, so an audience's SQL runs over ``decisions`` as it is. What a customer wrote
(answers, reports) and why staff acted stays in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from thinktwice.errors import InputError
from thinktwice.journal.seam import RecordKind
from thinktwice.records.signal import Catalogue, SignalType

TIME: Final = pa.timestamp("us", tz="UTC")
MONEY: Final = pa.decimal128(20, 4)
AMOUNT: Final = pa.decimal128(38, 18)
_TEXTS: Final = pa.list_(pa.field("element", pa.string()))

TABLES: Final[Mapping[RecordKind, str]] = {
    "decision": "decisions",
    "event": "events",
    "alert_event": "alert_events",
    "clearance": "clearances",
    "resolution": "resolutions",
}
"""The table of each kind of record; together they hold every record of the journal once."""

SIGNAL_TYPES: Final[Mapping[SignalType, pa.DataType]] = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "amount": AMOUNT,
    "money": MONEY,
    "ratio": MONEY,
    "text": pa.string(),
    "texts": _TEXTS,
}
"""As ``targeting.sql.COLUMN_TYPES`` asks for them."""

_COMMON: Final = (("seq", pa.int64()), ("recorded_at", TIME), ("is_test", pa.bool_()))
_WITHDRAWAL: Final = (
    ("withdrawal_id", pa.string()),
    ("attempt", pa.int32()),
    ("customer_ref", pa.string()),
    ("destination_key", pa.string()),
)
_DECISION: Final = (
    ("decision_id", pa.string()),
    ("match_key", pa.string()),
    ("decided_at", TIME),
    ("action", pa.string()),
    ("intervention", pa.string()),
    ("alert_id", pa.string()),
    ("alert_locale", pa.string()),
    ("is_notice", pa.bool_()),
    ("hold_until", TIME),
    ("hold_reason", pa.string()),
    ("fiat_currency", pa.string()),
    ("engine", pa.string()),
    ("snapshot", pa.string()),
    ("reasons", _TEXTS),
    ("campaign", pa.string()),
    ("version", pa.string()),
    ("release", pa.string()),
    ("experiment", pa.string()),
    ("bucket", pa.int32()),
    ("arm", pa.string()),
    ("overshadowed", _TEXTS),
    ("unknown", _TEXTS),
    ("is_trigger", pa.bool_()),
    ("is_known_bad", pa.bool_()),
)
_OTHERS: Final[Mapping[RecordKind, tuple[tuple[str, pa.DataType], ...]]] = {
    "event": (
        ("event_id", pa.string()),
        ("type", pa.string()),
        ("occurred_at", TIME),
        ("amount", AMOUNT),
        ("fiat_amount", MONEY),
        ("fiat_currency", pa.string()),
        ("label", pa.string()),
        ("source", pa.string()),
        ("answer", pa.string()),
    ),
    "alert_event": (
        ("event_id", pa.string()),
        ("alert_id", pa.string()),
        ("type", pa.string()),
        ("occurred_at", TIME),
        ("campaign", pa.string()),
        ("arm", pa.string()),
        ("locale", pa.string()),
        ("viewport", pa.string()),
        ("dwell", pa.string()),
        ("badge", pa.string()),
        ("raised_to", pa.string()),
    ),
    "clearance": (("decision_id", pa.string()), ("status", pa.string()), ("until", TIME)),
    "resolution": (("act_id", pa.string()), ("decision_id", pa.string()), ("resolution", pa.string()),
                   ("status", pa.string())),
}  # fmt: skip


def schema_of(kind: RecordKind, catalogue: Catalogue) -> pa.Schema:
    """Return the schema of the table of one kind; that of decisions ends with a column per signal.

    Raises:
        InputError: a declared attribute has the name of a column.
    """
    own = [*_COMMON, *_WITHDRAWAL, *(_DECISION if kind == "decision" else _OTHERS[kind])]
    if kind != "decision":
        return pa.schema(own)
    taken = sorted({name for name, _ in own} & catalogue.keys())
    if taken:
        raise InputError.of("this name is a column of the history; choose another", field=f"attributes.{taken[0]}")
    return pa.schema([*own, *((name, SIGNAL_TYPES[definition.type]) for name, definition in catalogue.items())])


def times_of(schema: pa.Schema) -> tuple[str, ...]:
    """Return the names of the columns that hold a time."""
    return tuple(field.name for field in schema if pa.types.is_timestamp(field.type))
