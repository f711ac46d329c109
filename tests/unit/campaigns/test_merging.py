"""Two changes of one text, put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.campaigns.merging import diff_files, merge_files, merge_texts

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=8).map("".join)


def test_changes_to_different_lines_are_both_kept() -> None:
    """One edits the first line, the other the last: the result has both, without a conflict."""
    merged, is_clean = merge_texts("one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "one\ntwo\nTHREE\n")
    assert is_clean
    assert merged == "ONE\ntwo\nTHREE\n"


def test_changes_to_the_same_line_stand_side_by_side() -> None:
    """Neither reading is lost, and the markers make the text unusable until somebody chooses."""
    merged, is_clean = merge_texts("one\ntwo\n", "one\nmine", "one\ntheirs\n")
    assert not is_clean
    assert merged == "one\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs\n"


@given(base=LINES, mine=LINES, theirs=LINES)
def test_merging_loses_nothing_that_was_added_and_is_the_same_from_both_sides(
    base: str, mine: str, theirs: str
) -> None:
    """Whoever changed alone wins; every line that either added is in the result; who is first changes no outcome."""
    assert merge_texts(base, mine, base) == (mine, True)
    assert merge_texts(base, base, theirs) == (theirs, True)
    merged, is_clean = merge_texts(base, mine, theirs)
    assert merge_texts(base, theirs, mine)[1] == is_clean
    for line in {*mine.splitlines(), *theirs.splitlines()} - set(base.splitlines()):
        assert line in merged.splitlines()


@pytest.mark.parametrize(
    ("mine", "theirs", "merged", "conflicts"),
    [
        ({"a": "1", "b": "2"}, {"a": "1"}, {"a": "1", "b": "2"}, ()),
        ({}, {"a": "1"}, {}, ()),
        ({"a": "1", "c": "x\n"}, {"a": "1", "c": "x\n"}, {"a": "1", "c": "x\n"}, ()),
        ({"a": "mine\n"}, {}, {"a": "<<<<<<< yours\nmine\n=======\n>>>>>>> theirs\n"}, ("a",)),
    ],
)
def test_files_are_added_and_removed_like_lines(
    mine: dict[str, str], theirs: dict[str, str], merged: dict[str, str], conflicts: tuple[str, ...]
) -> None:
    """A file that one made or removed, and the other left alone, is made or removed; else a person chooses."""
    found = merge_files({"a": "1"}, mine, theirs)
    assert (found.files, found.conflicts) == (merged, conflicts)


def test_a_difference_names_files_and_lines() -> None:
    """What a reviewer reads is a unified diff over the whole pack; equal packs have none."""
    assert diff_files({"a": "1\n"}, {"a": "1\n"}) == ""
    assert diff_files({"a": "1\n"}, {"a": "2\n", "b": "3\n"}) == (
        "--- before/a\n+++ after/a\n@@ -1 +1 @@\n-1\n+2\n--- before/b\n+++ after/b\n@@ -0,0 +1 @@\n+3\n"
    )
