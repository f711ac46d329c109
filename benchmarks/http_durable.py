"""Durable decisions over HTTP beside a server that does nothing, in the same run.

Both are one uvicorn worker with the same settings on one core; the load comes from the other core: wrk, 64 connections,
every request another body (5,000 customers, 25,000 destinations, two thirds below every campaign). The rounds take
turns and the median of the ratios counts, so that a noisy machine disturbs both sides alike.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.keys import store_key
from thinktwice.people.keys import create_key
from thinktwice.storage.migrate import migrate

CONNECTIONS = 64
ROUNDS = 7
SECONDS = 2
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
_ANNOUNCED = re.compile(r"^serving [\w-]+ at (\S+) ", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What one round of wrk saw; times in milliseconds."""

    seconds: float
    requests: int
    refused: int
    broken: int
    p50: float
    p99: float
    cpu_seconds: float

    @property
    def cost(self) -> float:
        """Microseconds of processor time an answer."""
        return self.cpu_seconds / self.requests * 1e6

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def run() -> list[tuple[str, float, str, str | None]]:
    """Return (name, value, unit, budget) of each figure; none, and a word on standard error, without wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        print("http_durable is skipped: it needs wrk (as root, scripts/install_bench.sh installs it)", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name:
        folder = Path(name)
        key = _install(folder)
        ours = [str(BIN / "thinktwice"), "serve", "--data", str(folder / "data"), "--port", "0"]
        noop = [sys.executable, str(HERE / "_noop_server.py")]
        with _server(noop, folder / "noop.log") as nothing, _server(ours, folder / "ours.log") as deciding:
            for server in (nothing, deciding):
                _load(wrk, server, key, 0)
            pairs = [
                (_load(wrk, nothing, key, number), _load(wrk, deciding, key, number)) for number in range(1, ROUNDS + 1)
            ]
    return _figures(pairs)


def _figures(pairs: Sequence[tuple[Load, Load]]) -> list[tuple[str, float, str, str | None]]:
    def median(values: Iterator[float]) -> float:
        return statistics.median(values)

    failed = sum(load.refused + load.broken for pair in pairs for load in pair)
    ratios = sorted(ours.rate / noop.rate for noop, ours in pairs)
    return [
        ("HTTP durable ÷ no-op server, 64 connections", median(iter(ratios)), "×", ">= 0.30"),
        ("least ratio of a round", ratios[0], "×", None),
        ("greatest ratio of a round", ratios[-1], "×", None),
        ("the same by processor time an answer", median(noop.cost / ours.cost for noop, ours in pairs), "×", None),
        ("no-op server, processor time an answer", median(noop.cost for noop, _ in pairs), "µs", None),
        ("HTTP durable, processor time an answer", median(ours.cost for _, ours in pairs), "µs", None),
        ("no-op server", median(noop.rate for noop, _ in pairs), "/s", None),
        ("HTTP durable", median(ours.rate for _, ours in pairs), "/s", None),
        ("no-op server, p50 under full load", median(noop.p50 for noop, _ in pairs), "ms", None),
        ("no-op server, p99 under full load", median(noop.p99 for noop, _ in pairs), "ms", None),
        ("HTTP durable, p50 under full load", median(ours.p50 for _, ours in pairs), "ms", None),
        ("HTTP durable, p99 under full load", median(ours.p99 for _, ours in pairs), "ms", None),
        ("requests refused or broken", failed, "", "<= 0"),
    ]


def _install(folder: Path) -> str:
    """Make keys and databases in a folder, and return the secret of an API key."""
    subprocess.run([BIN / "thinktwice", "key", "generate-keyring", folder / "keys"], check=True, capture_output=True)
    migrate(folder / "data")
    key, secret = create_key(name="bench", mode="live", scopes=("decide",), actor="bench", now=datetime.now(UTC))
    store_key(folder / "data", key)
    os.environ["THINKTWICE_KEY_FILE"] = str(folder / "keys")
    return secret


@contextmanager
def _server(command: list[str], log: Path) -> Iterator[Server]:
    """Run a server on the first core."""
    with log.open("wb") as stream, _on_core(0):
        process = subprocess.Popen(command, stderr=stream, cwd=log.parent)
    try:
        yield Server(_announced(process, log), process.pid)
    finally:
        process.terminate()
        process.wait()


def _announced(process: subprocess.Popen[bytes], log: Path) -> str:
    while process.poll() is None:
        if found := _ANNOUNCED.search(log.read_text()):
            return found[1]
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {log.read_text()}")


def _load(wrk: str, server: Server, key: str, number: int) -> Load:
    """Load a server from the second core for one round."""
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(HERE / "_withdrawals.lua"), server.url, "--",
               f"r{number}", key, datetime.now(UTC).isoformat(timespec="seconds"), str(number)]  # fmt: skip
    before = server.cpu_seconds()
    with _on_core(1):
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("RESULT ")]
    return Load(**json.loads(line.removeprefix("RESULT ")), cpu_seconds=server.cpu_seconds() - before)


@contextmanager
def _on_core(number: int) -> Iterator[None]:
    """Have processes that start meanwhile run on one core only, where there are several."""
    allowed = os.sched_getaffinity(0)
    cores = sorted(allowed)
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[number]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="\t")
