"""What happened after a decision: what the customer's browser claimed and what the operator's server said.

Invariants: each act has two times, the one that was claimed and the one when it was recorded here; the customer's side
of an act holds only what the customer did, in details that are named here one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from thinktwice.decisions.screens_met import SCREEN
from thinktwice.decisions.working_set import spaced
from thinktwice.evidence.sealing import plain
from thinktwice.journal.seam import JournalReader, RecordKind, StoredRecord
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent
from thinktwice.records.questionnaire import CONTACT, QUESTIONS

HORIZON: Final = timedelta(days=30)
"""How long after a decision events of the operator are looked for: the longer of the two outcome windows."""

_EXPOSURE: Final = frozenset({"locale", "viewport", "dwell", "badge"})
"""How the alert was met: language, room, how long, and which partner's badge stood on it."""

_TOLD: Final = frozenset({CONTACT, "site", "txid", *QUESTIONS})
"""What the customer wrote or chose."""

_MET: Final = frozenset({SCREEN, "screen_standing", "screen_until"})
"""Which screen they had before them; the rest of it is in the words that are shown again."""

_OPEN_DETAILS: Final = _EXPOSURE | _MET | _TOLD | {"check", "about", "raised_to", "until"}
"""Details of a claim that the customer knows: they gave them, or they saw what followed. A pack's own questions are
added where they were asked."""

_OPEN_EVENTS: Final = frozenset({"withdrawal.completed", "withdrawal.cancelled", "withdrawal.changed"})
"""Events of the operator that the customer sees in their own account."""

_OPERATOR: Final[tuple[RecordKind, ...]] = ("event",)
_ANY: Final[tuple[RecordKind, ...]] = ("decision", "event", "alert_event")

_alert_event: Final = msgspec.json.Decoder(AlertEvent)


class _Noted(msgspec.Struct, frozen=True):
    """What evidence needs of a stored ``NotedEvent``; its other fields are left alone."""

    event_id: str
    type: str
    occurred_at: datetime
    amount: Decimal | None = None
    label: str | None = None
    source: str | None = None


_noted_event: Final = msgspec.json.Decoder(_Noted)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened; ``occurred_at`` is claimed by the source, ``recorded_at`` is the server's clock."""

    source: Literal["browser", "operator"]
    type: str
    occurred_at: datetime
    recorded_at: datetime
    event_id: str
    detail: dict[str, Any]


def acts_of(decision: Decision, reader: JournalReader) -> tuple[Act, ...]:
    """Return everything recorded about a decision's alert and withdrawal, in the order of recording."""
    claims = reader.alert_events(decision.alert.alert_id) if decision.alert else []
    records = sorted([*claims, *_operator_events(decision, reader)], key=lambda record: record.seq)
    return tuple(map(_act, records))


def customers_side(acts: Sequence[Act], questions: Collection[str]) -> list[Any]:
    """Return the acts as a part that the customer may read."""
    return [
        plain(msgspec.structs.replace(act, detail=_open_detail(act, questions)))
        for act in acts
        if act.source == "browser" or act.type in _OPEN_EVENTS
    ]


def staff_side(acts: Sequence[Act]) -> list[Any]:
    """Return the acts whole."""
    return [plain(act) for act in acts]


def _open_detail(act: Act, questions: Collection[str]) -> dict[str, Any]:
    if act.source == "operator":
        return {}
    allowed = _OPEN_DETAILS | (set(questions) if act.type == "answered" else set())
    return {name: value for name, value in act.detail.items() if name in allowed}


def _act(record: StoredRecord) -> Act:
    if record.kind == "alert_event":
        claim = _alert_event.decode(record.body)
        return Act(
            source="browser",
            type=claim.type,
            occurred_at=claim.occurred_at,
            recorded_at=record.recorded_at,
            event_id=claim.event_id,
            detail=dict(claim.detail),
        )
    noted = _noted_event.decode(record.body)
    detail = {"label": noted.label, "source": noted.source, "amount": noted.amount}
    return Act(
        source="operator",
        type=noted.type,
        occurred_at=noted.occurred_at,
        recorded_at=record.recorded_at,
        event_id=noted.event_id,
        detail={name: value for name, value in detail.items() if value is not None},
    )


def _operator_events(decision: Decision, reader: JournalReader) -> Iterator[StoredRecord]:
    """Yield the operator's events about this attempt within the horizon.

    They have no index by withdrawal, which every append would pay for; evidence is rare, so it reads the days in
    question instead.
    """
    until = decision.decided_at + HORIZON
    withdrawal_id = spaced(decision.withdrawal_id, is_test=decision.is_test)
    for record in reader.records(kinds=_OPERATOR, after_seq=_last_before(reader, decision.decided_at)):
        if record.recorded_at > until:
            return
        if (record.withdrawal_id, record.attempt) == (withdrawal_id, decision.attempt):
            yield record


def _last_before(reader: JournalReader, moment: datetime) -> int:
    """Return a ``seq`` before which nothing was recorded at ``moment`` or later; times never decrease with it."""

    def is_before(seq: int) -> bool:
        following = next(iter(reader.records(kinds=_ANY, after_seq=seq, limit=1)), None)
        return following is not None and following.recorded_at < moment

    low, high = 0, 1
    while is_before(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_before(middle) else (low, middle)
    return low
