"""The simulated world keeps its promises."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import base58
import msgspec
import pytest
from bip_utils import SegwitBech32Decoder  # type: ignore[import-untyped] # it ships no types

from thinktwice.records.event import OperatorEvent
from thinktwice.records.withdrawal import WithdrawalRequest
from thinktwice.simulation.addresses import checksummed, imitate
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.world import World, make_world

ENDS_AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(Parameters(ends_at=ENDS_AT, customers=400, withdrawals=800, scams=0.05, lookalikes=0.02))


def test_same_parameters_same_history(world: World) -> None:
    """The same seed gives the same bytes, another seed gives others."""
    again = make_world(world.parameters)
    assert list(again.history_jsonl()) == list(world.history_jsonl())
    other = make_world(Parameters(ends_at=ENDS_AT, customers=400, withdrawals=800, seed=7))
    assert list(other.history_jsonl()) != list(world.history_jsonl())


def test_every_line_satisfies_the_contract(world: World) -> None:
    """Every line is a withdrawal or an event as the HTTP contract has it."""
    for body in world.history:
        kind: type | object = OperatorEvent if "type" in body else WithdrawalRequest
        msgspec.convert(body, kind, strict=False)


def test_lines_are_in_time_order_and_end_in_time(world: World) -> None:
    """No line is earlier than the one before it, none is later than the end."""
    times = [body.get("initiated_at") or body["occurred_at"] for body in world.history]
    assert times == sorted(times)
    assert times[-1] <= "2026-11-23T00:00:00Z"


def test_events_follow_their_withdrawals(world: World) -> None:
    """An event about a withdrawal comes after it."""
    seen: set[str] = set()
    for body in world.history:
        if "type" not in body:
            seen.add(body["withdrawal_id"])
        elif "withdrawal_id" in body:
            assert body["withdrawal_id"] in seen


def test_fraud_is_planted_as_told(world: World) -> None:
    """The planted shares are there, and several customers pay the same scam address."""
    counts = Counter(world.truth.values())
    assert 40 <= counts["scam"] <= 60
    assert counts["poisoning"] == 16
    assert counts["sanctioned"] >= 1
    payers: dict[str, set[str]] = {}
    for body in world.history:
        if "type" not in body and world.truth[body["withdrawal_id"]] == "scam":
            payers.setdefault(body["destination"]["address"], set()).add(body["customer"]["id"])
    assert max(map(len, payers.values())) >= 3


def test_addresses_have_right_checksums(world: World) -> None:
    """Every address decodes in its family."""
    addresses = {(body["network"], body["destination"]["address"]) for body in world.history if "type" not in body}
    for network, address in addresses:
        if address.startswith("0x"):
            assert checksummed(address[2:].lower()) == address
        elif network == "bitcoin" and address.startswith("bc1"):
            assert SegwitBech32Decoder.Decode("bc", address)[0] == 0
        else:
            base58.b58decode_check(address)


@pytest.mark.parametrize(
    "address", ["TRkYnCecd6ebcbRLPfy71ZwV2jWTcww9NQ", "0xeDb3D141BeD9098014e8cf74f3274adf96BFd387"]
)
def test_an_imitation_shares_head_and_tail(address: str) -> None:
    """An imitation is another address with the same first six and last two characters."""
    from random import Random

    fake = imitate(Random(1), address)
    assert fake != address
    assert fake[:6].lower() == address[:6].lower()
    assert fake[-2:].lower() == address[-2:].lower()


def test_the_watchlist_says_that_it_is_synthetic(world: World) -> None:
    """Every row of the sample watchlist carries the label."""
    rows = list(csv.DictReader(io.StringIO(world.watchlist_csv())))
    assert rows
    assert all(row["source"] == "synthetic-sample" and "synthetic" in row["label"] for row in rows)
    assert {row["kind"] for row in rows} == {"scam", "sanctions"}
