"""What a text names by itself to open, to write to or to dial is found however it is spelled; honest words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.contacts.ways_out import addresses_in, numbers_in


@pytest.mark.parametrize(
    "text",
    [
        "Call +65 9123 4567 or 6123 4567 now",
        "Send the code to 6123 4567",
        "Write to 91234567",
        "+852 1234 5678",
        "(852) 1234-5678",
        "6123.4567",
        "6123·4567",
        "6 1 2 3 4 5 6 7",
        "912 345 678",
        "Call 18222",
        "Dial 999 at once",
        "the helpline, 18222, at night",
        "999: the police",
        "Call 9-9-9",
        "可致電 18222 查詢",
        "可致電一八二二二查詢",
        "请拨打 96110",
        "報警：９９９",
        "Ligue 115",
        "Telefone para o 2855 7777",
        "Hubungi 1799",
        "اتصل بالرقم ٩٠١",
        "اتّصل على 8002626",
        "خط المساعدة ۹۰۱",
        "Call १८२२२",
        "Call ①⑧②②②",
        "Call \U0001d7cf\U0001d7d6\U0001d7d0\U0001d7d0\U0001d7d0",
        "Dial 1\ufe0f\u20e38\ufe0f\u20e32\ufe0f\u20e3",
    ],
)
def test_a_telephone_number_in_words_is_found(text: str) -> None:
    """In any digits and with any usual separators; a short one where words speak of calling."""
    assert list(numbers_in(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "You are sending 12,000 USDT",
        "12.000,50 USDT, 1,234,567.89 in all",
        "Losses of HK$ 12 345 678 were reported",
        "A loss of 1234567 USDT",
        "on 2026-11-23 and on 23/11/2026",
        "10 % of 100% and 99.95%",
        "Open 24/7, from 9-17",
        "In 2019-2026 we saw more",
        "Call within 100 days",
        "Call back after 120 minutes",
        "Dial it yourself; 24 hours",
        "電話內要求 12,000 美元",
        "致電前先等 100 分鐘",
        "Ask 3 people before 10 o'clock",
        "On 3 May it was 0x25f5616e26d02c50000000000000000000000000",
        "{amount} {asset}, {contact_phone}",
        "خلال 100 يوم اتصل بأهلك",
        "1. one 2. two 3. three",
        "三三两两",
    ],
)
def test_amounts_days_and_shares_are_no_telephone_numbers(text: str) -> None:
    """What counts something says what it counts."""
    assert list(numbers_in(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("go to evil.zip now", "evil.zip"),
        ("evil.ru", "evil.ru"),
        ("(evil.su)", "evil.su"),
        ("hkpolice.help/pay", "hkpolice.help/pay"),
        ("see a.b.hkpolice.help.", "a.b.hkpolice.help"),
        ("203.0.113.9/pay", "203.0.113.9/pay"),
        ("at 203.0.113.9.", "203.0.113.9"),
        ("evil。com", "evil.com"),
        ("evil｡com", "evil.com"),
        ("evil．com", "evil.com"),
        ("ｅｖｉｌ.ｃｏｍ", "evil.com"),
        ("evil[.]com", "evil.com"),
        ("请看evil.com吧", None),
        ("警察.香港", "警察.香港"),
        ("t.me/hkpolice", "t.me/hkpolice"),
        ("help@hkpolice.help", "help@hkpolice.help"),
        ("ask @hkpolice_help", "@hkpolice_help"),
        ("ftp://evil", "ftp://evil"),
        ("javascript:alert(1)", None),
        ("e\u034fvil.com", "evil.com"),
        ("EVIL.COM", "EVIL.COM"),
    ],
)
def test_an_address_in_words_is_found(text: str, found: str | None) -> None:
    """Whatever its ending and whatever its dot."""
    named = list(addresses_in(text))
    assert named
    assert found in (None, named[0])


@pytest.mark.parametrize(
    "text",
    [
        "e.g. this, i.e. that, at 9 a.m. or 5 p.m.",
        "the U.S. and the U.A.E., by Example Ltd.",
        "Wait. Then ask.",
        "wait...then ask…then go",
        "12.000 USDT, 1.5 BTC, 1.000.000.000",
        "p.ex. hoje, 1.ª secção",
        "請停下。USD 稍後再算。",
        "轉出前，先核實。再想想。",
        "version 300.1.2.4",
        "{amount}.{asset}",
        "24/7 and/or",
        "د.إ والدرهم",
        "own_wallet: My own",
    ],
)
def test_abbreviations_and_amounts_are_no_addresses(text: str) -> None:
    """Plain writing has dots too."""
    assert list(addresses_in(text)) == []


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    """Nothing that somebody writes makes the search fail."""
    list(addresses_in(text))
    list(numbers_in(text))
