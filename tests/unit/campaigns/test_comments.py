"""Comments: who reads which, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.control import AUTHOR, OFFICER, fresh_ledger
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.rotating import COLUMNS
from thinktwice.campaigns import comments as module
from thinktwice.campaigns.comments import Comments
from thinktwice.errors import StateError
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.people.rotation import rewrap
from thinktwice.people.sealing import Sealing

NEW = Key("new-master", b"n" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = fresh_ledger(tmp_path)
    yield made
    made.close()


def test_a_partner_reads_its_own_thread_alone(ledger: Ledger) -> None:
    """Not another partner's, not what staff keep, not another campaign's; staff read all, in order."""
    comments = Comments(ledger, Sealing(TEST_KEYRING.masters))
    comments.write(OFFICER, "one", "from a", side="a", partner="a", version="v1")
    comments.write(AUTHOR, "one", "to b", partner="b", version="v1")
    comments.write(AUTHOR, "one", "among us", revision=2)
    comments.write(AUTHOR, "two", "to a, elsewhere", partner="a", version="v2")
    assert [one.text for one in comments.shared_with("one", "a")] == ["from a"]
    assert [one.text for one in comments.shared_with("one", "b")] == ["to b"]
    assert [one.text for one in comments.all("one")] == ["from a", "to b", "among us"]
    assert comments.shared_with("one", "c") == ()


def test_a_thread_has_an_end_and_no_other_thread_pays_for_it(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fills theirs stops nobody else."""
    monkeypatch.setattr(module, "MOST_COMMENTS", 2)
    comments = Comments(ledger, Sealing(TEST_KEYRING.masters))
    for _ in range(2):
        comments.write(OFFICER, "one", "again", side="a", partner="a", version="v1")
    with pytest.raises(StateError, match="no room"):
        comments.write(OFFICER, "one", "again", side="a", partner="a", version="v1")
    comments.write(AUTHOR, "one", "to b", partner="b", version="v1")
    comments.write(AUTHOR, "one", "among us", revision=2)


def test_comments_are_read_after_the_master_key_was_replaced(ledger: Ledger) -> None:
    """Wrapped anew, they open with the new key alone."""
    Comments(ledger, Sealing(TEST_KEYRING.masters)).write(AUTHOR, "one", "among us", revision=1)
    rewrap(ledger, AUTHOR, (NEW, *TEST_KEYRING.masters), COLUMNS)
    assert [one.text for one in Comments(ledger, Sealing((NEW,))).all("one")] == ["among us"]
