"""One suite over all engines of the audience language: the plain meaning, the fused functions, DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import duckdb
import pytest

from tests.support.audiences import CATALOGUE, USED, some_conditions, withdrawals
from thinktwice.records.signal import SignalValues
from thinktwice.targeting.audience import audience_of
from thinktwice.targeting.audience_set import AudienceSet
from thinktwice.targeting.interpreting import truth
from thinktwice.targeting.printing import to_text
from thinktwice.targeting.sql import COLUMN_TYPES, to_duckdb
from thinktwice.targeting.tree import Condition

Answers = list[tuple[bool | None, ...]]
"""For each withdrawal, the answer of each condition."""


def _literally(trees: Sequence[Condition], asked: Sequence[SignalValues]) -> Answers:
    return [tuple(truth(tree, signals) for tree in trees) for signals in asked]


def _fused(trees: Sequence[Condition], asked: Sequence[SignalValues]) -> Answers:
    fused = AudienceSet([(str(n), audience_of(tree, CATALOGUE), ("*",)) for n, tree in enumerate(trees)])
    answers: Answers = []
    for signals in asked:
        true, unknown = fused.evaluate(signals)
        assert not true & unknown
        answers.append(tuple(True if true >> n & 1 else None if unknown >> n & 1 else False for n in range(len(trees))))
    return answers


def _duckdb(trees: Sequence[Condition], asked: Sequence[SignalValues]) -> Answers:
    columns = ", ".join(f'"{name}" {COLUMN_TYPES[CATALOGUE[name].type]}' for name in USED)
    selected = ", ".join(to_duckdb(audience_of(tree, CATALOGUE)) for tree in trees)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET threads = 1")
        connection.execute(f"CREATE TABLE asked (line INTEGER, {columns})")
        marks = ", ".join(["?"] * (len(USED) + 1))
        rows = [[line, *(_parameter(signals[name]) for name in USED)] for line, signals in enumerate(asked)]
        connection.executemany(f"INSERT INTO asked VALUES ({marks})", rows)
        return [tuple(row) for row in connection.execute(f"SELECT {selected} FROM asked ORDER BY line").fetchall()]


def _parameter(value: object) -> object:
    """Decimals go in as text, so that no client rounds them on the way."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, tuple) else value


ENGINES: dict[str, Callable[[Sequence[Condition], Sequence[SignalValues]], Answers]] = {
    "fused": _fused,
    "duckdb": _duckdb,
}


def _compare(engine: str, trees: list[Condition], asked: list[SignalValues]) -> None:
    """Fail with the shortest audience that the engine answers differently, and for which withdrawal."""
    expected, found = _literally(trees, asked), ENGINES[engine](trees, asked)
    different = {
        (to_text(trees[n]), line)
        for line, (one, other) in enumerate(zip(expected, found, strict=True))
        for n in range(len(trees))
        if one[n] is not other[n]
    }
    shortest = min(different, key=lambda one: len(one[0]), default=None)
    assert shortest is None, f"{shortest[0]} for {asked[shortest[1]]}"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_three_valued_answer(engine: str) -> None:
    """TRUE, UNKNOWN and FALSE are the same in every engine as in the plain meaning of the language."""
    _compare(engine, some_conditions(120, start=1), withdrawals(200, seed=1))


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("round_", range(4))
def test_every_engine_agrees_at_length(engine: str, round_: int) -> None:
    """300 other audiences over 2,000 other withdrawals agree as well, in each of four rounds."""
    _compare(engine, some_conditions(300, start=100 + round_), withdrawals(2_000, seed=100 + round_))
