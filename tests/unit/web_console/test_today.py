"""The first page: counted hours, bars, limits that are near, contacts that expire, what was unknown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.support.console import Console, open_console
from tests.support.world import World
from thinktwice.audit.ledger import Ledger
from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.campaigns.limiting import StandingLimit, trip
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import Fault
from thinktwice.interventions.first_answers import FirstAnswers
from thinktwice.journal.finder import Finder
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.web.console.today.chart import HEIGHT, bars
from thinktwice.web.console.today.desk import HOURS, TodayDesk
from thinktwice.web.console.today.pages import AREA


@cache
def shipped(day: date) -> Library:
    return load_library(shipped_packs(), shipped_contacts(), day, CATALOGUE)


class Site:
    """The day's desk over a small world, with a clock and a library that tests set."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.library = shipped(self.world.now.date())
        self.reader = SqliteJournalReader(folder / "journal.db")
        self.finder = Finder(folder / "journal.db", folder / "finder.db")
        self.ledger = Ledger(folder / "control.db", lambda: self.world.now)
        self.folder = folder
        self.wrong: tuple[Fault, ...] = ()

    @property
    def desk(self) -> TodayDesk:
        """A desk that has kept nothing yet."""
        answers = FirstAnswers(self.reader, self.finder, self.ledger.reading, lambda: self.world.now)
        return TodayDesk(
            self.finder,
            self.reader,
            self.ledger,
            lambda: self.library,
            lambda: self.world.now,
            answers.weeks,
            feeds=lambda: self.wrong,
        )

    def console(self) -> Console:
        return open_console(self.folder, [AREA], clock=lambda: self.world.now, desks={TodayDesk: self.desk})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    with closing(made.world), closing(made.reader), closing(made.finder), closing(made.ledger):
        yield made


def test_an_empty_day_says_what_will_be_here(site: Site) -> None:
    """Nothing decided, no list, nobody waiting: the page opens and says so."""
    console = site.console()
    text = console.get("/", console.sign_in("analyst")).text
    for words in ("Nothing was decided in the last 24 hours", "No list was imported yet", "No withdrawal waits"):
        assert words in text
    console.ledger.close()


def test_an_hour_counts_once_and_leaves_after_a_day(site: Site) -> None:
    """Each hour stands by itself, 24 of them, the newest last; a day later it is gone."""
    site.world.decide()
    site.world.pass_time(hours=1)
    held = site.world.decide(withdrawal_id="w-2", customer__id="c-2", channel="api")
    assert held.action == "hold"
    hours = site.desk.hours()
    assert len(hours) == HOURS
    assert [hour.counts["decided"] for hour in hours[-2:]] == [1, 1]
    queue = site.desk.queue()
    assert (queue.waiting, queue.late, queue.second) == (1, 0, 0)
    site.world.pass_time(hours=23)
    assert [hour.counts["decided"] for hour in site.desk.hours()[:2]] == [1, 0]
    site.world.pass_time(hours=1)
    assert sum(hour.counts["decided"] for hour in site.desk.hours()) == 0


def test_a_feed_that_fails_is_told_on_the_first_page(site: Site) -> None:
    """Whoever opens the day sees which feed needs somebody, and why, in their language."""
    console = site.console()
    assert "somebody has to look at" not in console.get("/", console.sign_in("analyst")).text
    site.wrong = (Fault("the file is empty", "police"),)
    console = site.console()
    text = console.get("/", console.sign_in("analyst"), headers={"accept-language": "zh-HK"}).text
    assert "police: 檔案是空的" in text


def test_the_campaigns_are_held_against_what_was_promised(site: Site) -> None:
    """The nearer to its limit the higher it stands; one that has tripped stands first and says so."""
    (policy,) = (one for one in site.library.policies if one.blast_radius)
    site.world.decide()
    site.finder.follow()
    (radius,) = site.desk.radii()
    assert (radius.campaign, radius.triggers, radius.is_near) == (policy.id, 1, False)
    assert replace(radius, triggers=40, allowed=50).is_near
    limit = StandingLimit(
        campaign=policy.id,
        release_hash=policy.release,
        tripped_at=site.world.now,
        triggers=51,
        allowed=50,
        within_minutes=60,
        drops_to="inform",
    )
    assert trip(site.ledger, limit)
    (radius,) = site.desk.radii()
    assert radius.is_near
    assert radius.standing is not None
    assert radius.standing.drops_to == "inform"


def test_contacts_that_expire_within_30_days_are_named_and_others_not(site: Site) -> None:
    """31 days ahead is no matter yet, 30 is, and one that is hidden already stands first."""
    today = site.world.now.date()
    some = next(one for found in site.library.contacts.by_jurisdiction.values() for one in found if one.is_verified)
    kinds = {"later": 31, "due": 30, "gone": -1}
    made = tuple(replace(some, id=name, expires=today + timedelta(days=days)) for name, days in kinds.items())
    unchecked = replace(some, id="unchecked", status="recheck", expires=today)
    library = site.library
    site.library = Library(
        library.packs,
        library.versions,
        library.policies,
        Contacts({"HK": (*made, unchecked)}),
        library.warnings,
        library.contents,
    )
    assert [contact.id for contact in site.desk.expiring()] == ["gone", "due"]


def test_what_was_unknown_is_counted_by_campaign_and_by_signal_that_one_asks(site: Site) -> None:
    """A signal that no audience in force names is no matter; a part is of those who were asked."""
    for number in range(3):
        site.world.decide(withdrawal_id=f"w-{number}", customer__id=f"c-{number}")
    site.finder.follow()
    found = site.desk.unknowns()
    assert found.looked_at == 3
    asked = {name for pack in site.library.packs.values() for name in pack.audience.signals}
    assert {one.name for one in found.signals} <= asked
    assert all(one.times <= one.of == 3 for one in found.signals)


@pytest.mark.parametrize(
    ("counts", "heights"),
    [((), []), ((0, 0), []), ((1, 0, 2), [HEIGHT // 2, HEIGHT]), ((1, 1_000_000), [2, HEIGHT])],
)
def test_the_highest_bar_fills_the_height_and_the_smallest_is_seen(counts: tuple[int, ...], heights: list[int]) -> None:
    """Bars stand on one line, in the order of the hours, and nothing makes no bar."""
    found = bars(counts)
    assert [bar.height for bar in found] == heights
    assert all(bar.y + bar.height == HEIGHT for bar in found)
