"""API keys: how the operator's servers and staff tools prove who they are (DESIGN section 5).

Invariants: a secret has 256 random bits and is stored only as SHA-256, which is enough for a secret that nobody
chose; a key is never deleted, it is revoked; a revocation takes effect within ``FRESH_SECONDS`` in every process;
the mode of a key decides whether its traffic is a test, never the request.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, cast, get_args

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import Fault, InputError, NotFoundError, Phrase, UnavailableError
from thinktwice.storage.sqlite import connect

Mode = Literal["live", "test"]
Scope = Literal["decide", "events", "clear", "read", "staff"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

FRESH_SECONDS: Final = 1.0
"""Keys read from the database are trusted this long before asking whether any changed."""

_SECRET: Final = re.compile(r"tt_(?:live|test)_[A-Za-z0-9_-]{43}")

INSERT_KEY: Final = """
INSERT INTO api_key (id, name, mode, scopes, secret_hash, created_at, revoked_at, actor)
VALUES (?, ?, ?, ?, ?, ?, NULL, ?)
"""
SELECT_KEYS: Final = """
SELECT id, name, mode, scopes, secret_hash, created_at, revoked_at, actor FROM api_key ORDER BY created_at, id
"""
SELECT_END: Final = "SELECT revoked_at FROM api_key WHERE id = ?"
REVOKE_KEY: Final = "UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key of one client; its secret is known to the client alone."""

    id: str
    name: str
    mode: Mode
    scopes: frozenset[str]
    created_at: datetime
    actor: str
    revoked_at: datetime | None = None
    secret_hash: bytes = field(repr=False, default=b"")

    @property
    def is_test(self) -> bool:
        """Whether everything done with this key is kept out of history, caps and results."""
        return self.mode == "test"


def create_key(*, name: str, mode: str, scopes: Collection[str], actor: str, now: datetime) -> tuple[ApiKey, str]:
    """Return a new key and its secret, ``tt_live_…`` or ``tt_test_…``; nothing is stored yet.

    Raises:
        InputError: An empty or long name or actor, an unknown mode or scope, or no scope.
    """
    faults = [
        Fault("is 1 to 80 printable characters", label)
        for label, text in (("name", name), ("actor", actor))
        if not 1 <= len(text.strip()) <= 80 or not text.isprintable()
    ]
    if mode not in MODES:
        faults.append(Fault(Phrase("is one of %(choices)s", choices=", ".join(MODES)), "mode"))
    if not scopes or not set(scopes) <= set(SCOPES):
        faults.append(Fault(Phrase("is one or more of %(choices)s", choices=", ".join(SCOPES)), "scope"))
    if faults:
        raise InputError(*faults)
    secret = f"tt_{mode}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=f"key_{secrets.token_hex(8)}",
        name=name.strip(),
        mode=cast("Mode", mode),
        scopes=frozenset(scopes),
        created_at=now.astimezone(UTC),
        actor=actor.strip(),
        secret_hash=_hash(secret),
    )
    return key, secret


class ApiKeyStore:
    """The keys in ``control.db``, to be read; safe to use from several threads."""

    def __init__(self, control: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._connection = connect(control, read_only=True)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._data_version: int | None = None
        self._active: dict[bytes, ApiKey] = {}

    def find(self, secret: str) -> ApiKey | None:
        """Return the unrevoked key of this secret, or None.

        Raises:
            UnavailableError: The keys cannot be read.
        """
        if not _SECRET.fullmatch(secret):
            return None
        if self._monotonic() - self._read_at > FRESH_SECONDS:
            self._refresh()
        return self._active.get(_hash(secret))

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key ever made, oldest first, revoked ones included."""
        with self._lock, _unavailable_on_failure():
            return tuple(map(_read_row, self._connection.execute(SELECT_KEYS)))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _refresh(self) -> None:
        """Read the keys again if another connection changed the database since."""
        with self._lock, _unavailable_on_failure():
            now = self._monotonic()
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if version != self._data_version:
                keys = map(_read_row, self._connection.execute(SELECT_KEYS))
                self._active = {key.secret_hash: key for key in keys if key.revoked_at is None}
                self._data_version = version
            self._read_at = now


class ApiKeyRegister:
    """Makes and ends keys; each is an act of somebody."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, key: ApiKey, actor: Actor) -> None:
        """Store a new key, durably.

        Raises:
            UnavailableError: The keys cannot be written.
        """
        scopes = " ".join(sorted(key.scopes))
        with self._ledger.act(actor, "key.create", "key", key.id) as act:
            act.connection.execute(
                INSERT_KEY,
                (key.id, key.name, key.mode, scopes, key.secret_hash, key.created_at.isoformat(), key.actor),
            )
            act.note(mode=key.mode, scopes=scopes)
            act.commit_to("name", key.name)
            act.commit_to("signs_as", key.actor)

    def revoke(self, key_id: str, actor: Actor) -> None:
        """End a key, durably; a key that has ended keeps its first end.

        Raises:
            NotFoundError: No such key.
            UnavailableError: The keys cannot be written.
        """
        if not re.fullmatch(r"\w{1,40}", key_id):
            raise NotFoundError(f"there is no API key '{key_id[:40]}'")
        with self._ledger.act(actor, "key.revoke", "key", key_id) as act:
            found = act.connection.execute(SELECT_END, (key_id,)).fetchone()
            if found is None:
                raise NotFoundError(f"there is no API key '{key_id[:40]}'")
            act.note(was_revoked=found[0] is not None)
            act.connection.execute(REVOKE_KEY, (act.at.isoformat(), key_id))


class _unavailable_on_failure:  # noqa: N801  (reads as a statement, like contextlib.suppress)
    """Turn a failure of the database into the error that the edge answers with 503."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise UnavailableError("the API keys cannot be read or written right now") from error


def _hash(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def _read_row(row: tuple[str, str, Mode, str, bytes, str, str | None, str]) -> ApiKey:
    """Return one stored key."""
    key_id, name, mode, scopes, secret_hash, created_at, revoked_at, actor = row
    return ApiKey(
        id=key_id,
        name=name,
        mode=mode,
        scopes=frozenset(scopes.split()),
        secret_hash=secret_hash,
        created_at=datetime.fromisoformat(created_at),
        revoked_at=datetime.fromisoformat(revoked_at) if revoked_at else None,
        actor=actor,
    )
