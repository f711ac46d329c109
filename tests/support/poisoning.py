"""Addresses as customers met them: short ways to anchors and destinations, and the published thefts."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime

from tests.support.shared_data import shared_data
from thinktwice.addresses.destinations import read_destination
from thinktwice.addresses.lookalike import Anchor
from thinktwice.addresses.networks import NETWORKS
from thinktwice.records.withdrawal import Destination
from thinktwice.signals.state import DAY, micros

FIRST_DAY = micros(datetime(2025, 1, 1, tzinfo=UTC))


def destination(address: str, network: str = "ethereum") -> Destination:
    """Read an address on a network."""
    return read_destination(NETWORKS[network], address)


def anchor(address: str, network: str = "ethereum", day: int = 0) -> Anchor:
    """Make an anchor that was paid first so many days after ``FIRST_DAY``."""
    known = destination(address, network)
    return Anchor(known.match_key, known.family, known.address, FIRST_DAY + day * DAY, "paid")


def rows(name: str) -> list[dict[str, str]]:
    """Read one CSV file of the shared data, compressed or not."""
    raw = shared_data(name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"))))


def thefts() -> list[dict[str, str]]:
    """Return the confirmed payoff transfers on BSC."""
    return rows("address_poisoning/payoff_transfers_bsc.csv.gz")
