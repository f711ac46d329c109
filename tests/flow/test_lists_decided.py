"""What a list changes for a withdrawal: block, warn, nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.flow.test_real_lists import EXCHANGES, FORTA, NETWORK_OF, OFAC, _networks, _rows, _tags
from tests.support.shared_data import shared_data
from tests.support.watchlists import Lists
from tests.support.world import SHIPPED, World, policy
from thinktwice.records.decision import Decision
from thinktwice.watchlist.service import Watchlist

UNLISTED = "0x00000000219ab540356cbb839cbe05303d7705fb"


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path / "data")


@pytest.fixture
def world_with(lists: Lists) -> Iterator[Callable[..., World]]:
    """Open worlds over the lists imported so far."""
    worlds: list[World] = []

    def open_world(*policies: Any) -> World:
        watchlist = Watchlist(lists.folder)
        world = World(lists.folder.path, policies or SHIPPED, watchlist=watchlist)
        worlds.append(world)
        return world

    yield open_world
    for world in worlds:
        world.close()


def _visible(world: World, decision: Decision) -> Any:
    """Return the answer without what is new in every answer."""
    answer = msgspec.to_builtins(world.answering.answer(decision))
    for name in ("decision_id", "withdrawal_id"):
        del answer[name]
    if answer["alert"]:
        for name in ("id", "url", "token"):
            del answer["alert"][name]
    return answer


def test_all_sanctioned_addresses_are_blocked(lists: Lists, world_with: Callable[..., World]) -> None:
    """All 654 rows, in the letter case of the list, upper and lower where the chain permits."""
    lists.take(shared_data(OFAC), kind="sanctions")
    world = world_with()
    for number, row in enumerate(_rows(OFAC)):
        network = NETWORK_OF.get(row["ofac_asset_code"], row["ofac_asset_code"])
        spellings = {row["address"]}
        if row["address"].startswith("0x"):
            spellings |= {row["address"].lower(), "0x" + row["address"][2:].upper()}
        for address in spellings:
            decision = world.decide(customer__id=f"c-{number}", network=network, destination__address=address)
            assert decision.action == "block", row
            assert decision.alert is not None
            assert decision.alert.campaign is None, "a neutral text, no campaign"


def test_phishing_addresses_are_warned_outside_every_holdout(lists: Lists, world_with: Callable[..., World]) -> None:
    """All 6,726 rows give a known-bad alert in the words for a new destination, whoever the customer is."""
    lists.take(shared_data(FORTA), kind="scam")
    world = world_with()
    rows = _rows(FORTA)
    assert len(rows) == 6_726
    for number, row in enumerate(rows):
        decision = world.decide(customer__id=f"c-{number % 500}", destination__address=row["address"], fiat_amount="5")
        assert (decision.action, decision.intervention) == ("alert", "confirm"), row
        assert decision.explanation.is_known_bad
        assert (decision.explanation.arm, decision.explanation.campaign) == (None, "hk-joint-anti-scam")


@pytest.mark.parametrize("pack", EXCHANGES)
def test_an_exchange_wallet_answers_like_an_unlisted_address(
    pack: str, lists: Lists, world_with: Callable[..., World]
) -> None:
    """However many customers pay it: services never count across customers."""
    lists.take(shared_data(f"tagpacks/{pack}"))
    crowd = policy(
        "crowd", audience="destination_customers_7d >= 3", holdout=Decimal(0), jurisdictions=("*",), priority=90
    )
    world = world_with(crowd, *SHIPPED)
    for number, tag in enumerate(list(_tags(pack))[:5], 1):
        address = tag["address"]
        network = "bitcoin-cash" if tag["currency"] == "BCH" else min(_networks(address))
        for other in range(5):
            world.decide(customer__id=f"crowd-{other}", network=network, destination__address=address)
        listed = world.decide(customer__id=f"c-{address}", network=network, destination__address=address)
        fresh = f"0x{number:040x}"
        unlisted = world.decide(customer__id=f"c-{address}-2", destination__address=fresh)
        assert listed.explanation.signals["watchlist_disposition"] == "ignore"
        assert listed.explanation.signals["destination_customers_7d"] == 0
        assert listed.explanation.campaign == unlisted.explanation.campaign != "crowd"
    for other in range(5):
        world.decide(customer__id=f"crowd-{other}", destination__address=UNLISTED)
    assert world.decide(customer__id="last", destination__address=UNLISTED).explanation.campaign == "crowd"


@pytest.mark.parametrize("pack", ["mixing_fc2021.yaml", "tornado_cash.yaml", "usdt_blacklist.yaml"])
def test_a_silent_listing_changes_nothing_visible(
    pack: str, lists: Lists, world_with: Callable[..., World], tmp_path: Path
) -> None:
    """The answer to a mixer or a frozen address is that to an unlisted one, in every channel and amount."""
    lists.take(shared_data(f"tagpacks/{pack}"))
    world = world_with()
    plain = World(tmp_path / "plain")
    for number, address in enumerate([tag["address"] for tag in _tags(pack)][:40]):
        network = min(_networks(address))
        for channel, fiat in (("app", "5000"), ("app", "5"), ("api", "5000")):
            asked: dict[str, Any] = {
                "customer__id": f"c-{number}-{channel}-{fiat}",
                "network": network,
                "destination__address": address,
                "channel": channel,
                "fiat_amount": fiat,
            }
            listed, unlisted = world.decide(**asked), plain.decide(**asked)
            assert listed.explanation.signals["watchlist_disposition"] == "silent"
            assert _visible(world, listed) == _visible(plain, unlisted)
            assert listed.facts == unlisted.facts
    plain.close()
