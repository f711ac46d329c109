"""What each layer of a durable decision over HTTP costs: the same server, cut off below each of them in turn.

Every figure is processor time an answer of the whole process (the machine's other work lengthens it, but all layers
alike, because the rounds take turns); what a layer costs is the difference to the one above. As in ``http_durable``:
one worker on the first core, ``wrk`` with 64 connections on the second.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.http_durable import HERE, Load, _install, _load, _server

ROUNDS = 7
LAYERS = {
    "edge": "+ key, host, bounds, headers, metrics",
    "reading": "+ withdrawal read, checked, normalised",
    "queue": "+ hand-over to the group-commit thread and back",
    "deciding": "+ signals, verdict, record, states packed",
    "all": "+ SQLite: look-ups, rows, states, log, sync",
}
NOOP = "no-op server"

Row = tuple[str, float, str, str | None]


def run() -> list[Row]:
    """Return (name, value, unit, budget) of each figure; none, and a word on standard error, without wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        print("http_layers is skipped: it needs wrk (as root, scripts/install_bench.sh installs it)", file=sys.stderr)
        return []
    loads: dict[str, list[Load]] = {NOOP: [], **{layer: [] for layer in LAYERS}}
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name, ExitStack() as stack:
        running = {}
        for layer in loads:
            folder = Path(name) / layer.replace(" ", "-")
            folder.mkdir()
            key = _install(folder)
            running[layer] = stack.enter_context(_server(_command(layer, folder), folder / "log")), key
        for number in range(ROUNDS + 1):
            for layer, (server, key) in running.items():
                load = _load(wrk, server, key, number)
                if number:  # the first only warms up
                    loads[layer].append(load)
    return _figures(loads)


def _command(layer: str, folder: Path) -> list[str]:
    if layer == NOOP:
        return [sys.executable, str(HERE / "_noop_server.py")]
    serve = ["serve", "--data", str(folder / "data"), "--port", "0"]
    return [sys.executable, str(HERE / "_layered_server.py"), layer, *serve]


def _figures(loads: dict[str, list[Load]]) -> list[Row]:
    rows: list[Row] = []
    for layer, measured in loads.items():
        cost = statistics.median(load.cost for load in measured)
        ratio = statistics.median(noop.cost / load.cost for noop, load in zip(loads[NOOP], measured, strict=True))
        rows.append((LAYERS.get(layer, layer), cost, "µs", None))
        rows.append((f"no-op server ÷ with {layer}", ratio, "×", None))
    failed = sum(load.refused + load.broken for measured in loads.values() for load in measured)
    return [*rows, ("requests refused or broken", failed, "", "<= 0")]


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="\t")
