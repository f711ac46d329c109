"""The tables of words."""

from __future__ import annotations

import pytest

from thinktwice.records.vocabulary import Disposition, IndicatorKind
from thinktwice.watchlist.kinds import KINDS, confidence_of, default_disposition, kind_of


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("phishing", "scam"), ("scam", "scam"), ("ponzi_scheme", "scam"), ("service_hack", "stolen_funds"),
        ("sanction", "sanctions"), ("ransomware", "ransomware"), ("exchange", "service"), ("service", "service"),
        ("gambling", "service"), ("miner", "service"), ("mixing_service", "mixer"), ("black_list", "issuer_freeze"),
        ("Stolen Funds", "stolen_funds"), ("nonsense", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_sources_map_to_kinds(word: str, kind: str | None) -> None:
    """Each word of DESIGN section 4 means the kind given there; others mean nothing."""
    assert kind_of(word) == kind


@pytest.mark.parametrize(
    ("kind", "confidence", "disposition"),
    [
        ("sanctions", None, "block"), ("sanctions", 1, "block"), ("scam", None, "warn"), ("scam", 50, "warn"),
        ("scam", 49, "silent"), ("poisoning", 50, "warn"), ("poisoning", 49, "silent"), ("service", 100, "ignore"),
        ("mixer", 100, "silent"), ("issuer_freeze", 100, "silent"), ("stolen_funds", 100, "silent"),
        ("ransomware", 100, "silent"), ("other", 100, "silent"),
    ],
)  # fmt: skip
def test_default_dispositions(kind: IndicatorKind, confidence: int | None, disposition: Disposition) -> None:
    """Sanctions block; scams and poisoning warn from 50; services are ignored; all else is silent."""
    assert default_disposition(kind, confidence) == disposition


def test_every_kind_is_its_own_word() -> None:
    """An operator can say every kind by its name."""
    assert [kind_of(kind) for kind in KINDS] == list(KINDS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("100", 100),
        ("101", None),
        ("-1", None),
        ("7e1", None),
        ("forensic", 50),
        ("Web_Crawl", 20),
        ("²", None),
    ],
)
def test_confidence_is_a_number_or_a_known_word(text: str, value: int | None) -> None:
    """Anything else is refused, not guessed."""
    assert confidence_of(text) == value
