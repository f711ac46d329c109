"""What a look-up, an open and a build of the watchlist cost, beside a dict and LMDB in the same run.

``THINKTWICE_BENCH_WATCHLIST=10000000`` measures the size of the budget; the default is a tenth of it.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.build import build_apart
from thinktwice.watchlist.keymap import ENGINES, Engine
from thinktwice.watchlist.mapped_base import Base, open_base, read_manifest
from thinktwice.watchlist.snapshot import Snapshot

Row = tuple[str, float, str, float | None]

DEFAULT_SIZE = 1_000_000
QUERIES = 100_000
SEED = 20261122
_NOW = datetime(2026, 11, 22, tzinfo=UTC)
_KINDS = (("sanctions", "block"), ("scam", "warn"), ("mixer", "silent"), ("service", "ignore"))


def run(size: int | None = None) -> list[Row]:
    """Fill a database, build bases from it, and measure."""
    size = size or int(os.environ.get("THINKTWICE_BENCH_WATCHLIST", DEFAULT_SIZE))
    rng = random.Random(SEED)
    keys = [_key(rng) for _ in range(QUERIES)]
    absent = [_key(rng) for _ in range(QUERIES)]
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        _fill(folder, keys, size, rng)
        rows: list[Row] = []
        snapshots: dict[Engine, Snapshot] = {}
        for engine in ENGINES:
            snapshots[engine], measured = _build_and_open(folder, engine, size, 60.0 if engine == "constmap" else None)
            rows += measured
        for engine in ENGINES:
            budget = 1.0 if engine == "constmap" else None
            rows.append((f"{engine}: look-up hit", _per_call(snapshots[engine], keys), "µs", budget))
            rows.append((f"{engine}: look-up miss", _per_call(snapshots[engine], absent), "µs", budget))
    rows += _dict_rows(keys, absent, size, rng)
    rows.append(("private memory of an open base", _private_memory(size), "MB", 20.0))
    return rows


def _key(rng: random.Random) -> str:
    return f"evm:0x{rng.getrandbits(160):040x}"


def _fill(folder: DataFolder, keys: list[str], size: int, rng: random.Random) -> None:
    def statements() -> Iterator[tuple[str, str, str, str, str, str]]:
        for position in range(size):
            key = keys[position] if position < len(keys) else _key(rng)
            kind, disposition = _KINDS[position % len(_KINDS)]
            listed_at = f"2024-{position % 12 + 1:02d}-{position % 28 + 1:02d}"
            yield key, key[4:], kind, disposition, f"list-{position % 5}", listed_at

    migrate(folder.path)
    with closing(connect(folder.control)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        # A build reads the whole table; filling these indexes in random order would be most of this benchmark's time.
        connection.execute("DROP INDEX indicator_by_match_key")
        connection.execute("DROP INDEX indicator_by_source")
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO indicator (match_key, address, kind, disposition, source, listed_at, known_from)"
            " VALUES (?, ?, ?, ?, ?, ?, '2024-01-01T00:00:00.000000Z')",
            statements(),
        )
        connection.execute("COMMIT")


def _build_and_open(folder: DataFolder, engine: Engine, size: int, budget: float | None) -> tuple[Snapshot, list[Row]]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    manifest = build_apart(folder, engine)
    built = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = after.ru_maxrss / 1024
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    began = time.perf_counter()
    base: Base = open_base(folder.watchlist, manifest)
    opened = time.perf_counter() - began
    is_ours = engine == "constmap"
    claims = manifest.files(folder.watchlist)[1].stat().st_size
    return Snapshot(base, {}, manifest.seq), [
        (f"{engine}: build from the database, {size:,} entries", built, "s", budget),
        (f"{engine}: processor time of that build", worked, "s", None),
        (f"{engine}: peak memory of builds so far", peak, "MB", 4096.0 if is_ours else None),
        (f"{engine}: mapped per entry", (manifest.key_bytes + claims) / size, "bytes", 24.0 if is_ours else None),
        (f"{engine}: open", opened, "s", 0.5 if is_ours else None),
    ]


def _per_call(snapshot: Snapshot, keys: list[str]) -> float:
    """Return microseconds for one ``find``, best of five, over keys in random order."""
    asked = [(key,) for key in keys]
    find = snapshot.find

    def ask() -> None:
        for key in asked:
            find(key, None, _NOW)

    return _best(ask, len(keys))


def _best(ask: Callable[[], None], count: int) -> float:
    return min(timeit.repeat(ask, number=1, repeat=5)) / count * 1e6


def _dict_rows(keys: list[str], absent: list[str], size: int, rng: random.Random) -> list[Row]:
    table = dict.fromkeys(keys, 1)
    while len(table) < size:
        table[_key(rng)] = 1
    get = table.get

    def ask(some: list[str]) -> Callable[[], None]:
        def loop() -> None:
            for key in some:
                get(key)

        return loop

    return [
        ("dict: look-up hit", _best(ask(keys), len(keys)), "µs", None),
        ("dict: look-up miss", _best(ask(absent), len(absent)), "µs", None),
    ]


_MEASURE = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from thinktwice.watchlist.mapped_base import open_base, write_base
from thinktwice.watchlist.listing import Claim, Claims
from thinktwice.watchlist.snapshot import Snapshot
folder, size = Path(sys.argv[1]), int(sys.argv[2])
def private():
    with open("/proc/self/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1024
from thinktwice.watchlist.mapped_base import read_manifest
before = private()
base = open_base(folder, read_manifest(folder))
snapshot = Snapshot(base, {}, 0)
for number in range(100_000):
    snapshot.find((f"evm:0x{number:040x}",), None, datetime(2026, 1, 1, tzinfo=UTC))
print(private() - before)
"""
_WRITE = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from thinktwice.watchlist.mapped_base import write_base
from thinktwice.watchlist.listing import Claim, Claims
numbers = {f"evm:0x{number:040x}": 0 for number in range(int(sys.argv[2]))}
claims = [Claims((Claim("warn", "scam", "list"),))]
write_base(Path(sys.argv[1]), numbers, claims, seq=1, engine="constmap", now=datetime(2026, 1, 1, tzinfo=UTC))
"""


def _private_memory(size: int) -> float:
    """Return how much a fresh process grows by opening a base and asking it 100,000 times."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, "-c", _WRITE, name, str(size)], check=True)
        assert read_manifest(Path(name))
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, name, str(size)], check=True, capture_output=True, text=True
        )
        return float(done.stdout)


if __name__ == "__main__":
    for name, value, unit, budget in run():
        print(f"{name:<60} {value:>12.3f} {unit:<6} {'' if budget is None else f'budget {budget:g}'}")
