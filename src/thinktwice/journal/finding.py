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

_WITH_MEMO: Final = "destination_key >= ? || '#' AND destination_key < ? || '$'"
FOUND: Final = "decision_id, withdrawal_id, attempt, destination_key, action, campaign, arm, recorded_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched: fields that are None do not narrow; ``since`` and ``until`` bound the recorded time.

    ``match_keys`` are the keys that one address may have had, on any network and with any memo.
    """

    withdrawal_id: str | None = None
    destination_key: str | None = None
    match_keys: tuple[str, ...] = ()
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


def statement_of(wanted: Wanted, *, limit: int = 50, offset: int = 0) -> tuple[str, tuple[object, ...]]:
    """Return the search as SQL and its values; each combination has an index that narrows it.

    Raises:
        InputError: nothing was asked for.
    """
    if not wanted.match_keys:
        statement, values = _statement(wanted, ())
        return f"{statement} LIMIT ? OFFSET ?", (*values, limit, offset)
    # Each key is searched in its index, as far as the page goes, and what they give is put in one order.
    parts, given = [], list[object]()
    for key in wanted.match_keys:
        for within in (("destination_key = ?", (key,)), (_WITH_MEMO, (key, key))):
            statement, values = _statement(wanted, (within,))
            parts.append(f"SELECT * FROM ({statement} LIMIT ?)")  # noqa: S608  (a statement of constants)
            given += [*values, limit + offset]
    together = " UNION ALL ".join(parts)
    return f"{together} ORDER BY recorded_at DESC, seq DESC LIMIT ? OFFSET ?", (*given, limit, offset)


def _statement(wanted: Wanted, destinations: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, tuple[object, ...]]:
    parts: list[str] = []
    values: list[object] = []
    indexes: list[str] = []
    for index, name, value in (
        ("withdrawal", "withdrawal_id", wanted.withdrawal_id),
        ("destination", "destination_key", wanted.destination_key),
        ("customer", "customer_ref", wanted.customer_ref),
        ("campaign", "campaign", wanted.campaign),
        ("action", "action", wanted.action),
    ):
        if index == "destination":
            for condition, keys in destinations:
                parts.append(condition)
                values += keys
                indexes.append(index)
        if value is not None:
            parts.append(f"{name} = ?")
            values.append(value)
            indexes.append(index)
    for condition, bound in (("recorded_at >= ?", wanted.since), ("recorded_at < ?", wanted.until)):
        if bound is not None:
            parts.append(condition)
            values.append(to_microseconds(bound))
    if not parts:
        raise InputError.of("say what to look for: a withdrawal, a destination, a campaign, an action or a day")
    # SQLite knows no frequencies here, so the narrowest is named: a withdrawal before a destination, these before a
    # campaign, that before an action. Each of these indexes goes on by time, which bounds the days and gives the order.
    index = indexes[0] if indexes else "time"
    where = " AND ".join(parts)
    statement = (
        f"SELECT {FOUND}, seq FROM decision INDEXED BY decision_by_{index} WHERE {where} "  # noqa: S608 (constants)
        "ORDER BY recorded_at DESC, seq DESC"
    )
    return statement, tuple(values)
