"""Many audiences at once, by jurisdiction."""

from __future__ import annotations

from decimal import Decimal, localcontext

from tests.support.audiences import CATALOGUE, some_conditions, withdrawals
from thinktwice.records.signal import SignalValue
from thinktwice.targeting.audience import audience_of, read_audience
from thinktwice.targeting.audience_set import AudienceSet
from thinktwice.targeting.interpreting import truth

BASE = dict.fromkeys(CATALOGUE, None) | {"jurisdiction": "HK", "fiat_amount": Decimal(500), "risk_flags": ()}


def _one(text: str, *places: str, **signals: SignalValue) -> tuple[int, int]:
    fused = AudienceSet([("only", read_audience(text, CATALOGUE), places or ("*",))])
    return fused.evaluate({**BASE, **signals})


def test_fires_only_where_it_is_released() -> None:
    """Elsewhere a campaign is neither true nor unknown."""
    assert _one("fiat_amount > 5", "HK", "MO") == (1, 0)
    assert _one("fiat_amount > 5", "MO") == (0, 0)
    assert _one("balance_ratio > 5", "HK") == (0, 1)
    assert _one("balance_ratio > 5", "MO") == (0, 0)
    assert _one("jurisdiction = 'MO' AND balance_ratio > 5") == (0, 0)
    assert _one("jurisdiction <> 'MO' AND balance_ratio > 5", jurisdiction="ZW") == (0, 1)
    assert _one("jurisdiction <> 'MO'", jurisdiction="MO") == (0, 0)
    assert _one("starts_with(jurisdiction, 'Z')", jurisdiction="ZW") == (1, 0)


def test_unknown_is_neither() -> None:
    """A missing signal that decides makes the answer unknown, and one that does not decide changes nothing."""
    assert _one("is_on_call") == (0, 1)
    assert _one("NOT is_on_call") == (0, 1)
    assert _one("is_on_call OR fiat_amount > 5") == (1, 0)
    assert _one("is_on_call AND fiat_amount < 5") == (0, 0)
    assert _one("fiat_amount BETWEEN 1000 AND spent") == (0, 0)
    assert _one("fiat_amount BETWEEN 100 AND spent") == (0, 1)


def test_nothing_live_is_nothing_fired() -> None:
    """A set without audiences answers, too."""
    assert AudienceSet([]).evaluate(BASE) == (0, 0)


def test_arithmetic_is_exact_whatever_the_thread_computes_in() -> None:
    """The precision of the thread's decimal context never rounds an audience."""
    large = Decimal("9999999999999999.9999")
    with localcontext() as context:
        context.prec = 3
        assert _one("fiat_amount * 1000 + 0.0001 > spent * 1000", fiat_amount=large, spent=large) == (1, 0)
        assert _one("fiat_amount * 1000 > spent * 1000", fiat_amount=large, spent=large) == (0, 0)


def test_names_what_fired() -> None:
    """Masks are read back as ids, in the order of the entries."""
    texts = {"a": "fiat_amount > 5", "b": "is_on_call", "c": "fiat_amount > 5000", "d": "TRUE"}
    fused = AudienceSet([(name, read_audience(text, CATALOGUE), ("*",)) for name, text in texts.items()])
    true, unknown = fused.evaluate(BASE)
    assert (fused.true_ids(true), fused.unknown_ids(unknown)) == (("a", "d"), ("b",))


def test_scattered_over_jurisdictions_the_answers_stay() -> None:
    """Indexing by jurisdiction changes no answer where a campaign is released, and silences it elsewhere."""
    places = [("HK",), ("MO", "SG"), ("*",), ("DE", "HK"), ("ZW",)]
    trees = some_conditions(60, start=3)
    fused = AudienceSet(
        [(str(n), audience_of(tree, CATALOGUE), places[n % len(places)]) for n, tree in enumerate(trees)]
    )
    for signals in withdrawals(150, seed=3):
        true, unknown = fused.evaluate(signals)
        for n, tree in enumerate(trees):
            is_released = {"*", signals["jurisdiction"]} & set(places[n % len(places)])
            expected = truth(tree, signals) if is_released else False
            assert (true >> n & 1, unknown >> n & 1) == (expected is True, expected is None)


def test_no_text_of_an_audience_becomes_code() -> None:
    """Quotes, backslashes and code in a literal stay a literal."""
    nasty = "x'' or __import__(''os'') #\\"
    assert _one(f"locale = '{nasty}'", locale=nasty.replace("''", "'")) == (1, 0)
    assert _one(f"locale = '{nasty}'", locale="x") == (0, 0)
