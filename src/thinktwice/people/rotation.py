"""Replacing the master key: everything sealed is put under the newest key, and found by it.

Invariants: contents are not encrypted anew, only their keys are wrapped anew; it goes in small acts, each whole or
not done, so that a stop in the middle leaves everything readable with both keys and the next run goes on where it
stopped; what a row is found by changes in the same act as what it holds; afterwards no row needs the former key, which
``count_left`` proves before it is dropped. Counters of guesses and known places begin anew, because they are found by
the key alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.keyring.envelope import LONGEST_HEAD, EnvelopeError, key_id_of, mark_of
from thinktwice.keyring.keys import Key
from thinktwice.people.sealing import Sealing

AT_ONCE: Final = 100
"""Envelopes of one act: few enough that nobody waits for it."""

Indexing = Callable[[sqlite3.Connection, Sealing, str, str], None]
"""Puts what a row is found by under the newest key; told the row's name and the text of its envelope."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of envelopes; ``place`` is what they are bound to, before the row's name, which ``row`` gives as SQL."""

    table: str
    column: str
    place: str
    row: str = "id"
    index: Indexing | None = None

    def rows(self, connection: sqlite3.Connection, key: Key, after: int, most: int) -> list[tuple[int, str, bytes]]:
        """Return envelopes that are not under a key, in order of their rows."""
        statement = f"""
        SELECT rowid, {self.row}, {self.column} FROM {self.table}
        WHERE rowid > ? AND {self.column} IS NOT NULL AND substr({self.column}, 1, ?) != ? ORDER BY rowid LIMIT ?
        """  # noqa: S608 (constants)
        mark = mark_of(key)
        return connection.execute(statement, (after, len(mark), mark, most)).fetchall()

    def heads(self, connection: sqlite3.Connection) -> Iterator[bytes]:
        """Yield the beginning of every envelope, which names its key."""
        statement = f"SELECT substr({self.column}, 1, ?) FROM {self.table} WHERE {self.column} IS NOT NULL"  # noqa: S608 (constants)
        for (head,) in connection.execute(statement, (LONGEST_HEAD,)):
            yield head

    def put(self, connection: sqlite3.Connection, row_id: int, envelope: bytes) -> None:
        """Store the envelope of a row."""
        statement = f"UPDATE {self.table} SET {self.column} = ? WHERE rowid = ?"  # noqa: S608 (constants)
        connection.execute(statement, (envelope, row_id))


def _index_address(connection: sqlite3.Connection, sealing: Sealing, account_id: str, address: str) -> None:
    (realm,) = connection.execute("SELECT realm FROM account WHERE id = ?", (account_id,)).fetchone()
    index = sealing.index(f"account.email:{realm}", address)
    connection.execute("UPDATE account SET email_index = ? WHERE id = ?", (index, account_id))


def _index_subject(connection: sqlite3.Connection, sealing: Sealing, link_id: str, subject: str) -> None:
    (issuer,) = connection.execute("SELECT issuer FROM account_subject WHERE id = ?", (link_id,)).fetchone()
    index = sealing.index("account_subject", f"{issuer}\x00{subject}")
    connection.execute("UPDATE account_subject SET subject_index = ? WHERE id = ?", (index, link_id))


COLUMNS: Final = (
    Sealed("account", "name_sealed", "account.name"),
    Sealed("account", "email_sealed", "account.email", index=_index_address),
    Sealed("totp_app", "secret_sealed", "totp_app.secret"),
    Sealed("account_subject", "subject_sealed", "account_subject.subject", index=_index_subject),
    Sealed("session", "place_sealed", "session.place"),
)
"""Every envelope that the tables of people hold."""


def rewrap(ledger: Ledger, actor: Actor, masters: Sequence[Key], columns: Sequence[Sealed] = COLUMNS) -> int:
    """Put every envelope under the first of the keys; returns how many were changed.

    Raises:
        EnvelopeError: An envelope needs a key that is not among them, and nothing was changed; or one does not open,
            and what was changed before it stays readable with all of them.
        UnavailableError: There is no key, or the database cannot be written.
    """
    sealing = Sealing(masters)
    with ledger.reading() as connection:
        if not _keys_in_use(connection, columns) <= {master.id for master in masters}:
            raise EnvelopeError
    return sum(_rewrap_column(ledger, actor, sealing, masters[0], column) for column in columns)


def count_left(ledger: Ledger, key: Key, columns: Sequence[Sealed] = COLUMNS) -> int:
    """Return how many envelopes are not under this key."""
    with ledger.reading() as connection:
        return sum(key_id_of(head) != key.id for column in columns for head in column.heads(connection))


def _keys_in_use(connection: sqlite3.Connection, columns: Sequence[Sealed]) -> set[str]:
    return {key_id_of(head) for column in columns for head in column.heads(connection)}


def _rewrap_column(ledger: Ledger, actor: Actor, sealing: Sealing, key: Key, column: Sealed) -> int:
    changed, after = 0, 0
    while True:
        with ledger.reading() as connection:
            if not column.rows(connection, key, after, 1):
                return changed
        with ledger.act(actor, "master.rewrap", "key", key.id) as act:
            rows = column.rows(act.connection, key, after, AT_ONCE)
            for row_id, name, envelope in rows:
                _rewrap_row(act.connection, sealing, column, row_id, name, envelope)
            act.note(table=column.table, envelopes=len(rows))
        changed += len(rows)
        after = rows[-1][0] if rows else after


def _rewrap_row(
    connection: sqlite3.Connection, sealing: Sealing, column: Sealed, row_id: int, name: str, envelope: bytes
) -> None:
    place = f"{column.place}:{name}"
    column.put(connection, row_id, sealing.reseal(envelope, place))
    if column.index is not None:
        column.index(connection, sealing, name, sealing.open(envelope, place))
