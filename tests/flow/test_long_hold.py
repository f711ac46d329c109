"""A hold of three days: the customer opens its page every day through the operator's app, and the page says what
stands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.hosted import Hosted, hosted
from tests.support.staff import Staff
from tests.support.watchlists import Lists
from tests.support.world import LOOKALIKE, NEW_DESTINATION, World, policy, request
from thinktwice.alerts.words import WORDS
from thinktwice.errors import NotFoundError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.campaign import HoldRule
from thinktwice.records.decision import Decision
from thinktwice.watchlist.service import Watchlist

SAID = WORDS["en"].waiting
THREE_DAYS = HoldRule(72, "terms-7.3", 72, "in_app")
HOLDING = policy(intervention="hold", holdout=Decimal(0), hold=THREE_DAYS, frequency_cap=None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (HOLDING, NEW_DESTINATION, LOOKALIKE))
    yield made
    made.close()


@pytest.fixture
def site(world: World) -> Iterator[Hosted]:
    with hosted(world) as made:
        yield made


def _held(world: World, **changes: Any) -> Decision:
    decision = world.decide(customer__locale="en", **changes)
    assert decision.action == "hold"
    return decision


def test_the_page_opens_on_every_day_of_a_long_hold(world: World, site: Hosted) -> None:
    """Each day the app asks again; a link from the day before opens nothing, a fresh one shows the hold and its end."""
    decision = _held(world)
    kept = site.link(decision)
    for hours in (0, 13, 25, 49, 71):
        world.now = decision.decided_at
        world.pass_time(hours=hours)
        html = site.page(decision)
        assert SAID.hold_headline in html
        assert "23 November 2026, 20:00 (Hong Kong Time)" in html
        assert SAID.cancel in html
        assert SAID.appeal in html
        if hours > 24:
            old = site.open(kept)
            assert old.status_code == 404
            assert SAID.hold_headline not in old.text
            assert site.open(site.link(decision) + "/signs").status_code == 200


@pytest.mark.parametrize("choice", ["appeal", "cancelled", "reported"])
def test_what_a_customer_asks_on_the_third_day_is_recorded(world: World, site: Hosted, choice: str) -> None:
    """Appeal, cancel and report work by a fresh link as they did by the first, and count once."""
    decision = _held(world)
    world.pass_time(hours=50)
    sent = {"choice": "help", "about": "appeal"} if choice == "appeal" else {"choice": choice}
    assert site.send(decision, **sent) == 303
    html = site.page(decision)
    title = {"appeal": SAID.appeal_done, "cancelled": WORDS["en"].cancelled, "reported": WORDS["en"].reported}[choice]
    assert title in html
    assert world.clear(decision).status == ("held" if choice == "appeal" else "cancelled")
    assert decision.alert is not None
    with closing(SqliteJournalReader(world.folder / "journal.db")) as reader:
        types = [record.event_type for record in reader.alert_events(decision.alert.alert_id)]
    assert types.count(sent["choice"]) == 1


def test_the_operators_server_gets_a_fresh_link_in_two_ways(world: World, site: Hosted) -> None:
    """Asking for the answer, and repeating the decision with the same body: the same bytes, and a link that opens."""
    body = json.dumps(request("w-long", initiated_at=world.now.isoformat(), customer__locale="en")).encode()
    first = msgspec.json.decode(asyncio.run(site.desk.decide(body, is_test=False)))
    world.pass_time(hours=60)
    repeated = asyncio.run(site.desk.decide(body, is_test=False))
    asked = asyncio.run(site.desk.answer(first["decision_id"], is_test=False))
    assert repeated == asked
    again = msgspec.json.decode(asked)
    assert again["alert"]["token"] != first["alert"]["token"]
    assert again["hold"] == first["hold"]
    assert again["decision_id"] == first["decision_id"]
    assert site.open(f"/alerts/{first['alert']['token']}").status_code == 404
    assert SAID.hold_headline in site.open(f"/alerts/{again['alert']['token']}").text
    for decision_id, is_test in ((first["decision_id"], True), ("d-unknown", False)):
        with pytest.raises(NotFoundError):
            asyncio.run(site.desk.answer(decision_id, is_test=is_test))


def test_a_fresh_link_to_an_open_alert_opens_no_way_on(tmp_path: Path) -> None:
    """After a day the page says that the request no longer counts, and going on is neither offered nor taken."""
    world = World(tmp_path, (policy(holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE))
    with hosted(world) as site:
        decision = world.decide(customer__locale="en")
        assert "/continue" in site.page(decision)
        world.pass_time(hours=24)
        html = site.page(decision)
        assert SAID.lapsed_headline in html
        assert "/continue" not in html
        assert site.send(decision, "continued", step="second") == 303
        assert not world.clear(decision).is_cleared
        assert WORDS["en"].continued not in site.page(decision)
        assert site.send(decision, "cancelled") == 303
        assert WORDS["en"].cancelled in site.page(decision)
    world.close()


def test_the_page_says_that_the_wait_is_over(world: World, site: Hosted) -> None:
    """Nothing was sent; start again; no call or appeal is offered any more, and stopping still is."""
    decision = _held(world)
    world.pass_time(hours=72)
    html = site.page(decision)
    assert SAID.over_headline in html
    assert "start the withdrawal again" in html
    assert SAID.appeal not in html
    assert SAID.cancel in html


def test_the_page_says_that_staff_ended_the_wait(world: World, site: Hosted) -> None:
    """Only after the second person: somebody has looked at it, and the customer can start again; every attempt at this
    destination says so."""
    first = _held(world, withdrawal_id="w-1")
    second = _held(world, withdrawal_id="w-2", amount="4000", fiat_amount="4001")
    staff = Staff(world)
    world.pass_time(hours=2)
    staff.act("An Li", "release", first)
    assert SAID.hold_headline in site.page(first)
    staff.act("Bo Chan", "release", first)
    for decision in (first, second):
        html = site.page(decision)
        assert SAID.released_headline in html
        assert "One of us has looked at this" in html
        assert SAID.hold_headline not in html
    chinese = site.open(site.link(first) + "?locale=zh-Hant").text
    assert WORDS["zh-Hant"].waiting.released_headline in chinese


def test_the_page_says_that_staff_stopped_it(world: World, site: Hosted) -> None:
    """Nothing is left to choose, and the money is where it was."""
    decision = _held(world)
    Staff(world).act("An Li", "cancel", decision)
    html = site.page(decision)
    assert SAID.ended_headline in html
    assert SAID.cancel not in html
    assert SAID.appeal not in html


def test_a_page_of_an_earlier_attempt_says_so(world: World, site: Hosted) -> None:
    """The newer attempt carries the hold; this one no longer counts."""
    first = _held(world, withdrawal_id="w-1")
    assert world.decide(withdrawal_id="w-1", attempt=2, customer__locale="en").action == "hold"
    html = site.page(first)
    assert SAID.lapsed_headline in html
    assert SAID.appeal not in html
    world.pass_time(hours=73)
    assert SAID.lapsed_headline in site.page(first)


def test_an_open_alert_turns_into_the_hold_that_came_since(tmp_path: Path) -> None:
    """Another attempt raised one at this destination: the earlier page waits too, also after the customer went on."""
    world = World(tmp_path, (policy(holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE))
    with hosted(world) as site:
        asked, gone_on = (world.decide(customer__locale="en") for _ in range(2))
        world.claim(gone_on, "continued")
        assert world.clear(gone_on).is_cleared
        assert world.decide(channel="api").action == "hold"
        for decision in (asked, gone_on):
            html = site.page(decision)
            assert SAID.hold_headline in html
            assert "/continue" not in html
            assert world.clear(decision).status == "held"
    world.close()


def test_a_page_turns_neutral_once_the_destination_is_blocked(tmp_path: Path) -> None:
    """A listing that came after the alert: the page is that of any block, with no story, number or way on."""
    lists = Lists(tmp_path / "data")
    watchlist = Watchlist(lists.folder)
    world = World(lists.folder.path, (policy(holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE), watchlist=watchlist)
    with hosted(world, watchlist) as site:
        decision = world.decide(customer__locale="en")
        assert "/continue" in site.page(decision)
        listed = tmp_path / "sanctions.csv"
        listed.write_text(f"address\n{decision.facts.address}\n", "utf-8")
        lists.take(listed, kind="sanctions", source="test", family="evm")
        watchlist.refresh()
        assert world.clear(decision).status == "blocked"
        html = site.page(decision)
        assert SAID.block_headline in html
        assert "18222" not in html
        assert SAID.cancel not in html
    world.close()
    watchlist.close()


def test_who_went_on_is_told_once_the_destination_is_listed_as_a_scam(tmp_path: Path) -> None:
    """What was cleared before the listing is screened again, and the page says so instead of that they went on."""
    lists = Lists(tmp_path / "data")
    watchlist = Watchlist(lists.folder)
    world = World(lists.folder.path, (policy(holdout=Decimal(0)), NEW_DESTINATION, LOOKALIKE), watchlist=watchlist)
    with hosted(world, watchlist) as site:
        decision = world.decide(customer__locale="en")
        world.claim(decision, "continued")
        listed = tmp_path / "scams.csv"
        listed.write_text(f"address\n{decision.facts.address}\n", "utf-8")
        lists.take(listed, kind="scam", source="test", family="evm")
        watchlist.refresh()
        assert world.clear(decision).status == "expired"
        html = site.page(decision)
        assert SAID.lapsed_headline in html
        assert WORDS["en"].continued not in html
    world.close()
    watchlist.close()
