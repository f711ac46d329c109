"""What a signal is: one fact about one withdrawal, declared once.

Invariants: every signal has one definition; a value is None exactly when it is *missing*; floats do not
exist here (DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

SignalType = Literal["boolean", "integer", "amount", "money", "ratio", "text", "texts"]
"""``amount`` is DECIMAL(38,18), ``money`` DECIMAL(20,4), ``ratio`` DECIMAL(20,4) truncated, ``texts`` a list of
text that never holds NULL."""

Origin = Literal["exogenous", "endogenous"]
Family = Literal["request", "destination", "watchlist", "history", "lookalike", "across"]

SignalValue = bool | int | Decimal | str | tuple[str, ...] | None
SignalValues = Mapping[str, SignalValue]


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    """One signal: its name, family, type, unit, whether it may be missing, where it comes from, and its meaning.

    ``origin`` is *endogenous* when the value depends on ThinkTwice's own earlier decisions. ``is_wording_only``
    marks signals that may choose words but never, alone, a rung.
    """

    name: str
    family: Family
    type: SignalType
    meaning: str
    unit: str | None = None
    may_be_missing: bool = False
    origin: Origin = "exogenous"
    is_wording_only: bool = False


Catalogue = Mapping[str, SignalDefinition]
