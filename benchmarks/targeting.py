"""200 campaigns over 15 jurisdictions: the fused set against the same conditions written by hand."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.signal import SignalDefinition, SignalValue, SignalValues
from thinktwice.targeting.audience import read_audience
from thinktwice.targeting.audience_set import AudienceSet

PLACES = ("HK", "MO", "SG", "MY", "TH", "PH", "ID", "VN", "JP", "KR", "AU", "GB", "DE", "FR", "BR")
CAMPAIGNS = 200
WITHDRAWALS = 2_000
ROUNDS = 9

Condition = Callable[[SignalValues], bool]


def _campaign(n: int, chance: random.Random) -> tuple[str, Condition, tuple[str, ...]]:
    """Return an audience, the same condition as an analyst's engineer would write it, and where it runs."""
    codes = ("*",) if n % 25 == 0 else tuple(chance.sample(PLACES, 1 + n % 2))
    at_least, ratio, minutes = Decimal(chance.randrange(100, 5_000)), Decimal("0.8"), chance.randrange(30, 600)

    def is_here(s: SignalValues) -> bool:
        return codes == ("*",) or s["jurisdiction"] in codes

    def newcomer(s: SignalValues) -> bool:
        balance, deposit = s["balance_ratio"], s["minutes_since_deposit"]
        return is_here(s) and (
            s["fiat_amount"] >= at_least  # type: ignore[operator]  # signals are typed by name, not by mypy
            and not s["is_established_destination"]
            and (
                (balance is not None and balance >= ratio)  # type: ignore[operator]  # typed by the catalogue
                or (deposit is not None and deposit < minutes)  # type: ignore[operator]  # typed by the catalogue
                or "new_device" in s["risk_flags"]  # type: ignore[operator]  # typed by the catalogue
            )
        )

    def watched(s: SignalValues) -> bool:
        age, locale = s["account_age_days"], s["locale"]
        return is_here(s) and (
            s["is_first_time_destination"] is True
            and s["destination_customers_24h"] >= 3  # type: ignore[operator]  # typed by the catalogue
            and age is not None
            and age < minutes  # type: ignore[operator]  # typed by the catalogue
            and locale is not None
            and locale.startswith("zh")  # type: ignore[union-attr]  # typed by the catalogue
        )

    if n % 2:
        text = (
            f"fiat_amount >= {at_least} AND NOT is_established_destination AND (balance_ratio >= {ratio} "
            f"OR minutes_since_deposit < {minutes} OR list_contains(risk_flags, 'new_device'))"
        )
        return text, newcomer, codes
    text = (
        "is_first_time_destination AND destination_customers_24h >= 3 "
        f"AND account_age_days < {minutes} AND starts_with(locale, 'zh')"
    )
    return text, watched, codes


def _value(definition: SignalDefinition, chance: random.Random) -> SignalValue:
    if definition.may_be_missing and chance.random() < 0.3:
        return None
    match definition.type:
        case "boolean":
            return chance.random() < 0.5
        case "texts":
            return ("new_device", "vpn")[: chance.randrange(3)]
        case "text":
            return chance.choice(("zh-Hant", "en", "de", "zh-HK"))
        case "integer":
            return chance.randrange(0, 1_000)
        case _:
            return Decimal(chance.randrange(0, 100_000_000)) / 10_000


def _timed(action: Callable[[SignalValues], object], asked: list[SignalValues]) -> float:
    """Return microseconds per withdrawal."""
    started = perf_counter()
    for signals in asked:
        action(signals)
    return (perf_counter() - started) / len(asked) * 1e6


def run() -> list[tuple[str, float, str, str | None]]:
    """Return (name, value, unit, budget); rounds are interleaved and medians taken."""
    chance = random.Random(1)
    campaigns = [_campaign(n, chance) for n in range(CAMPAIGNS)]
    asked: list[SignalValues] = [
        {name: _value(definition, chance) for name, definition in CATALOGUE.items()}
        | {"jurisdiction": chance.choice(PLACES)}
        for _ in range(WITHDRAWALS)
    ]
    started = perf_counter()
    audiences = [read_audience(text, CATALOGUE) for text, _, _ in campaigns]
    read = perf_counter()
    fused = AudienceSet([(str(n), one, campaigns[n][2]) for n, one in enumerate(audiences)])
    compiled = perf_counter()
    conditions = [condition for _, condition, _ in campaigns]

    def by_hand(signals: SignalValues) -> int:
        return sum(1 << n for n, condition in enumerate(conditions) if condition(signals))

    assert all(fused.evaluate(signals)[0] == by_hand(signals) for signals in asked)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_timed(fused.evaluate, asked))
        theirs.append(_timed(by_hand, asked))
    mean, loop = statistics.median(ours), statistics.median(theirs)
    return [
        ("evaluate 200 audiences, fused and indexed", mean, "µs", "<= 5"),
        ("the same 200 conditions in a Python loop", loop, "µs", None),
        ("fused over loop", mean / loop, "ratio", "< 1"),
        ("read one audience", (read - started) / CAMPAIGNS * 1e3, "ms", None),
        ("compile the set", (compiled - read) * 1e3, "ms", None),
    ]


if __name__ == "__main__":
    for name, value, unit, budget in run():
        print(f"{name:45} {value:10.3f} {unit:6} {budget}")
