"""What the pages about API keys work with.

Invariant: a key is made and revoked in the transaction of its entry in the audit chain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import NotFoundError, StateError
from thinktwice.people.keys import INSERT_KEY, REVOKE_KEY, ApiKey, ApiKeyStore, create_key


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """The API keys of an installation."""

    ledger: Ledger
    store: ApiKeyStore
    clock: Callable[[], datetime]

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key, oldest first, revoked ones included."""
        return self.store.all()

    def find(self, key_id: str) -> ApiKey:
        """Return one key.

        Raises:
            NotFoundError: no such key.
        """
        found = next((key for key in self.all() if key.id == key_id), None)
        if found is None:
            raise NotFoundError("there is no such key")
        return found

    def create(self, actor: Actor, *, name: str, mode: str, scopes: Collection[str]) -> tuple[ApiKey, str]:
        """Make a key and return it with its secret, which is not stored.

        Raises:
            InputError: as ``create_key``.
        """
        key, secret = create_key(name=name, mode=mode, scopes=scopes, actor=actor.id, now=self.clock())
        values = (key.id, key.name, key.mode, " ".join(sorted(key.scopes)), key.secret_hash, key.created_at.isoformat())
        with self.ledger.act(actor, "key.create", "key", key.id) as act:
            act.connection.execute(INSERT_KEY, (*values, key.actor))
            act.after({"mode": key.mode, "scopes": key.scopes})
            act.note(mode=key.mode, scopes=" ".join(sorted(key.scopes)))
        return key, secret

    def revoke(self, actor: Actor, key_id: str) -> None:
        """End a key; every process refuses it within a second.

        Raises:
            NotFoundError: no such key.
            StateError: it has ended already.
        """
        self.find(key_id)
        with self.ledger.act(actor, "key.revoke", "key", key_id) as act:
            at = act.at.astimezone(UTC).isoformat()
            if act.connection.execute(REVOKE_KEY, (at, key_id)).rowcount == 0:
                raise StateError("this key was revoked already")
