"""Invented customers and the destinations they pay again and again.

Invariants: a customer's id says that it is synthetic; a customer keeps one jurisdiction, language, coin preference
and channel for life; regular destinations were first paid in the lead-in or before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from thinktwice.simulation.addresses import make_address
from thinktwice.simulation.parameters import COINS, LOCALES, Coin, Parameters

AGE_BANDS = ("18-29", "30-39", "40-49", "50-59", "60-69", "70+")


@dataclass(frozen=True, slots=True)
class Place:
    """A destination as a customer knows it: the coin, the address, since when, and whether it was saved."""

    coin: Coin
    address: str
    known_since: datetime
    saved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One invented customer; ``wealth`` is the usual size of a payment in US dollars."""

    id: str
    jurisdiction: str
    locale: str
    kind: str
    age_band: str
    opened_at: datetime
    channel: str
    wealth: float
    activity: float
    regular: list[Place] = field(default_factory=list)


def make_people(random: Random, parameters: Parameters) -> list[Person]:
    """Invent all customers, in a fixed order."""
    return [_person(random, parameters, number) for number in range(parameters.customers)]


def choose_coin(random: Random) -> Coin:
    """Choose an asset and network as often as their shares say."""
    return random.choices(COINS, [coin.share for coin in COINS])[0]


def _person(random: Random, parameters: Parameters, number: int) -> Person:
    jurisdiction = random.choices(list(parameters.jurisdictions), list(parameters.jurisdictions.values()))[0]
    is_business = random.random() < parameters.business
    uses_api = random.random() < (parameters.through_api * (4 if is_business else 0.85))
    person = Person(
        id=f"sim-c{number:06d}",
        jurisdiction=jurisdiction,
        locale=random.choice(LOCALES[jurisdiction]),
        kind="business" if is_business else "retail",
        age_band=random.choices(AGE_BANDS, (22, 27, 20, 15, 11, 5))[0],
        opened_at=parameters.lead_in_at - timedelta(days=random.uniform(5, 1_800)),
        channel=random.choice(("api", "api", "batch")) if uses_api else random.choice(("app", "app", "web")),
        wealth=min(random.lognormvariate(6.2, 1.2), 250_000) * (5 if is_business else 1),
        activity=random.lognormvariate(0, 1),
    )
    for _ in range(random.choices((0, 1, 2, 3, 5), (15, 40, 25, 15, 5))[0]):
        person.regular.append(_place(random, parameters, person))
    return person


def _place(random: Random, parameters: Parameters, person: Person) -> Place:
    coin = choose_coin(random)
    since = parameters.lead_in_at + timedelta(days=random.uniform(0, parameters.lead_in_days * 0.6))
    saved = since if random.random() < parameters.saved_destinations else None
    return Place(coin, make_address(random, coin.network), max(since, person.opened_at), saved)
