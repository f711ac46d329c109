"""Addresses that officers report: listed when they may be, and no answer to whoever probes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.agencies import Office
from thinktwice.cases.reported import MOST_CUSTOMERS, Standing, needs_of
from thinktwice.errors import InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person
from thinktwice.watchlist.service import Watchlist

ADDRESS = "0x25f5aa11bb22cc33dd44ee55ff6600778899b0{:02x}"
NOBODY = Standing(is_service=False, is_allowed=False, customers_30d=0)
SERVICE = Standing(is_service=True, is_allowed=False, customers_30d=0)
ALLOWED = Standing(is_service=False, is_allowed=True, customers_30d=0)
MANY = Standing(is_service=False, is_allowed=False, customers_30d=MOST_CUSTOMERS + 1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def make(office: Office, officer: Person, number: int, handling: str = "warn") -> str:
    return office.reports.report(
        officer,
        network="ethereum",
        address=ADDRESS.format(number),
        handling=handling,
        reason="three victims paid to it this week",
    )


def disposition(office: Office, number: int) -> str | None:
    with Watchlist(office.folder) as watchlist:
        watchlist.refresh()
        listing = watchlist.snapshot().find((f"evm:{ADDRESS.format(number)}",), None, office.now)
    return listing.disposition if listing else None


def experienced(office: Office, agency: str) -> Person:
    """Return an officer whose first report was accepted by two officers and the operator."""
    officer, second = office.officer(agency), office.officer(agency, "o-2")
    first = make(office, officer, 0)
    office.reports.examine(lambda _keys: NOBODY)
    office.reports.co_sign(second, first)
    assert disposition(office, 0) is None
    office.reports.decide(office.first, first, is_accepted=True)
    assert disposition(office, 0) == "warn"
    return officer


@pytest.mark.parametrize(
    ("standing", "is_first", "needs"),
    [
        (NOBODY, True, {"second_officer", "operator"}),
        (NOBODY, False, set()),
        (SERVICE, False, {"operator"}),
        (ALLOWED, False, {"operator"}),
        (MANY, False, {"second_officer", "operator"}),
        (Standing(is_service=False, is_allowed=False, customers_30d=MOST_CUSTOMERS), False, set()),
    ],
)
def test_who_has_to_agree(standing: Standing, is_first: bool, needs: set[str]) -> None:
    """More reach, or less experience, needs more people."""
    assert needs_of(standing, is_first=is_first) == needs


def test_a_first_report_needs_two_officers_and_the_operator(office: Office) -> None:
    """In either order; not the same officer twice; not before somebody looked at it."""
    agency = office.agency()
    officer = office.officer(agency)
    report = make(office, officer, 1)
    with pytest.raises(StateError):
        office.reports.decide(office.first, report, is_accepted=True)
    office.reports.examine(lambda _keys: NOBODY)
    office.reports.decide(office.first, report, is_accepted=True)
    assert disposition(office, 1) is None
    with pytest.raises(SecondPersonError):
        office.reports.co_sign(officer, report)
    office.reports.co_sign(office.officer(agency, "o-2"), report)
    assert disposition(office, 1) == "warn"


def test_later_reports_are_listed_by_themselves_until_they_reach_many(office: Office) -> None:
    """A silent one lists silently; one of an exchange, of an allowed address or of many customers waits."""
    officer = experienced(office, office.agency())
    standings = {1: NOBODY, 2: SERVICE, 3: ALLOWED, 4: MANY, 5: NOBODY}
    reports = {number: make(office, officer, number, "silent" if number == 5 else "warn") for number in standings}

    def standing_of(keys: Sequence[str]) -> Standing:
        return standings[int(keys[0][-2:], 16)]

    assert office.reports.examine(standing_of) == 5
    assert [disposition(office, number) for number in standings] == ["warn", None, None, None, "silent"]
    assert {report.id for report in office.reports.waiting(office.first)} == {reports[2], reports[3], reports[4]}
    office.reports.decide(office.first, reports[2], is_accepted=False)
    assert disposition(office, 2) is None


def test_a_corrupt_officer_learns_nothing_from_reporting(office: Office) -> None:
    """Whatever became of them, reports of listed, allowed, declined and unknown addresses look alike."""
    officer = experienced(office, office.agency())
    standings = {1: NOBODY, 2: SERVICE, 3: ALLOWED, 4: MANY}
    reports = {number: make(office, officer, number) for number in standings}
    office.reports.examine(lambda keys: standings[int(keys[0][-2:], 16)])
    office.reports.decide(office.first, reports[2], is_accepted=False)
    seen = {report.state for report in office.reports.own(officer)}
    assert seen == {"received"}
    assert not hasattr(office.reports.own(officer)[0], "needs")
    with office.ledger.reading() as connection:
        acts = connection.execute("SELECT count(*) FROM audit_entry WHERE act = 'report.make'").fetchone()[0]
    assert acts == 5


def test_another_agency_sees_nothing_and_can_end_nothing(office: Office) -> None:
    """Reports are the reporting agency's own."""
    officer = experienced(office, office.agency())
    stranger = office.officer(office.agency("Other Police"), "o-9")
    (report,) = office.reports.own(officer)
    assert office.reports.own(stranger) == ()
    for attempt in (office.reports.retract, office.reports.co_sign):
        with pytest.raises(NotFoundError):
            attempt(stranger, report.id)
    office.reports.retract(officer, report.id)
    assert disposition(office, 0) is None
    with pytest.raises(StateError):
        office.reports.retract(officer, report.id)


def test_what_happens_during_an_examination_is_not_lost(office: Office) -> None:
    """Taken back meanwhile, it is never listed; signed by a second officer meanwhile, it does not ask for one again."""
    agency = office.agency()
    officer, second = experienced(office, agency), office.officer(agency, "o-2")
    back, signed = make(office, officer, 1), make(office, officer, 2)

    def meanwhile(keys: Sequence[str]) -> Standing:
        if keys[0].endswith("01"):
            office.reports.retract(officer, back)
            return NOBODY
        office.reports.co_sign(second, signed)
        return MANY

    office.reports.examine(meanwhile)
    assert disposition(office, 1) is None
    assert {one.id: one.state for one in office.reports.own(officer)}[back] == "retracted"
    assert {one.id: set(one.needs) for one in office.reports.waiting(office.first)} == {signed: {"operator"}}


def test_what_a_suspended_agency_or_officer_reported_last_waits_for_the_operator(office: Office) -> None:
    """A stolen account's flags do not go live by the clock, nor by another officer's word alone."""
    agency = office.agency()
    officer = experienced(office, agency)
    by_itself, signed = make(office, officer, 1), make(office, officer, 2)
    office.agencies.suspend(office.first.actor, agency, "mailboxes were stolen")
    office.reports.examine(lambda keys: MANY if keys[0].endswith("2") else NOBODY)
    assert disposition(office, 1) is None
    office.agencies.restore(office.first.actor, agency, "they have new ones")
    office.suspend_officer("o-1", agency)
    office.reports.co_sign(office.officer(agency, "o-2"), signed)
    assert disposition(office, 2) is None
    waiting = {report.id: report.needs for report in office.reports.waiting(office.first)}
    assert waiting[by_itself] == waiting[signed] == {"operator"}


def test_a_report_expires_by_itself(office: Office) -> None:
    """Nobody has to remember it."""
    officer = experienced(office, office.agency())
    office.now += timedelta(days=91)
    assert disposition(office, 0) is None
    officer = office.officer(str(officer.agency_id))
    assert office.reports.own(officer)[0].state == "expired"


def test_what_cannot_be_a_report_is_refused(office: Office) -> None:
    """By field; and an agency that is only registered reports nothing."""
    officer = office.officer(office.agency())
    given: dict[str, Any] = {
        "network": "ethereum",
        "address": ADDRESS.format(1),
        "handling": "warn",
        "reason": "three victims",
    }
    for field, value in (("network", "moon"), ("address", "0x12"), ("handling", "block"), ("reason", "x")):
        with pytest.raises(InputError) as refused:
            office.reports.report(officer, **{**given, field: value})
        assert refused.value.faults[0].field == field
    registered = office.agencies.register(office.first.actor, name="New Police", country="HK", domain="new.example.org")
    with pytest.raises(NotAllowedError):
        office.reports.report(office.officer(registered), **given)
