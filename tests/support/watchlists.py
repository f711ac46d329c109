"""A watchlist in a folder of its own, filled through the product's own import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from tests.support.keys import TESTS
from thinktwice.addresses.destinations import match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.audit.ledger import Ledger
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.formats.detect import Format
from thinktwice.watchlist.importing import Imported, ImportOptions, import_file
from thinktwice.watchlist.listing import Listing
from thinktwice.watchlist.service import Watchlist
from thinktwice.watchlist.snapshot import Snapshot
from thinktwice.watchlist.store import WatchlistStore

NOW = datetime(2026, 11, 22, 6, 16, 15, tzinfo=UTC)


class Lists:
    """The watchlist of one data folder, as its operator and its decisions use it."""

    def __init__(self, path: Path) -> None:
        self.folder = DataFolder(path)
        migrate(path)

    def take(
        self,
        path: Path,
        *,
        kind: IndicatorKind | None = None,
        source: str | None = None,
        file_format: Format | None = None,
        columns: Mapping[str, str] | None = None,
        family: str | None = None,
        confidence: int | None = None,
        listed_at: date | None = None,
        is_replacing: bool = False,
        is_rehearsal: bool = False,
        now: datetime = NOW,
    ) -> Imported:
        """Import a file."""
        options = ImportOptions(
            actor="tests",
            by=TESTS,
            source=source,
            format=file_format,
            kind=kind,
            family=family,
            confidence=confidence,
            listed_at=listed_at,
            columns=columns or {},
            is_replacing=is_replacing,
            is_rehearsal=is_rehearsal,
        )
        with self._store() as store:
            return import_file(store, path, options, now)

    def allow(self, keys: tuple[str, ...], memo: str | None = None) -> None:
        """Vouch for an address."""
        with self._store() as store:
            store.allow(keys, memo, keys[0], "our own wallet", "tests", by=TESTS)

    def delist(self, keys: tuple[str, ...]) -> int:
        """End what is said about an address."""
        with self._store() as store:
            return store.delist(keys, by=TESTS)

    @contextmanager
    def _store(self) -> Iterator[WatchlistStore]:
        control = self.folder.control
        with closing(connect(control)) as connection, closing(Ledger(control)) as ledger:
            yield WatchlistStore(connection, ledger)

    def snapshot(self) -> Snapshot:
        """Return what a process that starts now would serve."""
        watchlist = Watchlist(self.folder)
        watchlist.close()
        return watchlist.snapshot()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return rows of the control database."""
        with closing(connect(self.folder.control, read_only=True)) as connection:
            return list(connection.execute(query))


def ask(snapshot: Snapshot, network: str, address: str, memo: str | None = None, now: datetime = NOW) -> Listing | None:
    """Ask as a decision does: read the destination, then look its keys up."""
    destination = read_destination(find_network(network), address, memo)
    return snapshot.find(match_keys_for_lookup(destination), destination.memo, now)
