"""What one operator decided once for the whole installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from thinktwice.records.campaign import FrequencyCap
from thinktwice.records.catalogue import CATALOGUE, with_attributes
from thinktwice.records.signal import Catalogue, SignalType, decimal_signals
from thinktwice.records.vocabulary import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Facts of one installation that signals and decisions need.

    ``known_bad_intervention`` is the least rung for a known-bad destination; ``established_after_days`` the
    days from the first completed withdrawal to an established destination; ``minimum_anchor_deposit`` the
    least deposit, in the reporting currency, whose sender is an anchor for lookalikes. ``global_holdout`` is the share
    of customers who see no campaign (what must always be shown, they see); ``alert_budget`` bounds the triggers of one
    customer over all campaigns.
    """

    reporting_currency: str = "USD"
    known_bad_intervention: Rung = "confirm"
    established_after_days: int = 30
    lookalike_false_alarms_per_10_000: int = 1
    minimum_anchor_deposit: Decimal = Decimal(10)
    attributes: Mapping[str, SignalType] = field(default_factory=dict)
    network_aliases: Mapping[str, str] = field(default_factory=dict)
    global_holdout: Decimal = Decimal(0)
    alert_budget: FrequencyCap | None = None

    catalogue: Catalogue = field(init=False)
    """All signals, the operator's declared attributes included."""
    decimals: tuple[str, ...] = field(init=False)
    """The names of those of a decimal type."""

    def __post_init__(self) -> None:
        catalogue = with_attributes(self.attributes) if self.attributes else CATALOGUE
        object.__setattr__(self, "catalogue", catalogue)
        object.__setattr__(self, "decimals", decimal_signals(catalogue))
