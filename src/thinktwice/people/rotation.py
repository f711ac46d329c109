"""Replacing the master key: everything sealed about people is put under the newest key, and found by it.

Invariants: contents are not encrypted anew, only their keys are wrapped anew; one act does all or nothing; services
that run with both keys meanwhile read everything; afterwards no row needs the former key, which ``count_left`` proves
before it is dropped. Counters of guesses and known places begin anew, because they are found by the key alone.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.keyring.envelope import key_id_of
from thinktwice.keyring.keys import Key
from thinktwice.people.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of envelopes; ``place`` is what they are bound to, before the row's id."""

    table: str
    column: str
    place: str


COLUMNS: Final = (
    Sealed("account", "name_sealed", "account.name"),
    Sealed("account", "email_sealed", "account.email"),
    Sealed("totp_app", "secret_sealed", "totp_app.secret"),
    Sealed("account_subject", "subject_sealed", "account_subject.subject"),
    Sealed("session", "place_sealed", "session.place"),
    Sealed("campaign_comment", "text_sealed", "campaign_comment.text"),
)
"""Every envelope that the tables of people hold, and of what they wrote to each other about campaigns."""

SELECT_ADDRESSES: Final = "SELECT id, realm, email_sealed FROM account"
SET_ADDRESS_INDEX: Final = "UPDATE account SET email_index = ? WHERE id = ?"
SELECT_SUBJECTS: Final = "SELECT id, issuer, subject_sealed FROM account_subject"
SET_SUBJECT_INDEX: Final = "UPDATE account_subject SET subject_index = ? WHERE id = ?"


def rewrap(ledger: Ledger, actor: Actor, masters: tuple[Key, ...]) -> int:
    """Put every envelope under the first of the keys; returns how many were changed.

    Raises:
        EnvelopeError: An envelope needs a key that is not among them; nothing was changed.
        UnavailableError: There is no key, or the database cannot be written.
    """
    sealing = Sealing(masters)
    with ledger.act(actor, "master.rewrap", "key", masters[0].id) as act:
        changed = sum(_rewrap_column(act.connection, column, sealing) for column in COLUMNS)
        _index_anew(act.connection, sealing)
        act.note(envelopes=changed)
    return changed


def count_left(ledger: Ledger, key: Key) -> int:
    """Return how many envelopes are not under this key."""
    with ledger.reading() as connection:
        return sum(
            key_id_of(envelope) != key.id for column in COLUMNS for _, envelope in _envelopes(connection, column)
        )


def _envelopes(connection: sqlite3.Connection, column: Sealed) -> list[tuple[str, bytes]]:
    return connection.execute(f"SELECT id, {column.column} FROM {column.table}").fetchall()  # noqa: S608 (constants)


def _rewrap_column(connection: sqlite3.Connection, column: Sealed, sealing: Sealing) -> int:
    changed = 0
    for row_id, envelope in _envelopes(connection, column):
        anew = sealing.reseal(envelope, f"{column.place}:{row_id}")
        if anew != envelope:
            statement = f"UPDATE {column.table} SET {column.column} = ? WHERE id = ?"  # noqa: S608 (constants)
            connection.execute(statement, (anew, row_id))
            changed += 1
    return changed


def _index_anew(connection: sqlite3.Connection, sealing: Sealing) -> None:
    for account_id, realm, sealed in connection.execute(SELECT_ADDRESSES).fetchall():
        address = sealing.open(sealed, f"account.email:{account_id}")
        connection.execute(SET_ADDRESS_INDEX, (sealing.index(f"account.email:{realm}", address), account_id))
    for link_id, issuer, sealed in connection.execute(SELECT_SUBJECTS).fetchall():
        subject = sealing.open(sealed, f"account_subject.subject:{link_id}")
        connection.execute(SET_SUBJECT_INDEX, (sealing.index("account_subject", f"{issuer}\x00{subject}"), link_id))
