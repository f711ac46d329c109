"""What ``control.db`` keeps about addresses: who said what, when the source said it and from when until when we knew.

Invariants: nothing is deleted or overwritten, a statement that no longer holds gets an end (``known_until``); every act
is one transaction; every key whose claims changed is written to ``watchlist_change`` in the same transaction, so no
reader can miss it; an import that changes nothing leaves no change behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.errors import UnavailableError
from thinktwice.watchlist import statements as sql

Staged = tuple[str, str | None, str, str, str, int | None, str | None, str | None, str | None, str | None, str | None]
"""match_key, memo, address, kind, disposition, confidence, label, reference, place, listed_at, expires_at."""

_ROWS_A_STEP: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a list came from."""

    source: str
    format: str
    file_name: str | None
    file_sha256: str | None
    kind: str | None
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import did, in statements about match keys."""

    held: int
    added: int
    refreshed: int
    unchanged: int
    removed: int


class WatchlistStore:
    """Writes the watchlist tables over one connection to ``control.db``; whatever changes them is somebody's act."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        """Use a connection that nobody else uses: it holds what was staged, and acts run on it."""
        self._connection = connection
        self._ledger = ledger

    def stage(self, rows: Iterable[Staged]) -> int:
        """Collect the statements of one list outside the database; returns how many distinct ones it makes.

        Of several statements of the list about one key, kind and memo the most confident counts.
        """
        self._connection.execute("PRAGMA temp_store = FILE")
        self._connection.executescript(sql.CREATE_STAGE)
        remaining = iter(rows)
        with self._transaction("BEGIN", "COMMIT"):
            while step := list(islice(remaining, _ROWS_A_STEP)):
                self._connection.executemany(sql.STAGE, step)
        return int(self._connection.execute("SELECT count(*) FROM temp.staged").fetchone()[0])

    def merge(
        self,
        provenance: Provenance,
        by: Actor,
        now: datetime,
        *,
        faults: int,
        is_replacing: bool,
        is_rehearsal: bool = False,
        also: Callable[[sqlite3.Connection, Counts], None] = lambda _connection, _counts: None,
    ) -> Counts:
        """Make what is staged the current word of its source.

        Args:
            provenance: Where the list came from.
            by: Whose act this is.
            now: From when on we know it.
            faults: How many statements could not be read; kept with the import.
            is_replacing: Whether statements of the source that the list no longer holds end now.
            is_rehearsal: Whether to count only and leave everything as it is.
            also: What else belongs into the same transaction, such as the end of the job that this is.
        """
        if is_rehearsal:
            with self._transaction("BEGIN IMMEDIATE", "ROLLBACK"):
                return self._merge(provenance, as_text(now), faults, is_replacing)[0]
        with self._acting(by, "watchlist.import", "indicator_import") as act:
            counts, import_id = self._merge(provenance, as_text(now), faults, is_replacing)
            act.about(str(import_id))
            act.note(
                source=provenance.source,
                format=provenance.format,
                file_sha256=provenance.file_sha256,
                faults=faults,
                is_replacing=is_replacing,
                held=counts.held,
                added=counts.added,
                refreshed=counts.refreshed,
                removed=counts.removed,
            )
            also(self._connection, counts)
            return counts

    def allow(
        self, match_keys: Sequence[str], memo: str | None, address: str, reason: str, author: str, *, by: Actor
    ) -> None:
        """Vouch for a destination, whatever lists say; replaces an earlier allowance of the same."""
        now = as_text(datetime.now(UTC))
        with self._acting(by, "watchlist.allow", "allowance") as act:
            for place, key in enumerate(match_keys):
                self._connection.execute(sql.END_ALLOWANCE, (now, key, memo))
                row = self._connection.execute(sql.ALLOW, (key, memo, address, reason, author, now)).lastrowid
                self._connection.execute(sql.NOTE_CHANGE, (key, now))
                if place == 0:
                    act.about(str(row))
            act.note(keys=len(match_keys))
            for label, value in (("address", address), ("reason", reason), ("author", author)):
                act.commit_to(label, value)

    def disallow(self, match_keys: Sequence[str], memo: str | None, *, by: Actor) -> int:
        """End the allowances of a destination; returns how many there were."""
        return self._end(match_keys, (sql.CURRENT_ALLOWANCE, sql.END_ALLOWANCE), (memo,), by)

    def delist(self, match_keys: Sequence[str], source: str | None = None, *, by: Actor) -> int:
        """End the statements about a destination, of one source or of all; returns how many there were.

        The next import of a list that still holds it lists it again; to overrule a list for good, ``allow``.
        """
        return self._end(match_keys, (sql.CURRENT_INDICATOR, sql.DELIST), (source, source), by)

    def _end(
        self, match_keys: Sequence[str], find_and_end: tuple[str, str], arguments: tuple[str | None, ...], by: Actor
    ) -> int:
        """End what is current about some keys; when there is nothing, nobody did anything and no act is kept."""
        find, end = find_and_end
        now = as_text(datetime.now(UTC))
        is_allowance = end == sql.END_ALLOWANCE
        act_name, kind = ("watchlist.disallow", "allowance") if is_allowance else ("watchlist.delist", "indicator")
        total = 0
        with suppress(_NothingToDo), self._acting(by, act_name, kind) as act:
            for key in match_keys:
                first = self._connection.execute(find, (key, *arguments)).fetchone()[0]
                if first is None:
                    continue
                if not total:
                    act.about(str(first))
                total += self._connection.execute(end, (now, key, *arguments)).rowcount
                self._connection.execute(sql.NOTE_CHANGE, (key, now))
            if not total:
                raise _NothingToDo
            act.note(ended=total, **({} if is_allowance else {"source": arguments[0]}))
            act.commit_to("match_keys", " ".join(match_keys))
        return total

    def _merge(self, provenance: Provenance, now: str, faults: int, is_replacing: bool) -> tuple[Counts, int]:
        one = self._connection.execute
        held = int(one("SELECT count(*) FROM temp.staged").fetchone()[0])
        import_id = one(
            sql.NOTE_IMPORT,
            (
                provenance.source, provenance.format, provenance.file_name, provenance.file_sha256, provenance.kind,
                now, provenance.actor, held, faults,
            ),
        ).lastrowid  # fmt: skip
        newest = int(one("SELECT coalesce(max(id), 0) FROM indicator").fetchone()[0])
        refreshed = one(sql.FIND_REFRESHED, (provenance.source,)).rowcount
        removed = one(sql.FIND_VANISHED, (provenance.source,)).rowcount if is_replacing else 0
        one(sql.END_FOUND, (now,))
        inserted = one(sql.INSERT_STAGED, (provenance.source, now, import_id, provenance.source)).rowcount
        one(sql.NOTE_CHANGES, (now, newest))
        counts = Counts(
            held=held,
            added=inserted - refreshed,
            refreshed=refreshed,
            unchanged=held - inserted,
            removed=removed,
        )
        return counts, int(import_id or 0)

    @contextmanager
    def _acting(self, by: Actor, act: str, object_kind: str) -> Iterator[Act]:
        """Run an act on our connection, which holds what was staged."""
        with self._ledger.act(by, act, object_kind, "none", on=self._connection) as under_way:
            yield under_way

    @contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[None]:
        try:
            self._connection.execute(begin)
            yield
            self._connection.execute(end)
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise UnavailableError(f"the watchlist cannot be written: {error}") from error
            raise


class _NothingToDo(Exception):  # noqa: N818 (not an error)
    """Ends an act that turned out to change nothing."""


def as_text(moment: datetime) -> str:
    """Return a time as the database keeps it: ISO 8601 in UTC, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
