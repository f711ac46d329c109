"""What the request itself says: durations, ratios, languages and addresses, from the body on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.world import START, request
from thinktwice.decisions.intake import Intake
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.installation import Installation
from thinktwice.records.signal import SignalValue
from thinktwice.signals.compute import find_signals
from thinktwice.signals.state import CustomerState, DestinationState
from thinktwice.signals.watchlist import watchlist_signals
from thinktwice.watchlist.listing import Listing
from thinktwice.watchlist.snapshot import Snapshot

INSTALLATION = Installation()


def signals(**changes: Any) -> dict[str, SignalValue]:
    """Return every signal of a withdrawal of somebody of whom nothing is known."""
    intake = Intake(INSTALLATION, TEST_KEYRING)
    withdrawal = intake.withdrawal(json.dumps(request(**changes)).encode(), now=START)
    nothing = Snapshot(None, {}, 0)
    return find_signals(withdrawal, CustomerState(), DestinationState(), nothing, START, INSTALLATION).signals


def test_nothing_known_is_an_answer() -> None:
    """Every signal of the catalogue is there; of somebody unknown the history says so and is not missing."""
    found = signals()
    assert set(found) == set(CATALOGUE)
    assert found["is_first_time_destination"] is True
    assert found["is_established_destination"] is False
    assert found["has_prior_scam_report"] is False
    assert found["withdrawals_30d"] == found["triggers_7d"] == found["destination_customers_7d"] == 0
    assert found["fiat_sum_30d"] == 0
    missing = {name for name, value in found.items() if value is None}
    assert missing == {name for name in missing if CATALOGUE[name].may_be_missing}
    assert {"days_since_first_use", "ratio_to_90d_max", "balance_ratio", "lookalike_of"} <= missing


@pytest.mark.parametrize(
    ("name", "field", "moments"),
    [
        (
            "account_age_days",
            "customer__account_opened_at",
            {"2026-11-20T12:00:00Z": 0, "2026-11-19T12:00:00Z": 1, "2026-11-19T12:00:00.000001Z": 0},
        ),
        (
            "minutes_since_deposit",
            "account__last_deposit_at",
            {"2026-11-20T11:59:00Z": 1, "2026-11-20T11:59:00.5Z": 0, "2026-11-20T19:00:00+08:00": 60},
        ),
        (
            "hours_since_credentials_change",
            "account__credentials_changed_at",
            {"2026-11-20T10:00:00Z": 2, "2026-11-20T10:00:01Z": 1, "2026-11-20T12:04:00Z": 0},
        ),
    ],
)
def test_durations_are_whole_and_never_negative(name: str, field: str, moments: dict[str, int]) -> None:
    """Floored, in any zone; a clock that is ahead counts as now."""
    for told, expected in moments.items():
        assert signals(**{field: told})[name] == expected, told


@pytest.mark.parametrize(
    ("balance", "expected"),
    [("24006.20", "0.5"), ("36009.30", "0.3333"), ("12003.10", "1"), ("0", None), ("0.0001", "120031000")],
)
def test_a_ratio_is_truncated_to_four_places_and_missing_without_a_divisor(balance: str, expected: str | None) -> None:
    """12,003.10 over the balance before."""
    found = signals(account__fiat_balance=balance)["balance_ratio"]
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(("locale", "language"), [("zh-Hant-HK", "zh"), ("EN-gb", "en"), ("ar", "ar")])
def test_the_language_is_the_first_part_of_the_locale(locale: str, language: str) -> None:
    """Lower case, whatever the region."""
    assert signals(customer__locale=locale)["language"] == language


def test_the_hour_is_that_of_utc() -> None:
    """Two in the morning in Hong Kong is six in the evening before."""
    assert signals(initiated_at="2026-11-20T02:30:00+08:00")["hour_utc"] == 18


@pytest.mark.parametrize(
    ("network", "address", "expected"),
    [
        ("ethereum", "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c", ("evm", True)),
        ("ethereum", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ("evm", False)),
        ("tron", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", ("tron", True)),
        ("tron", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv9", ("tron", False)),
        ("bitcoin", "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c", ("bitcoin", False)),
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ("bitcoin", True)),
    ],
)
def test_a_bad_checksum_or_a_wrong_network_is_a_fact(network: str, address: str, expected: tuple[str, bool]) -> None:
    """Nothing is refused for it; the signal says it."""
    found = signals(network=network, destination__address=address)
    assert (found["address_family"], found["is_destination_valid"]) == expected


def test_what_the_session_says_is_passed_on_and_silence_is_missing() -> None:
    """False is an answer; nothing said is not."""
    said = signals(session__is_remote_access=False, session__risk_flags=["vpn"], session__ip_country="SG")
    assert said["is_remote_access"] is False
    assert said["risk_flags"] == ("vpn",)
    assert said["ip_country"] == "SG"
    assert signals()["is_remote_access"] is None
    assert signals()["risk_flags"] == ()


def test_what_a_list_says() -> None:
    """Kinds, sources, confidence and age; a date ahead of ours counts as today."""
    listing = Listing("warn", ("scam",), ("police", "ofac"), 80, date(2026, 11, 1), None, is_agency_reported=True)
    today = datetime(2026, 11, 20, 23, 59, tzinfo=UTC).date()
    assert watchlist_signals(listing, today) == {
        "watchlist_kinds": ("scam",),
        "watchlist_sources": ("police", "ofac"),
        "watchlist_disposition": "warn",
        "watchlist_confidence": 80,
        "days_since_listed": 19,
        "is_agency_reported": True,
    }
    assert watchlist_signals(listing, date(2026, 10, 1))["days_since_listed"] == 0
