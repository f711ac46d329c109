"""Somebody says that a listing is wrong: what they say, and what is decided about it.

Invariants: a dispute is decided once; a decision that a listing is wrong ends it in the same act, so that no dispute is
upheld on paper only; to end what the next import would bring back, the destination is allowed, in the same act as well;
words are sealed, the entries of the audit chain carry none.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol, get_args

from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.errors import Fault, InputError, NotFoundError, Phrase, StateError
from thinktwice.watchlist import statements as sql
from thinktwice.watchlist.store import as_text

RaisedBy = Literal["customer", "holder", "service", "source", "staff"]
RAISED_BY: Final[tuple[RaisedBy, ...]] = get_args(RaisedBy)
"""Who says so: a customer, the holder of the address, a service, the source itself, or our own staff."""

Outcome = Literal["stands", "delisted", "allowed"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

MOST_TEXT: Final = 4_000
LEAST_TEXT: Final = 3
SHOWN: Final = 200

INSERT: Final = """
INSERT INTO listing_dispute (id, address, match_keys, source, raised_by, raised_at, recorded_by, words_sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_COLUMNS: Final = """
SELECT id, address, match_keys, source, raised_by, raised_at, recorded_by, words_sealed, decided_at, decided_by,
    outcome, reason_sealed FROM listing_dispute
"""
SELECT_ONE: Final = f"{_COLUMNS} WHERE id = ?"
SELECT_ALL: Final = f"{_COLUMNS} ORDER BY decided_at IS NOT NULL, raised_at DESC LIMIT {SHOWN}"
"""Open ones first, of these the newest."""

COUNT_OPEN: Final = "SELECT count(*) FROM listing_dispute WHERE decided_at IS NULL"
DECIDE: Final = """
UPDATE listing_dispute SET decided_at = ?, decided_by = ?, outcome = ?, reason_sealed = ?
WHERE id = ? AND decided_at IS NULL
"""


class Envelopes(Protocol):
    """What words are sealed with."""

    def seal(self, text: str, place: str) -> bytes:
        """Return the text in an envelope that opens at this place only."""

    def open(self, envelope: bytes, place: str) -> str:
        """Return the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One dispute; ``source`` None is about every listing of the address."""

    id: str
    address: str
    match_keys: tuple[str, ...]
    source: str | None
    raised_by: RaisedBy
    raised_at: datetime
    recorded_by: str
    words: str
    decided_at: datetime | None
    decided_by: str | None
    outcome: Outcome | None
    reason: str | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.decided_at is None


class Disputes:
    """The disputes of one installation."""

    def __init__(self, ledger: Ledger, envelopes: Envelopes) -> None:
        self._ledger = ledger
        self._envelopes = envelopes

    def record(
        self, actor: Actor, address: str, match_keys: Sequence[str], source: str | None, raised_by: str, words: str
    ) -> str:
        """Put a dispute down and return its id.

        Raises:
            InputError: nobody of this sort raises one, or its words are missing or too many.
        """
        if raised_by not in RAISED_BY:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(RAISED_BY)), field="raised_by")
        _check_words(words, "words")
        dispute_id = uuid.uuid4().hex
        sealed = self._envelopes.seal(words.strip(), f"listing_dispute.words:{dispute_id}")
        with self._ledger.act(actor, "dispute.record", "dispute", dispute_id) as act:
            values = (
                dispute_id, address, " ".join(match_keys), source or None, raised_by, as_text(act.at), actor.id, sealed,
            )  # fmt: skip
            act.connection.execute(INSERT, values)
            act.note(raised_by=raised_by, source=source or None)
            act.commit_to("address", address)
        return dispute_id

    def decide(self, actor: Actor, dispute_id: str, outcome: str, reason: str) -> int:
        """Decide a dispute, and end or overrule what it is about; returns how many statements that ended.

        Raises:
            InputError: no such outcome, or no reason.
            NotFoundError: no such dispute.
            StateError: it is decided already.
        """
        if outcome not in OUTCOMES:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(OUTCOMES)), field="outcome")
        _check_words(reason, "reason")
        sealed = self._envelopes.seal(reason.strip(), f"listing_dispute.reason:{dispute_id}")
        with self._ledger.act(actor, "dispute.decide", "dispute", dispute_id) as act:
            dispute = self._one(act.connection, dispute_id)
            now = as_text(act.at)
            if not act.connection.execute(DECIDE, (now, actor.id, outcome, sealed, dispute_id)).rowcount:
                raise StateError("this dispute is decided already")
            ended = 0
            if outcome == "delisted":
                ended = _delist(act, dispute, now)
            elif outcome == "allowed":
                _allow(act, dispute, f"dispute {dispute_id[:8]}", actor, now)
            act.note(outcome=outcome, ended=ended)
        return ended

    def find(self, dispute_id: str) -> Dispute:
        """Return one.

        Raises:
            NotFoundError: there is none of this id.
        """
        with self._ledger.reading() as connection:
            return self._one(connection, dispute_id)

    def all(self) -> tuple[Dispute, ...]:
        """Return open ones first, then the newest, up to ``SHOWN``."""
        with self._ledger.reading() as connection:
            return tuple(self._dispute(row) for row in connection.execute(SELECT_ALL).fetchall())

    def open_count(self) -> int:
        """Return how many wait for a decision."""
        with self._ledger.reading() as connection:
            return int(connection.execute(COUNT_OPEN).fetchone()[0])

    def _one(self, connection: sqlite3.Connection, dispute_id: str) -> Dispute:
        row = connection.execute(SELECT_ONE, (dispute_id,)).fetchone()
        if row is None:
            raise NotFoundError("there is no such dispute")
        return self._dispute(row)

    def _dispute(self, row: tuple[Any, ...]) -> Dispute:
        dispute_id = row[0]
        reason = None if row[11] is None else self._envelopes.open(row[11], f"listing_dispute.reason:{dispute_id}")
        return Dispute(
            id=dispute_id,
            address=row[1],
            match_keys=tuple(row[2].split(" ")),
            source=row[3],
            raised_by=row[4],
            raised_at=datetime.fromisoformat(row[5]),
            recorded_by=row[6],
            words=self._envelopes.open(row[7], f"listing_dispute.words:{dispute_id}"),
            decided_at=datetime.fromisoformat(row[8]) if row[8] else None,
            decided_by=row[9],
            outcome=row[10],
            reason=reason,
        )


def _delist(act: Act, dispute: Dispute, now: str) -> int:
    total = 0
    for key in dispute.match_keys:
        total += act.connection.execute(sql.DELIST, (now, key, dispute.source, dispute.source)).rowcount
        act.connection.execute(sql.NOTE_CHANGE, (key, now))
    return total


def _allow(act: Act, dispute: Dispute, reason: str, actor: Actor, now: str) -> None:
    for key in dispute.match_keys:
        act.connection.execute(sql.END_ALLOWANCE, (now, key, None))
        act.connection.execute(sql.ALLOW, (key, None, dispute.address, reason, actor.id, now))
        act.connection.execute(sql.NOTE_CHANGE, (key, now))


def _check_words(text: str, field: str) -> None:
    if not LEAST_TEXT <= len(text.strip()) <= MOST_TEXT:
        raise InputError(
            Fault(Phrase("is %(least)s to %(most)s characters long", least=LEAST_TEXT, most=f"{MOST_TEXT:,}"), field)
        )
