"""What came back over the network, read as if by a stranger; pure.

Invariants: only a reply that has every part in its right shape, and that answers *this* request, is an answer; only a
problem document (RFC 9457) of the status it came with is a refusal; everything else is ``AwayError``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast, get_args

from thinktwice_client.errors import ClientError, Fault, RejectedError
from thinktwice_client.records import Action, Alert, AwayReason, Clearance, ClearanceStatus, Decision, Hold
from thinktwice_client.withdrawals import Asked

_REFUSALS: Final = frozenset({400, 404, 409, 413, 415, 422})
_NOT_ALLOWED: Final = frozenset({401, 403, 404, 405, 421})
_LARGEST_SKEW: Final = timedelta(days=7)
_UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class AwayError(ClientError):
    """There was no answer of the service; never leaves this package."""

    def __init__(self, reason: AwayReason, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason: AwayReason = reason
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply, read whole."""

    status: int
    content_type: str
    date: str | None
    body: bytes = field(repr=False)


def read_decision(reply: Reply, asked: Asked, tier: str) -> Decision:
    """Return the decision of a reply.

    Raises:
        AwayError: the reply is no decision about this withdrawal.
        RejectedError: the service refuses this withdrawal.
    """
    found = _document(reply)
    action = found.get("action")
    if action not in get_args(Action) or not _text(found.get("decision_id"), 128):
        raise AwayError("garbage")
    if (found.get("withdrawal_id"), found.get("attempt")) != (asked.withdrawal_id, asked.attempt):
        raise AwayError("garbage")
    intervention, alert = found.get("intervention"), _alert(found.get("alert"))
    if (action == "alert" and alert is None) or not (intervention is None or _text(intervention, 32)):
        raise AwayError("garbage")
    return Decision(
        withdrawal_id=asked.withdrawal_id,
        attempt=asked.attempt,
        action=cast("Action", action),
        source="service",
        tier=tier,
        decision_id=found["decision_id"],
        intervention=intervention,
        alert=alert,
        hold=_hold(found.get("hold")),
        withdrawal=asked.plain,
    )


def read_clearance(reply: Reply, decision: Decision) -> Clearance:
    """Return the clearance of a reply.

    Raises:
        AwayError: the reply is no clearance.
        RejectedError: the service knows no such decision.
    """
    found = _document(reply)
    status, is_cleared = found.get("status"), found.get("is_cleared")
    if status not in get_args(ClearanceStatus) or status == "away" or is_cleared is not (status == "cleared"):
        raise AwayError("garbage")
    until = _moment(found.get("until"))
    return Clearance(
        is_cleared=is_cleared, status=cast("ClearanceStatus", status), source="service", decision=decision, until=until
    )


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event; ``fields`` are those at fault."""

    event_id: str
    status: str
    fields: tuple[str, ...]


def read_event_results(reply: Reply) -> list[EventResult]:
    """Return what became of the events of a batch.

    Raises:
        AwayError: the reply says nothing about events.
        RejectedError: the service refuses the batch as a whole.
    """
    results = _document(reply).get("results")
    if not isinstance(results, list):
        raise AwayError("garbage")
    found = []
    for item in results:
        if not isinstance(item, dict) or not isinstance(item.get("status"), str):
            raise AwayError("garbage")
        if isinstance(item.get("event_id"), str):
            fields = tuple(fault.field or "" for fault in _faults(item))
            found.append(EventResult(item["event_id"], item["status"], fields))
    return found


def stamp_of(decision_id: str | None) -> int:
    """Return when a decision was made, by the service's clock in milliseconds; 0 when its id does not tell."""
    if decision_id is None or not _UUID7.fullmatch(decision_id):
        return 0
    return int(decision_id[:8] + decision_id[9:13], 16)


def server_time(reply: Reply) -> datetime | None:
    """Return the service's clock as the reply tells it, to the second."""
    try:
        found = parsedate_to_datetime(reply.date or "")
        return found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def skew(reply: Reply, local: datetime) -> timedelta | None:
    """Return how far the service's clock is ahead of ours; None when the reply does not tell or cannot be believed."""
    told = server_time(reply)
    if told is None or abs(told - local) > _LARGEST_SKEW:
        return None
    # The header has whole seconds and the reply took its way: less than two seconds are no difference.
    return told - local if abs(told - local) >= timedelta(seconds=2) else timedelta()


def _document(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of a success, or raise what the reply means."""
    found = _json(reply.body)
    if reply.status == 200:
        if found is None or not reply.content_type.startswith("application/json"):
            raise AwayError("garbage")
        return found
    is_problem = reply.content_type.startswith("application/problem+json") and found is not None
    if is_problem and found is not None and found.get("status") == reply.status and reply.status in _REFUSALS:
        if not str(found.get("type", "")).endswith("no-such-path"):
            raise RejectedError(reply.status, _short(found.get("title")), _faults(found))
        raise AwayError("not_allowed", is_final=True)
    if reply.status in _NOT_ALLOWED:
        raise AwayError("not_allowed", is_final=True)
    raise AwayError("unavailable" if reply.status >= 500 or reply.status in (408, 429) else "garbage")


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _alert(found: object) -> Alert | None:
    if found is None:
        return None
    names = ("id", "url", "token", "locale", "expires_at")
    if not isinstance(found, Mapping) or not all(_text(found.get(name), 2_000) for name in names):
        raise AwayError("garbage")
    if not found["url"].startswith(("https://", "http://")):
        raise AwayError("garbage")  # it goes into a customer's browser
    return Alert(**{name: found[name] for name in names})


def _hold(found: object) -> Hold | None:
    """Return the hold of a reply; what of it cannot be read is left out, because the action holds without it."""
    if not isinstance(found, Mapping):
        return None
    reason, appeal = found.get("reason_class"), found.get("appeal_url")
    try:
        until = _moment(found.get("until"))
    except AwayError:
        until = None
    return Hold(
        until=until,
        reason_class=reason if isinstance(reason, str) else None,
        appeal_url=appeal if isinstance(appeal, str) else None,
    )


def _moment(found: object) -> datetime | None:
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise AwayError("garbage")
    return moment.astimezone(UTC)


def _faults(found: Mapping[str, Any]) -> tuple[Fault, ...]:
    listed = found.get("faults")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return tuple(
        Fault(item["field"] if isinstance(item.get("field"), str) else None, _short(item.get("message")))
        for item in items
    )


def _text(found: object, limit: int) -> bool:
    return isinstance(found, str) and 0 < len(found) <= limit


def _short(found: object) -> str:
    return found[:300] if isinstance(found, str) else ""
