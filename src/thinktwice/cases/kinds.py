"""What an agency may ask for, and what each kind of request demands of both sides.

Invariants: pure; every kind stands in one table; a kind that touches a customer's money or that is said to be urgent
demands two of the operator's people and a recorded call-back (DESIGN section 3, rule 9); a measure lapses by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "information",
    "production",
    "preservation",
    "preservation_extension",
    "voluntary_restriction",
    "lift_of_restriction",
    "seizure_or_return",
    "urgent_preservation",
    "risk_to_life",
    "victim_notification",
    "intelligence_flag",
    "message_coauthoring",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

Trust = Literal["registered", "verified", "trusted"]
"""How far an agency is known: entered; verified step by step; verified with a history that bears it out."""
TRUST_ORDER: Final[tuple[Trust, ...]] = get_args(Trust)

Outcome = Literal["data", "measure", "contact", "advice"]
"""What fulfilling gives: a production, a measure on accounts, a message to customers, or only an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What one kind demands.

    ``reply_hours`` is our service target for the first decision; ``days`` how long a measure stands unless renewed, and
    the most that may be asked for; ``needs_two`` means two different people of the operator, the second independent,
    and a recorded call-back before either.
    """

    outcome: Outcome
    reply_hours: int
    trust: Trust = "verified"
    needs_instrument: bool = False
    needs_two: bool = False
    days: int | None = None
    identifiers_at_most: int = 500

    @property
    def needs_call_back(self) -> bool:
        """Whether the agency is called on a number that it did not give."""
        return self.needs_two

    @property
    def is_emergency(self) -> bool:
        """Whether the clock runs in hours and every shortcut is therefore closed."""
        return self.reply_hours <= 4


RULES: Final[Mapping[Kind, KindRule]] = {
    "information": KindRule(outcome="advice", trust="registered", reply_hours=72),
    "production": KindRule(outcome="data", needs_instrument=True, reply_hours=240),
    "preservation": KindRule(outcome="measure", reply_hours=48, days=90),
    "preservation_extension": KindRule(outcome="measure", reply_hours=48, days=90),
    "voluntary_restriction": KindRule(
        outcome="measure", needs_two=True, reply_hours=24, days=14, identifiers_at_most=50
    ),
    "lift_of_restriction": KindRule(outcome="measure", needs_two=True, reply_hours=48, identifiers_at_most=50),
    "seizure_or_return": KindRule(
        outcome="measure",
        trust="trusted",
        needs_instrument=True,
        needs_two=True,
        reply_hours=120,
        days=365,
        identifiers_at_most=50,
    ),
    "urgent_preservation": KindRule(outcome="measure", needs_two=True, reply_hours=2, days=3, identifiers_at_most=50),
    "risk_to_life": KindRule(outcome="data", needs_two=True, reply_hours=1, identifiers_at_most=10),
    "victim_notification": KindRule(
        outcome="contact", trust="trusted", needs_two=True, reply_hours=72, identifiers_at_most=10_000
    ),
    "intelligence_flag": KindRule(outcome="advice", reply_hours=24, identifiers_at_most=10_000),
    "message_coauthoring": KindRule(outcome="advice", reply_hours=240, identifiers_at_most=0),
}
"""The rule of each kind. The figures are defaults, not the law's; a country's table sets targets of its own."""


def may_ask(kind: Kind, trust: Trust) -> bool:
    """Whether an agency that is trusted this far may ask for this."""
    return TRUST_ORDER.index(trust) >= TRUST_ORDER.index(RULES[kind].trust)
