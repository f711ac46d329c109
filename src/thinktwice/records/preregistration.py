"""What was written down about an experiment before it began, so that nobody can choose the question after the answer.

Invariant: a plan is part of its release, so its hash stands in every decision that the release made; a
number that is a share is between 0 and 1, money is Decimal in the reporting currency.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal, get_args

import msgspec

Primary = Literal["not_sent", "kept", "is_loss"]
"""What the verdict is about: nothing left to that destination; the same and not to another new one; scam loss."""

GuardrailName = Literal[
    "genuine_not_sent", "complained", "contacted", "slow", "interrupted", "is_loss", "released_early"
]
"""What must not get worse; ``is_loss`` has no margin of its own: any certain increase is harm."""

PRIMARIES: Final[tuple[Primary, ...]] = get_args(Primary)
GUARDRAILS: Final[tuple[GuardrailName, ...]] = get_args(GuardrailName)
STOPPING: Final = tuple(name for name in GUARDRAILS if name != "released_early")
"""Guardrails that end an experiment unless the plan says otherwise. Whom staff let go is staff's own doing: it counts
against the campaign, and ends it only where that was declared."""


class Preregistration(msgspec.Struct, frozen=True, kw_only=True):
    """One plan, as ``release.yaml`` says it under ``plan``.

    ``customers`` of all arms together that are planned, ``baseline`` the share with the primary outcome expected
    without an alert, ``expected_effect`` the difference worth finding: all three make intervals narrower or the plan
    checkable, never an interval wrong. ``label_sources`` are independent of the alert; nobody else's label reaches
    the headline. ``winsorised_at`` is where one customer's amounts are cut. ``margins`` are by guardrail, as shares of
    customers (``interrupted``: of withdrawals; ``released_early``: of customers held). ``stop_for_harm`` names the
    guardrails that end the experiment.
    """

    hypothesis: str
    owner: str
    population: str
    primary: Primary = "not_sent"
    days: int = 28
    customers: int | None = None
    baseline: Decimal | None = None
    expected_effect: Decimal | None = None
    label_sources: tuple[str, ...] = ("complaint", "listing", "police")
    winsorised_at: Decimal = Decimal(1_000_000)
    margins: dict[str, Decimal] = {}
    stop_for_harm: tuple[str, ...] = STOPPING
