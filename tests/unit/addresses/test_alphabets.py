"""The arithmetic behind "looks alike": formula, limits, and a count over all short addresses."""

from __future__ import annotations

import itertools

import pytest

from thinktwice.addresses.alphabets import HEX, Writing, chance_of_match, least_total, writing_of
from thinktwice.addresses.networks import FAMILIES


def test_seven_hex_digits_hold_below_about_13_800_anchors() -> None:
    """At one false alarm in 10,000 withdrawals, 7 digits suffice for 13,854 anchors and not for one more."""
    assert 1e-4 / chance_of_match(HEX, 7) == pytest.approx(13_854, abs=1)
    assert least_total(HEX, 13_854, 1) == 7
    assert least_total(HEX, 13_855, 1) == 8


def test_evm_never_asks_for_less_than_seven_digits() -> None:
    """One anchor and a generous budget do not lower the least total."""
    assert least_total(HEX, 1, 1) == 7
    assert least_total(HEX, 1, 10_000) == 7


def test_a_smaller_budget_asks_for_more_digits_and_none_for_the_impossible() -> None:
    """The budget moves the total upwards only; a budget of 0 leaves no look-alike at all."""
    assert least_total(HEX, 10**9, 1) == 12
    assert least_total(HEX, 500, 0) is None


@pytest.mark.parametrize("writing", [Writing(3, 3, 0, 1), Writing(3, 2, 0, 1), Writing(2, 2, 0, 2)])
@pytest.mark.parametrize("spare", [0, 1, 2])
def test_the_formula_counts_what_counting_counts(writing: Writing, spare: int) -> None:
    """For short addresses over few letters P(T) is the share of all addresses that match."""
    total, length = 2 * writing.each_end + spare, 9
    edges = [range(writing.edge)] + [range(writing.letters)] * (length - 1)
    matches = everything = 0
    for address in itertools.product(*edges):
        everything += 1
        head = next((i for i, digit in enumerate(address) if digit), length)
        tail = next((i for i, digit in enumerate(reversed(address)) if digit), length)
        matches += head >= writing.each_end and tail >= writing.each_end and head + tail >= total
    assert matches / everything == pytest.approx(chance_of_match(writing, total), rel=1e-9)


def test_a_total_below_both_ends_is_no_question() -> None:
    """A total that cannot hold both ends is a mistake of the caller."""
    with pytest.raises(ValueError, match="3 digits at each end"):
        chance_of_match(HEX, 5)


EXAMPLES = {
    "evm": "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    "bitcoin": "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g",
    "tron": "TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p",
    "solana": "GjJyeC1r2RgkuoCWMyPYkCWSGSGLcz266EaAkLA27AhL",
    "cardano": "stake1u88ll8kks8xy2q8vx0nkfvz2n24x7m786zl8p304hvz7ngqcx6xaz",
}


@pytest.mark.parametrize(
    ("family", "fixed", "least"),
    [("evm", 2, 7), ("bitcoin", 4, 6), ("tron", 1, 5), ("solana", 0, 6), ("cardano", 7, 7)],
)
def test_each_alphabet_has_its_own_least_total(family: str, fixed: int, least: int) -> None:
    """What all addresses of a kind share counts nothing; the richer the alphabet, the fewer digits suffice."""
    writing = writing_of(family, EXAMPLES[family])
    assert writing is not None
    assert writing.fixed == fixed
    assert least_total(writing, 500, 1) == least


def test_every_family_but_names_has_an_alphabet() -> None:
    """Only EOS account names, chosen by people, have no alphabet whose digits are random."""
    assert [family for family in FAMILIES if writing_of(family, "x") is None] == ["eos"]
