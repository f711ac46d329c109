"""The money has left: the page says so, nothing says that it was stopped, and help and a report stay open."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.hosted import Hosted, hosted
from tests.support.http import ask
from tests.support.world import LOOKALIKE, NEW_DESTINATION, World, policy
from thinktwice.alerts.words import WORDS
from thinktwice.records.decision import Decision

SAID = WORDS["en"]
SENT = SAID.waiting.sent_headline
STOPPED = (SAID.cancelled, SAID.waiting.stopped, SAID.waiting.ended_headline, "does not go on", "still stop")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (policy(holdout=Decimal(0), frequency_cap=None), NEW_DESTINATION, LOOKALIKE))
    yield made
    made.close()


@pytest.fixture
def site(world: World) -> Iterator[Hosted]:
    with hosted(world) as made:
        yield made


def _sent(world: World, site: Hosted, **changes: Any) -> Decision:
    """A customer goes on, and the money leaves."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en", **changes)
    assert site.send(decision, "continued", step="second") == 303
    assert world.clear(decision).is_cleared
    world.complete(decision)
    return decision


def _view(site: Hosted, decision: Decision) -> dict[str, Any]:
    alert = site.world.answering.answer(decision, site.world.now).alert
    assert alert is not None
    view: dict[str, Any] = ask(site.app, "GET", f"/v1/alerts/{alert.id}", key=alert.token).json()
    return view


def _assert_says_sent(html: str) -> None:
    assert SENT in html
    assert 'value="cancelled"' not in html
    assert [said for said in STOPPED if said in html] == []


@pytest.mark.parametrize("hours", [0, 23, 25])
def test_the_page_says_that_the_money_has_left(world: World, site: Hosted, hours: int) -> None:
    """No way to stop it is offered, and it never becomes an invitation to start again; help is a press away."""
    decision = _sent(world, site)
    world.pass_time(hours=hours)
    html = site.page(decision)
    _assert_says_sent(html)
    assert SAID.help.link in html
    assert "start the withdrawal again" not in html
    assert "18222" in html


def test_a_cancel_that_comes_too_late_is_recorded_and_not_confirmed(world: World, site: Hosted) -> None:
    """From a page that was open all the while: the wish is kept as what it is, and stops nothing."""
    decision = _sent(world, site)
    assert site.send(decision, "cancelled") == 303
    _assert_says_sent(site.page(decision))
    assert "cancelled" in _view(site, decision)["events"]
    assert world.clear(decision).status == "expired"


def test_a_report_that_comes_too_late_says_that_nothing_was_stopped(world: World, site: Hosted) -> None:
    """The help page promises no stop; the report is recorded, and the police read that the money had left."""
    decision = _sent(world, site)
    html = site.page(decision, "/help")
    assert SAID.help.tell_sent in html
    assert SAID.help.tell_intro not in html
    assert SAID.help.send_sent.format(operator="Harbour Exchange") in html
    assert site.send(decision, "cancelled") == 303
    assert site.send(decision, "reported", txid="f00d") == 303
    html = site.page(decision)
    assert SAID.reported in html
    assert "has left your account" in html
    assert [said for said in STOPPED if said in html] == []
    report = site.page(decision, "/report.txt")
    for locale in ("en", "zh-Hant"):
        words = WORDS[locale].report_words
        assert f"{words.status}: {words.sent}" in report
        assert words.stopped not in report


def test_who_stopped_and_saw_it_leave_all_the_same_is_told_so(world: World, site: Hosted) -> None:
    """The operator sent it although it was stopped: the page tells what happened, not what was wished."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    site.send(decision, "cancelled")
    assert SAID.cancelled in site.page(decision)
    world.complete(decision)
    _assert_says_sent(site.page(decision))


def test_a_report_by_the_operator_does_not_make_it_stopped(world: World, site: Hosted) -> None:
    """Police told the operator that it was a scam, after the money had left."""
    decision = _sent(world, site)
    world.note("scam.reported", withdrawal_id="w-1", attempt=1, label="scam", source="police")
    html = site.page(decision)
    _assert_says_sent(html)
    assert SAID.help.link in html


def test_the_element_is_told_the_same(world: World, site: Hosted) -> None:
    """No action, no choice to stop, the headline and the way to the help page; a report stays one."""
    decision = _sent(world, site)
    site.send(decision, "cancelled")
    view = _view(site, decision)
    assert (view["alert"]["headline"], view["alert"]["actions"], view["choice"]) == (SENT, None, None)
    assert view["alert"]["exits"]["scammed"] == SAID.help.link
    site.send(decision, "reported")
    assert _view(site, decision)["choice"] == "reported"


def test_an_earlier_attempt_does_not_claim_a_stop_of_money_that_left_with_a_later_one(
    world: World, site: Hosted
) -> None:
    """The page of the first attempt points to the newer message; a cancel there, too late, confirms nothing."""
    first = world.decide(withdrawal_id="w-1", customer__locale="en")
    world.pass_time(minutes=1)
    later = _sent(world, site, attempt=2)
    for _ in range(2):
        html = site.page(first)
        assert SAID.waiting.lapsed_headline in html
        assert [said for said in STOPPED if said in html] == []
        site.send(first, "cancelled")
    _assert_says_sent(site.page(later))
    site.send(first, "reported")
    words = SAID.report_words
    assert f"{words.status}: {words.not_stopped}" in site.page(first, "/report.txt")


def test_stopped_by_staff_still_leads_to_help(world: World, site: Hosted) -> None:
    """Who is told that the withdrawal was stopped may still say that this is a scam."""
    decision = world.decide(withdrawal_id="w-1", customer__locale="en")
    world.note("scam.reported", withdrawal_id="w-1", attempt=1, label="scam", source="police")
    html = site.page(decision)
    assert SAID.waiting.ended_headline in html
    assert SAID.help.link in html
    assert SAID.help.title in site.page(decision, "/help")
