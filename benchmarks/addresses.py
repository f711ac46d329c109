"""How long reading a destination takes, cold and cached, for one address of each way of writing."""

from __future__ import annotations

import timeit

from thinktwice.addresses import base58_families, decoding, destinations
from thinktwice.addresses.destinations import decode_everywhere, read_destination
from thinktwice.addresses.networks import NETWORKS

Row = tuple[str, float, str, float | None]

SAMPLES = (
    ("ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    ("bitcoin", "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA"),
    ("bitcoin", "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g"),
    ("bitcoin-cash", "bitcoincash:qrvcdmgpk73zyfd8pmdl9wnuld36zh9n4gms8s0u59"),
    ("tron", "TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p"),
    ("xrp", "rwypvr27pYpzYQyDrFQBjDUhRDkHiecTHo"),
    ("solana", "GjJyeC1r2RgkuoCWMyPYkCWSGSGLcz266EaAkLA27AhL"),
    ("polkadot", "12bzRJfh7arnnfPPUZHeJUaE62QLEwhK48QnH9LXeK2m1iZU"),
    (
        "monero",
        "48ZS3pssZWLZiXwvaiqXQGXjz96yqQAnrcR4WLnxqaQxdSZtV1VvSDNjYDXX12ith56k2jNmsdMzGU4ahuaqjBJL64SfaZ5",
    ),
    (
        "cardano",
        "addr1qy82f98tsgc7wpct6rtf0t6jgf0qg0s2nsrmqyj7q8wdynrzaps0ja8tu5qaglxl5pgcf70try8realspu89340mm3hq6jjmds",
    ),
    ("cosmos", "cosmos1zewfm2c4s6uv5s4rywksqden8dvya4wmqyyvek"),
    ("algorand", "TGKBRNX3LBNAL2I5ZAYSWFJWJ2Y2LRNZF7XXI4VZ5B34ITGWJBWBQ7O4GE"),
    ("filecoin", "f1hqdqidehi276cscqehffoyr7qzxn2foumjpq5zq"),
)
_BUDGETS = {"ethereum": 20.0}
_ROUNDS = 200


def _forget() -> None:
    destinations._read.cache_clear()
    decoding.decode.cache_clear()
    decoding.decode_in_all.cache_clear()
    base58_families._checked.cache_clear()


def _cold(network: str, address: str) -> float:
    spent = 0.0
    for _ in range(_ROUNDS):
        _forget()
        spent += timeit.timeit(lambda: read_destination(NETWORKS[network], address), number=1)
    return spent / _ROUNDS * 1e6


def _everywhere_cold(address: str) -> float:
    spent = 0.0
    for _ in range(_ROUNDS):
        _forget()
        spent += timeit.timeit(lambda: decode_everywhere(address), number=1)
    return spent / _ROUNDS * 1e6


def run() -> list[Row]:
    """Measure; return (name, value, unit, budget), the budget None where there is none."""
    rows: list[Row] = []
    for network, address in SAMPLES:
        name = f"read_destination {network} {address[:5]}…"
        read_destination(NETWORKS[network], address)
        rows.append((f"{name}, cold", _cold(network, address), "µs", _BUDGETS.get(network)))
        read_destination(NETWORKS[network], address)
        seconds = timeit.timeit(lambda n=NETWORKS[network], a=address: read_destination(n, a), number=20_000)  # type: ignore[misc]  # defaults bind the loop's values
        rows.append((f"{name}, cached", seconds / 20_000 * 1e6, "µs", 1.0))
    rows.extend(
        (f"decode_everywhere {address[:5]}…, cold", _everywhere_cold(address), "µs", None) for _, address in SAMPLES[:3]
    )
    return rows


def main() -> None:
    """Print one line a measurement."""
    for name, value, unit, budget in run():
        print(f"{name:<50} {value:8.2f} {unit}" + (f"   (budget {budget:g})" if budget else ""))


if __name__ == "__main__":
    main()
