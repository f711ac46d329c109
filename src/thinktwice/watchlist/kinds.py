"""How the words of lists become kinds, dispositions and confidence: one table each.

Invariant: nothing else in ThinkTwice turns a source's word into a kind or a number. Source: DESIGN section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from thinktwice.records.vocabulary import Disposition, IndicatorKind

KINDS: Final[tuple[IndicatorKind, ...]] = get_args(IndicatorKind)
DISPOSITIONS: Final[tuple[Disposition, ...]] = get_args(Disposition)
"""Strongest first: block, warn, silent, ignore."""

UNSTATED_CONFIDENCE: Final = 70
"""What a listing counts for where its source gives no confidence."""

WARN_FROM_CONFIDENCE: Final = 50
"""A scam or poisoning listing below this confidence changes nothing that a customer sees."""

KIND_OF_ABUSE: Final[Mapping[str, IndicatorKind]] = {
    "phishing": "scam",
    "scam": "scam",
    "ponzi_scheme": "scam",
    "service_hack": "stolen_funds",
    "sanction": "sanctions",
    "ransomware": "ransomware",
}
"""TagPack ``abuse``; read first."""

KIND_OF_CATEGORY: Final[Mapping[str, IndicatorKind]] = {
    "exchange": "service",
    "service": "service",
    "gambling": "service",
    "miner": "service",
    "mixing_service": "mixer",
    "black_list": "issuer_freeze",
}
"""TagPack ``category``; read where ``abuse`` says nothing."""

CONFIDENCE_OF_WORD: Final[Mapping[str, int]] = {
    "override": 100,
    "ownership": 100,
    "ledger_immanent": 100,
    "manual_transaction": 90,
    "service_api": 70,
    "authority_data": 60,
    "trusted_provider": 50,
    "service_data": 50,
    "forensic": 50,
    "untrusted_transaction": 40,
    "web_crawl": 20,
    "heuristic": 10,
    "unknown": 5,
}
"""The levels that GraphSense publishes for its words (``confidence.csv`` of its TagPack tool); a ledger-immanent fact
can be checked by anyone on the chain itself, hence 100."""


def kind_of(word: str) -> IndicatorKind | None:
    """Return the kind that a list's own word names, or None."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    for kind in KINDS:
        if kind == folded:
            return kind
    return KIND_OF_ABUSE.get(folded) or KIND_OF_CATEGORY.get(folded)


def confidence_of(text: str) -> int | None:
    """Return a confidence of 0 to 100 from a number or one of the known words; None when it is neither."""
    folded = text.strip().lower()
    if folded.isascii() and folded.isdecimal() and len(folded) <= 3 and int(folded) <= 100:
        return int(folded)
    return CONFIDENCE_OF_WORD.get(folded)


def default_disposition(kind: IndicatorKind, confidence: int | None) -> Disposition:
    """Return what a listing changes where neither source nor staff say: DESIGN section 4."""
    if kind == "sanctions":
        return "block"
    if kind in ("scam", "poisoning"):
        counted = UNSTATED_CONFIDENCE if confidence is None else confidence
        return "warn" if counted >= WARN_FROM_CONFIDENCE else "silent"
    return "ignore" if kind == "service" else "silent"
