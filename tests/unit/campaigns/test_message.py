"""Words are filled in without guessing."""

from __future__ import annotations

import pytest

from thinktwice.campaigns.message import fill, placeholders

ASK = "Ask {contact_name}, {contact_phone}[, {contact_hours}]."


def test_a_group_stays_when_its_names_have_values() -> None:
    """The brackets go, the words stay."""
    filled = fill(ASK, {"contact_name": "ADCC", "contact_phone": "18222", "contact_hours": "24 hours"})
    assert filled == "Ask ADCC, 18222, 24 hours."


@pytest.mark.parametrize("hours", [None, ""])
def test_a_group_without_a_value_disappears_whole(hours: str | None) -> None:
    """A contact without hours leaves no comma behind."""
    filled = fill(ASK, {"contact_name": "ADCC", "contact_phone": "18222", "contact_hours": hours})
    assert filled == "Ask ADCC, 18222."


def test_a_missing_value_outside_a_group_is_an_error() -> None:
    """A name without a value never shows up as braces on a page."""
    with pytest.raises(KeyError):
        fill("{amount}", {})


def test_a_link_is_not_a_group() -> None:
    """``[words](address)`` is left as it is."""
    assert fill("[words](https://a.example)", {}) == "[words](https://a.example)"


def test_a_value_is_not_filled_again() -> None:
    """Braces and brackets inside a value stay text."""
    assert fill("{asset}", {"asset": "{amount}[{x}]", "amount": "1"}) == "{amount}[{x}]"


def test_placeholders_come_in_order() -> None:
    """Names between braces are found, whatever stands around them."""
    assert placeholders("a {amount} b {asset}") == ("amount", "asset")
