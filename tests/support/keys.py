"""Keys of clients, made as the command line makes them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.people.keys import ApiKey, ApiKeyRegister
from thinktwice.storage.layout import DataFolder

TESTS = Actor("system", "tests")


def store_key(data: Path, key: ApiKey) -> None:
    """Store a key in a migrated data folder."""
    with closing(Ledger(DataFolder(data).control)) as ledger:
        ApiKeyRegister(ledger).add(key, TESTS)
