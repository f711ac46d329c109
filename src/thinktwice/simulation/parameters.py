"""What the simulated world is like: every number that shapes it, in one place, with its meaning.

Invariant: shares are of 1; changing a number changes the history, nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from thinktwice.simulation.behaviour import Reactions


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


def _label_sources() -> dict[str, float]:
    return {"complaint": 0.40, "customer": 0.25, "police": 0.25, "listing": 0.10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One world; money in US dollars, shares of 1.

    *Time.* ``ends_at`` is where the history stops (aware UTC). ``days`` is the length of the history proper; a lead-in
    of ``lead_in_days`` precedes it, so that regular destinations have a past, and ``follow_up_days`` follow it, in
    which nobody begins anything new and the consequences arrive: later payments of a scam, reports, labels.

    *People.* ``customers`` by ``jurisdictions``; ``business`` of them are companies; ``through_api`` withdraw without a
    screen; ``saved_destinations`` of regular destinations are in the address book.

    *Genuine.* ``withdrawals`` in the history proper; ``to_regular_destination`` go where the customer pays again and
    again, the others somewhere new, ``with_test_payment`` of these after a small test; ``completed`` of all are sent
    when nobody interferes; ``labelled_genuine`` are found genuine by a review, days later.

    *Fraud*, each on top and per genuine withdrawal: ``scams`` payments by deceived customers, ``lookalikes`` payments
    to imitations, ``takeovers`` drains by somebody else, ``sanctioned`` payments. A scam address has
    ``victims_per_scam`` victims (least and most), ``coached`` of whom are talked through every warning;
    ``listed_scams`` of addresses are known to some list at the time. A victim pays a small test of ``first_payment``
    first, or with ``straight_to_large`` the large amount at once.

    *Labels.* ``reported_scams`` of victims are ever labelled, ``report_days`` (least and most) after the last payment,
    by one of ``label_sources`` (weights), whatever arm they are in. Labels that do depend on the arm come from
    ``reactions``: reports through the alert, and complaints it prompts.
    """

    ends_at: datetime
    seed: int = 2023
    days: int = 28
    lead_in_days: int = 75
    follow_up_days: int = 0
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
    coached: float = 0.20
    first_payment: tuple[int, int] = (50, 300)
    straight_to_large: float = 0.0
    listed_scams: float = 0.40
    lookalikes: float = 0.006
    takeovers: float = 0.002
    sanctioned: float = 0.001
    reported_scams: float = 0.75
    report_days: tuple[int, int] = (1, 12)
    label_sources: Mapping[str, float] = field(default_factory=_label_sources)
    labelled_genuine: float = 0.01
    reactions: Reactions = field(default_factory=Reactions)

    @property
    def starts_at(self) -> datetime:
        """Where the history proper begins."""
        return self.ends_at - timedelta(days=self.days + self.follow_up_days)

    @property
    def closes_at(self) -> datetime:
        """Where the history proper ends and the follow-up begins."""
        return self.ends_at - timedelta(days=self.follow_up_days)

    @property
    def lead_in_at(self) -> datetime:
        """Where the lead-in begins."""
        return self.starts_at - timedelta(days=self.lead_in_days)
