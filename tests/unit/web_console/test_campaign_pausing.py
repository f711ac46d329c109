"""Shadow, pause and going on, on the pages of campaigns: who is offered what, and what each may lead to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_console import ANN, PACK, CampaignConsole, approved, open_campaigns
from thinktwice.audit.ledger import Actor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CampaignConsole]:
    made = open_campaigns(tmp_path)
    yield made
    made.console.ledger.close()


def test_whoever_may_pause_lets_a_shadow_go_on_as_a_shadow_only(world: CampaignConsole) -> None:
    """An analyst without a second factor pauses and resumes it; it is a shadow as before, and the page says so. To be
    live it needs the permission to release, with a second factor of now.
    """
    release, desk = approved(world), world.room.desk
    desk.go_live(Actor("staff", "acc_bea"), release.id, is_shadow=True)
    analyst = world.console.sign_in("analyst", account_id="acc_cyd", second_factor_at=None)
    assert world.console.post(f"/campaigns/{PACK}/pause", {}, analyst).status_code == 303
    answer = world.console.post(f"/campaigns/{PACK}/resumption", {}, analyst)
    assert answer.headers["location"] == f"/campaigns/{PACK}?said=campaign-resumed"
    assert world.room.line(PACK).state == "shadow"
    assert world.console.entries()[-1] == ("acc_cyd", "campaign.resume", PACK, "done")
    own = f"/campaigns/{PACK}/releases/{release.id}/beginning"
    assert world.console.post(own, {"as": "live"}, analyst).status_code == 403
    stale = world.console.sign_in("approver", account_id="acc_bea", second_factor_at=None)
    assert "/confirm" in world.console.post(own, {"as": "live"}, stale).headers["location"]
    assert world.room.line(PACK).state == "shadow"
    fresh = world.console.sign_in("approver", account_id="acc_bea")
    assert world.console.post(own, {"as": "live"}, fresh).status_code == 303
    assert world.room.line(PACK).state == "live"


def test_the_page_of_a_shadow_says_why_it_cannot_be_live(world: CampaignConsole) -> None:
    """Instead of the button stand the reasons; while it is as it was approved, the button."""
    release, desk = approved(world), world.room.desk
    desk.go_live(Actor("staff", "acc_bea"), release.id, is_shadow=True)
    secret = world.console.sign_in("approver", account_id="acc_bea")
    own = f"/campaigns/{PACK}/releases/{release.id}"
    assert 'value="live">Put it live' in world.console.get(own, secret).text
    with world.console.ledger.act(ANN, "test.withdraw", "campaign", PACK) as act:
        act.connection.execute("UPDATE campaign_approval SET withdrawn_at = approved_at")
    for is_paused in (False, True):
        if is_paused:
            desk.pause(ANN, PACK, "")
        page = world.console.get(own, secret).text
        assert "It cannot begin now:" in page
        assert "the approval of operator does not stand: withdrawn" in page
        assert 'value="live">Put it live' not in page


def test_going_on_is_offered_to_whoever_may_and_an_author_is_told_who(world: CampaignConsole) -> None:
    """An author may pause, because that protects, and is told beforehand that letting it go on is for others."""
    release = approved(world)
    world.room.desk.go_live(Actor("staff", "acc_bea"), release.id)
    ann = world.console.sign_in("author", account_id=ANN.id)
    other = world.console.sign_in("analyst", account_id="acc_cyd", second_factor_at=None)
    page = f"/campaigns/{PACK}"
    told = "You wrote some of it, so somebody else lets it go on"
    click = "it can go on with one click"
    assert (told in world.console.get(page, ann).text, click in world.console.get(page, ann).text) == (True, False)
    assert (told in world.console.get(page, other).text, click in world.console.get(page, other).text) == (False, True)
    assert world.console.post(f"{page}/pause", {}, ann).status_code == 303
    shown = world.console.get(page, ann).text
    assert told in shown
    assert "Author, Approver, Analyst, Compliance" in shown
    assert "Resume this campaign" not in shown
    assert world.console.post(f"{page}/resumption", {}, ann).status_code == 403
    assert "Resume this campaign" in world.console.get(page, other).text
    assert world.console.post(f"{page}/resumption", {}, other).status_code == 303


@pytest.mark.parametrize("is_shadow", [False, True])
def test_the_page_says_as_what_it_goes_on(world: CampaignConsole, is_shadow: bool) -> None:
    """A shadow warns nobody, before the pause or after."""
    release = approved(world)
    world.room.desk.go_live(Actor("staff", "acc_bea"), release.id, is_shadow=is_shadow)
    world.room.desk.pause(ANN, PACK, "")
    page = world.console.get(f"/campaigns/{PACK}", world.console.sign_in("analyst", account_id="acc_cyd")).text
    assert ("Customers are warned by it again" in page) == (not is_shadow)
    assert ("It runs as a shadow again" in page) == is_shadow
