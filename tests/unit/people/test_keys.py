"""API keys are found by their secret, stored only as hashes, and end within a second of their revocation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.people.keys import ApiKeyStore, create_key
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

NOW = datetime(2026, 11, 22, 6, 16, 15, tzinfo=UTC)


class Seconds:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def control(tmp_path: Path) -> Path:
    migrate(tmp_path)
    return DataFolder(tmp_path).control


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def store(control: Path, clock: Seconds) -> Iterator[ApiKeyStore]:
    store = ApiKeyStore(control, monotonic=clock)
    yield store
    store.close()


def test_a_key_is_found_by_its_secret(store: ApiKeyStore) -> None:
    """The secret opens its own key with its mode and scopes; another secret opens nothing."""
    key, secret = create_key(name="server", mode="live", scopes=["decide", "clear"], actor="ada", now=NOW)
    _, other = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store.add(key)
    assert store.find(secret) == key
    assert store.find(other) is None
    assert not key.is_test
    assert key.scopes == {"decide", "clear"}


def test_no_secret_is_stored(store: ApiKeyStore, control: Path) -> None:
    """Neither the database nor its log nor the key's repr holds the secret."""
    key, secret = create_key(name="server", mode="test", scopes=["decide"], actor="ada", now=NOW)
    store.add(key)
    assert secret.startswith("tt_test_")
    for file in control.parent.iterdir():
        assert secret.encode() not in file.read_bytes()
    assert secret not in repr(key)


def test_a_revocation_by_another_process_takes_a_second(store: ApiKeyStore, control: Path, clock: Seconds) -> None:
    """Until a second has passed the key may still be found, after it never."""
    key, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store.add(key)
    assert store.find(secret)
    elsewhere = ApiKeyStore(control)
    elsewhere.revoke(key.id, NOW)
    clock.now += 1.001
    assert store.find(secret) is None
    assert [key.revoked_at for key in store.all()] == [NOW]
    elsewhere.revoke(key.id, NOW.replace(year=2030))
    assert [key.revoked_at for key in store.all()] == [NOW]
    elsewhere.close()


def test_a_new_key_of_another_process_is_found(store: ApiKeyStore, control: Path, clock: Seconds) -> None:
    """A key made by the command line works in a running service after a second."""
    key, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    assert store.find(secret) is None
    elsewhere = ApiKeyStore(control)
    elsewhere.add(key)
    elsewhere.close()
    clock.now += 1.001
    assert store.find(secret) == key


@pytest.mark.parametrize("secret", ["", "tt_live_", "tt_live_" + "é" * 43, "\ud800", "x" * 10_000])
def test_what_is_no_secret_is_nobody(store: ApiKeyStore, secret: str) -> None:
    """Hostile text is simply not a key."""
    assert store.find(secret) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x1b[2J"}, "name"),
        ({"actor": ""}, "actor"),
        ({"mode": "prod"}, "mode"),
        ({"scopes": []}, "scope"),
        ({"scopes": ["decide", "root"]}, "scope"),
    ],
)
def test_an_unusable_key_is_refused_by_field(change: dict[str, object], field: str) -> None:
    """Each fault names the field."""
    good: dict[str, object] = {"name": "server", "mode": "live", "scopes": ["decide"], "actor": "ada"}
    with pytest.raises(InputError) as caught:
        create_key(now=NOW, **(good | change))  # type: ignore[arg-type]  # a table of wrong arguments
    assert [fault.field for fault in caught.value.faults] == [field]


def test_revoking_an_unknown_key_says_so(store: ApiKeyStore) -> None:
    """A mistyped id is an error, not silence."""
    with pytest.raises(NotFoundError):
        store.revoke("key_nothing", NOW)


def test_a_lost_database_refuses(store: ApiKeyStore) -> None:
    """Without its database the store answers unavailable, never "known" and never "unknown"."""
    _, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store.close()
    with pytest.raises(UnavailableError):
        store.find(secret)
