"""What the simulated world is like: every number that shapes it, in one place, with its meaning.

Invariant: shares are of 1; changing a number changes the history, nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Coin:
    """An asset on a network: its ticker, network, price in US dollars, decimals written, and share of withdrawals."""

    asset: str
    network: str
    price: int
    decimals: int
    share: float


COINS: tuple[Coin, ...] = (
    Coin("USDT", "tron", 1, 2, 0.38),
    Coin("USDT", "ethereum", 1, 2, 0.14),
    Coin("BTC", "bitcoin", 90_000, 8, 0.18),
    Coin("ETH", "ethereum", 3_000, 6, 0.12),
    Coin("USDT", "bsc", 1, 2, 0.10),
    Coin("USDC", "base", 1, 2, 0.08),
)

LOCALES: Mapping[str, tuple[str, ...]] = {
    "HK": ("zh-Hant-HK", "zh-Hant-HK", "en-HK"),
    "SG": ("en-SG", "en-SG", "zh-Hans-SG"),
    "GB": ("en-GB",),
    "MO": ("zh-Hant-MO", "pt-MO"),
    "AE": ("ar-AE", "en-AE"),
    "AU": ("en-AU",),
    "DE": ("de-DE",),
    "BR": ("pt-BR",),
}
"""Languages spoken by customers of each jurisdiction; a repeated one is as much more frequent."""


def _jurisdictions() -> dict[str, float]:
    return {"HK": 0.36, "SG": 0.18, "GB": 0.18, "AE": 0.10, "MO": 0.06, "AU": 0.05, "DE": 0.04, "BR": 0.03}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One world.

    ``ends_at`` is where the history stops (aware UTC); ``days`` is the length of the history proper, which a
    *lead-in* of ``lead_in_days`` precedes so that regular destinations have a past. ``withdrawals`` counts genuine
    withdrawals in the history proper; fraud comes on top: ``scams`` per genuine withdrawal, ``lookalikes`` per
    genuine withdrawal. ``listed_scams`` is the share of scam addresses that some list knows at the time;
    ``report_days`` the least and most days from the last payment until a victim reports.
    """

    ends_at: datetime
    seed: int = 2023
    days: int = 28
    lead_in_days: int = 75
    customers: int = 1_200
    withdrawals: int = 3_000
    jurisdictions: Mapping[str, float] = field(default_factory=_jurisdictions)
    to_regular_destination: float = 0.85
    with_test_payment: float = 0.15
    through_api: float = 0.06
    business: float = 0.05
    saved_destinations: float = 0.30
    completed: float = 0.97
    scams: float = 0.03
    victims_per_scam: tuple[int, int] = (1, 7)
    listed_scams: float = 0.40
    lookalikes: float = 0.006
    sanctioned: float = 0.001
    reported_scams: float = 0.75
    report_days: tuple[int, int] = (1, 12)
    labelled_genuine: float = 0.01

    @property
    def starts_at(self) -> datetime:
        """Where the history proper begins."""
        return self.ends_at - timedelta(days=self.days)

    @property
    def lead_in_at(self) -> datetime:
        """Where the lead-in begins."""
        return self.starts_at - timedelta(days=self.lead_in_days)
