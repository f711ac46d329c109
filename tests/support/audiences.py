"""Random audiences and random withdrawals to ask them about: every node type, every signal type, much missing.

The catalogue here is small, so that conditions meet on the same signals; amounts and money go up to the ends of
their types.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from thinktwice.records.catalogue import with_attributes
from thinktwice.records.signal import SignalDefinition, SignalType, SignalValue, SignalValues
from thinktwice.targeting.interpreting import EXACT
from thinktwice.targeting.tree import (
    Between,
    Comparison,
    Condition,
    Constant,
    Contains,
    Flag,
    Is,
    Member,
    Missing,
    Name,
    Not,
    Number,
    Operator,
    Prefix,
    Product,
    Sum,
    Term,
    Text,
    all_of,
    any_of,
)

CATALOGUE = with_attributes({"tags": "texts", "spent": "money", "select": "integer", "weight": "amount"})
"""The shipped catalogue and attributes that may be missing, one of them called like a keyword of SQL."""

USED = (
    *("jurisdiction", "locale", "channel", "asset", "ip_country", "amount", "weight", "fiat_amount", "fiat_sum_24h"),
    *("spent", "balance_ratio", "ratio_to_90d_max", "withdrawals_24h", "account_age_days", "select"),
    *("is_on_call", "is_new_device", "is_lookalike", "risk_flags", "tags"),
)

_TEXTS = {
    "jurisdiction": ("HK", "MO", "SG", "DE"),
    "ip_country": ("HK", "MO", "SG", "DE"),
    "locale": ("zh", "zh-Hant", "zh-HK", "en", "en'GB", "日本%"),
    "channel": ("app", "web", "api", "batch"),
    "asset": ("BTC", "ETH", "USDT"),
    "risk_flags": ("new_device", "vpn", "it's"),
    "tags": ("new_device", "vpn", "it's"),
}
_NUMBERS: Mapping[SignalType, tuple[str, ...]] = {
    "integer": ("0", "1", "2", "7", "9223372036854775807", "120", "121"),
    "money": ("0", "0.0001", "999.9999", "1000", "1000.0001", "9999999999999999.9999"),
    "ratio": ("0", "0.7999", "0.8", "0.8001", "1", "9999999999999999.9999"),
    "amount": ("0", "0.000000000000000001", "1", "99999999999999999999.999999999999999999"),
}
_OPERATORS: tuple[Operator, ...] = ("=", "<>", "<", "<=", ">", ">=")


def _named(*kinds: SignalType) -> list[str]:
    return [name for name in USED if CATALOGUE[name].type in kinds]


def withdrawals(count: int, seed: int) -> list[SignalValues]:
    """Return withdrawals as signals; of what may be missing about a third is."""
    chance = random.Random(seed)

    def one(definition: SignalDefinition) -> SignalValue:
        if definition.may_be_missing and chance.random() < 1 / 3:
            return None
        name, kind = definition.name, definition.type
        if kind == "boolean":
            return chance.random() < 0.5
        if kind == "texts":
            return tuple(text for text in _TEXTS[name] if chance.random() < 0.5)
        if kind == "text":
            return chance.choice(_TEXTS[name])
        number = Decimal(chance.choice(_NUMBERS[kind]))
        return int(number) if kind == "integer" else number

    return [{name: one(CATALOGUE[name]) for name in USED} for _ in range(count)]


def some_conditions(count: int, start: int) -> list[Condition]:
    """Return different trees, the same ones for the same ``start``."""
    found: dict[Condition, None] = {}

    @seed(start)
    @settings(
        max_examples=2 * count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(conditions())
    def collect(condition: Condition) -> None:
        found.setdefault(condition)

    collect()
    assert len(found) >= count
    return list(found)[:count]


def _literal(name: str) -> st.SearchStrategy[Number | Text]:
    definition = CATALOGUE[name]
    if definition.type == "text":
        return st.sampled_from(_TEXTS[name]).map(Text)
    numbers = [Decimal(text) for text in _NUMBERS[definition.type]]
    return st.sampled_from([Number(EXACT.multiply(sign, value)) for value in numbers for sign in (1, -1)])


def _terms(kind: SignalType) -> st.SearchStrategy[Term]:
    names = st.sampled_from(_named(kind)).map(Name)
    if kind not in ("integer", "money", "ratio"):
        return names
    number = _literal(_named(kind)[0])

    def grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        sign = st.sampled_from(("+", "-"))
        return st.one_of(
            st.builds(Product, inner, st.integers(-40, 40)),
            st.builds(Sum, inner, sign, inner),
            st.builds(Sum, inner, sign, number),
            st.builds(Sum, number, sign, inner),
        )

    return st.recursive(names, grown, max_leaves=3)


def _comparisons(kind: SignalType) -> st.SearchStrategy[Condition]:
    term = _terms(kind)
    other = st.one_of(_literal(_named(kind)[0]), term)
    return st.one_of(
        st.builds(Comparison, term, st.sampled_from(_OPERATORS), other),
        st.builds(Between, term, other, other),
    )


def _text_atoms(name: str) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(Comparison, st.just(Name(name)), st.sampled_from(_OPERATORS[:2]), _literal(name)),
        st.builds(Prefix, st.just(name), st.sampled_from([text[:2] for text in _TEXTS[name]])),
        st.lists(_literal(name), unique=True, min_size=1, max_size=6).map(lambda them: Member(name, tuple(them))),  # type: ignore[arg-type]  # all texts
    )


def _number_members(name: str) -> st.SearchStrategy[Condition]:
    return st.lists(_literal(name), unique=True, min_size=1, max_size=6).map(lambda them: Member(name, tuple(them)))  # type: ignore[arg-type]  # all numbers


_NUMERIC: tuple[SignalType, ...] = ("integer", "money", "ratio", "amount")

ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.booleans().map(Constant),
    st.sampled_from(_named("boolean")).map(Flag),
    st.builds(Is, st.sampled_from(_named("boolean")), st.booleans()),
    st.sampled_from(USED).map(Missing),
    st.one_of([_comparisons(kind) for kind in _NUMERIC]),
    st.sampled_from(_named(*_NUMERIC)).flatmap(_number_members),
    st.sampled_from(_named("text")).flatmap(_text_atoms),
    st.builds(Comparison, st.just(Name("ip_country")), st.sampled_from(_OPERATORS[:2]), st.just(Name("jurisdiction"))),
    st.sampled_from(_named("texts")).flatmap(
        lambda name: st.builds(Contains, st.just(name), st.sampled_from(_TEXTS[name]))
    ),
)


def conditions(max_leaves: int = 12) -> st.SearchStrategy[Condition]:
    """Return trees as reading would build them."""

    def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=4)
        return st.one_of(several.map(all_of), several.map(any_of), inner.map(_negated))

    return st.recursive(ATOMS, grown, max_leaves=max_leaves)


def _negated(condition: Condition) -> Condition:
    return condition.operand if isinstance(condition, Not) else Not(condition)
