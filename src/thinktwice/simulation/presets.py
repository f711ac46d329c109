"""Worlds with a name, each planted to answer one question about the measurement.

Invariants: they differ from the four-week campaign in what their sentence says, and in nothing else; scams are far more
frequent than in life, so that a few thousand customers are enough to see them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.preregistration import Preregistration
from thinktwice.simulation.behaviour import HABITS, Habits, Reactions
from thinktwice.simulation.parameters import Parameters

CAMPAIGN_DAYS: Final = 28
FOLLOW_UP_DAYS: Final = 62
"""Thirty days of the later look, thirty of waiting for labels, and two until the last one is in."""
CAMPAIGN_HOLDOUT: Final = Decimal("0.5")
"""Half are held out: four weeks in one market are too short for a tenth, where amounts are concerned."""

PLAN: Final = Preregistration(
    hypothesis="Fewer customers send money to a new destination within 7 days when they are warned before they confirm",
    owner="fraud-operations",
    population="Customers whose first trigger is eligible for the holdout, by assignment, seen or not",
    days=CAMPAIGN_DAYS,
    customers=2_400,
    baseline=Decimal("0.03"),
    expected_effect=Decimal("0.05"),
    label_sources=("complaint", "listing", "police", "review"),
    winsorised_at=Decimal(20_000),
    margins={
        "genuine_not_sent": Decimal("0.05"),
        "complained": Decimal("0.03"),
        "contacted": Decimal("0.05"),
        "slow": Decimal("0.05"),
        "interrupted": Decimal("0.40"),
    },
)
"""What was written down before the simulated campaign began; it speaks to every new destination, and says so."""


def hong_kong_campaign(starts_at: datetime, *, seed: int = 18222) -> Parameters:
    """Four weeks in Hong Kong that help: who is warned sends less often to scams, and few genuine payments suffer."""
    return Parameters(
        ends_at=starts_at + timedelta(days=CAMPAIGN_DAYS + FOLLOW_UP_DAYS),
        seed=seed,
        days=CAMPAIGN_DAYS,
        follow_up_days=FOLLOW_UP_DAYS,
        jurisdictions={"HK": 1.0},
        customers=6_000,
        withdrawals=7_000,
        to_regular_destination=0.35,
        scams=0.30,
        straight_to_large=0.7,
        first_payment=(150, 400),
        coached=0.15,
        listed_scams=0.10,
        labelled_genuine=0.25,
    )


def biased_labels(starts_at: datetime, *, seed: int = 18222) -> Parameters:
    """The same campaign, but it also teaches victims to complain: labels by customers depend on the alert."""
    return _reacting(hong_kong_campaign(starts_at, seed=seed), lambda habits: replace(habits, prompted=0.8))


def honest_zero(starts_at: datetime, *, seed: int = 18222) -> Parameters:
    """The alert is read and doubles reporting, and nobody sends less for it: no effect on any loss."""
    return _reacting(
        hong_kong_campaign(starts_at, seed=seed),
        lambda habits: replace(habits, stopped=0.0, reduced=0.0, reported=0.35, prompted=0.5),
    )


def null_world(starts_at: datetime, *, seed: int = 18222) -> Parameters:
    """The alert changes nothing at all: whatever an estimate finds is chance."""
    return _reacting(
        hong_kong_campaign(starts_at, seed=seed),
        lambda habits: replace(
            habits, stopped=0.0, reduced=0.0, reported=0.0, prompted=0.0, complained=0.0, contacted=0.0
        ),
    )


PRESETS: Final[Mapping[str, Callable[..., Parameters]]] = MappingProxyType(
    {
        "hong-kong-campaign": hong_kong_campaign,
        "biased-labels": biased_labels,
        "honest-zero": honest_zero,
        "null-world": null_world,
    }
)
"""Every named world; each takes when its campaign starts (aware UTC) and a ``seed``."""


def scheduled(
    policies: Sequence[CampaignPolicy], parameters: Parameters, *, holdout: Decimal | None = None
) -> tuple[CampaignPolicy, ...]:
    """Return the policies with those that hold customers out running exactly for the history proper.

    Policies that yield to them are left out: nothing was shown before the campaign, and nothing is after it.
    ``holdout`` replaces the share they hold out: 1 gives the life without any of their alerts, 0 the one with all.
    """
    least = min((policy.priority for policy in policies if policy.holdout > 0), default=0)
    return tuple(
        msgspec.structs.replace(
            policy,
            starts_at=parameters.starts_at,
            ends_at=parameters.closes_at,
            holdout=policy.holdout if holdout is None else holdout,
        )
        if policy.holdout > 0
        else policy
        for policy in policies
        if policy.priority >= least
    )


def _reacting(parameters: Parameters, change: Callable[[Habits], Habits]) -> Parameters:
    """Return the world with the habits of everybody but genuine customers' reporting changed."""
    habits = {subject: change(one) for subject, one in HABITS.items()}
    quiet = replace(habits["genuine"], reported=0.0, prompted=0.0)
    return replace(parameters, reactions=Reactions(habits={**habits, "genuine": quiet}))
