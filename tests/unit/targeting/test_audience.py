"""Reading audiences: what is refused and where, and what is known beforehand."""

from __future__ import annotations

import pytest

from tests.support.audiences import CATALOGUE
from thinktwice.errors import InputError
from thinktwice.targeting.audience import (
    audience_warnings,
    disabling_signals,
    read_audience,
    wording_only,
)
from thinktwice.targeting.tree import Flag

DESIGNED = """jurisdiction IN ('HK', 'MO') AND fiat_amount >= 1000 AND NOT is_established_destination
  AND (balance_ratio >= 0.8 OR minutes_since_deposit < 120 OR list_contains(risk_flags, 'new_device'))"""

REFUSED = [
    ("fiat_amout > 5", "column 1: there is no signal fiat_amout; did you mean fiat_amount"),
    ("is_on_call AND\n chanel = 'app'", "line 2, column 2: there is no signal chanel; did you mean channel?"),
    ("FIAT_AMOUNT > 5", "did you mean fiat_amount"),
    ("list_contain(risk_flags, 'x')", "column 1: there is no function list_contain; did you mean list_contains?"),
    ("lower(channel) = 'app'", "there is no function lower; there are list_contains and starts_with"),
    ("fiat_amount > 'x'", "column 15: money cannot be compared with a text"),
    ("channel > 'app'", "texts have no order"),
    ("fiat_amount > account_age_days", "money cannot be compared with integer"),
    ("fiat_amount + account_age_days > 5", "money and integer cannot be added"),
    ("locale + 1 > 3", "text has no arithmetic"),
    ("amount * 2 > 3", "amounts fill their type"),
    ("fiat_amount * 1000001 > 3", "factors add up to more than 1,000,000"),
    ("fiat_amount * 1.5 > 3", "multiply by a whole number only"),
    ("fiat_amount * fiat_amount > 3", "multiply by a whole number only"),
    ("fiat_amount > 2 + 3", "write the result"),
    ("fiat_amount / 2 > 1", "column 13: there is no division"),
    ("fiat_amount % 2 = 1", "'%' is not part of the language"),
    ("fiat_amount", "fiat_amount is money; compare it"),
    ("is_on_call = is_new_device", "combine yes-or-no signals"),
    ("is_on_call > TRUE", "compare only yes-or-no signals with TRUE or FALSE"),
    ("risk_flags = 'vpn'", "list_contains"),
    ("list_contains(channel, 'app')", "channel is text, not texts"),
    ("list_contains('app', channel)", "write a signal, then a text"),
    ("starts_with(risk_flags, 'a')", "risk_flags is texts, not text"),
    ("locale LIKE '%zh'", "LIKE is for a beginning only"),
    ("locale LIKE 'z_h%'", "LIKE is for a beginning only"),
    ("locale LIKE 'zh'", "LIKE is for a beginning only"),
    ("locale LIKE '%'", "LIKE is for a beginning only"),
    ("starts_with(locale, '')", "an empty text is never a value"),
    ("fiat_amount = NULL", "write IS NULL"),
    ("fiat_amount IN (1, NULL)", "IN takes numbers or texts"),
    ("fiat_amount IN (1, fiat_sum_24h)", "IN takes numbers or texts"),
    ("fiat_amount IN (1, 1.0)", "twice"),
    ("fiat_amount IN ()", "IN takes a list of literals"),
    ("fiat_amount IN (1,)", "nothing follows this comma"),
    ("is_on_call IN (TRUE)", "IN is for numbers and texts"),
    ("locale BETWEEN 'a' AND 'b'", "BETWEEN is for numbers"),
    ("fiat_amount BETWEEN SYMMETRIC 1 AND 2", "there is no signal SYMMETRIC"),
    ("fiat_amount > 5 IS NULL", "column 1: a signal must stand here"),
    ("fiat_amount IS TRUE", "IS goes with NULL"),
    ("1 = 1", "compare a signal"),
    ("fiat_amount >= 0.00001", "at most 4 digits after the point"),
    ("account_age_days >= 1.5", "a whole number"),
    ("fiat_amount > 12345678901234567", "larger than any value"),
    ("account_age_days > 9223372036854775808", "larger than any value"),
    ("fiat_amount > 1e5", "plain decimal number"),
    ("fiat_amount > 1_000", "plain decimal number"),
    ("fiat_amount > .5", "a digit before the decimal point"),
    ("fiat_amount == 5", "write a single ="),
    ("jurisdiction = 'hk'", "did you mean 'HK'?"),
    ("jurisdiction = 'UK'", "did you mean 'GB'?"),
    ("ip_country IN ('HK', 'HKG')", "'HKG' is no country code"),
    ("network = 'TRC20'", "network is never 'TRC20'; did you mean 'tron'?"),
    ("network IN ('tron', 'tronn')", "network is never 'tronn'; did you mean 'tron'?"),
    ("network <> 'ERC-20'", "network is never 'ERC-20'; did you mean 'ethereum'?"),
    ("network = 'Tron'", "did you mean 'tron'?"),
    ("address_family = 'evmm'", "address_family is never 'evmm'; did you mean 'evm'?"),
    ("address_family = 'ethereum'", "address_family is never 'ethereum'; it is one of bitcoin,"),
    ("channel = 'App'", "channel is never 'App'; did you mean 'app'?"),
    ("customer_kind <> 'firm'", "it is one of retail, business"),
    ("list_contains(watchlist_kinds, 'scams')", "did you mean 'scam'?"),
    ("asset = 'btc'", "did you mean 'BTC'?"),
    ('channel = "app"', "texts stand in single quotes"),
    ("a.fiat_amount > 1", "write the signal's name alone"),
    ("fiat_amount::INT > 3", "there are no casts"),
    ("CAST(fiat_amount AS INT) > 3", "there is no function CAST"),
    ("fiat_amount > 5 -- why", "comments have no place"),
    ("/* why */ is_on_call", "comments have no place"),
    ("fiat_amount > 5; DROP TABLE x", "leave the semicolon out"),
    ("fiat_amount IN (SELECT 1)", "subqueries do not exist"),
    ("fiat_amount > ?", "'?' is not part of the language"),
    ("fiat_amount > $1", "'$' is not part of the language"),
    ("channel = $$app$$", "not part of the language"),
    ("locale = E'a\\n'", "not part of the language"),
    ("locale = 'a' 'b'", "two texts in a row"),
    ("locale = '\ud800'", "control character"),
    ("locale = 'a\x00'", "control character"),
    ("fiat_amount > --5", "comments have no place"),
    ("$$is_on_call$$", "not part of the language"),
    ("E'is_on_call'", "not part of the language"),
    ("fiat_amount > - -5", "two signs in a row"),
    ("NOT NOT is_on_call", "NOT NOT changes nothing"),
    ("fiat_amount > 5 is_on_call", "missing before is_on_call"),
    ("fiat_amount >", "something is missing"),
    ("(is_on_call", "column 1: a parenthesis is not closed"),
    ("is_on_call)", "never opened"),
    ("'abc", "never closed"),
    ("", "an audience is one condition"),
    ("is_on_call(3)", "is a signal, not a function"),
    ("list_contains", "is a function"),
    ("(" * 1500 + "is_on_call" + ")" * 1500, "3,001 words"),
    ("(" * 40 + "is_on_call" + ")" * 40, "nest deeper than 16"),
    ("NOT (" * 400 + "is_on_call" + ")" * 400, "1,201 words"),
    ("is_on_call OR " * 300 + "is_on_call", "4,210 characters"),
    ("hour_utc" + " + hour_utc" * 65 + " > 3", "more than 64 signs of arithmetic"),
    ("'" * 3_999, "closed"),
]

IMPOSSIBLE = [
    ("fiat_amount > 5 AND fiat_amount < 3", "fiat_amount > 5 and fiat_amount < 3 can never both be true"),
    ("jurisdiction = 'HK' AND jurisdiction = 'MO'", "can never both be true"),
    ("fiat_amount > 1 AND fiat_amount < 1.0001", "can never both be true"),
    ("hour_utc > 1 AND hour_utc < 2", "can never both be true"),
    ("channel NOT IN ('app', 'web', 'api', 'batch')", "can never be true"),
    ("channel <> 'app' AND channel NOT IN ('web', 'api', 'batch')", "can never both be true"),
    ("starts_with(locale, 'zh') AND locale = 'en'", "can never both be true"),
    ("is_on_call AND NOT is_on_call", "can never both be true"),
    ("is_on_call AND is_on_call IS NULL", "can never both be true"),
    ("balance_ratio > 1 AND balance_ratio IS NULL", "can never both be true"),
    ("balance_ratio > ratio_to_90d_max AND balance_ratio IS NULL", "can never both be true"),
    ("NOT (fiat_amount > 3 OR fiat_amount < 5)", "can never"),
    ("fiat_amount BETWEEN 5 AND 3", "can never be true"),
    ("hour_utc >= 24", "can never be true"),
    ("destination_customers_24h > 1000", "can never be true"),
    ("fiat_amount < 0", "can never be true"),
    ("jurisdiction IS NULL", "jurisdiction is never missing"),
    ("is_on_call OR (hour_utc > 3 AND hour_utc < 2)", "column 16: hour_utc > 3 and hour_utc < 2"),
    ("(asset = 'BTC' OR asset = 'ETH') AND (asset = 'TRX' OR asset = 'USDT')", "can never both be true"),
    ("list_contains(risk_flags, 'a') AND NOT list_contains(risk_flags, 'a')", "can never both be true"),
    ("FALSE", "can never be true"),
    ("is_on_call AND FALSE", "can never be true"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED + IMPOSSIBLE)
def test_refuses_with_place_and_advice(text: str, message: str) -> None:
    """Every text that is not in the language, or that nobody can be in, is refused in words an analyst understands."""
    with pytest.raises(InputError) as refused:
        read_audience(text, CATALOGUE)
    assert any(message in str(fault) for fault in refused.value.faults), refused.value


def test_names_file_and_line() -> None:
    """A fault in the second line of an audience that begins in line 9 of a file is in line 10, and all are told."""
    with pytest.raises(InputError) as refused:
        read_audience("fiat_amount > 'x' AND\n chanel = 'app'", CATALOGUE, where="campaign.yaml", line=9)
    assert [(fault.where, fault.line) for fault in refused.value.faults] == [("campaign.yaml", 10)]
    with pytest.raises(InputError) as refused:
        read_audience("fiat_amount > 'x' AND\n channel > 'app'", CATALOGUE, where="campaign.yaml", line=9)
    assert [fault.line for fault in refused.value.faults] == [9, 10]


def test_tells_at_most_ten_faults() -> None:
    """A hostile text does not earn a page of answers."""
    with pytest.raises(InputError) as refused:
        read_audience("bogus = 1 OR " * 200 + "TRUE", CATALOGUE)
    assert len(refused.value.faults) == 10


def test_reads_the_design_example() -> None:
    """The example of the design is read, with its signals and its jurisdictions."""
    audience = read_audience(DESIGNED, CATALOGUE)
    assert audience.jurisdictions == frozenset({"HK", "MO"})
    assert audience.signals == {
        *("jurisdiction", "fiat_amount", "is_established_destination"),
        *("balance_ratio", "minutes_since_deposit", "risk_flags"),
    }
    assert audience_warnings(audience) == ()


def test_reads_the_longest_and_the_deepest() -> None:
    """What is within the bounds is read, whatever shape it has."""
    read_audience(" OR ".join(["is_on_call"] * 280), CATALOGUE)
    read_audience("(" * 16 + "is_on_call" + ")" * 16, CATALOGUE)
    read_audience("NOT (" * 16 + "is_on_call" + ")" * 16, CATALOGUE)
    read_audience(" OR ".join(f"hour_utc = {n % 24} AND is_on_call" for n in range(120)), CATALOGUE)
    read_audience(f"fiat_amount IN ({', '.join(map(str, range(480)))})", CATALOGUE)


def test_reads_attributes_named_like_keywords() -> None:
    """An operator's attribute may be called ``select``."""
    assert read_audience("select > 3 AND list_contains(tags, 'select')", CATALOGUE).signals == {"select", "tags"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fiat_amount > 5", None),
        ("jurisdiction = 'HK' OR fiat_amount > 5", None),
        ("jurisdiction <> 'HK'", None),
        ("starts_with(jurisdiction, 'H')", None),
        ("NOT (jurisdiction <> 'HK')", {"HK"}),
        ("(jurisdiction = 'HK' AND is_on_call) OR (jurisdiction = 'MO' AND is_new_device)", {"HK", "MO"}),
        ("jurisdiction IN ('HK', 'MO') AND jurisdiction <> 'MO'", {"HK"}),
    ],
)
def test_derives_the_necessary_jurisdictions(text: str, expected: set[str] | None) -> None:
    """The jurisdictions are those in which the audience can be true; None when others are among them."""
    found = read_audience(text, CATALOGUE).jurisdictions
    assert (None if found is None else set(found)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fiat_amount > 5", ()),
        ("balance_ratio > 0.8 OR minutes_since_deposit < 5", ()),
        ("balance_ratio > 0.8 AND minutes_since_deposit < 5", ("balance_ratio", "minutes_since_deposit")),
        ("balance_ratio > 0.8 OR balance_ratio IS NULL", ()),
        ("NOT is_on_call AND fiat_amount > 5", ("is_on_call",)),
        ("is_on_call IS NOT TRUE", ()),
        ("spent * 2 > fiat_amount", ("spent",)),
        ("list_contains(tags, 'a') OR list_contains(tags, 'b')", ("tags",)),
    ],
)
def test_names_disabling_signals(text: str, expected: tuple[str, ...]) -> None:
    """The signals are named without which the audience is never true."""
    assert disabling_signals(read_audience(text, CATALOGUE)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fiat_amount >= 0", "always true"),
        ("TRUE", "always true"),
        ("fiat_amount > 5 OR fiat_amount <= 5", "always true"),
        ("is_on_call IS NULL OR is_on_call IS TRUE OR is_on_call IS FALSE", "always true"),
        ("jurisdiction = 'HK' AND (is_on_call OR jurisdiction = 'MO')", "column 40: jurisdiction = 'MO' never adds"),
    ],
)
def test_warns_of_what_is_probably_not_meant(text: str, message: str) -> None:
    """What is always true, and alternatives that reach nobody, are warned of."""
    assert any(message in str(fault) for fault in audience_warnings(read_audience(text, CATALOGUE)))


@pytest.mark.parametrize("text", ["is_on_call OR NOT is_on_call", "balance_ratio > 5 OR balance_ratio <= 5"])
def test_does_not_call_unknown_true(text: str) -> None:
    """A disjunction of opposites is not always true when its signal may be missing."""
    assert audience_warnings(read_audience(text, CATALOGUE)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age_band = '70+'", True),
        ("age_band = '70+' OR fiat_amount > 5", True),
        ("age_band = '70+' AND jurisdiction = 'HK'", True),
        ("age_band = '70+' AND fiat_amount >= 0", True),
        ("NOT (age_band <> '70+')", True),
        ("age_band IS NULL", True),
        ("age_band = '70+' AND fiat_amount > 5", False),
        ("NOT (age_band <> '70+' OR fiat_amount <= 5)", False),
        ("fiat_amount > 5", False),
        ("jurisdiction = 'HK'", False),
        ("TRUE", False),
    ],
)
def test_finds_audiences_that_rest_on_wording_signals(text: str, expected: bool) -> None:
    """Age, locale, language and the country of an address never decide alone."""
    assert wording_only(read_audience(text, CATALOGUE)) is expected


def test_spellings_give_one_tree() -> None:
    """Trees do not depend on spelling: brackets, sides, LIKE and comparisons with TRUE."""
    for one, other in (
        ("is_on_call = TRUE", "is_on_call"),
        ("is_on_call <> FALSE", "is_on_call"),
        ("5 < fiat_amount", "fiat_amount > 5.00"),
        ("locale LIKE 'zh%'", "starts_with(locale, 'zh')"),
        ("(is_on_call AND is_new_device) AND is_lookalike", "is_on_call AND (is_new_device AND is_lookalike)"),
        ("fiat_amount != 5", "fiat_amount <> 5"),
        ("2 * fiat_amount > 5", "fiat_amount * 2 > 5"),
    ):
        assert read_audience(one, CATALOGUE).tree == read_audience(other, CATALOGUE).tree
    assert read_audience("(((is_on_call)))", CATALOGUE).tree == Flag("is_on_call")
