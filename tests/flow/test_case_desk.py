"""Requests from draft to end, over a real database: who may do what, and what each side sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.agencies import Office, data_form, form
from thinktwice.cases.course import STEPS
from thinktwice.cases.desk import Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.reach import OFFICER_STEPS, STAFF_STEPS
from thinktwice.errors import ConflictError, InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.people.errors import NotAllowedError, SecondFactorNeededError


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def test_a_production_request_lives_from_draft_to_closed(office: Office) -> None:
    """Every step leaves its trace; the officer sees all of it but what is among staff."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "production", data_form())
    office.approved(case_id)
    office.produced(office.second, case_id)
    for step in ("fulfil", "deliver", "close"):
        office.desk.step(office.first, case_id, step)
    found, seen = office.desk.find(officer, case_id)
    assert found.state == "closed"
    assert [entry.kind for entry in seen if entry.kind != "production"] == [
        "submit", "take", "confirm_requester", "approve", "fulfil", "deliver", "close",
    ]  # fmt: skip
    _, whole = office.desk.find(office.first, case_id)
    assert [entry.text for entry in whole if entry.kind == "call_back"] == ["called the number of the directory"]


def test_an_urgent_preservation_needs_two_people_and_a_call(office: Office) -> None:
    """The second is neither the first nor the caller; afterwards it binds three days and lapses by itself."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "urgent_preservation")
    office.desk.step(office.first, case_id, "take")
    with pytest.raises(StateError, match="call the agency back"):
        office.desk.step(office.first, case_id, "confirm_requester")
    office.desk.step(office.second, case_id, "call_back", Taking(note="the duty officer knows of it"))
    office.desk.step(office.first, case_id, "confirm_requester")
    office.desk.step(office.first, case_id, "approve")
    for person in (office.first, office.second):
        with pytest.raises(SecondPersonError):
            office.desk.step(person, case_id, "confirm_approval")
    with pytest.raises(StateError):
        office.desk.step(office.first, case_id, "fulfil")
    office.desk.step(office.third, case_id, "confirm_approval")
    case = office.desk.step(office.first, case_id, "fulfil")
    assert case.is_measure_in_force(office.now)
    office.now += timedelta(days=3)
    assert office.desk.lapse() == 1
    assert office.desk.find(officer, case_id)[0].state == "expired"
    assert office.desk.lapse() == 0


def test_a_draft_begins_with_a_form_or_not_at_all(office: Office) -> None:
    """What cannot stand in a form leaves no empty draft behind."""
    officer = office.officer(office.agency())
    with pytest.raises(InputError):
        office.desk.draft(officer, "information", form(unit="Cyber\u202e unit"))
    assert office.desk.of_agency(officer) == ()
    case_id = office.desk.draft(officer, "information", form(unit="Cyber unit"))
    assert office.desk.find(officer, case_id)[0].form.unit == "Cyber unit"


def test_a_request_that_changes_while_others_lapse_keeps_none_of_them(office: Office) -> None:
    """Between being listed and its turn it may have ended: it is passed over, and those after it lapse."""
    officer = office.officer(office.agency())
    first, second, third = (office.desk.draft(officer, "information") for _ in range(3))
    with closing(sqlite3.connect(office.ledger.control)) as database:
        for day, case_id in enumerate((first, second, third), 1):
            values = (f"2026-01-0{day}T00:00:00.000000Z", case_id)
            database.execute("UPDATE case_request SET expires_at = ? WHERE id = ?", values)
        database.execute(
            "CREATE TRIGGER meanwhile AFTER INSERT ON case_step BEGIN UPDATE case_request "
            f"SET stands = json_set(stands, '$.state', 'withdrawn') WHERE id = '{second}'; END"
        )
        database.commit()
    office.now += timedelta(days=365)
    assert office.desk.lapse() == 2
    assert [office.desk.find(officer, one)[0].state for one in (first, third)] == ["expired", "expired"]


def test_another_agency_reaches_nothing_and_learns_nothing(office: Office) -> None:
    """By id, list, step or draft: the same answer as for a request that does not exist."""
    ours, theirs = office.agency("Example Police"), office.agency("Other Police")
    officer, other = office.officer(ours), office.officer(theirs, "o-2")
    case_id = office.submitted(officer, "information")
    answers = set()
    for name in (case_id, "0" * 32):
        for ask in (
            lambda name=name: office.desk.find(other, name),
            lambda name=name: office.desk.save(other, name, form(), 2),
            lambda name=name: office.desk.lacks(other, name),
            lambda name=name: office.desk.step(other, name, "withdraw", Taking(note="not mine at all")),
        ):
            with pytest.raises(NotFoundError) as refused:
                ask()
            answers.add(str(refused.value))
    assert answers == {"there is no such request"}
    assert office.desk.of_agency(other) == ()
    assert [one.id for one in office.desk.of_agency(officer)] == [case_id]
    assert office.desk.of_agency(officer)[0].number == 1  # a number tells nothing of other agencies' requests


def test_a_draft_is_its_officers_alone_until_it_is_submitted(office: Office) -> None:
    """Staff see no drafts; a colleague cannot submit one; two tabs do not overwrite each other."""
    agency = office.agency()
    officer, colleague = office.officer(agency), office.officer(agency, "o-2")
    case_id = office.desk.draft(officer, "information")
    with pytest.raises(NotFoundError):
        office.desk.find(office.first, case_id)
    lacking = office.desk.lacks(officer, case_id)
    assert lacking is not None
    assert "necessity" in {fault.field for fault in lacking.faults}
    with pytest.raises(InputError):
        office.desk.step(officer, case_id, "submit")
    assert office.desk.save(officer, case_id, form(), 1) == 2
    with pytest.raises(ConflictError, match="somebody saved"):
        office.desk.save(officer, case_id, form(unit="Another"), 1)
    with pytest.raises(NotFoundError):
        office.desk.save(colleague, case_id, form(), 2)
    with pytest.raises(StateError, match="officer who wrote it"):
        office.desk.step(colleague, case_id, "submit")
    assert office.desk.step(officer, case_id, "submit").state == "submitted"


def test_an_agency_asks_only_for_what_its_trust_allows_and_nothing_when_suspended(office: Office) -> None:
    """Registered is not verified; suspension takes effect with the next request."""
    registered = office.agencies.register(office.first.actor, name="New Police", country="HK", domain="new.example.org")
    officer = office.officer(registered)
    assert office.desk.draft(officer, "information")
    with pytest.raises(NotAllowedError):
        office.desk.draft(officer, "risk_to_life")
    with pytest.raises(StateError, match="domain"):
        office.agencies.set_trust(office.first.actor, registered, "verified")
    office.agencies.suspend(office.first.actor, registered, "its mailbox was stolen")
    with pytest.raises(NotFoundError):
        office.desk.draft(officer, "information")
    with pytest.raises(NotFoundError):
        office.desk.of_agency(officer)


def test_verification_is_the_work_of_two_people(office: Office) -> None:
    """Whoever took every step does not set the trust too; a call-back names an independent source."""
    actor = office.first.actor
    agency = office.agencies.register(actor, name="New Police", country="HK", domain="new.example.org")
    with pytest.raises(InputError, match="not from the applicant"):
        office.agencies.record_check(actor, agency, "call_back", "spoke with them", number="+85228605012")
    office.agencies.record_check(actor, agency, "domain", "the official directory names it")
    office.agencies.record_check(
        actor, agency, "call_back", "spoke with them", number="+85228605012", source="the directory"
    )
    with pytest.raises(SecondPersonError):
        office.agencies.set_trust(actor, agency, "verified")
    office.agencies.set_trust(office.second.actor, agency, "verified")
    with pytest.raises(StateError, match="vouching or a document"):
        office.agencies.set_trust(office.second.actor, agency, "trusted")


def test_dangerous_steps_need_a_fresh_second_factor_and_a_role(office: Office) -> None:
    """An approval with an old factor is asked for again; a role without the act is refused and put down."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    office.desk.step(office.first, case_id, "take")
    office.desk.step(office.first, case_id, "confirm_requester")
    office.now += timedelta(minutes=11)
    with pytest.raises(SecondFactorNeededError):
        office.desk.step(office.first, case_id, "approve")
    analyst = office.person("p-9", "analyst")
    with pytest.raises(NotAllowedError):
        office.desk.step(analyst, case_id, "refuse", Taking(note="no reason at all", refusal="other"))
    with pytest.raises(NotAllowedError):
        office.desk.step(officer, case_id, "approve")
    with office.ledger.reading() as connection:
        refused = connection.execute("SELECT count(*) FROM audit_entry WHERE outcome = 'refused'").fetchone()[0]
    assert refused >= 2


def test_the_database_shows_no_word_and_no_identifier(office: Office) -> None:
    """Of the form, the notes and the supervisor's address nothing lies in clear."""
    officer = office.officer(office.agency())
    secret = replace(form(), identifiers=(Identifier("email", "victim@example.net"),), unit="Secret unit")
    case_id = office.submitted(officer, "information", secret)
    office.desk.step(office.first, case_id, "take")
    office.desk.step(office.first, case_id, "ask_more", Taking(note="Which wallet do you mean?"))
    content = b"".join(path.read_bytes() for path in office.folder.path.glob("control.db*"))
    for word in (b"victim@", b"Secret unit", b"supervisor@", b"Which wallet", b"RN26000123"):
        assert word not in content


def test_every_step_has_a_permission_of_one_side(office: Office) -> None:
    """No step is open to whoever comes, and the clock's is nobody's."""
    assert set(OFFICER_STEPS) | set(STAFF_STEPS) | {"lapse"} == set(STEPS)
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    for person in (officer, office.first):
        with pytest.raises(NotAllowedError):
            office.desk.step(person, case_id, "lapse")
