"""Which account a subject of an identity provider (OIDC) belongs to.

Invariants: a subject is linked by the account's owner, while setting up or signed in, and never makes an account; a
subject belongs to one account of a realm; subjects are sealed, and found by their blind index.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import NotFoundError, StateError
from thinktwice.people.acting import acting
from thinktwice.people.challenges import spend_once
from thinktwice.people.oidc import Identity
from thinktwice.people.permissions import Realm
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

INSERT_SUBJECT: Final = """
INSERT INTO account_subject (id, account_id, realm, issuer, subject_index, subject_sealed, linked_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SELECT_OWNER: Final = """
SELECT account_id FROM account_subject WHERE realm = ? AND issuer = ? AND subject_index = ? AND ended_at IS NULL
"""
SELECT_LINKS: Final = """
SELECT id, issuer, linked_at FROM account_subject WHERE account_id = ? AND ended_at IS NULL ORDER BY linked_at, id
"""
END_LINK: Final = "UPDATE account_subject SET ended_at = ? WHERE id = ? AND account_id = ? AND ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Link:
    """An account's link to a subject of one issuer."""

    id: str
    issuer: str
    linked_at: datetime


class SubjectStore:
    """The links in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing) -> None:
        self._ledger = ledger
        self._sealing = sealing

    def owner(self, act: Act, realm: Realm, identity: Identity) -> str | None:
        """Return the account that this subject is linked to, or None; uses the identity up.

        Raises:
            SignInError: This identity was used already.
        """
        spend_once(act, identity.once, identity.expires_at)
        return self._owner(act.connection, realm, identity)

    def link(self, act: Act, account_id: str, realm: Realm, identity: Identity) -> None:
        """Link a subject to an account, inside an act of the account's owner; uses the identity up.

        Raises:
            SignInError: This identity was used already.
            StateError: The subject belongs to an account already.
        """
        spend_once(act, identity.once, identity.expires_at)
        if self._owner(act.connection, realm, identity) is not None:
            raise StateError("this identity is linked to an account already")
        link_id = f"sub_{secrets.token_hex(12)}"
        act.connection.execute(
            INSERT_SUBJECT,
            (
                link_id, account_id, realm, identity.issuer, self._index(identity)[0],
                self._sealing.seal(identity.subject, f"account_subject.subject:{link_id}"), as_text(act.at),
            ),
        )  # fmt: skip
        act.note(issuer=identity.issuer)

    def is_linked(self, act: Act, account_id: str) -> bool:
        """Whether the account is linked to any subject, read inside an act."""
        return act.connection.execute(SELECT_LINKS, (account_id,)).fetchone() is not None

    def of(self, account_id: str) -> tuple[Link, ...]:
        """Return the links of an account."""
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_LINKS, (account_id,)).fetchall()
        return tuple(Link(row[0], row[1], datetime.fromisoformat(row[2])) for row in rows)

    def unlink(self, actor: Actor, account_id: str, link_id: str) -> None:
        """End a link.

        Raises:
            NotFoundError: This account has no such link.
        """
        with acting(self._ledger, actor, "account.unlink_identity", "account", account_id) as act:
            if act.connection.execute(END_LINK, (as_text(act.at), link_id, account_id)).rowcount == 0:
                raise NotFoundError("there is no such link")

    def _owner(self, connection: sqlite3.Connection, realm: Realm, identity: Identity) -> str | None:
        for index in self._index(identity):
            row = connection.execute(SELECT_OWNER, (realm, identity.issuer, index)).fetchone()
            if row:
                return str(row[0])
        return None

    def _index(self, identity: Identity) -> tuple[bytes, ...]:
        return self._sealing.indexes("account_subject", f"{identity.issuer}\x00{identity.subject}")
