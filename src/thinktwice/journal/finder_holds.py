"""What the index knows of holds: which withdrawals met the same one, who asked what, and what staff did.

Invariants: a hold is named by the decision at which it began, and every attempt that met it while it stood belongs to
it, so that a customer who tries again takes nothing of its record away; what was released or ran out is told apart for
good, however much the deciding process still remembers of it. Whether something stands right now is not said here:
what can still stand is, and the deciding process's own memory decides.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.errors import UnavailableError
from thinktwice.journal.finder_statements import (
    INSERT_ACT,
    INSERT_WAITING,
    INSERT_WISH,
    SELECT_ACTS,
    SELECT_ACTS_ABOUT,
    SELECT_APPEALS,
    SELECT_BEGAN,
    SELECT_BY_ALERT,
    SELECT_HOLDS,
    SELECT_MET,
    SELECT_STANDING_HOLD,
    SELECT_WAITING,
    SELECT_WISHES,
    SET_RELEASED,
)
from thinktwice.journal.times import from_microseconds, to_microseconds
from thinktwice.storage.sqlite import connect

NO_END: Final = 2**63 - 1
"""The end of what only a person ends."""

_WISHES: Final = frozenset({"appeal", "call_me"})


@dataclass(frozen=True, slots=True)
class MetHold:
    """The hold that a decision met: named by its first decision, whose it is, and when two people ended it, if so."""

    hold: str
    customer_ref: str
    match_key: str
    released_at: datetime | None


class FinderReader:
    """The reading side of the index; safe from several threads."""

    def __init__(self, own: Path) -> None:
        self._own = own

    def waiting(self, at: datetime) -> tuple[tuple[str, str], ...]:
        """Return what can still stand: the newest decision that met each hold, and the hold; the newest first.

        Raises:
            UnavailableError: the index cannot be read; so do all of these.
        """
        return tuple((row[0], row[1]) for row in self._read(SELECT_WAITING, (to_microseconds(at),)))

    def began(self, since: datetime) -> tuple[str, ...]:
        """Return the customers of every hold that began since, and of some that began before."""
        return tuple(row[0] for row in self._read(SELECT_BEGAN, (to_microseconds(since),)))

    def holds(self, decision_ids: Iterable[str]) -> dict[str, MetHold]:
        """Return the hold that each decision met; those that met none are left out."""
        rows = self._read(SELECT_HOLDS, (_listed(decision_ids),))
        return {
            row[0]: MetHold(row[1], row[2], row[3], None if row[4] is None else from_microseconds(row[4]))
            for row in rows
        }

    def met(self, holds: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return every decision that met each hold, the newest first."""
        found: dict[str, list[str]] = {}
        for decision_id, hold in self._read(SELECT_MET, (_listed(holds),)):
            found.setdefault(hold, []).append(decision_id)
        return {hold: tuple(ids) for hold, ids in found.items()}

    def wishes(self, decision_ids: Iterable[str]) -> tuple[tuple[str, str, datetime], ...]:
        """Return what customers asked on the pages of decisions: of which, what, and when it was recorded."""
        rows = self._read(SELECT_WISHES, (_listed(decision_ids),))
        return tuple((decision_id, about, from_microseconds(at)) for decision_id, about, at in rows)

    def appeals(self, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return the appeals by customers' pages since: of which decision, and when."""
        rows = self._read(SELECT_APPEALS, (to_microseconds(since),))
        return tuple((decision_id, from_microseconds(at)) for decision_id, at in rows)

    def acts(self, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """Return what staff did to holds since, by whatever way: whose, to which destination, and when."""
        rows = self._read(SELECT_ACTS, (to_microseconds(since),))
        return tuple((ref, key, from_microseconds(at)) for ref, key, at in rows)

    def acts_about(self, decision_ids: Iterable[str]) -> tuple[int, ...]:
        """Return the places in the journal of what staff did about decisions, oldest first."""
        return tuple(row[0] for row in self._read(SELECT_ACTS_ABOUT, (_listed(decision_ids),)))

    def _read(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return list(self._read_each(statement, (values,)))

    def _read_each(self, statement: str, many: Iterable[tuple[object, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield what a statement finds for each of some values, over one connection."""
        try:
            with closing(connect(self._own, read_only=True)) as connection:
                for values in many:
                    yield from connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise UnavailableError(f"the journal's index cannot be read: {error}") from error


class _Hold(msgspec.Struct):
    until: datetime | None = None


class _Held(msgspec.Struct):
    hold: _Hold | None = None


class _Claim(msgspec.Struct):
    detail: dict[str, str] = {}


class _Act(msgspec.Struct):
    decision_id: str


class _Result(msgspec.Struct):
    status: str


class _Resolved(msgspec.Struct):
    act: _Act
    result: _Result


_held: Final = msgspec.json.Decoder(_Held)
_claim: Final = msgspec.json.Decoder(_Claim)
_resolved: Final = msgspec.json.Decoder(_Resolved)


def enter_holds(rows: Sequence[tuple[Any, ...]], journal: sqlite3.Connection, index: sqlite3.Connection) -> None:
    """Enter what records say of holds, one after the other: whether one stood matters to what came next."""
    for row in rows:
        seq, kind, record_id, at, body = row[0], row[1], row[2], row[3], row[12]
        if body is None:  # nothing about holds; events of a customer have no destination either
            continue
        place = (row[14], _match_key(row[6]))
        if kind == "decision":
            hold = _held.decode(body).hold
            _enter(index, record_id, seq, place, at, hold.until if hold else None)
        elif kind == "resolution":
            done = _resolved.decode(body)
            index.execute(INSERT_ACT, (seq, done.act.decision_id, *place, at))
            if done.result.status == "released":
                index.execute(SET_RELEASED, (at, *place, at))
        else:
            detail = _claim.decode(body).detail
            found = journal.execute(SELECT_BY_ALERT, (row[13],)).fetchone()
            if found is None:
                continue
            decision_id = found[0]
            if row[7] == "help" and detail.get("about") in _WISHES:
                index.execute(INSERT_WISH, (seq, decision_id, detail["about"], at))
            elif "raised_to" in detail:
                until = datetime.fromisoformat(detail["until"]) if "until" in detail else None
                _enter(index, decision_id, seq, place, at, until)


def _enter(
    index: sqlite3.Connection, decision_id: str, seq: int, place: tuple[str, str], at: int, until: datetime | None
) -> None:
    standing = index.execute(SELECT_STANDING_HOLD, (*place, at)).fetchone()
    end = NO_END if until is None else to_microseconds(until)
    index.execute(INSERT_WAITING, (decision_id, seq, *place, at, end, standing[0] if standing else decision_id))


def _match_key(destination_key: str) -> str:
    """Return the address of a destination: a hold is on every memo of it."""
    return destination_key.partition("#")[0]


def _listed(values: Iterable[str]) -> str:
    return json.dumps(tuple(values))
