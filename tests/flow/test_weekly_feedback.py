"""What officers learn of their reports: a rounded count a week, over real decisions, and nothing about one address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.flow.test_agency_reports import ADDRESS, NOBODY, experienced, make
from tests.support.agencies import Office
from tests.support.world import World
from thinktwice.bootstrap.console import open_console
from thinktwice.cases.feedback import Feedback, WeekCount
from thinktwice.cases.victims import tens
from thinktwice.errors import NotFoundError
from thinktwice.journal.finder import Finder
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person
from thinktwice.settings import load_settings
from thinktwice.watchlist.service import Watchlist

THIS_WEEK = date(2026, 11, 16)


class Exchange(World):
    """Decisions that see what is listed."""

    def __init__(self, folder: Path, watchlist: Watchlist) -> None:
        super().__init__(folder, watchlist=watchlist)
        self.watchlist = watchlist


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def world(office: Office, tmp_path: Path) -> Iterator[Exchange]:
    with Watchlist(office.folder) as watchlist:
        made = Exchange(tmp_path, watchlist)
        yield made
        made.close()


@pytest.fixture
def finder(world: Exchange) -> Iterator[Finder]:
    made = Finder(world.folder / "journal.db", world.folder / "finder.db")
    yield made
    made.close()


def reported(office: Office, *, silent: tuple[int, ...] = ()) -> Person:
    """Have three addresses listed, besides the officer's first."""
    officer = experienced(office, office.agency())
    for number in (1, 2, 3):
        make(office, officer, number, "silent" if number in silent else "warn")
    office.reports.examine(lambda _keys: NOBODY)
    return officer


def paid(world: Exchange, number: int, customers: range) -> set[str]:
    """Let customers pay to an address, as listed by now; returns who did not simply go on."""
    world.watchlist.refresh()
    decided = {
        customer: world.decide(
            withdrawal_id=f"w-{number}-{customer}",
            customer__id=f"c-{customer}",
            destination__address=ADDRESS.format(number),
        )
        for customer in customers
    }
    return {f"c-{customer}" for customer, decision in decided.items() if decision.action != "proceed"}


def counted(office: Office, finder: Finder, officer: Person) -> dict[date, int | None]:
    """Let the week pass, and return what the officer reads."""
    office.now += timedelta(days=4)
    finder.follow()
    feedback = Feedback(office.ledger, lambda: office.now)
    feedback.count(finder)
    return {one.week: one.warned for one in feedback.own(office.officer(str(officer.agency_id)))}


def test_three_reports_together_are_told_as_a_rounded_count(office: Office, world: Exchange, finder: Finder) -> None:
    """Customers who paid to several count once; the week that runs tells nothing."""
    officer = reported(office)
    warned = paid(world, 1, range(14)) | paid(world, 2, range(10, 20)) | paid(world, 3, range(18, 24))
    assert len(warned) >= 15
    weeks = counted(office, finder, officer)
    assert weeks == {THIS_WEEK: 20}
    assert tens(len(warned)) == 20


def test_a_count_never_speaks_of_one_address(office: Office, world: Exchange, finder: Finder) -> None:
    """Thirty customers of one address, and of two, are too few reports; the week stays untold for ever."""
    officer = reported(office)
    paid(world, 1, range(30))
    paid(world, 2, range(30))
    assert counted(office, finder, officer)[THIS_WEEK] is None
    paid(world, 3, range(30))
    again = Feedback(office.ledger, lambda: office.now)
    finder.follow()
    assert again.count(finder) == 0
    assert WeekCount(THIS_WEEK, None) in again.own(office.officer(str(officer.agency_id)))


def test_an_address_that_is_reported_three_times_is_one_address(
    office: Office, world: Exchange, finder: Finder
) -> None:
    """Else an officer would learn of any address how many pay there, by reporting it again and again."""
    officer = experienced(office, office.agency())
    for _ in range(3):
        make(office, officer, 1)
    office.reports.examine(lambda _keys: NOBODY)
    assert len(paid(world, 1, range(30))) == 30
    assert counted(office, finder, officer)[THIS_WEEK] is None


def test_few_customers_are_not_told(office: Office, world: Exchange, finder: Finder) -> None:
    """Nine at most, of three addresses."""
    officer = reported(office)
    for number in (1, 2, 3):
        paid(world, number, range(3 * number, 3 * number + 3))
    assert counted(office, finder, officer)[THIS_WEEK] is None


def test_silent_reports_and_what_was_paid_before_a_listing_do_not_count(
    office: Office, world: Exchange, finder: Finder
) -> None:
    """A silent report changes nothing that anybody sees; a customer warned earlier was not warned by it."""
    world.now = office.now - timedelta(hours=1)
    for number in (1, 2, 3):
        paid(world, number, range(20))
    officer = reported(office, silent=(3,))
    world.now = office.now + timedelta(hours=1)
    for number in (2, 3):
        paid(world, number, range(20, 40))
    assert counted(office, finder, officer)[THIS_WEEK] is None


def test_counts_are_the_own_agencys(office: Office, world: Exchange, finder: Finder) -> None:
    """Another agency reads its own, staff read none here."""
    officer = reported(office)
    for number in (1, 2, 3):
        paid(world, number, range(20))
    assert counted(office, finder, officer)[THIS_WEEK] is not None
    feedback = Feedback(office.ledger, lambda: office.now)
    assert feedback.own(office.officer(office.agency("Other Police"), "o-9")) == ()
    with pytest.raises((NotAllowedError, NotFoundError)):
        feedback.own(office.first)


def test_the_consoles_process_counts_weeks_that_are_over(office: Office, tmp_path: Path) -> None:
    """By itself, soon after it starts; nobody has to ask for it."""
    office.now = datetime.now(UTC) - timedelta(days=10)
    experienced(office, office.agency())
    settings = load_settings(data=tmp_path, console_url="http://localhost:8081")
    deadline = time.monotonic() + 20
    with open_console(settings, TEST_KEYRING):
        while True:
            with office.ledger.reading() as connection:
                rows = connection.execute("SELECT warned FROM report_feedback").fetchall()
            if rows:
                break
            assert time.monotonic() < deadline, "no week was counted within 20 seconds"
            time.sleep(0.05)
    assert set(rows) == {(None,)}
