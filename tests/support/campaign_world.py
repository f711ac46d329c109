"""Rows of a history with a planted truth: customers of one campaign, what the alert did to them, and who says so.

Every world is seeded. It writes what a lake would hold, so that a whole analysis runs over it; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from thinktwice.measurement.analysis.plan import exact_shares
from thinktwice.measurement.analysis.records import Declared
from thinktwice.records.preregistration import Preregistration

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
PLAN = Preregistration(
    hypothesis="fewer are sent",
    owner="fraud-operations",
    population="customers eligible for the holdout",
    baseline=Decimal("0.05"),
    expected_effect=Decimal("0.05"),
    label_sources=("complaint", "police"),
    winsorised_at=Decimal(20_000),
    margins={"genuine_not_sent": Decimal("0.02"), "complained": Decimal("0.02"), "contacted": Decimal("0.02"),
             "slow": Decimal("0.05"), "interrupted": Decimal("0.9")},
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CampaignWorld:
    """Shares of 1; pairs are without and with an alert.

    ``taken`` is how customers really fell into the arms, if not as declared; ``stops`` the chance that a scam victim
    does not send.
    """

    customers: int = 1500
    seed: int = 1
    holdout: Decimal = Decimal("0.3")
    weights: dict[str, int] = field(default_factory=lambda: {"a": 1, "b": 1}, hash=False)
    taken: dict[str, float] | None = field(default=None, hash=False)
    scams: float = 0.3
    stops: tuple[float, float] = (0.05, 0.05)
    genuine_stops: tuple[float, float] = (0.04, 0.04)
    displaces: float = 0.0
    complains: tuple[float, float] = (0.01, 0.01)
    labelled: float = 0.8
    reports_in_alert: float = 0.0
    calls_the_sources: tuple[float, float] = (1.0, 1.0)
    """Chance that an independent label is made at all, by arm: unequal is a label that depends on the alert."""
    days: int = 28

    def declared(self, plan: Preregistration | None = PLAN) -> Declared:
        """Return what the release of this world says."""
        return Declared(
            campaign="hk", experiment="e", shares=exact_shares(self.holdout, self.weights), plan=plan, title="Pilot",
            releases=frozenset({"r1"}), typologies=("investment",), jurisdictions=("HK",),
        )  # fmt: skip

    @property
    def until(self) -> datetime:
        """When every window, label windows included, has closed."""
        return BEGIN + timedelta(days=self.days + 61)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows."""
        return _Writer(self).write()


class _Writer:
    def __init__(self, world: CampaignWorld) -> None:
        self.world, self.random = world, Random(world.seed)
        self.rows: list[tuple[datetime, str, dict[str, Any]]] = []

    def write(self) -> dict[str, list[dict[str, Any]]]:
        shares = self.world.taken or exact_shares(self.world.holdout, self.world.weights)
        for number in range(self.world.customers):
            at = BEGIN + timedelta(days=self.random.random() * self.world.days)
            self._customer(number, at, self.random.choices(list(shares), list(shares.values()))[0])
        tables: dict[str, list[dict[str, Any]]] = {"decisions": [], "events": [], "alert_events": []}
        for seq, (at, table, row) in enumerate(sorted(self.rows, key=lambda one: one[0]), 1):
            tables[table].append({"seq": seq, "recorded_at": at, "occurred_at": at, "is_test": False, **row})
        return tables

    def _customer(self, number: int, at: datetime, arm: str) -> None:
        random, world, warned = self.random, self.world, arm != "holdout"
        is_scam = random.random() < world.scams
        stops = random.random() < (world.stops if is_scam else world.genuine_stops)[warned]
        amount = Decimal(random.randint(200, 5_000))
        who = {
            "customer_ref": f"c{number}", "jurisdiction": "HK", "language": random.choice(["en", "zh"]),
            "age_band": random.choice(["18-29", "60-69"]), "customer_kind": "retail", "channel": "app",
        }  # fmt: skip
        before = self._decide(f"w{number}.0", at - timedelta(days=2), who, amount, None, "regular")
        self._tell("withdrawal.completed", f"w{number}.0", before + timedelta(minutes=9))
        first = f"w{number}.1"
        self._decide(first, at, who, amount, arm, f"new{number}")
        if warned:
            self._claims(number, first, at, is_scam)
        leaves = at + timedelta(minutes=random.randint(2, 20))
        if not stops:
            self._tell("withdrawal.completed", first, leaves)
        elif random.random() < world.displaces:
            self._decide(f"w{number}.2", leaves, who, amount, None, f"other{number}")
            self._tell("withdrawal.completed", f"w{number}.2", leaves + timedelta(minutes=9))
        self._labels(first, at, is_scam, not stops, warned)

    def _labels(self, first: str, at: datetime, is_scam: bool, is_sent: bool, warned: bool) -> None:
        random, world = self.random, self.world
        if random.random() < world.labelled and (is_sent or not is_scam):
            label = {"label": "scam" if is_scam else "genuine", "source": random.choice(["police", "complaint"])}
            if not is_scam or random.random() < world.calls_the_sources[warned]:
                self._tell("outcome.labelled", first, at + timedelta(days=random.randint(8, 50)), **label)
        if random.random() < world.complains[warned]:
            self._tell("outcome.labelled", first, at + timedelta(days=1), label="complaint", source="support")
        if random.random() < 0.01:
            self._tell("outcome.labelled", first, at + timedelta(days=1), label="contact", source="support")

    def _claims(self, number: int, first: str, at: datetime, is_scam: bool) -> None:
        claim = {"withdrawal_id": first, "attempt": 1, "alert_id": f"al-{first}"}
        kinds = ["delivered"] + ["seen"] * (self.random.random() < 0.9)
        kinds += ["reviewed"] * (self.random.random() < 0.2 and len(kinds) > 1)
        kinds += ["reported"] * (is_scam and self.random.random() < self.world.reports_in_alert)
        for place, kind in enumerate(kinds, 1):
            told = {"event_id": f"a{number}.{place}", "type": kind, **claim}
            self.rows.append((at + timedelta(seconds=place), "alert_events", told))

    def _decide(
        self, name: str, at: datetime, who: dict[str, str], amount: Decimal, arm: str | None, place: str
    ) -> datetime:
        shown = arm not in (None, "holdout")
        row = {
            "decision_id": f"d-{name}", "withdrawal_id": name, "attempt": 1, "decided_at": at, "destination_key": place,
            "fiat_amount": str(amount), "fiat_currency": "USD", "reasons": [], "is_trigger": arm is not None,
            "experiment": "e" if arm else None, "arm": arm, "campaign": "hk" if arm else None,
            "version": "v1" if arm else None, "release": "r1" if arm else None, "is_notice": False,
            "alert_id": f"al-{name}" if shown else None, "action": "alert" if shown else "proceed",
        }  # fmt: skip
        self.rows.append((at, "decisions", row | who))
        return at

    def _tell(self, kind: str, name: str, at: datetime, **more: str) -> None:
        row = {"event_id": f"e{len(self.rows)}", "type": kind, "withdrawal_id": name, "attempt": 1}
        self.rows.append((at, "events", row | more))
