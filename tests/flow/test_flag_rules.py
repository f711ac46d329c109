"""Who has to agree to a reported address, judged over the real journal, the real lists and the real examination."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flow.test_agency_reports import ADDRESS, experienced, make
from tests.support.agencies import Office
from tests.support.watchlists import Lists
from tests.support.world import World
from thinktwice.bootstrap.examining import examining
from thinktwice.cases.reported import MOST_CUSTOMERS
from thinktwice.journal.finder import Finder
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.service import Watchlist

MANY, FEW, LONG_AGO, SERVICE, ALLOWED, UNKNOWN, TESTED = range(1, 8)
BOTH, OPERATOR, NOBODY = {"second_officer", "operator"}, {"operator"}, set[str]()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.now = datetime.now(UTC)
    yield made
    made.close()


def pay(world: World, number: int, customers: int, *, is_test: bool = False) -> None:
    for customer in range(customers):
        world.decide(
            withdrawal_id=f"w-{number}-{customer}",
            customer__id=f"c-{number}-{customer}",
            destination__address=ADDRESS.format(number),
            initiated_at=world.now.isoformat(),
            is_test=is_test,
        )


@pytest.fixture
def history(office: Office, tmp_path: Path) -> None:
    """Customers who paid lately, long ago, or as a test; a service, and an address that is vouched for."""
    with closing(World(tmp_path)) as world:
        world.now = office.now - timedelta(days=31)
        pay(world, LONG_AGO, MOST_CUSTOMERS + 1)
        world.now = office.now - timedelta(days=1)
        pay(world, MANY, MOST_CUSTOMERS + 1)
        pay(world, FEW, MOST_CUSTOMERS)
        pay(world, TESTED, MOST_CUSTOMERS + 1, is_test=True)
    lists, file = Lists(tmp_path), tmp_path / "services.txt"
    file.write_text(ADDRESS.format(SERVICE) + "\n")
    lists.take(file, kind="service", source="exchange-wallets", family="evm", now=office.now)
    lists.allow((f"evm:{ADDRESS.format(ALLOWED)}",))


def disposition(folder: Path, number: int, now: datetime) -> str | None:
    with Watchlist(DataFolder(folder)) as watchlist:
        watchlist.refresh()
        listing = watchlist.snapshot().find((f"evm:{ADDRESS.format(number)}",), None, now)
    return listing.disposition if listing else None


@pytest.mark.usefixtures("history")
def test_reach_services_and_allowed_destinations_are_judged_by_what_is_really_known(
    office: Office, tmp_path: Path
) -> None:
    """21 customers in 30 days want two officers and the operator, 20 nobody; a service or allowed one the operator."""
    officer = experienced(office, office.agency())
    reports = {number: make(office, officer, number) for number in range(1, 8)}
    folder = DataFolder(tmp_path)
    with (
        closing(Finder(folder.journal, folder.finder)) as finder,
        examining(folder, office.ledger, office.sealing, finder) as examined,
    ):
        deadline = time.monotonic() + 20
        while any("unexamined" in one.needs for one in examined.waiting(office.first)):
            assert time.monotonic() < deadline, "not examined within 20 seconds"
            time.sleep(0.05)
    waiting = {one.id: set(one.needs) for one in office.reports.waiting(office.first)}
    assert {number: waiting.get(report, NOBODY) for number, report in reports.items()} == {
        **dict.fromkeys((FEW, LONG_AGO, UNKNOWN, TESTED), NOBODY),
        **dict.fromkeys((SERVICE, ALLOWED), OPERATOR),
        MANY: BOTH,
    }
    soon = datetime.now(UTC)
    listed = {number: disposition(tmp_path, number, soon) for number in reports}
    assert {number for number, what in listed.items() if what == "warn"} == {FEW, LONG_AGO, UNKNOWN, TESTED}
    assert {one.state for one in office.reports.own(officer)} == {"received"}
    second = office.officer(str(officer.agency_id), "o-2")
    office.reports.co_sign(second, reports[MANY])
    assert disposition(tmp_path, MANY, soon) is None
    office.reports.decide(office.first, reports[MANY], is_accepted=True, reason="looked at every payment")
    assert disposition(tmp_path, MANY, soon) == "warn"
    office.reports.decide(office.first, reports[ALLOWED], is_accepted=True, reason="by mistake")
    assert disposition(tmp_path, ALLOWED, soon) == "ignore"
    office.reports.retract(officer, reports[MANY])
    assert disposition(tmp_path, MANY, soon) is None
    assert disposition(tmp_path, FEW, soon + timedelta(days=91)) is None
