"""Names that an eye takes for one have one shape, and a text that writes a known name in other letters is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.contacts.likeness import alike, imitated_in, skeleton

NAME = "Hong Kong Police Force"


@pytest.mark.parametrize(
    "other",
    [
        "Hong Kong P\u043elice Force",
        "Hong Kong Pol\u0131ce Force",
        "Hong Kong PoIice Force",
        "Hong Kong Po1ice Force",
        "Hong Kong Políce Force",
        "H0ng K0ng Police F0rce",
        "Hong Kong \u03a1olice Force",
    ],
)
def test_what_looks_alike_has_one_shape(other: str) -> None:
    """A second name like it is named, and so is a text that holds it."""
    assert skeleton(other) == skeleton(NAME)
    assert list(alike([NAME, other])) == [(other, NAME)]
    assert imitated_in(f"This comes from the {other}.", ["Judiciary Police", NAME]) == NAME


@pytest.mark.parametrize(
    "text",
    ["Ask the Hong Kong Police Force.", "HONG KONG POLICE FORCE", "The police of Hong Kong", "香港警務處", "الشُّرطة"],
)
def test_the_name_itself_is_no_imitation(text: str) -> None:
    """However its letters are cased, and wherever it stands."""
    assert imitated_in(text, [NAME, "الشرطة", "香港警務處", "FTC"]) is None


def test_different_names_are_not_alike() -> None:
    """Short names and names in other words say nothing of each other."""
    assert list(alike([NAME, "Judiciary Police", "FTC", "Ftc", NAME, NAME.upper()])) == []


@given(st.text(max_size=60))
def test_a_shape_has_the_same_shape(text: str) -> None:
    """Taking it twice changes nothing more."""
    assert skeleton(skeleton(text)) == skeleton(text)
