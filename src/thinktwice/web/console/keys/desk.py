"""What the pages about API keys work with."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from thinktwice.audit.ledger import Actor
from thinktwice.errors import NotFoundError
from thinktwice.people.keys import ApiKey, ApiKeyRegister, ApiKeyStore, create_key


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """The API keys of an installation."""

    store: ApiKeyStore
    register: ApiKeyRegister
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
        self.register.add(key, actor)
        return key, secret

    def revoke(self, actor: Actor, key_id: str) -> None:
        """End a key; every process refuses it within a second.

        Raises:
            NotFoundError: no such key.
        """
        self.register.revoke(key_id, actor)
