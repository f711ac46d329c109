"""The watchlist's desk: what staff overrule takes effect, is an entry of the chain, and tames what strangers wrote."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.watchlists import Lists
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import InputError, NotFoundError
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.disputes import Disputes
from thinktwice.watchlist.feeding import Feeds
from thinktwice.web.console.watchlist.desk import WatchlistDesk

ADDRESS = "0x9a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
ACTOR = Actor("staff", "acc_compliance")


def test_allow_end_and_delist(tmp_path: Path) -> None:
    """An allowance wins until it ends; a listing ends once; each is an act, and a second end is refused."""
    path = tmp_path / "list.csv"
    path.write_text(f"address,kind,confidence,label\n{ADDRESS},scam,90,see https://example.org \u202eevil\n", "utf-8")
    Lists(tmp_path).take(path, source="strangers")
    folder, now = DataFolder(tmp_path), datetime.now(UTC)
    with closing(Ledger(folder.control)) as ledger, closing(SqliteJobs(ledger, Tasks())) as jobs:
        desk = WatchlistDesk(
            folder,
            ledger,
            jobs,
            Disputes(ledger, Sealing(TEST_KEYRING.masters)),
            lambda _id: None,
            Feeds(None, ledger, jobs),
        )
        found = desk.look_up(ADDRESS, "ethereum", None, now)
        assert found.entries[0]["label"] == "see hxxps://example.org \\u202eevil"
        with pytest.raises(InputError) as refused:
            desk.allow(ACTOR, ADDRESS, None, None, "")
        assert refused.value.faults[0].field == "reason"
        desk.allow(ACTOR, ADDRESS, None, None, "verified with its owner")
        allowed = desk.look_up(ADDRESS, None, None, now)
        assert allowed.listing is not None
        assert allowed.listing.is_allowed
        desk.disallow(ACTOR, ADDRESS, None, None)
        with pytest.raises(NotFoundError):
            desk.disallow(ACTOR, ADDRESS, None, None)
        desk.delist(ACTOR, ADDRESS, None, "strangers")
        with pytest.raises(NotFoundError):
            desk.delist(ACTOR, ADDRESS, None, "strangers")
        ended = desk.look_up(ADDRESS, None, None, now)
        assert (ended.listing, ended.entries, len(ended.former)) == (None, (), 1)
        with ledger.reading() as connection:
            acts = [row[0] for row in connection.execute("SELECT act FROM audit_entry ORDER BY seq")]
        assert acts == ["watchlist.import", "watchlist.allow", "watchlist.disallow", "watchlist.delist"]
