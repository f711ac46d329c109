"""How long a durable decision takes at seven tenths of what the server can do, in an open loop.

Requests fall due at random moments (a Poisson process), whatever became of the earlier ones, and each is timed from the
moment it was due: a server that stalls pays for everybody who would have come meanwhile. The rate is a share of what
``wrk`` gets out of the same server just before. The no-op server gets the same rate, so that what client and machine
add can be seen. Server on the first core, client on the second.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.http_durable import BIN, HERE, Server, _install, _load, _on_core, _server

SHARE = 0.7
SECONDS = 6.0
ROUNDS = 3
CONNECTIONS = 256
PATIENCE = 30.0
"""How many seconds the last answers may take before the run counts as broken."""
SEED = 20261123
PLACES = ("HK", "SG", "GB", "AE", "MO", "AU", "CA", "DE", "FR", "JP", "KR", "MY", "TH", "TW", "US")

Row = tuple[str, float, str, str | None]


def run() -> list[Row]:
    """Return (name, value, unit, budget) of each figure; none, and a word on standard error, without wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        print("http_paced is skipped: it needs wrk (as root, scripts/install_bench.sh installs it)", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(dir=os.environ.get("THINKTWICE_BENCH_FOLDER")) as name:
        folder = Path(name)
        key = _install(folder)
        ours = [str(BIN / "thinktwice"), "serve", "--data", str(folder / "data"), "--port", "0"]
        noop = [sys.executable, str(HERE / "_noop_server.py")]
        with _server(noop, folder / "noop.log") as nothing, _server(ours, folder / "ours.log") as deciding:
            for server in (nothing, deciding):
                _load(wrk, server, key, 0)
            peaks, noops, durables = [], [], []
            for number in range(1, ROUNDS + 1):
                peaks.append(_load(wrk, deciding, key, number).rate)
                noops.append(_paced(nothing, key, SHARE * peaks[-1], number))
                durables.append(_paced(deciding, key, SHARE * peaks[-1], number))
    return [
        ("peak, 64 connections in a closed loop", statistics.median(peaks), "/s", None),
        ("durable at 70 % of it, p50", _median(durables, 50), "ms", None),
        ("durable at 70 % of it, p95", _median(durables, 95), "ms", None),
        ("durable at 70 % of it, p99", _median(durables, 99), "ms", "<= 15"),
        ("no-op server at the same rate, p50", _median(noops, 50), "ms", None),
        ("no-op server at the same rate, p99", _median(noops, 99), "ms", None),
    ]


def _median(rounds: list[list[float]], percentile: int) -> float:
    """Return the median over the rounds of one percentile of each."""
    return statistics.median(statistics.quantiles(taken, n=100)[percentile - 1] for taken in rounds)


def _paced(server: Server, key: str, rate: float, number: int) -> list[float]:
    """Return how long each answer took from the moment its request was due, in milliseconds."""
    rng = random.Random(SEED + number)
    due = 0.0
    requests: list[tuple[float, bytes]] = []
    while due < SECONDS:
        due += rng.expovariate(rate)
        requests.append((due, _request(rng, key, f"p{number}-{len(requests)}")))
    gc.collect()
    gc.disable()  # a collection of ours would count as the server's delay
    try:
        with _on_core(1):
            return asyncio.run(_send_all(server, requests))
    finally:
        gc.enable()


async def _send_all(server: Server, requests: list[tuple[float, bytes]]) -> list[float]:
    address = urlsplit(server.url)
    assert address.hostname is not None
    assert address.port is not None
    free: deque[_Connection] = deque()
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(lambda: _Connection(free, taken), address.hostname, address.port)
        free.append(connection)
    everyone = tuple(free)
    start = time.perf_counter()
    waiting = deque((start + due, request) for due, request in requests)
    while waiting:
        now = time.perf_counter()
        while waiting and waiting[0][0] <= now and free:
            free.popleft().send(*waiting.popleft())
        await asyncio.sleep(0)  # timers are too coarse; this core is the client's own
    async with asyncio.timeout(PATIENCE):
        for connection in everyone:
            await connection.rests.wait()
    if len(taken) < len(requests):
        raise RuntimeError(f"{len(requests) - len(taken)} of {len(requests)} requests were refused or not answered")
    for connection in everyone:
        connection.close()
    return taken


class _Connection(asyncio.Protocol):
    """One connection; it is free again when its answer is there."""

    def __init__(self, free: deque[_Connection], taken: list[float]) -> None:
        self._free = free
        self._taken = taken
        self._due = 0.0
        self._left: int | None = None
        self.rests = asyncio.Event()
        self.rests.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, due: float, request: bytes) -> None:
        """Send a request that was due at a moment of ``time.perf_counter``."""
        self._due, self._left = due, None
        self.rests.clear()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note how long the answer took once all of it is there; a refusal is not an answer."""
        if self._left is None:
            if not data.startswith(b"HTTP/1.1 200"):
                self._rest()
                return
            head, _, body = data.partition(b"\r\n\r\n")
            self._left = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]) - len(body)
        else:
            self._left -= len(data)
        if not self._left:
            self._taken.append((time.perf_counter() - self._due) * 1e3)
            self._rest()

    def _rest(self) -> None:
        self._free.append(self)
        self.rests.set()

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


def _request(rng: random.Random, key: str, name: str) -> bytes:
    """Return another withdrawal, spread like those of ``_withdrawals.lua``."""
    customer, choice = rng.randrange(5000), rng.randrange(5)
    address = f"{customer * 97 + choice:08x}{customer * 7919 + 13:08x}{choice * 104729 + 1:08x}{customer * 31:016x}"
    fiat = rng.randrange(10, 200) if rng.random() < 0.67 else rng.randrange(200, 90000)
    body = (
        f'{{"withdrawal_id":"{name}","initiated_at":"{datetime.now(UTC).isoformat(timespec="seconds")}",'
        f'"customer":{{"id":"c-{customer}","jurisdiction":"{PLACES[customer % 15]}","locale":"en",'
        '"account_opened_at":"2024-03-01T00:00:00Z","age_band":"40-49"},"asset":"USDT","network":"ethereum",'
        f'"amount":"1200.5","fiat_amount":"{fiat}.00","fiat_currency":"USD","destination":{{"address":"0x{address}",'
        '"owner":"other","onchain_age_days":12},"account":{"fiat_balance":"100000"},'
        '"session":{"ip_country":"HK","is_new_device":false}}'
    )
    return (
        f"POST /v1/decisions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="\t")
