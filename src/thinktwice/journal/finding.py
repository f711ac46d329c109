"""What staff look for among decisions, as a search, and what it finds.

Invariant: every combination that can be asked for has an index that narrows it, named in the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice.errors import InputError
from thinktwice.journal.times import to_microseconds

MOST_FOUND: Final = 200

FOUND: Final = "decision_id, withdrawal_id, attempt, destination_key, action, campaign, arm, recorded_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched: fields that are None do not narrow; ``since`` and ``until`` bound the recorded time."""

    withdrawal_id: str | None = None
    destination_key: str | None = None
    campaign: str | None = None
    action: str | None = None
    customer_ref: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDecision:
    """One line of a search's result."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    destination_key: str
    action: str
    campaign: str | None
    arm: str | None
    recorded_at: datetime


def statement_of(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    """Return the search as SQL and its values; each combination has an index that narrows it.

    Raises:
        InputError: nothing was asked for.
    """
    parts: list[tuple[str, object]] = []
    indexes: list[str] = []
    for index, name, value in (
        ("withdrawal", "withdrawal_id", wanted.withdrawal_id),
        ("destination", "destination_key", wanted.destination_key),
        ("customer", "customer_ref", wanted.customer_ref),
        ("campaign", "campaign", wanted.campaign),
        ("action", "action", wanted.action),
    ):
        if value is not None:
            parts.append((f"{name} = ?", value))
            indexes.append(index)
    if wanted.since is not None:
        parts.append(("recorded_at >= ?", to_microseconds(wanted.since)))
    if wanted.until is not None:
        parts.append(("recorded_at < ?", to_microseconds(wanted.until)))
    if not parts:
        raise InputError.of("say what to look for: a withdrawal, a destination, a campaign, an action or a day")
    # SQLite knows no frequencies here, so the narrowest is named: a withdrawal before a destination, these before a
    # campaign, that before an action. Each of these indexes goes on by time, which bounds the days and gives the order.
    index = indexes[0] if indexes else "time"
    where = " AND ".join(condition for condition, _ in parts)
    statement = (
        f"SELECT {FOUND} FROM decision INDEXED BY decision_by_{index} WHERE {where} "  # noqa: S608 (constants)
        "ORDER BY recorded_at DESC, seq DESC LIMIT ? OFFSET ?"
    )
    return statement, tuple(value for _, value in parts)
