"""What a process that starts recalls of the triggers before it: each recorded decision once, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.watchlists import Lists
from tests.support.world import World, policy, request
from thinktwice.bootstrap.bounding import LimiterMetrics, recall
from thinktwice.decisions.asks import Decide, Note
from thinktwice.decisions.limiter import Limiter
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.campaign import BlastRadius, CampaignPolicy
from thinktwice.watchlist.service import Watchlist

LISTED = "0x00000000219ab540356cbb839cbe05303d7705fb"
HK = replace(
    policy("hk"),
    holdout=policy("hk").holdout * 0,
    expected_daily_triggers=24,
    blast_radius=BlastRadius(3, 60, "inform"),
    frequency_cap=None,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (HK,))
    made.service._limiter = Limiter()
    yield made
    made.close()


def recalled(
    world: World, policies: Mapping[str, CampaignPolicy] | None = None, lifted: Mapping[str, datetime] | None = None
) -> Limiter:
    """The limiter of a process that starts now on the same data."""
    limiter, reader = Limiter(), SqliteJournalReader(world.folder / "journal.db")
    recall(limiter, reader, world.campaigns.bounded if policies is None else policies, lifted or {})
    reader.close()
    return limiter


def triggers(limiter: Limiter, world: World) -> int:
    return limiter.gauges([HK], world.now)[0].triggers


def decide(world: World, count: int, name: str = "c", **changes: Any) -> None:
    for number in range(count):
        world.decide(customer__id=f"{name}-{number}", **changes)


def test_each_recorded_trigger_counts_once(world: World) -> None:
    """Repeats of a call, test traffic, withdrawals that trigger nothing and events count nothing; the window slides."""
    decide(world, 1, "old")
    world.pass_time(minutes=61)
    decide(world, 2)
    found = world.decide(withdrawal_id="w-again", customer__id="again", initiated_at=world.now.isoformat())
    again = world.decide(withdrawal_id="w-again", customer__id="again", initiated_at=world.now.isoformat())
    assert again == found
    decide(world, 5, "t", is_test=True)
    decide(world, 5, "small", fiat_amount="1.00")
    world.complete(found)
    assert triggers(recalled(world), world) == 3
    assert recalled(world).limited() == ()


def test_a_limit_that_was_not_written_down_stands_again(world: World) -> None:
    """Tripped, and the process ended at once: it trips again from the same decisions."""
    decide(world, 4)
    limiter = recalled(world)
    assert limiter.limited() == ("hk",)
    assert [limit.triggers for limit in limiter.take_untold()] == [4]


def test_what_staff_lifted_and_what_another_release_counted_is_not_counted_again(world: World) -> None:
    """It counts afresh from there."""
    decide(world, 4)
    lifted = {"hk": world.now}
    world.pass_time(minutes=1)
    decide(world, 1, "after")
    assert triggers(recalled(world, lifted=lifted), world) == 1
    other = {"hk": replace(HK, release="another")}
    assert recalled(world, other).gauges(other.values(), world.now)[0].triggers == 0


def test_known_bad_is_not_counted(tmp_path: Path) -> None:
    """It is warned whatever stands, and trips nothing."""
    listed = tmp_path / "list.csv"
    listed.write_text(f"address\n{LISTED}\n")
    lists = Lists(tmp_path / "world")
    lists.take(listed, kind="scam", source="list", confidence=90)
    watchlist = Watchlist(lists.folder)
    watchlist.refresh()
    world = World(tmp_path / "world", (HK,), watchlist=watchlist)
    world.service._limiter = Limiter()
    found = [world.decide(customer__id=f"c-{number}", destination__address=LISTED) for number in range(5)]
    assert all(one.explanation.is_known_bad and one.explanation.is_trigger for one in found)
    assert triggers(recalled(world), world) == 0
    world.close()
    watchlist.close()


def test_a_batch_that_was_rolled_back_counts_its_customers_once(world: World) -> None:
    """One item meets a defect, so the batch is undone and each of its items goes alone."""
    first = world.decide()
    done = {"event_id": "e", "type": "withdrawal.completed", "occurred_at": world.now.isoformat()}
    event = world.events.event(json.dumps(done | {"withdrawal_id": first.withdrawal_id}).encode(), now=world.now)
    new = Decide(world.intake.withdrawal(json.dumps(request("w-x", customer__id="x")).encode(), now=world.now))
    world.service.handle([new, Note(replace(event, label="\ud800"))])
    limiter = world.service._limiter
    assert limiter is not None
    assert triggers(limiter, world) == triggers(recalled(world), world) == 2


def test_the_gauges_are_told(world: World) -> None:
    """One line a campaign: how many, how many are allowed, and whether it is limited."""
    decide(world, 4)
    limiter = recalled(world)
    metrics = LimiterMetrics(limiter, lambda: world.campaigns.bounded, lambda: world.now + timedelta(minutes=1))
    told = {family.name: [(one.labels, one.value) for one in family.samples] for family in metrics.collect()}
    assert told == {
        "thinktwice_campaign_triggers": [({"campaign": "hk"}, 4)],
        "thinktwice_campaign_triggers_allowed": [({"campaign": "hk"}, 3)],
        "thinktwice_campaign_limited": [({"campaign": "hk"}, 1)],
    }
