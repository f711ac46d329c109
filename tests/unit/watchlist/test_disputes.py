"""Disputes: recorded sealed, decided once, and what they prove wrong ends in the same act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.watchlists import Lists
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import InputError, NotFoundError, StateError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.disputes import Disputes
from thinktwice.watchlist.lookup import keys_of, look_up
from thinktwice.watchlist.sources import sources

ADDRESS = "0x9a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
HANDLER = Actor("staff", "acc_handler")
COMPLIANCE = Actor("staff", "acc_compliance")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Office:
    """Two lists that name one address, and the disputes about them."""

    def __init__(self, folder: Path) -> None:
        self.control = DataFolder(folder).control
        lists = Lists(folder)
        for source in ("exchange-reports", "community"):
            path = folder / f"{source}.csv"
            path.write_text(f"address,kind,confidence\n{ADDRESS},scam,90\nnot\x7fone,scam,1\n", "utf-8")
            lists.take(path, source=source)
        self.ledger = Ledger(self.control, lambda: NOW)
        self.disputes = Disputes(self.ledger, Sealing(TEST_KEYRING.masters))

    def record(self, source: str | None = None) -> str:
        return self.disputes.record(
            HANDLER, ADDRESS, keys_of(ADDRESS, None), source, "customer", "It is my landlord's."
        )

    def sources_now(self) -> list[str]:
        with self.ledger.reading() as connection:
            found = look_up(connection, ADDRESS, network=None, memo=None, now=NOW)
            return sorted(entry["source"] for entry in found.entries)

    def is_allowed(self) -> bool:
        with self.ledger.reading() as connection:
            listing = look_up(connection, ADDRESS, network=None, memo=None, now=NOW).listing
        return listing is not None and listing.is_allowed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.ledger.close()


def test_a_dispute_waits_and_what_was_said_is_sealed(office: Office) -> None:
    """It stands among the open ones with its words; the database holds them in no column."""
    dispute_id = office.record()
    (found,) = office.disputes.all()
    assert (found.id, found.is_open, found.words) == (dispute_id, True, "It is my landlord's.")
    assert (found.recorded_by, found.raised_by, office.disputes.open_count()) == ("acc_handler", "customer", 1)
    with closing(connect(office.control, read_only=True)) as connection:
        row = connection.execute("SELECT * FROM listing_dispute").fetchone()
        entries = connection.execute("SELECT * FROM audit_entry").fetchall()
    assert "landlord" not in repr([bytes(part) if isinstance(part, bytes) else part for part in row])
    assert "landlord" not in repr(entries)
    assert ADDRESS not in repr(entries)


@pytest.mark.parametrize(
    ("outcome", "source", "left", "is_allowed"),
    [
        ("stands", None, ["community", "exchange-reports"], False),
        ("delisted", "community", ["exchange-reports"], False),
        ("delisted", None, [], False),
        ("allowed", None, ["community", "exchange-reports"], True),
    ],
)
def test_what_is_decided_takes_effect_in_the_same_act(
    office: Office, outcome: str, source: str | None, left: list[str], is_allowed: bool
) -> None:
    """The listing stands, one source's or all end, or the address is allowed; the change reaches every reader."""
    dispute_id = office.record(source)
    with closing(connect(office.control, read_only=True)) as connection:
        before = connection.execute("SELECT count(*) FROM watchlist_change").fetchone()[0]
    office.disputes.decide(COMPLIANCE, dispute_id, outcome, "looked into it")
    assert (office.sources_now(), office.is_allowed()) == (left, is_allowed)
    found = office.disputes.find(dispute_id)
    assert (found.outcome, found.reason, found.decided_by) == (outcome, "looked into it", "acc_compliance")
    with closing(connect(office.control, read_only=True)) as connection:
        after = connection.execute("SELECT count(*) FROM watchlist_change").fetchone()[0]
        acts = [row[0] for row in connection.execute("SELECT act FROM audit_entry ORDER BY seq")]
    assert (after > before) is (outcome != "stands")
    assert acts[-2:] == ["dispute.record", "dispute.decide"]


def test_a_dispute_is_decided_once(office: Office) -> None:
    """A second decision is refused and changes nothing."""
    dispute_id = office.record()
    office.disputes.decide(COMPLIANCE, dispute_id, "stands", "it is right")
    with pytest.raises(StateError):
        office.disputes.decide(COMPLIANCE, dispute_id, "delisted", "it is wrong")
    assert office.sources_now() == ["community", "exchange-reports"]


def test_what_cannot_be_put_down_is_refused(office: Office) -> None:
    """Nobody unknown raises one, no words or too many are none, and an unknown dispute cannot be decided."""
    keys = keys_of(ADDRESS, None)
    for raised_by, words, field in (
        ("police", "words", "raised_by"),
        ("holder", " ", "words"),
        ("holder", "x" * 4_001, "words"),
    ):
        with pytest.raises(InputError) as refused:
            office.disputes.record(HANDLER, ADDRESS, keys, None, raised_by, words)
        assert refused.value.faults[0].field == field
    with pytest.raises(NotFoundError):
        office.disputes.decide(COMPLIANCE, "0" * 32, "stands", "why not")
    dispute_id = office.record()
    for outcome, reason, field in (("maybe", "because", "outcome"), ("stands", "", "reason")):
        with pytest.raises(InputError) as refused:
            office.disputes.decide(COMPLIANCE, dispute_id, outcome, reason)
        assert refused.value.faults[0].field == field
    assert office.disputes.find(dispute_id).is_open


def test_each_list_says_when_it_was_read_last_and_what_counts(office: Office, tmp_path: Path) -> None:
    """A source is one line: its newest import, its faults, and how many statements hold now."""
    with office.ledger.reading() as connection:
        found = {one.name: one for one in sources(connection)}
    assert set(found) == {"community", "exchange-reports"}
    one = found["community"]
    assert (one.held, one.entries, one.format, one.file_name, one.is_agency) == (1, 1, "csv", "community.csv", False)
    assert one.faults == 1
    office.disputes.decide(COMPLIANCE, office.record("community"), "delisted", "wrong")
    with office.ledger.reading() as connection:
        assert {one.name: one.held for one in sources(connection)} == {"community": 0, "exchange-reports": 1}
