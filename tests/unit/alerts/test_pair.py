"""Claims about two addresses that look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.alert_pack import ENTERED_ADDRESS, KNOWN_ADDRESS
from thinktwice.alerts.pair import compare, is_marked_text, pair_of

READING = "{head}|{middle}|{tail}"


def _pair(known: str, entered: str) -> tuple[str, str, list[tuple[str, str]]]:
    pair = pair_of(known, entered, labels=("known", "entered"), reading=READING)
    return pair.known.text, pair.entered.text, [(piece.text, piece.mark) for piece in pair.entered.pieces]


def test_the_differing_middle_is_marked_and_four_of_it_asked() -> None:
    """Head and tail are the same, the middle differs, its first four characters are to be typed."""
    pair = pair_of(KNOWN_ADDRESS, ENTERED_ADDRESS, labels=("known", "entered"), reading=READING)
    assert [(piece.text, piece.mark) for piece in pair.entered.pieces] == [
        ("0x25f5", "same"),
        ("6616", "asked"),
        ("d2c3a5f40978e1b6c8d0f2a4e2", "differs"),
        ("b02c50", "same"),
    ]
    assert (pair.first_asked, pair.last_asked) == (7, 10)
    assert pair.entered.spoken.startswith("0 x 2 5 f 5|6 6 1 6 d")
    assert {piece.mark for piece in pair.known.pieces} == {"same", "differs"}


@given(st.text("abcdef0123456789", min_size=1, max_size=50), st.text("abcdef0123456789", min_size=1, max_size=50))
def test_both_addresses_are_shown_in_full(known: str, entered: str) -> None:
    """Marking loses and invents nothing, whatever the lengths."""
    shown_known, shown_entered, _ = _pair(known, entered)
    assert (shown_known, shown_entered) == (known, entered)


@given(st.text("abcdef0123456789", min_size=1, max_size=50), st.text("abcdef0123456789", min_size=1, max_size=50))
def test_head_and_tail_never_overlap(known: str, entered: str) -> None:
    """The same characters are counted once."""
    head, tail = compare(known, entered)
    assert head + tail <= min(len(known), len(entered))


def test_letter_case_tells_no_hexadecimal_addresses_apart() -> None:
    """A checksum's capitals are no difference."""
    assert compare("0xABcd11", "0xabCD22") == (6, 0)


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [("6616", True), (" 66 16 ", True), ("e86e", False), ("661", False), ("66166", False), ("", False), ("０", False)],
)
def test_only_the_entered_addresss_characters_go_on(typed: str, is_right: bool) -> None:
    """The characters of the older address are never accepted."""
    assert is_marked_text(typed, KNOWN_ADDRESS, ENTERED_ADDRESS) is is_right


def test_case_counts_where_it_alone_tells_apart() -> None:
    """Base58 addresses may differ in case only."""
    assert not is_marked_text("abcd", "TxabcdZ", "TxABCDZ")
    assert is_marked_text("ABCD", "TxabcdZ", "TxABCDZ")
    assert is_marked_text("efgh", "TxabcdZ", "TxEFGHZ")


def test_the_same_address_asks_for_nothing_and_accepts_nothing() -> None:
    """Where nothing differs nothing can be typed right."""
    assert not is_marked_text("", "abc", "abc")
