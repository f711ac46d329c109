"""What honest customers do: pay regular destinations, try new ones, test first, deposit, save addresses.

Invariant: nothing written here is fraud; a withdrawal recorded as genuine stays genuine.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from thinktwice.simulation.addresses import make_address
from thinktwice.simulation.chronicle import Chronicle
from thinktwice.simulation.people import Person, Place, choose_coin
from thinktwice.simulation.wire import Payment

LEAST_PAYMENT = 5.0


def write_past(chronicle: Chronicle, person: Person) -> None:
    """Write the lead-in: first payments to regular destinations, saved addresses, deposits."""
    random = chronicle.random
    for place in person.regular:
        _pay(chronicle, person, place, place.known_since, person.wealth * random.lognormvariate(-0.7, 0.6))
        if place.saved_at:
            facts = {"customer_id": person.id, "network": place.coin.network, "address": place.address}
            chronicle.note("address_book.saved", place.saved_at + timedelta(minutes=3), **facts)
    for _ in range(random.choices((0, 1, 2), (30, 50, 20))[0]):
        _deposit(chronicle, person)


def write_present(chronicle: Chronicle, people: list[Person]) -> None:
    """Write the genuine withdrawals of the history proper."""
    random, parameters = chronicle.random, chronicle.parameters
    written = 0
    while written < parameters.withdrawals:
        for person in random.choices(people, [person.activity for person in people], k=parameters.withdrawals):
            dollars = person.wealth * random.lognormvariate(0, 0.7)
            if person.regular and random.random() < parameters.to_regular_destination:
                place = random.choice(person.regular)
                _pay(chronicle, person, place, max(_moment(chronicle), place.known_since), dollars)
                written += 1
            else:
                written += _pay_someone_new(chronicle, person, dollars)
            if written >= parameters.withdrawals:
                return


def _pay(chronicle: Chronicle, person: Person, place: Place, moment: datetime, dollars: float) -> None:
    """Write one genuine withdrawal and how it ended."""
    random, parameters = chronicle.random, chronicle.parameters
    payment = Payment(
        person=person,
        coin=place.coin,
        address=place.address,
        moment=moment,
        dollars=max(dollars, LEAST_PAYMENT),
        saved_at=place.saved_at,
    )
    number = chronicle.withdraw(payment, "genuine")
    kind = "withdrawal.completed" if random.random() < parameters.completed else "withdrawal.cancelled"
    end = moment + timedelta(minutes=random.uniform(1, 25))
    chronicle.note(kind, end, withdrawal_id=number, attempt=1)
    if random.random() < parameters.labelled_genuine:
        late = end + timedelta(days=random.uniform(2, 14))
        facts = {"withdrawal_id": number, "attempt": 1, "label": "genuine", "source": "review"}
        chronicle.note("outcome.labelled", late, **facts)


def _pay_someone_new(chronicle: Chronicle, person: Person, dollars: float) -> int:
    """Write a payment to a new destination, sometimes with a small test first; returns how many payments."""
    random, coin, moment = chronicle.random, choose_coin(chronicle.random), _moment(chronicle)
    place = Place(coin, make_address(random, coin.network), moment, None)
    person.regular.append(place)
    has_test = random.random() < chronicle.parameters.with_test_payment
    if has_test:
        _pay(chronicle, person, place, moment - timedelta(minutes=random.uniform(8, 600)), random.uniform(10, 60))
    _pay(chronicle, person, place, moment, dollars)
    return 2 if has_test else 1


def _deposit(chronicle: Chronicle, person: Person) -> None:
    random, parameters = chronicle.random, chronicle.parameters
    coin = choose_coin(random)
    source = random.choice(person.regular) if person.regular and random.random() < 0.3 else None
    length = parameters.lead_in_days + parameters.days
    chronicle.note(
        "deposit.received",
        parameters.lead_in_at + timedelta(days=random.uniform(0, length)),
        customer_id=person.id,
        network=source.coin.network if source else coin.network,
        from_address=source.address if source else make_address(random, coin.network),
        fiat_amount=f"{max(person.wealth * random.lognormvariate(0, 0.6), 12):.2f}",
    )


def _moment(chronicle: Chronicle) -> datetime:
    """A time in the history proper; the hours of the day follow people who live between Britain and Hong Kong."""
    day = chronicle.random.randrange(chronicle.parameters.days)
    hour = min(max(chronicle.random.gauss(9.5, 5), 0), 23.99)
    return chronicle.parameters.starts_at + timedelta(days=day, hours=hour)
