"""A mule cannot tell by the clock that an address is on a list that stays silent (rule 7).

Method: five accounts probe with tiny amounts. Each pair is one request for a listed address and one for an unlisted
one, both never paid before, from the same account, in an order drawn anew for each pair with a fixed seed, so that
what drifts on the machine meets both alike. Compared are the whole times to an answer as the client sees them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from tests.support.api_server import ApiServer, serve_everything
from tests.support.watchlists import Lists
from tests.support.world import request

PAIRS = 1_500
WARM_UP = 100
ACCOUNTS = 5
LARGEST_SHIFT = 0.05
"""Of the median; far below what a network adds to any one answer."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Serve with a list that stays silent and holds every address of even number."""
    data: Path = tmp_path_factory.mktemp("data")
    path = data / "mixer.csv"
    path.write_text("address,label\n" + "".join(f"{_address(2 * n)},zebra\n" for n in range(PAIRS + WARM_UP)))
    Lists(data).take(path, kind="mixer", source="zebra-list")
    with serve_everything(data) as running:
        yield running


def _address(number: int) -> str:
    return f"0x{random.Random(number).getrandbits(160):040x}"


def _ask(client: httpx.Client, number: int, account: int) -> tuple[float, Any]:
    """Return how long an answer took, in seconds, and its shape."""
    body = request(
        f"w-{number:06}",
        customer__id=f"mule-{account}",
        destination__address=_address(number),
        amount="0.01",
        fiat_amount="0.01",
        initiated_at=datetime.now(UTC).isoformat(),
    )
    started = time.perf_counter()
    answer = client.post("/v1/decisions", json=body)
    seconds = time.perf_counter() - started
    said = answer.json()
    return seconds, (answer.status_code, sorted(answer.headers), said["action"], said["intervention"], said["alert"])


def _disposition(client: httpx.Client, number: int) -> Any:
    """Return what the staff record of another withdrawal to a destination says of it."""
    now = datetime.now(UTC).isoformat()
    body = request(f"check-{number}", initiated_at=now, destination__address=_address(number))
    decision_id = client.post("/v1/decisions", json=body).json()["decision_id"]
    record = client.get(f"/v1/decisions/{decision_id}").json()
    return record["explanation"]["signals"].get("watchlist_disposition")


@pytest.mark.prove
@pytest.mark.quiet
def test_a_silent_address_answers_in_the_same_time_as_an_unlisted_one(server: ApiServer) -> None:
    """The medians differ by less than 5 %; the sample, the effect and the test are printed."""
    order = random.Random(20261122)
    silent, plain = [], []
    with httpx.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        for pair in range(PAIRS + WARM_UP):
            numbers = [2 * pair, 2 * pair + 1]
            order.shuffle(numbers)
            told = {number: _ask(client, number, pair % ACCOUNTS) for number in numbers}
            assert told[2 * pair][1] == told[2 * pair + 1][1]
            if pair >= WARM_UP:
                silent.append(told[2 * pair][0])
                plain.append(told[2 * pair + 1][0])
        assert [_disposition(client, number) for number in (0, 1)] == ["silent", None]
    medians = float(np.median(silent)), float(np.median(plain))
    shift = (medians[0] - medians[1]) / medians[1]
    statistic, p_value = map(float, mannwhitneyu(silent, plain))
    print(
        f"\n{PAIRS} pairs from {ACCOUNTS} accounts, listed silent against unlisted: medians "
        f"{medians[0] * 1e6:.0f} and {medians[1] * 1e6:.0f} microseconds, shift {shift:+.2%}; Mann-Whitney "
        f"P(silent slower) {statistic / PAIRS**2:.3f}, p = {p_value:.3f}"
    )
    assert abs(shift) < LARGEST_SHIFT
    # How often the one is slower than the other, where one half is chance: no probe tells, however many come after it.
    assert abs(statistic / PAIRS**2 - 0.5) < 0.05
