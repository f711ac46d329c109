"""What answers do to the rung: they may raise it, never lower it.

Invariants: pure; the result depends on the answers, on facts observed when the decision was made, and on whether a
hold was served already; no answer and no silence gives less than *ask*. Nothing of this reaches the page: the customer
learns only that the withdrawal waits now (DESIGN rule 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.records.signal import PlainValue
from thinktwice.records.vocabulary import Rung

SEVERAL: Final = 2
"""Other customers who pay the same new address within a week; from here on "my own wallet" contradicts what we see."""

_SMALL_RETURNS: Final = frozenset({"a_little", "never_tried"})


def raised_by(answers: Mapping[str, str], signals: Mapping[str, PlainValue], *, is_hold_served: bool) -> Rung | None:
    """Return the rung that the answers call for, ``hold`` or ``refer``, or None when they leave it at *ask*.

    A contradiction with what was observed, and somebody in command whose story claims an authority, need a person. A
    scam that shows in the answers needs time; when that time was served already and somebody is still in command, a
    person; otherwise the customer may decide.
    """
    if is_contradicted(answers, signals):
        return "refer"
    in_command = [answers.get(name) == "yes" for name in ("on_call", "coached")]
    is_authority = answers.get("origin") == "told_by_authority"
    if any(in_command) and (is_authority or is_hold_served):
        return "refer"
    if is_hold_served:
        return None
    return "hold" if any(in_command) or is_authority or _is_investment_scam(answers) else None


def is_contradicted(answers: Mapping[str, str], signals: Mapping[str, PlainValue]) -> bool:
    """Tell whether an answer cannot be true beside what was observed."""
    if signals.get("is_on_call") is True and answers.get("on_call") == "no":
        return True
    claims_own = "own_wallet" in (answers.get("origin"), answers.get("money_back"))
    others = signals.get("destination_customers_7d")
    return claims_own and isinstance(others, int) and others >= SEVERAL


def _is_investment_scam(answers: Mapping[str, str]) -> bool:
    if answers.get("money_back") == "fee_first":
        return True
    return answers.get("origin") == "known_online" and answers.get("money_back") in _SMALL_RETURNS
