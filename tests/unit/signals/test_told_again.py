"""The signals of history and across customers against a plain log of what happened, over random lives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.told_history import Told, ToldHistory
from tests.support.world import NEW_DESTINATION, World
from thinktwice.records.decision import Decision
from thinktwice.records.signal import from_plain

CUSTOMERS = ("c-1", "c-2", "c-3")
DESTINATIONS = tuple(f"0x{digit * 40}" for digit in "1357")
AMOUNTS = ("50", "199.9999", "200", "333.33", "12003.10")
STEPS = (
    *(timedelta(0), timedelta(microseconds=1), timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=1)),
    *(timedelta(hours=23), timedelta(days=1), timedelta(days=2), timedelta(days=6), timedelta(days=7)),
    *(timedelta(days=23), timedelta(days=30), timedelta(days=61)),
)
ACTS = 120


class Life:
    """A world and its log, side by side."""

    def __init__(self, folder: Path, number: int) -> None:
        self.random = random.Random(number)
        self.world = World(folder, policies=(NEW_DESTINATION,))
        self.told = ToldHistory()
        self.decisions: dict[tuple[str, int], Decision] = {}

    def act(self) -> None:
        """Let one thing happen."""
        rng = self.random
        self.world.now += rng.choice(STEPS)
        kind = rng.choices(("decide", "again", "replace", "complete", "report"), (6, 1, 1, 4, 1))[0]
        if kind == "decide" or not self.told.attempts:
            self.decide(f"w-{len(self.told.attempts)}", 1, rng.choice(CUSTOMERS))
            return
        one = rng.choice(self.told.attempts[-12:])
        if kind == "again":
            newest = max(past.attempt for past in self.told.attempts if past.withdrawal_id == one.withdrawal_id)
            self.decide(one.withdrawal_id, newest + 1, one.customer)
        elif kind == "replace":
            self.decide(f"w-{len(self.told.attempts)}", 1, one.customer, one.withdrawal_id)
        elif kind == "complete" and one.completed_at is None:
            self.world.complete(self.decisions[one.withdrawal_id, one.attempt])
            one.completed_at = self.world.now
        elif kind == "report" and not self.is_reported(one.withdrawal_id):
            self.world.note("scam.reported", withdrawal_id=one.withdrawal_id, attempt=one.attempt, source="complaint")
            one.reported_at = self.world.now

    def is_reported(self, withdrawal_id: str) -> bool:
        return any(one.reported_at for one in self.told.attempts if one.withdrawal_id == withdrawal_id)

    def decide(self, withdrawal_id: str, attempt: int, customer: str, replaces: str | None = None) -> None:
        """Decide, compare every signal of both families, and enter it."""
        address, amount = self.random.choice(DESTINATIONS), self.random.choice(AMOUNTS)
        changes: dict[str, Any] = {"replaces": replaces} if replaces else {}
        now, own = self.world.now, {withdrawal_id, replaces or withdrawal_id}
        expected = self.told.history(now, customer, address, Decimal(amount), own)
        expected |= self.told.across(now, customer, address, withdrawal_id)
        decision = self.world.decide(
            withdrawal_id=withdrawal_id,
            attempt=attempt,
            customer__id=customer,
            destination__address=address,
            fiat_amount=amount,
            **changes,
        )
        found = from_plain(decision.explanation.signals, self.world.installation.catalogue)
        assert {name: found[name] for name in expected} == expected
        self.decisions[withdrawal_id, attempt] = decision
        self.told.attempts.append(
            Told(
                withdrawal_id,
                attempt,
                customer,
                address,
                Decimal(amount),
                now,
                is_trigger=decision.explanation.is_trigger,
                replaces=replaces,
            )
        )


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    return (tmp_path / str(number) for number in range(1_000_000))


def live(folders: Iterator[Path], lives: int) -> None:
    for number in range(lives):
        life = Life(next(folders), number)
        with closing(life.world):
            for _ in range(ACTS):
                life.act()


def test_every_signal_is_what_the_log_says(folders: Iterator[Path]) -> None:
    """Windows end where they say, each withdrawal counts once, and nobody counts against oneself."""
    live(folders, 12)


@pytest.mark.prove
def test_every_signal_is_what_the_log_says_over_many_lives(folders: Iterator[Path]) -> None:
    """The same over 300 lives of 120 acts."""
    live(folders, 300)
