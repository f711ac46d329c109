"""What deceived customers do, and what thieves do to them: planted scams, look-alikes, sanctioned addresses.

Invariants: every withdrawal written here is recorded with its truth; a scam address receives from its victims only;
labels arrive days later, and for some victims never, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from thinktwice.simulation.addresses import IMITABLE_NETWORKS, imitate, make_address
from thinktwice.simulation.chronicle import Chronicle
from thinktwice.simulation.parameters import COINS
from thinktwice.simulation.people import Person, Place, choose_coin
from thinktwice.simulation.wire import Payment


@dataclass(frozen=True, slots=True)
class Indicator:
    """One address that an invented list holds, since when, and what for."""

    address: str
    network: str
    kind: str
    listed_at: datetime


def write_scams(chronicle: Chronicle, people: list[Person]) -> list[Indicator]:
    """Write investment-style scams: several victims, one address, a small payment, then large ones."""
    random, parameters = chronicle.random, chronicle.parameters
    screens = [person for person in people if person.kind == "retail" and person.channel in {"app", "web"}]
    planned, listed, traps = round(parameters.withdrawals * parameters.scams), list[Indicator](), 0
    while planned > 0 and screens:
        coin = random.choices(COINS, (0.6, 0.15, 0.1, 0.05, 0.05, 0.05))[0]
        start = parameters.starts_at + timedelta(days=random.uniform(0, parameters.days * 0.85))
        trap = Place(coin, make_address(random, coin.network), start, None)
        for victim in random.sample(screens, min(random.randint(*parameters.victims_per_scam), len(screens))):
            planned -= _deceive(chronicle, victim, trap)
        traps += 1
        if len(listed) < traps * parameters.listed_scams:  # not drawn by lot, so that a small world has its share too
            since = start + timedelta(days=random.uniform(-20, 8))
            listed.append(Indicator(trap.address, coin.network, "scam", since))
    return listed


def write_lookalikes(chronicle: Chronicle, people: list[Person]) -> None:
    """Write address poisoning: dust from an imitation of a regular destination, then a payment to the imitation."""
    random, parameters = chronicle.random, chronicle.parameters
    known = [(person, place) for person in people for place in person.regular]
    possible = [(person, place) for person, place in known if place.coin.network in IMITABLE_NETWORKS]
    wanted = min(round(parameters.withdrawals * parameters.lookalikes), len(possible))
    for person, place in random.sample(possible, wanted):
        fake = imitate(random, place.address)
        since = max(place.known_since, parameters.starts_at)
        left = max((parameters.closes_at - since).total_seconds() / 86_400, 0.1)
        dusted = since + timedelta(days=random.uniform(0.02, left * 0.6))
        facts = {"customer_id": person.id, "network": place.coin.network, "from_address": fake, "fiat_amount": "0.01"}
        chronicle.note("deposit.received", dusted, **facts)
        moment = dusted + timedelta(days=random.uniform(0.02, max(left * 0.3, 0.05)))
        payment = Payment(
            person=person, coin=place.coin, address=fake, moment=moment, dollars=person.wealth * 2, owner="other"
        )
        number = chronicle.withdraw(payment, "poisoning")
        _complete(chronicle, number, moment)
        _report(chronicle, [number], moment, "poisoning")


def write_sanctioned(chronicle: Chronicle, people: list[Person]) -> list[Indicator]:
    """Write a few withdrawals to addresses under (invented) sanctions; they were listed long before."""
    random, parameters, coin = chronicle.random, chronicle.parameters, COINS[0]
    listed = []
    wanted = min(max(round(parameters.withdrawals * parameters.sanctioned), 1), len(people))
    for person in random.sample(people, wanted):
        address = make_address(random, coin.network)
        moment = parameters.starts_at + timedelta(days=random.uniform(0, parameters.days))
        payment = Payment(person=person, coin=coin, address=address, moment=moment, dollars=max(person.wealth, 20))
        chronicle.withdraw(payment, "sanctioned")
        listed.append(Indicator(address, coin.network, "sanctions", parameters.lead_in_at))
    return listed


def write_takeovers(chronicle: Chronicle, people: list[Person]) -> None:
    """Write account takeovers: fresh credentials, a new device, and almost everything drained to a new address."""
    random, parameters = chronicle.random, chronicle.parameters
    screens = [person for person in people if person.channel in {"app", "web"}]
    for person in random.sample(screens, min(round(parameters.withdrawals * parameters.takeovers), len(screens))):
        coin = choose_coin(random)
        moment = parameters.starts_at + timedelta(days=random.uniform(0, parameters.days))
        payment = Payment(
            person=person,
            coin=coin,
            address=make_address(random, coin.network),
            moment=moment,
            dollars=person.wealth * random.uniform(3, 8),
            owner="self",
            balance=person.wealth * 8.1,
            session={"is_new_device": True},
            credentials_changed_at=moment - timedelta(hours=random.uniform(0.2, 20)),
        )
        number = chronicle.withdraw(payment, "takeover")
        _complete(chronicle, number, moment)
        _report(chronicle, [number], moment, "fraud")


def _deceive(chronicle: Chronicle, victim: Person, trap: Place) -> int:
    """Write one victim's payments: mostly a small one first, then one to three growing ones; returns how many."""
    random, parameters = chronicle.random, chronicle.parameters
    moment = trap.known_since + timedelta(days=random.uniform(0, 6))
    dollars, large = random.uniform(*parameters.first_payment), victim.wealth * random.uniform(2, 6)
    payments = 1 + random.choices((1, 2, 3), (50, 30, 20))[0]
    if random.random() < parameters.straight_to_large:
        payments, dollars = payments - 1, large
    is_coached, numbers = random.random() < parameters.coached, []
    for _ in range(payments):
        payment = Payment(
            person=victim,
            coin=trap.coin,
            address=trap.address,
            moment=moment,
            dollars=dollars,
            owner="self",
            balance=dollars * random.uniform(1.02, 2.5),
            session={"is_remote_access": random.random() < 0.2, "is_on_call": is_coached or random.random() < 0.2},
        )
        numbers.append(chronicle.withdraw(payment, "scam"))
        _complete(chronicle, numbers[-1], moment)
        last = moment
        moment += timedelta(days=random.uniform(0.8, 5))
        dollars = max(dollars * random.uniform(4, 12), large)
        large *= random.uniform(1, 1.8)
    if is_coached:
        chronicle.coached.update(numbers)
    _report(chronicle, numbers, last, "scam")
    return payments


def _complete(chronicle: Chronicle, number: str, moment: datetime) -> None:
    end = moment + timedelta(minutes=chronicle.random.uniform(1, 25))
    chronicle.note("withdrawal.completed", end, withdrawal_id=number, attempt=1)


def _report(chronicle: Chronicle, numbers: list[str], last: datetime, label: str) -> None:
    """Write, for most victims, the report that comes days after the last payment and names every payment."""
    random, parameters = chronicle.random, chronicle.parameters
    if random.random() >= parameters.reported_scams:
        return
    moment = last + timedelta(days=random.uniform(*parameters.report_days))
    source = random.choices(list(parameters.label_sources), list(parameters.label_sources.values()))[0]
    kind = "scam.reported" if source == "customer" else "outcome.labelled"
    for number in numbers:
        chronicle.note(kind, moment, withdrawal_id=number, attempt=1, label=label, source=source)
