"""From entries to statements."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.watchlists import NOW, Lists, ask
from thinktwice.errors import InputError
from thinktwice.watchlist.importing import match_keys_of

EVM = "0x5b6d3d66e18dfd31ed9a753c406963c401f356c0"
TRON = "TRYL7PKCG4b4xRCM554Q5J6o8f1UjUmfnY"
BTC = "12jVCWW1ZhTLA5yVnroEJswqKwsfiZKsax"


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(f"{EVM}\n{BTC}\n")
    return path


def test_the_form_of_an_address_wins_over_its_asset_code() -> None:
    """A code narrows the families that read the text, and says nothing when none of them fits."""
    assert [key.partition(":")[0] for key in match_keys_of(BTC, asset="XBT")] == ["bitcoin"]
    assert len(match_keys_of(BTC)) > 1
    for asset in ("XBT", "USDT", "no such coin", None):
        assert [key.partition(":")[0] for key in match_keys_of(TRON, asset=asset)] == ["tron"]
    assert match_keys_of("no-address", asset="XBT") == ("literal:no-address",)


def test_nothing_usable_changes_nothing(lists: Lists, file: Path) -> None:
    """Without any kind no entry is taken, each is named, and the database is as before."""
    with pytest.raises(InputError) as caught:
        lists.take(file)
    assert [fault.line for fault in caught.value.faults] == [1, 2, None]
    assert "poisoning" in str(caught.value)
    assert lists.rows("SELECT count(*) FROM indicator_import") == [(0,)]
    assert lists.snapshot().id == "empty"


def test_a_failure_in_the_middle_leaves_nothing_behind(lists: Lists, file: Path) -> None:
    """A file whose last line is not UTF-8 imports nothing."""
    file.write_bytes(file.read_bytes() + b"\xff\n")
    with pytest.raises(InputError, match="line"):
        lists.take(file, kind="scam")
    assert lists.rows("SELECT count(*) FROM indicator") == [(0,)]


def test_a_rehearsal_counts_and_leaves_no_trace(lists: Lists, file: Path) -> None:
    """A dry run says what an import would do."""
    rehearsed = lists.take(file, kind="scam", is_rehearsal=True)
    assert lists.snapshot().id == "empty"
    assert rehearsed.counts == lists.take(file, kind="scam").counts


def test_history_is_kept_in_both_times(lists: Lists, file: Path) -> None:
    """A statement that changes ends and a new one begins; what a source dropped ends only when asked."""
    lists.take(file, kind="scam", source="s", listed_at=date(2024, 1, 1))
    file.write_text(f"{EVM} # worse\n")
    kept = lists.take(file, kind="scam", source="s", listed_at=date(2024, 1, 1), now=NOW + timedelta(days=1))
    assert (kept.counts.refreshed, kept.counts.removed) == (1, 0)
    assert ask(lists.snapshot(), "bitcoin", BTC)
    replaced = lists.take(file, kind="scam", source="s", listed_at=date(2024, 1, 1), is_replacing=True)
    assert replaced.counts.removed > 0
    assert ask(lists.snapshot(), "bitcoin", BTC) is None
    history = lists.rows(
        "SELECT label, known_from, known_until FROM indicator WHERE match_key LIKE 'evm:%' ORDER BY id"
    )
    assert history == [
        (None, "2026-11-22T06:16:15.000000Z", "2026-11-23T06:16:15.000000Z"),
        ("worse", "2026-11-23T06:16:15.000000Z", None),
    ]


def test_sources_are_kept_apart(lists: Lists, file: Path) -> None:
    """Replacing one source leaves what another says about the same address."""
    lists.take(file, kind="scam", source="a")
    lists.take(file, kind="mixer", source="b")
    file.write_text(f"{BTC}\n")
    lists.take(file, kind="scam", source="a", is_replacing=True)
    listing = ask(lists.snapshot(), "ethereum", EVM)
    assert listing
    assert (listing.sources, listing.disposition) == (("b",), "silent")


def test_a_memo_in_a_list_narrows_it(lists: Lists, tmp_path: Path) -> None:
    """An entry that names a memo holds for that memo alone, leading zeros of an XRP tag aside."""
    file = tmp_path / "list.csv"
    file.write_text("address,memo\nrnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh66,007\n")
    lists.take(file, kind="scam")
    snapshot = lists.snapshot()
    answers = [ask(snapshot, "xrp", "rnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh66", memo) for memo in (None, "7", "8")]
    assert [bool(answer) for answer in answers] == [False, True, False]


def test_an_expired_entry_says_nothing(lists: Lists, tmp_path: Path) -> None:
    """Expiry is evaluated at each look-up, without a new snapshot."""
    file = tmp_path / "list.csv"
    file.write_text(f"address,expires_at\n{EVM},2026-12-01\n")
    lists.take(file, kind="scam")
    snapshot = lists.snapshot()
    assert ask(snapshot, "ethereum", EVM)
    assert ask(snapshot, "ethereum", EVM, now=NOW + timedelta(days=30)) is None


def test_what_decodes_nowhere_matches_literally(lists: Lists, tmp_path: Path) -> None:
    """A text that is no address of any known network is found on every network, exactly as written."""
    file = tmp_path / "list.txt"
    file.write_text("not-an-Address\n")
    assert lists.take(file, kind="scam").literal == 1
    snapshot = lists.snapshot()
    assert ask(snapshot, "bitcoin", "not-an-Address")
    assert ask(snapshot, "ethereum", "not-an-Address")
    assert ask(snapshot, "ethereum", "not-an-address") is None


def test_an_unknown_family_is_refused(lists: Lists, file: Path) -> None:
    """The refusal lists the families."""
    with pytest.raises(InputError, match="families are bitcoin"):
        lists.take(file, kind="scam", family="bitcion")
