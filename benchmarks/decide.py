"""Deciding with 200 campaigns and all signals, and what surrounds it, beside a plain loop over the conditions.

Requests vary: 3,000 customers with up to 10 known destinations, 15 jurisdictions; 67 % match nothing.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from thinktwice.decisions.intake import Intake
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.screening import Screening
from thinktwice.decisions.working_set import decision_encoder
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.installation import Installation
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.compute import find_signals
from thinktwice.signals.state import (
    DAY,
    CustomerState,
    DestinationState,
    KnownDestination,
    PastWithdrawal,
    micros,
    pack,
    unpack_customer,
)
from thinktwice.watchlist.snapshot import Snapshot

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
JURISDICTIONS = ("HK", "SG", "GB", "AE", "MO", "AU", "CA", "DE", "FR", "JP", "KR", "MY", "TH", "TW", "US")
REQUESTS = 5_000
ROUNDS = 5
INSTALLATION = Installation()


def _audiences(rng: random.Random) -> list[tuple[str, str, Callable[[dict[str, Any]], bool]]]:
    """Return 200 conditions, each as a jurisdiction, an audience and the same condition written by hand in Python."""
    found: list[tuple[str, str, Callable[[dict[str, Any]], bool]]] = []
    for number in range(200):
        place = JURISDICTIONS[number % len(JURISDICTIONS)]
        amount, ratio, days = (
            Decimal(rng.randrange(20_000, 90_000)),
            Decimal(rng.randrange(70, 99)) / 100,
            rng.randrange(5, 60),
        )
        text = (
            f"fiat_amount >= {amount} AND NOT is_established_destination "
            f"AND (balance_ratio >= {ratio} OR account_age_days < {days} OR list_contains(risk_flags, 'new_device'))"
        )

        def by_hand(
            s: dict[str, Any], place: str = place, amount: Decimal = amount, ratio: Decimal = ratio, days: int = days
        ) -> bool:
            return (
                s["jurisdiction"] == place
                and s["fiat_amount"] >= amount
                and not s["is_established_destination"]
                and (
                    (s["balance_ratio"] is not None and s["balance_ratio"] >= ratio)
                    or (s["account_age_days"] is not None and s["account_age_days"] < days)
                    or "new_device" in s["risk_flags"]
                )
            )

        found.append((place, text, by_hand))
    return found


def _policies(conditions: Sequence[tuple[str, str, Any]]) -> list[CampaignPolicy]:
    return [
        CampaignPolicy(
            id=f"campaign-{number}", version="a" * 64, release="b" * 64, priority=number, jurisdictions=(place,),
            audience=text, intervention="confirm", no_screen="notice", arms={"a": 1, "b": 1},
            experiment=f"experiment-{number}", holdout=Decimal("0.1"),
        )
        for number, (place, text, _) in enumerate(conditions)
    ]  # fmt: skip


def _address(rng: random.Random) -> str:
    return "0x" + format(rng.getrandbits(160), "040x")


def _bodies(rng: random.Random) -> list[bytes]:
    bodies = []
    for number in range(REQUESTS):
        customer = rng.randrange(3_000)
        opened = (NOW - timedelta(days=customer)).isoformat()
        fiat = rng.randrange(50_000, 120_000) if rng.random() < 0.33 else rng.randrange(10, 5_000)
        bodies.append(
            json.dumps(
                {
                    "withdrawal_id": f"w-{number}", "initiated_at": NOW.isoformat(), "channel": "app",
                    "customer": {"id": f"c-{customer}", "jurisdiction": JURISDICTIONS[customer % 15], "locale": "en",
                                 "account_opened_at": opened, "age_band": "40-49"},
                    "asset": "USDT", "network": "ethereum", "amount": "1200.5",
                    "fiat_amount": str(fiat),
                    "fiat_currency": "USD",
                    "destination": {"address": _address(rng), "owner": "other", "onchain_age_days": 12},
                    "account": {"fiat_balance": "100000", "last_deposit_at": (NOW - timedelta(hours=3)).isoformat()},
                    "session": {"ip_country": "HK", "is_new_device": False, "risk_flags": ["new_device"]},
                }
            ).encode()
        )  # fmt: skip
    return bodies


def _state(rng: random.Random) -> CustomerState:
    """Return a customer with up to 10 known destinations and as many past withdrawals."""
    now = micros(NOW)
    state = CustomerState()
    for number in range(rng.randrange(11)):
        address, at = _address(rng), now - (number + 1) * DAY
        key = f"evm:{address}"
        state.destinations.append(KnownDestination(key, key, "evm", address, at, at))
        state.withdrawals.append(PastWithdrawal(f"p-{number}", 1, "d", key, key, Decimal(500), at, at))
    return state


def _timed(act: Callable[[int], object], count: int) -> list[float]:
    """Return the microseconds of each call, the best of some rounds for each."""
    best = [float("inf")] * count
    for _ in range(ROUNDS):
        for index in range(count):
            start = time.perf_counter_ns()
            act(index)
            best[index] = min(best[index], (time.perf_counter_ns() - start) / 1_000)
    return best


def run() -> list[tuple[str, float, str, str | None]]:
    """Return mean and p99 of deciding, its parts, and the plain loop."""
    rng = random.Random(7)
    conditions = _audiences(rng)
    campaigns = LiveCampaigns(_policies(conditions), INSTALLATION.catalogue)
    screening = Screening(INSTALLATION, TEST_KEYRING, campaigns, Snapshot(None, {}, 0), lambda _r, _p: "en")
    intake = Intake(INSTALLATION, TEST_KEYRING)
    bodies = _bodies(rng)
    withdrawals: list[Withdrawal] = [intake.withdrawal(body, now=NOW) for body in bodies]
    states = [_state(rng) for _ in bodies]
    rows = [pack(state) for state in states]
    across = DestinationState()
    found = [
        find_signals(one, state, across, screening.snapshot, NOW, INSTALLATION).signals
        for one, state in zip(withdrawals, states, strict=True)
    ]
    hands = [hand for _, _, hand in conditions]
    decided = _timed(lambda i: screening.screen(withdrawals[i], states[i], across, NOW), REQUESTS)
    looped = _timed(lambda i: [number for number, hand in enumerate(hands) if hand(found[i])], REQUESTS)
    decisions = [screening.screen(withdrawals[i], states[i], across, NOW)[0] for i in range(REQUESTS)]
    read = _timed(lambda i: intake.withdrawal(bodies[i], now=NOW), REQUESTS)
    loaded = _timed(lambda i: unpack_customer(rows[i]), REQUESTS)
    encoded = _timed(lambda i: decision_encoder.encode(decisions[i]), REQUESTS)
    fired = sum(bool(campaigns.fired(signals, NOW).live) for signals in found) / REQUESTS

    def mean(times: list[float]) -> float:
        return sum(times) / len(times)

    around = mean(read) + mean(loaded) + mean(encoded)
    return [
        ("share of requests that trigger", fired, "", None),
        ("decide, 200 campaigns, all signals, mean", mean(decided), "µs", "<= 25"),
        ("decide, p99", sorted(decided)[int(REQUESTS * 0.99)], "µs", "<= 100"),
        ("plain Python loop over the 200 conditions alone, mean", mean(looped), "µs", None),
        ("decide ÷ plain loop", mean(decided) / mean(looped), "x", None),
        ("parse and normalise, mean", mean(read), "µs", None),
        ("load state, mean", mean(loaded), "µs", None),
        ("encode for the journal, mean", mean(encoded), "µs", None),
        ("parse, normalise, load, encode, mean", around, "µs", "<= 100"),
    ]
