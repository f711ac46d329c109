"""Checkpoints are signed only over what follows, and every witness gets each of them once at least."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.chains import PUBLIC, SEAL
from thinktwice.audit.checkpoint import read_line
from thinktwice.audit.checkpoints import Checkpoints, FileWitness
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.reading import AuditReader, Filters, beginning_of, check_salts, read_entries
from thinktwice.audit.verification import verify
from thinktwice.errors import NotFoundError, StateError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect

ANA = Actor("staff", "acc_ana")


class Deaf:
    """A witness that does not answer until it is told to."""

    def __init__(self) -> None:
        self.hears = False
        self.told: list[int] = []

    def tell(self, number: int, line: bytes) -> str | None:
        self.told.append(number)
        return None if self.hears else "could not be reached"


class Site:
    """A chain, its checkpoints, and a clock."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self.path = path
        self.control = DataFolder(path).control
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self.ledger = Ledger(self.control, lambda: self.now)
        self.checkpoints = Checkpoints(self.control, SEAL, lambda: self.now)
        self.reader = AuditReader(self.ledger)

    def act(self, name: str = "hk") -> None:
        with self.ledger.act(ANA, "campaign.stop", "campaign", name) as act:
            act.commit_to("reason", f"because of {name}")

    def tamper(self, *statements: str) -> None:
        with closing(connect(self.control)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)

    def close(self) -> None:
        self.checkpoints.close()
        self.ledger.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with closing(Site(tmp_path)) as site:
        yield site


def test_an_empty_chain_has_no_checkpoint(site: Site) -> None:
    """Nothing is signed when nobody did anything, and nothing again when nothing is new."""
    assert site.checkpoints.make() is None
    site.act()
    first = site.checkpoints.make()
    assert first is not None
    assert (first.statement.number, first.statement.entries) == (1, 1)
    assert site.checkpoints.make() is None


def test_checkpoints_are_made_from_time_to_time(site: Site) -> None:
    """Not within the time since the last one, whoever asks."""
    site.act()
    site.checkpoints.make()
    site.act()
    assert site.checkpoints.make(not_within=timedelta(hours=1)) is None
    site.now += timedelta(hours=1)
    made = site.checkpoints.make(not_within=timedelta(hours=1))
    assert made is not None
    assert made.statement.previous is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_id = 'other' WHERE seq = 4",
        "UPDATE audit_entry SET details = '{' WHERE seq = 4",
        "DELETE FROM audit_entry WHERE seq = 4",
        "DELETE FROM audit_entry WHERE seq >= 2",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_chain",
        "UPDATE audit_chain SET chain_id = 'chain_other'",
        "UPDATE audit_entry SET hash = 'x' WHERE seq = 3",
    ],
)
def test_a_chain_that_does_not_follow_is_not_signed(site: Site, statement: str) -> None:
    """Whatever was changed at or after the last checkpoint, the service refuses to vouch for it."""
    for _ in range(3):
        site.act()
    site.checkpoints.make()
    for _ in range(3):
        site.act()
    site.tamper(statement)
    with pytest.raises(StateError, match="does not follow the last checkpoint"):
        site.checkpoints.make()
    assert len(site.reader.checkpoints()) == 1


def test_a_file_gets_every_checkpoint_in_order(site: Site) -> None:
    """One line each, which the public key verifies and which covers the chain."""
    file = site.path / "witness.jsonl"
    for _ in range(3):
        site.act()
        site.checkpoints.make()
        assert site.checkpoints.tell(file=FileWitness(file)) == []
    assert site.checkpoints.tell(file=FileWitness(file)) == []
    checkpoints = [read_line(line) for line in file.read_bytes().splitlines()]
    with site.ledger.reading() as connection:
        verdict = verify(beginning_of(connection), read_entries(connection), checkpoints, [PUBLIC])
    assert verdict.is_whole
    assert (verdict.checkpoints, verdict.covered) == (3, 3)
    assert [one.filed_at is not None for one in site.reader.checkpoints()] == [True] * 3


def test_a_witness_that_does_not_answer_is_asked_again(site: Site) -> None:
    """Later each time, at most an hour apart, while the other witness has it already."""
    witness, file = Deaf(), FileWitness(site.path / "witness.jsonl")
    site.act()
    site.checkpoints.make()
    assert site.checkpoints.tell(file=file, webhook=witness) == ["checkpoint 1 could not be reached"]
    assert site.checkpoints.tell(file=file, webhook=witness) == []
    waits = []
    for _ in range(12):
        before = site.now
        while not site.checkpoints.tell(file=file, webhook=witness):
            site.now += timedelta(seconds=10)
        waits.append(site.now - before)
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits[-1] == timedelta(hours=1)
    witness.hears = True
    site.now += timedelta(hours=1)
    assert site.checkpoints.tell(file=file, webhook=witness) == []
    site.now += timedelta(hours=1)
    assert site.checkpoints.tell(file=file, webhook=witness) == []
    assert len(witness.told) == 14
    assert len((site.path / "witness.jsonl").read_bytes().splitlines()) == 1


def test_a_file_in_the_way_is_said(site: Site) -> None:
    """A place that cannot be written gives words, not an end of the service."""
    site.act()
    site.checkpoints.make()
    (fault,) = site.checkpoints.tell(file=FileWitness(site.path))
    assert "could not be written" in fault


def test_forgetting_keeps_the_chain_whole(site: Site) -> None:
    """After an erasure nobody can open the commitment, other objects keep theirs, and the erasure is an act."""
    site.act("hk")
    site.act("sg")
    assert site.reader.opens(1, "reason", "because of hk") is True
    assert site.reader.opens(1, "reason", "because of sg") is False
    assert site.ledger.forget(ANA, "campaign", "hk") == 1
    assert site.reader.opens(1, "reason", "because of hk") is None
    assert site.reader.opens(2, "reason", "because of sg") is True
    assert site.reader.entry(3).act == "audit.forget"
    with site.ledger.reading() as connection:
        assert verify(beginning_of(connection), read_entries(connection)).is_whole
        assert check_salts(connection) == []


def test_entries_are_found_by_what_they_say(site: Site) -> None:
    """By act, its first words, actor, object, outcome and time; newest first, a page at a time."""
    site.act("hk")
    site.ledger.refused(Actor("key", "key_1"), "campaign.approve", "campaign", "sg", "may not")
    site.now += timedelta(days=1)
    site.act("sg")

    def seqs(filters: Filters, before: int | None = None) -> list[int]:
        return [line.seq for line in site.reader.find(filters, before=before)]

    assert seqs(Filters()) == [3, 2, 1]
    assert seqs(Filters(), before=3) == [2, 1]
    assert seqs(Filters(act="campaign")) == [3, 2, 1]
    assert seqs(Filters(act="campaign.stop")) == [3, 1]
    assert seqs(Filters(act="camp")) == []
    assert seqs(Filters(actor_kind="key", actor_id="key_1")) == [2]
    assert seqs(Filters(object_kind="campaign", object_id="sg")) == [3, 2]
    assert seqs(Filters(outcome="refused")) == [2]
    assert seqs(Filters(since=site.now)) == [3]
    assert seqs(Filters(until=site.now)) == [2, 1]
    assert site.reader.acts() == ("campaign.approve", "campaign.stop")
    assert site.reader.count() == 3
    with pytest.raises(NotFoundError):
        site.reader.entry(99)


def test_an_empty_chain_can_be_read(site: Site) -> None:
    """There is nothing to find, and nothing to export."""
    assert site.reader.find(Filters()) == []
    assert site.reader.count() == 0
    with pytest.raises(NotFoundError, match="nobody has done anything"):
        list(site.reader.export())
