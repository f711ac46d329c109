"""Printing trees."""

from __future__ import annotations

from hypothesis import given, settings

from tests.support.audiences import CATALOGUE, conditions
from thinktwice.targeting.audience import read_tree
from thinktwice.targeting.grammar import MAXIMUM_LENGTH
from thinktwice.targeting.printing import to_text
from thinktwice.targeting.tree import Condition


@given(conditions(max_leaves=8))
@settings(deadline=None, max_examples=200)
def test_reading_what_is_printed_gives_the_same_tree(tree: Condition) -> None:
    """Parse and print are inverse for every tree."""
    text = to_text(tree)
    if len(text) <= MAXIMUM_LENGTH:
        assert read_tree(text, CATALOGUE) == tree


def test_prints_as_an_analyst_writes() -> None:
    """Only the parentheses that are needed are printed."""
    text = (
        "jurisdiction IN ('HK', 'MO') AND NOT is_on_call AND (fiat_amount - (fiat_sum_24h + 5) * 2 > (-3) * 1 "
        "OR locale <> 'it''s') AND spent IS NOT NULL AND is_new_device IS NOT TRUE AND hour_utc NOT BETWEEN 1 AND 2"
    ).replace("(-3) * 1", "-3")
    assert to_text(read_tree(text, CATALOGUE)) == text
