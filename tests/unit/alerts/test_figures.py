"""Claims about amounts, days and values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.alerts.figures import amount_in, day_in, inert, network_in


@pytest.mark.parametrize(
    ("amount", "locale", "written"),
    [
        ("12000.00", "en", "12,000"),
        ("12000.50", "zh-Hant", "12,000.5"),
        ("0.000000000000000001", "en", "0.000000000000000001"),
        ("1E+4", "en", "10,000"),
        ("12000.5", "de", "12.000,5"),
        ("123456789012345678901234.123456789012345678", "en", "123,456,789,012,345,678,901,234.123456789012345678"),
    ],
)
def test_amounts_are_exact_in_the_form_of_the_language(amount: str, locale: str, written: str) -> None:
    """Separators follow the language; no digit is lost and no idle zero shown."""
    assert amount_in(Decimal(amount), locale, "HK") == written


@pytest.mark.parametrize(
    ("jurisdiction", "written"),
    [("SG", "12\u00a0000,5"), ("MO", "12\u00a0000,5"), ("PT", "12\u00a0000,5"), ("BR", "12.000,5")],
)
def test_portuguese_is_that_of_portugal_outside_brazil(jurisdiction: str, written: str) -> None:
    """Where CLDR does not know Portuguese, twelve thousand is not written as Brazil writes it."""
    assert amount_in(Decimal("12000.5"), "pt", jurisdiction) == written


@given(st.decimals(min_value=0, max_value=10**20, places=18))
def test_no_amount_is_ever_rounded(amount: Decimal) -> None:
    """Read back, the written amount is the amount."""
    assert Decimal(amount_in(amount, "en", "HK").replace(",", "")) == amount


@pytest.mark.parametrize(
    ("locale", "jurisdiction", "written"),
    [
        ("en", "HK", "3 May 2026"),
        ("zh-Hant", "HK", "2026年5月3日"),
        ("en", "US", "May 2, 2026"),
        ("en", "GB", "2 May 2026"),
    ],
)
def test_a_day_is_the_customers_day(locale: str, jurisdiction: str, written: str) -> None:
    """Eighteen hours UTC is the next day in Hong Kong; a country of many zones gets UTC."""
    assert day_in(datetime(2026, 5, 2, 18, 0, tzinfo=UTC), locale, jurisdiction) == written


def test_values_cannot_turn_the_text_around_them() -> None:
    """Control characters and direction marks do not survive."""
    assert inert("US\u202eDT\x00\u2066!\ue000") == "USDT!"


def test_networks_have_the_names_people_use() -> None:
    """A network without a better name is called as in the contract."""
    assert (network_in("tron"), network_in("later-net")) == ("TRON", "later-net")
