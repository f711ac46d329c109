"""The terms of a release as a form: what stands in the file, and what is written back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.campaign_desk import HK, folder_files
from thinktwice.errors import InputError
from thinktwice.web.console.campaigns.terms import NAMES, merge_terms, read_terms, write_terms

PILOT = folder_files(HK)["release.yaml"]
WORD = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_.:+-]{0,18}[A-Za-z0-9])?", fullmatch=True)


def test_every_field_of_the_pilot_is_read() -> None:
    """Schedule, share, weights, cap and bound stand in the form as they stand in the file; a share is per cent."""
    found = read_terms(PILOT)
    assert found["experiment"] == "hk-pilot-2026"
    assert found["holdout"] == "10"
    assert (found["weight-a"], found["weight-b"]) == ("1", "1")
    assert (found["frequency_cap-triggers"], found["frequency_cap-per_days"]) == ("1", "7")
    assert found["blast_radius-then"] == "inform"
    assert set(NAMES) <= set(found)


def test_writing_what_was_read_changes_no_meaning() -> None:
    """Plan, hold and comments stay; the terms read back are those that were given."""
    written = write_terms(PILOT, read_terms(PILOT))
    assert read_terms(written) == read_terms(PILOT)
    for line in ("# survives new wording", "hold: {hours: 24", "  hypothesis: Fewer customers"):
        assert line in written


def test_what_is_emptied_is_gone_and_what_is_new_is_added() -> None:
    """An empty bound removes the line; a field that the file did not have is written at its end."""
    terms = read_terms(PILOT) | {f"blast_radius-{name}": "" for name in ("times_expected", "within_minutes", "then")}
    written = write_terms(PILOT, terms)
    assert "blast_radius" not in written
    again = write_terms(written, read_terms(written) | {"blast_radius-times_expected": "2"})
    assert again.endswith("blast_radius: {times_expected: 2}\n")


def test_a_group_in_several_lines_is_replaced_whole() -> None:
    """A block is taken out with all its lines, and nothing behind it."""
    text = "experiment: x\nweights:\n  a: 1\n  b: 2\n# kept\nholdout: 0.1\n"
    written = write_terms(text, read_terms(text) | {"weight-b": "3"})
    assert "  b: 2" not in written
    assert "weights: {a: 1, b: 3}" in written
    assert "# kept" in written


@given(st.dictionaries(st.sampled_from([*NAMES, "weight-a", "weight-b"]), WORD))
def test_what_was_given_is_read_back(given: dict[str, str]) -> None:
    """Whatever plain values a form holds, the file says them."""
    terms = read_terms(PILOT) | {name: value for name, value in given.items() if name != "holdout"}
    assert read_terms(write_terms(PILOT, terms)) == terms


@pytest.mark.parametrize("value", ["a b", "a,b", "{", "x\ny", "#", "é", "-", "a:", "-1", "x" * 101])
def test_other_values_are_refused_at_their_field(value: str) -> None:
    """What could be more than a value is named by its field."""
    with pytest.raises(InputError) as caught:
        write_terms(PILOT, read_terms(PILOT) | {"experiment": value})
    assert [fault.field for fault in caught.value.faults] == ["experiment"]


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "a: 1\na: 2\n", "just words\n"])
def test_what_is_no_document_is_edited_as_text(text: str) -> None:
    """A file that has no fields has no form."""
    with pytest.raises(InputError):
        read_terms(text)


def test_a_share_that_is_no_number_is_refused() -> None:
    """Per cent is a number."""
    with pytest.raises(InputError) as caught:
        write_terms(PILOT, read_terms(PILOT) | {"holdout": "ten"})
    assert caught.value.faults[0].field == "holdout"


VALUES = st.sampled_from(["", "1", "2", "3"])
TERMS = st.dictionaries(st.sampled_from(["holdout", "ends_at", "weight-a"]), VALUES)


@given(base=TERMS, mine=TERMS, theirs=TERMS)
def test_two_changes_of_the_terms_are_put_together_field_by_field(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    """What one changed stays; what both changed otherwise is left to a person; a field that is not there is empty."""
    found = merge_terms(base, mine, theirs)
    for name in {*base, *mine, *theirs}:
        before, ours, others = (one.get(name, "") for one in (base, mine, theirs))
        both = ours != before != others != ours
        assert (name in found.conflicts) == both
        assert found.values[name] == (others if ours == before else ours)
        assert (name in found.taken) == (ours == before != others)


@pytest.mark.parametrize(
    "share", ["60", "50.1", "-1", "1e999999", "1e-999999", "1e1", "NaN", "Infinity", "0.123456789012345678901", "."]
)
def test_a_share_is_per_cent_and_its_fault_says_so(share: str) -> None:
    """What is no share, or more than may be left unwarned, is named in the measure that the form asks for."""
    with pytest.raises(InputError) as caught:
        write_terms(PILOT, read_terms(PILOT) | {"holdout": share})
    assert [(fault.field, str(fault.message)) for fault in caught.value.faults] == [
        ("holdout", "write a number of per cent from 0 to 50, such as 10")
    ]


@pytest.mark.parametrize(("share", "written"), [("0", "0"), ("10", "0.1"), ("0.5", "0.005"), ("50", "0.5"), ("", "0")])
def test_a_share_is_written_as_the_file_has_it(share: str, written: str) -> None:
    """Ten per cent are 0.1."""
    text = write_terms(PILOT, read_terms(PILOT) | {"holdout": share})
    assert f"holdout: {written} " in text.replace("\n", " ")


@pytest.mark.parametrize("share", ["1e999999", "1e-999999", "NaN", "ten", "0.123456789012345678901"])
def test_a_share_of_the_file_that_is_none_stands_in_the_form_as_it_was_written(share: str) -> None:
    """Nothing is made of it, least of all a million digits."""
    assert read_terms(f"holdout: {share}\n")["holdout"] == share
