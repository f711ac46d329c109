"""The headline over a lake: rows of outcomes, then sufficient statistics by arm, from Parquet files.

Synthetic: customers withdraw ten times on average; nine in ten withdrawals complete; one in 50 triggers, so that a
fifth of all customers are in the population, and, as the worst there is, one in eight, so that all of them are.
1,000,000 decisions by default; THINKTWICE_BENCH_DECISIONS=10000000 for the budget of DESIGN section 8. What is timed
reads the files, makes the rows, and ends with the statistics of the headline.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from thinktwice.journal.seam import RecordKind
from thinktwice.lake.columns import TABLES, schema_of
from thinktwice.lake.day import open_tables
from thinktwice.lake.history import connect, show
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.statistics import statistics
from thinktwice.records.catalogue import CATALOGUE

DECISIONS = int(os.environ.get("THINKTWICE_BENCH_DECISIONS", "1000000"))
FILES = 28
BUDGET_AT = 10_000_000
HEADLINE = ("not_sent", "displaced", "completed", "completed_before")
UNTIL = datetime(2027, 3, 1, tzinfo=UTC)

_DECISIONS = """
SELECT 2 * i + 1 AS seq, CAST(TIMESTAMP '2026-11-01' + to_microseconds(i * $gap) AS {time}) AS recorded_at,
       FALSE AS is_test, 'w-' || i AS withdrawal_id, 1 AS attempt, md5('c' || (i * 7919 % $customers)) AS customer_ref,
       'evm:0x' || substr(md5('d' || (i * 31 % ($customers * 3))), 1, 32) || '00000000' AS destination_key,
       CAST(TIMESTAMP '2026-11-01' + to_microseconds(i * $gap) AS {time}) AS decided_at,
       CASE WHEN i % {every} = 0 AND i * 7919 % $customers % 10 > 0 THEN 'alert' ELSE 'proceed' END AS action,
       CASE WHEN i % {every} = 0 AND i * 7919 % $customers % 10 > 0 THEN 'a-' || i END AS alert_id,
       'USD' AS fiat_currency, CASE WHEN i % {every} = 0 THEN 'hk-pilot' END AS experiment,
       CASE WHEN i % {every} = 0 THEN 'hk' END AS campaign, CASE WHEN i % {every} = 0 THEN 'v' END AS version,
       CASE WHEN i % {every} = 0 THEN CASE i * 7919 % $customers % 10 WHEN 0 THEN 'holdout' ELSE 'a' END END AS arm,
       i % {every} = 0 AS is_trigger, 'HK' AS jurisdiction, 'app' AS channel,
       CAST(i * 104729 % 2000000 / 100 AS DECIMAL(20, 4)) AS fiat_amount {numbers}
"""
_EVENTS = """
SELECT 2 * i + 2 AS seq, CAST(TIMESTAMP '2026-11-01' + to_microseconds(i * $gap + 600000000) AS {time}) AS recorded_at,
       FALSE AS is_test, 'w-' || i AS withdrawal_id, 1 AS attempt, md5('c' || (i * 7919 % $customers)) AS customer_ref,
       'e-' || i AS event_id, 'withdrawal.completed' AS type {numbers}
"""
_SHOWN = """
SELECT 2 * i + 2 AS seq, CAST(TIMESTAMP '2026-11-01' + to_microseconds(i * $gap + 5000000) AS {time}) AS recorded_at,
       FALSE AS is_test, 'w-' || i AS withdrawal_id, 1 AS attempt, 'a-' || i AS alert_id, 'seen' AS type {numbers}
"""


def run() -> list[tuple[str, float, str, str | None]]:
    """Return the seconds for the rows, for the statistics, and for both; the worst case has no budget."""
    budget = "<= 5" if DECISIONS >= BUDGET_AT else None
    return [*_measure(50, "headline", budget), *_measure(8, "headline, every customer in the population", None)]


def _measure(every: int, title: str, budget: str | None) -> list[tuple[str, float, str, str | None]]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name:
        files = _lake(Path(name), every)
        with connect(Path(name)) as history:
            show(history, open_tables((), CATALOGUE), files, CATALOGUE)
            began = time.perf_counter()
            outcomes = find_outcomes(history, OutcomeRules(), UNTIL)
            made = time.perf_counter()
            found = statistics(outcomes, HEADLINE)
            ended = time.perf_counter()
    customers = sum(one.n for one in found)
    return [
        (f"rows of {customers:,} customers from {DECISIONS:,} decisions", made - began, "s", None),
        ("sufficient statistics by arm", ended - made, "s", None),
        (title, ended - began, "s", budget),
    ]


def _lake(folder: Path, every: int) -> dict[str, list[Path]]:
    """Write the synthetic history as the files of a lake, with every column of the real ones."""
    found: dict[str, list[Path]] = {name: [] for name in TABLES.values()}
    with duckdb.connect(":memory:") as connection:
        written: tuple[tuple[RecordKind, str, str], ...] = (
            ("decision", _DECISIONS, "TRUE"),
            ("event", _EVENTS, "i % 10 < 9"),
            ("alert_event", _SHOWN, "i % {every} = 0 AND i * 7919 % $customers % 10 > 0"),
        )
        for kind, statement, which in written:
            for part in range(FILES):
                path = folder / f"{kind}-{part}.parquet"
                _write(connection, path, kind, f"{statement} WHERE {which}", every, part)
                found[TABLES[kind]].append(path)
    return found


def _write(
    connection: duckdb.DuckDBPyConnection, path: Path, kind: RecordKind, query: str, every: int, part: int
) -> None:
    """Write one file; every column of the real table is there, those that nobody reads are NULL."""
    low, high = DECISIONS * part // FILES, DECISIONS * (part + 1) // FILES
    values = {"gap": 28 * 86_400_000_000 // DECISIONS, "customers": DECISIONS // 10 + 1}  # odd, so that all may trigger
    given = query.format(time="TIMESTAMPTZ", every=every, numbers=f"FROM range({low}, {high}) AS numbers(i)")
    for name, value in values.items():
        given = given.replace(f"${name}", str(value))
    schema = schema_of(kind, CATALOGUE)
    columns = {row[0] for row in connection.execute(f"DESCRIBE {given}").fetchall()}
    connection.register("shape", schema.empty_table())
    cells = ", ".join(f'"{name}"' if name in columns else f'NULL AS "{name}"' for name in schema.names)
    rows = f"SELECT * FROM shape UNION ALL SELECT {cells} FROM ({given})"
    connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
