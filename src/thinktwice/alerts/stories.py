"""Which scam is told, after what the customer answered.

Invariants: pure; only kinds that the pack tells are chosen, so a partner's approval covers every outcome; without
answers, and where none fits, the pack's own first kind is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_OFFICIALS: Final = ("police_impersonation", "government_impersonation", "bank_impersonation")
_INVESTMENTS: Final = ("investment", "relationship_investment")
_FEES_FIRST: Final = (*_INVESTMENTS, "job_task", "recovery", "advance_fee")
_ONLINE: Final = (
    "relationship_investment",
    "investment",
    "job_task",
    "romance",
    "approval_phishing",
    "giveaway",
    "purchase_rental",
    "p2p_payment_proof",
    "ponzi",
)
_FIT: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("origin", "told_by_authority"): _OFFICIALS,
    ("money_back", "fee_first"): _FEES_FIRST,
    ("money_back", "a_little"): _INVESTMENTS,
    ("on_call", "yes"): (*_OFFICIALS, "tech_support", "family_emergency"),
    ("origin", "known_online"): _ONLINE,
}
"""What each answer points at, the strongest pointer first."""


def fitting(typologies: Sequence[str], answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return a pack's typologies with those that fit the answers first."""
    pointed = [name for (question, answer), names in _FIT.items() if answers.get(question) == answer for name in names]
    first = [name for name in dict.fromkeys(pointed) if name in typologies]
    return (*first, *(name for name in typologies if name not in first))
