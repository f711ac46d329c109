"""A value that is missing says that there is nothing, or that nobody knows: never the one for the other."""

from __future__ import annotations

import pytest

from thinktwice.records.signal import is_nothing

UNLISTED = {"watchlist_kinds": (), "watchlist_disposition": None, "watchlist_confidence": None}
LISTED = {"watchlist_kinds": ("scam",), "watchlist_disposition": "warn", "watchlist_confidence": None}


@pytest.mark.parametrize(
    ("name", "signals", "nothing"),
    [
        ("watchlist_disposition", UNLISTED, True),
        ("watchlist_confidence", UNLISTED, True),
        ("watchlist_confidence", LISTED, False),
        ("watchlist_disposition", LISTED, False),
        ("lookalike_of", {"lookalike_of": None, "is_lookalike": False}, True),
        ("lookalike_of", {"lookalike_of": "0x1", "is_lookalike": True}, False),
        ("days_since_first_use", {"days_since_first_use": None, "is_first_time_destination": True}, True),
        ("days_since_first_use", {"days_since_first_use": None, "is_first_time_destination": False}, False),
        ("age_band", {"age_band": None}, False),
        ("watchlist_disposition", {"watchlist_disposition": None}, False),
    ],
)
def test_nothing_is_told_apart_from_unknown(name: str, signals: dict[str, object], nothing: bool) -> None:
    """Only where another signal says so is a missing value nothing."""
    assert is_nothing(name, signals) is nothing
