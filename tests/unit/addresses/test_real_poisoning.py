"""Real thefts by look-alike addresses: all are recognised, and services are hardly ever taken for one."""

from __future__ import annotations

import random

import pytest

from tests.support.binomial import upper_limit
from tests.support.poisoning import anchor, destination, rows, thefts
from thinktwice.addresses.lookalike import AnchorIndex, find_lookalike

BUDGET = 1 / 10_000


def test_every_theft_on_bsc_is_recognised_and_named() -> None:
    """In 4,895 of 4,895 payoffs the address paid is recognised as the look-alike of the one meant."""
    found = thefts()
    assert len(found) == 4_895
    for theft in found:
        genuine = anchor(theft["intended_addr"], "bsc")
        suspect = destination(theft["topics_to_addr"], "bsc")
        assert find_lookalike(suspect, [genuine]) == genuine
        assert AnchorIndex([genuine]).find(suspect) == genuine


def test_the_genuine_address_is_never_the_look_alike() -> None:
    """Known first, the address that victims meant is not suspect, even after the fake became known too."""
    for theft in thefts():
        genuine, fake = anchor(theft["intended_addr"], "bsc"), anchor(theft["topics_to_addr"], "bsc", day=1)
        assert find_lookalike(destination(theft["intended_addr"], "bsc"), [genuine, fake]) is None


def test_one_victims_timeline() -> None:
    """With the victim's 70 addresses known, all 97 poisonings are recognised and named, no intended payment is."""
    timeline = rows("address_poisoning/victim_timeline_ethereum.csv")
    meant = dict.fromkeys(destination(row["intended_addr"]).match_key for row in timeline)
    anchors = [anchor(key.removeprefix("evm:")) for key in meant]
    assert len(anchors) == 70
    poisoned, fakes = 0, set()
    for row in timeline:
        suspect = destination(row["topics_to_addr"])
        imitated = find_lookalike(suspect, anchors)
        if row["intended_transfer"] == "true":
            assert imitated is None
            continue
        assert imitated is not None
        assert imitated.match_key == destination(row["intended_addr"]).match_key
        poisoned += 1
        fakes.add(suspect.match_key)
    assert (poisoned, len(fakes), len(timeline) - poisoned) == (97, 76, 103)


def test_labelled_transfers_agree() -> None:
    """In all 100 hand-validated poisonings the planted address, sender or receiver, is recognised."""
    found = rows("address_poisoning/labelled_transfers_ethereum_address.csv")
    assert len(found) == 100
    for row in found:
        planted = row["topics_to_addr"] if row["is_sender_victim"] == "t" else row["topics_from_addr"]
        genuine = anchor(row["intended_addr"])
        assert find_lookalike(destination(planted), [genuine]) == genuine


def false_alarms(size: int, draws: int) -> tuple[int, int]:
    """Count services taken for look-alikes of so many randomly drawn genuine addresses, and how often we asked."""
    genuine = sorted({theft["intended_addr"] for theft in thefts()})
    services = [destination(row["address"]) for row in rows("addresses/etherscan_service_labels_eth.csv.gz")]
    assert len(services) == 19_612
    source = random.Random(size)
    alarms = 0
    for _ in range(draws):
        index = AnchorIndex([anchor(text) for text in source.sample(genuine, size)])
        alarms += sum(index.find(service) is not None for service in services)
    return alarms, draws * len(services)


@pytest.mark.parametrize("size", [1, 10, 100, 500])
def test_services_are_hardly_ever_taken_for_look_alikes(size: int) -> None:
    """Whatever the number of known addresses, the 95 % upper limit of false alarms is within 1 in 10,000."""
    assert upper_limit(*false_alarms(size, draws=10)) <= BUDGET


@pytest.mark.prove
@pytest.mark.parametrize("size", [1, 10, 100, 500])
def test_services_are_hardly_ever_taken_for_look_alikes_in_many_draws(size: int) -> None:
    """The same with fifty draws of known addresses."""
    assert upper_limit(*false_alarms(size, draws=50)) <= BUDGET


def test_the_limit_is_the_exact_one() -> None:
    """Without events in 100 trials the limit solves (1 - p)^100 = 0.05; with events it is the textbook's."""
    assert upper_limit(0, 100) == pytest.approx(1 - 0.05**0.01, rel=1e-9)
    assert upper_limit(2, 10) == pytest.approx(0.5069, abs=1e-4)
