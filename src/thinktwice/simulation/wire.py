"""The invented history in the operator's words: bodies of ``POST /v1/decisions`` and items of ``/v1/events``.

Invariants: the bodies satisfy the public contract (DESIGN section 5); money is text; times are UTC to the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

from thinktwice.simulation.parameters import Coin
from thinktwice.simulation.people import Person

Body = dict[str, Any]


def stamp(moment: datetime) -> str:
    """Write a UTC time as the contract does, such as ``2026-11-22T06:16:15Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def event_id(random: Random, moment: datetime) -> str:
    """Return a UUID of version 7 (RFC 9562) made of the event's own time and the seeded randomness."""
    number = (int(moment.timestamp() * 1000) << 80) | random.getrandbits(80)
    number = (number & ~(0xF << 76)) | (7 << 76)
    text = f"{(number & ~(0x3 << 62)) | (0x2 << 62):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def event(random: Random, kind: str, moment: datetime, **facts: object) -> Body:
    """Build one operator event."""
    return {"type": kind, "event_id": event_id(random, moment), "occurred_at": stamp(moment), **facts}


def amounts(coin: Coin, dollars: float) -> tuple[str, str]:
    """Return the amount in the asset and its value in US dollars, both exact decimals as text."""
    fiat = Decimal(dollars).quantize(Decimal("0.01"))
    amount = (fiat / coin.price).quantize(Decimal(1).scaleb(-coin.decimals), ROUND_DOWN)
    return str(amount), str((amount * coin.price).quantize(Decimal("0.0001")).normalize() + Decimal("0.00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment that somebody starts; money in US dollars, ``balance`` before it, None to invent one."""

    person: Person
    coin: Coin
    address: str
    moment: datetime
    dollars: float
    saved_at: datetime | None = None
    owner: str | None = None
    balance: float | None = None
    session: Mapping[str, bool] = field(default_factory=dict)
    credentials_changed_at: datetime | None = None


def withdrawal(random: Random, number: str, payment: Payment) -> Body:
    """Build the body of one withdrawal."""
    amount, fiat = amounts(payment.coin, payment.dollars)
    moment, saved_at = payment.moment, payment.saved_at
    balance = payment.balance or payment.dollars * random.uniform(1.05, 8)
    return {
        "withdrawal_id": number,
        "attempt": 1,
        "initiated_at": stamp(moment),
        "channel": payment.person.channel,
        "customer": _customer(payment.person),
        "asset": payment.coin.asset,
        "network": payment.coin.network,
        "amount": amount,
        "fiat_amount": fiat,
        "fiat_currency": "USD",
        "destination": {
            "address": payment.address,
            "owner": payment.owner or random.choice(("self", "self", "other", "unknown")),
            "saved_at": stamp(saved_at) if saved_at and saved_at <= moment else None,
        },
        "account": {
            "fiat_balance": str(Decimal(balance).quantize(Decimal("0.01"))),
            "last_deposit_at": stamp(moment - timedelta(minutes=random.lognormvariate(7, 2))),
            "credentials_changed_at": stamp(payment.credentials_changed_at) if payment.credentials_changed_at else None,
        },
        "session": _session(random, payment),
    }


def _customer(person: Person) -> Body:
    return {
        "id": person.id,
        "kind": person.kind,
        "jurisdiction": person.jurisdiction,
        "locale": person.locale,
        "account_opened_at": stamp(person.opened_at),
        "age_band": person.age_band,
    }


def _session(random: Random, payment: Payment) -> Body:
    """What the operator saw of the session; nobody looks at a screen behind an API."""
    if payment.person.channel in {"api", "batch"}:
        return {"risk_flags": []}
    facts = {"ip_country": payment.person.jurisdiction, "is_new_device": random.random() < 0.04, "risk_flags": []}
    return facts | dict(payment.session)
