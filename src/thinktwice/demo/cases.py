"""The prepared customers of the demonstration, each with the past that makes one answer come about.

Invariants: a case is only data; which answer it gets is decided by the service; customers of the Hong Kong pilot are
chosen by where the public test key puts them, so that one of them is in the holdout for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Final

from thinktwice.experiments.assignment import BUCKETS, bucket_of
from thinktwice.keyring.keys import Keyring, customer_ref
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.simulation.addresses import imitate, make_address
from thinktwice.simulation.fraud import Indicator
from thinktwice.simulation.parameters import COINS, Coin
from thinktwice.simulation.people import Person
from thinktwice.simulation.wire import Body, Payment, event, stamp, withdrawal

TETHER: Final = COINS[0]
ETHER: Final = COINS[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One prepared customer and the withdrawal they are about to make."""

    slug: str
    title: str
    story: str
    person: Person
    coin: Coin
    address: str
    dollars: int

    @property
    def amount(self) -> str:
        """The amount in the asset, as a customer would type it."""
        return f"{self.dollars / self.coin.price:.{self.coin.decimals}f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class CaseBook:
    """All cases, the past they need, and the indicators they need on the sample watchlist."""

    cases: tuple[Case, ...]
    past: tuple[Body, ...]
    indicators: tuple[Indicator, ...]

    def without_lists(self) -> tuple[Case, ...]:
        """Return the cases that need no entry on the sample watchlist."""
        listed = {indicator.address for indicator in self.indicators}
        return tuple(case for case in self.cases if case.address not in listed)


def make_cases(ends_at: datetime, keyring: Keyring, pilot: CampaignPolicy | None) -> CaseBook:
    """Invent the cases; ``pilot`` is the campaign with a holdout, if there is one."""
    random = Random(8841)  # noqa: S311 - a demonstration has to be repeatable
    person = partial(_person, ends_at - timedelta(days=500))
    friend, known, listed, sanctioned = (make_address(random, net) for net in ("ethereum", "tron", "tron", "tron"))
    elsewhere = _elsewhere(person, friend, imitate(random, friend), listed, sanctioned)
    cases = (*_hong_kong(person, random, known, *_by_arm(keyring, pilot)), *elsewhere)
    by_slug = {case.slug: case for case in cases}
    past = [
        *_paid(random, by_slug["established"], known, ends_at, (60, 41, 12)),
        *_paid(random, by_slug["lookalike"], friend, ends_at, (21,)),
    ]
    indicators = (
        Indicator(listed, "tron", "scam", ends_at - timedelta(days=9)),
        Indicator(sanctioned, "tron", "sanctions", ends_at - timedelta(days=400)),
    )
    return CaseBook(cases, tuple(past), indicators)


def _hong_kong(
    person: Callable[..., Person], random: Random, known: str, treated: Iterator[str], held_out: Iterator[str]
) -> Iterator[Case]:
    """Yield the cases of the joint campaign."""
    new, unseen, supplier = (make_address(random, TETHER.network) for _ in range(3))
    yield Case(
        slug="new-destination",
        title="Hong Kong: a first payment to a new address",
        story="The destination was never paid before. The joint campaign asks this customer to think twice.",
        person=person(next(treated), "HK", "en-HK"),
        coin=TETHER,
        address=new,
        dollars=12_000,
    )
    yield Case(
        slug="established",
        title="Hong Kong: a destination paid for months",
        story="First paid 60 days ago and again since. Nothing is asked, nothing is shown.",
        person=person(next(treated), "HK", "zh-Hant-HK"),
        coin=TETHER,
        address=known,
        dollars=4_000,
    )
    yield Case(
        slug="holdout",
        title="Hong Kong: a new address, in the holdout",
        story="The campaign fires, but one customer in ten is shown nothing, so that the effect can be measured.",
        person=person(next(held_out), "HK", "en-HK"),
        coin=TETHER,
        address=unseen,
        dollars=6_000,
    )
    yield Case(
        slug="api",
        title="Hong Kong: a withdrawal through the API",
        story="Nobody looks at a screen, so an alert would reach nobody: the withdrawal waits.",
        person=person(next(treated), "HK", "en-HK", channel="api", kind="business"),
        coin=TETHER,
        address=supplier,
        dollars=30_000,
    )


def _elsewhere(
    person: Callable[..., Person], friend: str, imitation: str, listed: str, sanctioned: str
) -> Iterator[Case]:
    """Yield the cases that no joint campaign is about."""
    yield Case(
        slug="lookalike",
        title="Singapore: an address that imitates a known one",
        story=f"Three weeks ago this customer paid {friend}. The address in the form came from a poisoned list.",
        person=person("demo-lookalike", "SG", "en-SG"),
        coin=ETHER,
        address=imitation,
        dollars=9_000,
    )
    yield Case(
        slug="listed",
        title="United Kingdom: a destination on a watchlist",
        story="The sample watchlist knows this address as a scam. The customer is not told so: a list is a claim.",
        person=person("demo-listed", "GB", "en-GB"),
        coin=TETHER,
        address=listed,
        dollars=2_500,
    )
    yield Case(
        slug="sanctioned",
        title="United Arab Emirates: a sanctioned destination",
        story="Blocked with a neutral text; no campaign, no story, no way to go on.",
        person=person("demo-sanctioned", "AE", "en-AE"),
        coin=TETHER,
        address=sanctioned,
        dollars=1_000,
    )


def _person(
    opened: datetime, name: str, jurisdiction: str, locale: str, channel: str = "app", kind: str = "retail"
) -> Person:
    return Person(
        id=name,
        jurisdiction=jurisdiction,
        locale=locale,
        kind=kind,
        age_band="50-59",
        opened_at=opened,
        channel=channel,
        wealth=5_000,
        activity=1,
    )


def _by_arm(keyring: Keyring, pilot: CampaignPolicy | None) -> tuple[Iterator[str], Iterator[str]]:
    """Return customer ids outside the pilot's holdout, and ids inside it (of either kind when there is no pilot)."""

    def ids(*, is_held_out: bool) -> Iterator[str]:
        for number in count(1):
            name = f"demo-customer-{number}"
            if pilot is None:
                yield name
                continue
            bucket = bucket_of(keyring.assign.secret, pilot.experiment, customer_ref(keyring.ref, name))
            if (bucket < pilot.holdout * BUCKETS) is is_held_out:
                yield name

    return ids(is_held_out=False), ids(is_held_out=True)


def _paid(random: Random, case: Case, address: str, ends_at: datetime, days: tuple[int, ...]) -> Iterator[Body]:
    """Yield earlier withdrawals of a case's customer, completed."""
    for back in days:
        moment = ends_at - timedelta(days=back)
        payment = Payment(person=case.person, coin=case.coin, address=address, moment=moment, dollars=150)
        number = f"demo-{case.slug}-{back}"
        yield withdrawal(random, number, payment)
        yield event(random, "withdrawal.completed", moment + timedelta(minutes=4), withdrawal_id=number, attempt=1)


def order_of(case: Case, number: str, amount: str, fiat: str, address: str, now: datetime) -> Body:
    """Return the body for what the visitor typed, at this moment."""
    payment = Payment(
        person=case.person, coin=case.coin, address=address, moment=now, dollars=case.dollars, owner="self"
    )
    body = withdrawal(Random(number), number, payment)  # noqa: S311 - a demonstration has to be repeatable
    body |= {"amount": amount, "fiat_amount": fiat, "initiated_at": stamp(now)}
    return body
