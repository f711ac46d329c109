"""How long the search for an imitated address takes among 500 anchors, beside a bare scan of strings."""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable
from datetime import UTC, datetime

from thinktwice.addresses.destinations import read_destination
from thinktwice.addresses.lookalike import Anchor, AnchorIndex, find_lookalike
from thinktwice.addresses.networks import NETWORKS
from thinktwice.signals.state import HOUR, micros

Row = tuple[str, float, str, float | None]
ANCHORS = 500
_FIRST = micros(datetime(2025, 1, 1, tzinfo=UTC))


def _address(source: random.Random) -> str:
    return f"0x{source.randrange(16**40):040x}"


def _anchors(source: random.Random) -> list[Anchor]:
    found = []
    for hour in range(ANCHORS):
        known = read_destination(NETWORKS["ethereum"], _address(source))
        found.append(Anchor(known.match_key, "evm", known.address, _FIRST + hour * HOUR, "paid"))
    return found


def _microseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the best mean of five runs, in microseconds: the least disturbed one."""
    return min(timeit.repeat(work, number=rounds, repeat=5)) / rounds * 1e6


def run() -> list[Row]:
    """Measure; return (name, value, unit, budget), the budget None where there is none."""
    source = random.Random(8841)  # the same addresses in every run
    anchors = _anchors(source)
    strangers = [read_destination(NETWORKS["ethereum"], _address(source)) for _ in range(200)]
    genuine = anchors[250].address
    fake = read_destination(NETWORKS["ethereum"], genuine[:6] + _address(source)[6:-4] + genuine[-4:])
    index = AnchorIndex(anchors)
    texts = [anchor.match_key.removeprefix("evm:") for anchor in anchors]

    def scan() -> None:
        for stranger in strangers:
            text = stranger.match_key.removeprefix("evm:")
            for known in texts:
                if known[:5] == text[:5] and known[-3:] == text[-3:]:
                    raise AssertionError(known)

    plain = _microseconds(scan, 5) / len(strangers)
    uncached = _microseconds(lambda: [find_lookalike(d, anchors) for d in strangers], 5) / len(strangers)
    hit = _microseconds(lambda: find_lookalike(fake, anchors), 1000)
    cached = _microseconds(lambda: [index.find(d) for d in strangers], 50) / len(strangers)
    build = _microseconds(lambda: AnchorIndex(anchors), 50)
    return [
        ("lookalike, 500 anchors, plain slice scan", plain, "µs", None),
        ("lookalike, 500 anchors, uncached, no match", uncached, "µs", 60.0),
        ("lookalike, 500 anchors, uncached, match", hit, "µs", 60.0),
        ("lookalike, 500 anchors, uncached ÷ plain scan", uncached / plain, "×", None),
        ("lookalike, 500 anchors, cached", cached, "µs", 1.0),
        ("lookalike, 500 anchors, building the index", build, "µs", None),
    ]


def main() -> None:
    """Print one line a measurement."""
    for name, value, unit, budget in run():
        print(f"{name:<50} {value:8.2f} {unit}" + (f"   (budget {budget:g})" if budget else ""))


if __name__ == "__main__":
    main()
