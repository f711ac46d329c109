"""Sessions: one browser in which one person is signed in.

Invariants: a token has 256 random bits, is made here and nowhere else (a token that a browser brings along is never
adopted), and is stored as its SHA-256; it is replaced at sign-in and whenever the session gains a right; it opens
nothing in another realm; it ends after 30 minutes without a request and 12 hours after sign-in at the latest, and at
once when the account or its agency is suspended, or the account expires, ends, or changes roles or password, because
every request reads them beside the session. Before the second factor a session is *pending* and opens nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, cast

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import NotFoundError, UnavailableError
from thinktwice.people.acting import acting
from thinktwice.people.counters import Counters
from thinktwice.people.guessing import source_of
from thinktwice.people.permissions import Realm, Role
from thinktwice.people.person import Method, Pending, Person, Place, SessionInfo, Stage
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

IDLE: Final = timedelta(minutes=30)
LASTS: Final[dict[Stage, timedelta]] = {
    "open": timedelta(hours=12),
    "second_factor": timedelta(minutes=10),
    "enrolment": timedelta(minutes=30),
}
"""How long a session of each stage lives at most."""

SEEN_EVERY: Final = timedelta(seconds=60)
"""A request notes that the session was used, unless it did so within this time."""

KNOWN_PLACE_DAYS: Final = 30

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

INSERT_SESSION: Final = """
INSERT INTO session (id, token_hash, account_id, realm, stage, method, opened_at, seen_at, expires_at,
second_factor_at, source_index, place_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SELECT_SESSION: Final = """
SELECT s.id, s.account_id, s.stage, s.method, s.opened_at, s.seen_at, s.expires_at, s.second_factor_at,
a.state, a.roles, a.agency_id, a.access_expires_at, a.name_sealed, a.must_have_passkey, a.language
FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN agency g ON g.id = a.agency_id
WHERE s.token_hash = ? AND s.realm = ? AND a.realm = s.realm AND s.ended_at IS NULL AND a.ended_at IS NULL
AND (a.agency_id IS NULL OR g.state = 'active')
"""
SELECT_SESSIONS: Final = """
SELECT id, stage, method, opened_at, seen_at, expires_at, second_factor_at, place_sealed FROM session
WHERE account_id = ? AND ended_at IS NULL AND expires_at > ? AND seen_at > ? ORDER BY opened_at DESC, id
"""
SELECT_OWNER: Final = """
SELECT s.account_id, a.realm, a.agency_id FROM session s JOIN account a ON a.id = s.account_id
WHERE s.id = ? AND s.ended_at IS NULL
"""
SELECT_AGENCY: Final = "SELECT agency_id FROM account WHERE id = ? AND realm = 'portal'"
NOTE_SEEN: Final = "UPDATE session SET seen_at = ? WHERE id = ? AND ended_at IS NULL"
STRENGTHEN: Final = """
UPDATE session SET token_hash = ?, method = ?, second_factor_at = ?, seen_at = ? WHERE id = ? AND ended_at IS NULL
"""
NOTE_FACTOR: Final = "UPDATE session SET second_factor_at = ? WHERE id = ? AND ended_at IS NULL"
SELECT_FACTOR: Final = "SELECT second_factor_at FROM session WHERE id = ? AND ended_at IS NULL"
END_SESSION: Final = "UPDATE session SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL"
END_SESSIONS: Final = """
UPDATE session SET ended_at = ?, end_reason = ? WHERE account_id = ? AND ended_at IS NULL AND id IS NOT ?
"""
KNOWN_PLACE: Final = """
SELECT 1 FROM session WHERE account_id = ? AND opened_at > ? AND stage = 'open' AND source_index = ? LIMIT 1
"""


class SessionStore:
    """The sessions in ``control.db``; reading one is safe from several threads."""

    def __init__(self, ledger: Ledger, counters: Counters, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._counters = counters
        self._sealing = sealing
        self._clock = clock

    def read(self, token: str, realm: Realm, *, is_active: bool = True) -> Person | None:
        """Return who is signed in with this token in this realm, or None: unknown, ended, expired, pending.

        Asks the database each time, so that a suspension in another process holds from its commit on. A request that
        a page makes by itself says ``is_active=False``, so that an open page alone keeps no session alive.

        Raises:
            UnavailableError: The database cannot be read.
        """
        row = self._living(token, realm, "open")
        if row is None:
            return None
        if is_active and self._clock() - _time(row["seen_at"]) > SEEN_EVERY:
            self._note_seen(row["id"])
        return Person(
            account_id=row["account_id"],
            name=self._sealing.open(row["name_sealed"], f"account.name:{row['account_id']}"),
            realm=realm,
            roles=cast("frozenset[Role]", frozenset(row["roles"].split())),
            agency_id=row["agency_id"],
            session_id=row["id"],
            method=cast("Method", row["method"]),
            opened_at=_time(row["opened_at"]),
            expires_at=_time(row["expires_at"]),
            second_factor_at=_time(row["second_factor_at"]) if row["second_factor_at"] else None,
            language=row["language"],
        )

    def read_pending(self, token: str, realm: Realm, stage: Stage) -> Pending | None:
        """Return the sign-in (``second_factor``) or set-up (``enrolment``) that this token continues, or None."""
        row = self._living(token, realm, stage) if stage != "open" else None
        if row is None:
            return None
        return Pending(
            account_id=row["account_id"],
            session_id=row["id"],
            realm=realm,
            stage=stage,
            method=cast("Method", row["method"]),
            must_have_passkey=bool(row["must_have_passkey"]),
            expires_at=_time(row["expires_at"]),
        )

    def list(self, account_id: str) -> tuple[SessionInfo, ...]:
        """Return the living sessions of an account, the newest first, with where they come from."""
        now = self._clock()
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_SESSIONS, (account_id, as_text(now), as_text(now - IDLE))).fetchall()
        return tuple(self._info(row) for row in rows)

    def open(
        self,
        act: Act,
        account_id: str,
        realm: Realm,
        place: Place,
        *,
        stage: Stage,
        method: Method,
        second_factor_at: datetime | None = None,
    ) -> str:
        """Write a new session inside an act and return its token, which is not stored."""
        token, session_id = secrets.token_urlsafe(32), f"ses_{secrets.token_hex(12)}"
        where = json.dumps({"address": place.address[:64], "agent": place.agent[:200]})
        act.connection.execute(
            INSERT_SESSION,
            (
                session_id, _hash(token), account_id, realm, stage, method, as_text(act.at), as_text(act.at),
                as_text(act.at + LASTS[stage]), as_text(second_factor_at) if second_factor_at else None,
                self._source_index(account_id, place), self._sealing.seal(where, f"session.place:{session_id}"),
            ),
        )  # fmt: skip
        act.note(session=session_id, method=method)
        return token

    def strengthen(self, act: Act, session_id: str, method: Method, second_factor_at: datetime | None) -> str:
        """Note a second factor in an open session and return its new token; the old one opens nothing any more."""
        token = secrets.token_urlsafe(32)
        at = as_text(second_factor_at) if second_factor_at else None
        act.connection.execute(STRENGTHEN, (_hash(token), method, at, as_text(act.at), session_id))
        return token

    def end(self, actor: Actor, session_id: str) -> None:
        """End one session at once, one's own (sign out) or another person's.

        Raises:
            NotFoundError: No such session lives within the actor's reach (an officer's: the own agency).
        """
        with acting(self._ledger, actor, "session.end", "session", session_id) as act:
            owner = act.connection.execute(SELECT_OWNER, (session_id,)).fetchone()
            if owner is None or not _reaches(act, actor, owner):
                raise NotFoundError("this session has ended already")
            reason = "signed out" if owner[0] == actor.id else "ended by somebody else"
            act.note(account=owner[0])
            end_session(act, session_id, reason)

    def is_known_place(self, account_id: str, place: Place) -> bool:
        """Whether this account was opened from this place within 30 days."""
        since = as_text(self._clock() - timedelta(days=KNOWN_PLACE_DAYS))
        with self._ledger.reading() as connection:
            found = connection.execute(KNOWN_PLACE, (account_id, since, self._source_index(account_id, place)))
            return found.fetchone() is not None

    def _living(self, token: str, realm: Realm, stage: Stage) -> dict[str, Any] | None:
        """Return the row of a session that opens something at this moment."""
        if not _TOKEN.fullmatch(token):
            return None
        with self._ledger.reading() as connection:
            cursor = connection.execute(SELECT_SESSION, (_hash(token), realm))
            found = cursor.fetchone()
        if found is None:
            return None
        row: dict[str, Any] = dict(zip((column[0] for column in cursor.description), found, strict=True))
        now = as_text(self._clock())
        is_allowed = row["state"] == ("invited" if stage == "enrolment" else "active")
        has_access = row["access_expires_at"] is None or row["access_expires_at"] > now
        is_living = row["expires_at"] > now and row["seen_at"] > as_text(self._clock() - IDLE)
        return row if row["stage"] == stage and is_allowed and has_access and is_living else None

    def _note_seen(self, session_id: str) -> None:
        # A database that is busy must not turn a reader away: the session ends a little earlier at worst.
        with suppress(UnavailableError), self._counters.transaction() as connection:
            connection.execute(NOTE_SEEN, (as_text(self._clock()), session_id))

    def _info(self, row: tuple[Any, ...]) -> SessionInfo:
        session_id, stage, method, opened_at, seen_at, expires_at, second_factor_at, place = row
        where = json.loads(self._sealing.open(place, f"session.place:{session_id}"))
        return SessionInfo(
            id=session_id,
            stage=stage,
            method=method,
            opened_at=_time(opened_at),
            seen_at=_time(seen_at),
            expires_at=_time(expires_at),
            second_factor_at=_time(second_factor_at) if second_factor_at else None,
            place=Place(**where),
        )

    def _source_index(self, account_id: str, place: Place) -> bytes:
        return self._sealing.index(f"session.source:{account_id}", source_of(place.address))


def _reaches(act: Act, actor: Actor, owner: tuple[str, str, str | None]) -> bool:
    """Whether this actor may know of a session: an officer of the own ones and of the own agency's only."""
    account_id, realm, agency_id = owner
    if actor.kind != "officer" or actor.id == account_id:
        return True
    row = act.connection.execute(SELECT_AGENCY, (actor.id,)).fetchone()
    return realm == "portal" and row is not None and row[0] is not None and row[0] == agency_id


def end_session(act: Act, session_id: str, reason: str) -> None:
    """End one session inside an act."""
    act.connection.execute(END_SESSION, (as_text(act.at), reason, session_id))


def end_sessions(act: Act, account_id: str, reason: str, *, keep: str | None = None) -> int:
    """End every session of an account inside an act, except ``keep``; returns how many."""
    cursor: sqlite3.Cursor = act.connection.execute(END_SESSIONS, (as_text(act.at), reason, account_id, keep))
    act.note(sessions_ended=cursor.rowcount)
    return cursor.rowcount


def note_second_factor(act: Act, session_id: str) -> None:
    """Note inside an act that a second factor was given in a session that is not open yet."""
    act.connection.execute(NOTE_FACTOR, (as_text(act.at), session_id))


def has_second_factor(act: Act, session_id: str) -> bool:
    """Whether ``note_second_factor`` was called for this session."""
    row = act.connection.execute(SELECT_FACTOR, (session_id,)).fetchone()
    return row is not None and row[0] is not None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
