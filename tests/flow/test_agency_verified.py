"""How an agency is verified: whose number is called, what a changed one costs, and who may trust it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.agencies import Office
from thinktwice.audit.entry import Actor
from thinktwice.cases.desk import Taking
from thinktwice.errors import InputError, SecondPersonError, StateError

DIRECTORY = "the government's telephone directory"
NUMBER = "+85228605012"
OTHER = "+85225277177"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def call(office: Office, actor: Actor, agency: str, number: str) -> bool:
    """Record a call-back at an agency."""
    note = "spoke with the duty officer"
    return office.agencies.record_check(actor, agency, "call_back", note, number=number, source=DIRECTORY)


def details(office: Office, act: str) -> list[dict[str, object]]:
    """Return what the chain says of the acts of one name, oldest first."""
    with office.ledger.reading() as connection:
        rows = connection.execute("SELECT details FROM audit_entry WHERE act = ? ORDER BY seq", (act,)).fetchall()
    return [json.loads(row[0]) for row in rows]


@pytest.mark.parametrize("number", ["2860 5012", "+852", "+85212345", "+999 2860 5012", "+1 800 555", "a number", ""])
def test_a_number_is_one_that_can_exist(office: Office, number: str) -> None:
    """Whatever no telephone has is refused, and the number that is known stays."""
    agency = office.agency()
    with pytest.raises(InputError) as refused:
        call(office, office.first.actor, agency, number)
    assert [fault.field for fault in refused.value.faults] == ["number"]
    assert office.agencies.find(agency).call_back_number == NUMBER


@pytest.mark.parametrize("trust", ["verified", "trusted"])
def test_a_changed_number_takes_the_trust_back(office: Office, trust: str) -> None:
    """One person alone does not turn the calls of a trusted agency to another number."""
    agency = office.agency(trust=trust)  # type: ignore[arg-type]  # the words are the type's own
    assert call(office, office.first.actor, agency, OTHER)
    found = office.agencies.find(agency)
    assert (found.call_back_number, found.trust, found.state) == (OTHER, "registered", "active")
    assert details(office, "agency.check")[-1] == {"step": "call_back", "number": OTHER, "trust": "registered"}


def test_a_call_to_the_number_that_is_known_changes_nothing(office: Office) -> None:
    """However it is written: only another number is another number."""
    agency = office.agency()
    assert not call(office, office.first.actor, agency, "+852 2860-5012")
    assert office.agencies.find(agency).trust == "trusted"


def test_whoever_changed_the_number_does_not_trust_the_agency_again(office: Office) -> None:
    """The former steps of others do not stand for the new number: somebody else looks at it."""
    agency = office.agency()
    call(office, office.second.actor, agency, OTHER)
    for trust in ("verified", "trusted"):
        with pytest.raises(SecondPersonError, match="number"):
            office.agencies.set_trust(office.second.actor, agency, trust)
    office.agencies.set_trust(office.first.actor, agency, "trusted")
    assert office.agencies.find(agency).trust == "trusted"


def test_the_first_number_of_an_agency_takes_nothing(office: Office) -> None:
    """There is no trust to lose yet."""
    actor = office.first.actor
    agency = office.agencies.register(actor, name="New Police", country="HK", domain="new.example.org")
    assert not call(office, actor, agency, NUMBER)
    assert not call(office, actor, agency, OTHER)


def test_the_number_called_stands_in_the_chain(office: Office) -> None:
    """The entry of a request's call-back names the number that was the agency's at that time."""
    agency = office.agency()
    case_id = office.submitted(office.officer(agency), "urgent_preservation")
    office.desk.step(office.first, case_id, "take")
    office.desk.step(office.first, case_id, "call_back", Taking(note="the duty officer knows of it"))
    assert [entry["number_called"] for entry in details(office, "case.call_back")] == [NUMBER]


def test_a_number_that_one_person_changed_is_called_by_nobody(office: Office) -> None:
    """A request filed while the agency was trusted waits until two people trust the new number."""
    agency = office.agency()
    case_id = office.submitted(office.officer(agency), "urgent_preservation")
    office.desk.step(office.first, case_id, "take")
    call(office, office.first.actor, agency, OTHER)
    with pytest.raises(StateError, match="trusted"):
        office.desk.step(office.first, case_id, "call_back", Taking(note="the thief knows of it"))
    office.agencies.set_trust(office.second.actor, agency, "verified")
    office.desk.step(office.first, case_id, "call_back", Taking(note="the duty officer knows of it"))
    assert details(office, "case.call_back")[-1]["number_called"] == OTHER


def test_nobody_is_called_without_a_number(office: Office) -> None:
    """A call to an agency whose number nobody recorded cannot have been made."""
    agency = office.agencies.register(office.first.actor, name="New Police", country="HK", domain="new.example.org")
    case_id = office.submitted(office.officer(agency), "information")
    office.desk.step(office.first, case_id, "take")
    with pytest.raises(StateError, match="no number"):
        office.desk.step(office.first, case_id, "call_back", Taking(note="called somebody or other"))


def test_letting_back_in_accepts_no_application(office: Office) -> None:
    """An agency that merely applied comes into use by its trust alone: it is not let in by another door."""
    actor = office.first.actor
    agency = office.agencies.register(actor, name="New", country="HK", domain="new.example.org", is_applying=True)
    with pytest.raises(StateError, match="let back in"):
        office.agencies.restore(actor, agency, "they asked so nicely")
    office.agencies.suspend(actor, agency, "nobody there knows of it")
    assert office.agencies.find(agency).state == "set_aside"
    with pytest.raises(StateError, match="restore it first"):
        office.agencies.set_trust(actor, agency, "registered")
    office.agencies.restore(actor, agency, "they did apply after all")
    found = office.agencies.find(agency)
    assert (found.state, found.suspended_at) == ("applied", None)
    office.agencies.set_trust(actor, agency, "registered")
    assert office.agencies.find(agency).state == "active"


def test_an_agency_comes_back_as_it_was_and_goes_only_once(office: Office) -> None:
    """In use again with its trust; a second suspension, or a second way back, is refused and put down."""
    agency, actor = office.agency(), office.first.actor
    with pytest.raises(StateError, match="let back in"):
        office.agencies.restore(actor, agency, "it was never away")
    office.agencies.suspend(actor, agency, "its mailbox was stolen")
    since = office.agencies.find(agency).suspended_at
    office.now += timedelta(hours=1)
    with pytest.raises(StateError, match="suspended already"):
        office.agencies.suspend(actor, agency, "its mailbox was stolen")
    assert office.agencies.find(agency).suspended_at == since
    office.agencies.restore(actor, agency, "the mailbox is theirs again")
    found = office.agencies.find(agency)
    assert (found.state, found.trust) == ("active", "trusted")
    with office.ledger.reading() as connection:
        refused = connection.execute("SELECT act FROM audit_entry WHERE outcome = 'refused' ORDER BY seq").fetchall()
    assert refused == [("agency.restore",), ("agency.suspend",)]
