"""API keys are found by their secret, stored only as hashes, and end within a second of their revocation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.keys import TESTS, store_key
from thinktwice.audit.ledger import Ledger
from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.people.keys import ApiKeyRegister, ApiKeyStore, create_key
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


def test_a_key_is_found_by_its_secret(store: ApiKeyStore, control: Path) -> None:
    """The secret opens its own key with its mode and scopes; another secret opens nothing."""
    key, secret = create_key(name="server", mode="live", scopes=["decide", "clear"], actor="ada", now=NOW)
    _, other = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store_key(control.parent, key)
    assert store.find(secret) == key
    assert store.find(other) is None
    assert not key.is_test
    assert key.scopes == {"decide", "clear"}


def test_no_secret_is_stored(store: ApiKeyStore, control: Path) -> None:
    """Neither the database nor its log nor the key's repr holds the secret."""
    key, secret = create_key(name="server", mode="test", scopes=["decide"], actor="ada", now=NOW)
    store_key(control.parent, key)
    assert secret.startswith("tt_test_")
    for file in control.parent.iterdir():
        assert secret.encode() not in file.read_bytes()
    assert secret not in repr(key)


def test_a_revocation_by_another_process_takes_a_second(store: ApiKeyStore, control: Path, clock: Seconds) -> None:
    """Until a second has passed the key may still be found, after it never."""
    key, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store_key(control.parent, key)
    assert store.find(secret)
    ended, again = NOW.replace(year=2040), NOW.replace(year=2041)
    later = iter([ended, again])
    elsewhere = Ledger(control, lambda: next(later))
    ApiKeyRegister(elsewhere).revoke(key.id, TESTS)
    clock.now += 1.001
    assert store.find(secret) is None
    assert [key.revoked_at for key in store.all()] == [ended]
    ApiKeyRegister(elsewhere).revoke(key.id, TESTS)
    assert [key.revoked_at for key in store.all()] == [ended]
    elsewhere.close()


def test_a_new_key_of_another_process_is_found(store: ApiKeyStore, control: Path, clock: Seconds) -> None:
    """A key made by the command line works in a running service after a second."""
    key, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    assert store.find(secret) is None
    store_key(control.parent, key)
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


@pytest.mark.parametrize("key_id", ["key_nothing", "", "a@b", "x" * 400])
def test_revoking_an_unknown_key_says_so(control: Path, key_id: str) -> None:
    """A mistyped id is an error, not silence, and nothing was done."""
    with closing(Ledger(control)) as ledger:
        with pytest.raises(NotFoundError):
            ApiKeyRegister(ledger).revoke(key_id, TESTS)
        with ledger.reading() as connection:
            assert connection.execute("SELECT count(*) FROM audit_entry").fetchone() == (0,)


def test_making_and_ending_a_key_are_acts(control: Path) -> None:
    """Both are in the audit chain under the id of the key; its name is a commitment only."""
    key, _ = create_key(name="withdrawal service", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store_key(control.parent, key)
    with closing(Ledger(control)) as ledger:
        ApiKeyRegister(ledger).revoke(key.id, TESTS)
        with ledger.reading() as connection:
            rows = connection.execute("SELECT act, object_id, details, commitments FROM audit_entry").fetchall()
    assert [(act, about) for act, about, _, _ in rows] == [("key.create", key.id), ("key.revoke", key.id)]
    assert "withdrawal service" not in str(rows)


def test_a_lost_database_refuses(store: ApiKeyStore) -> None:
    """Without its database the store answers unavailable, never "known" and never "unknown"."""
    _, secret = create_key(name="server", mode="live", scopes=["decide"], actor="ada", now=NOW)
    store.close()
    with pytest.raises(UnavailableError):
        store.find(secret)
