"""What keeps staff from handing over, or promising, what should not go out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from tests.flow.test_case_production import IDENTITY, WITHDRAWALS, approved, desk_of
from tests.support.agencies import BASES, START, Office, data_form, form
from thinktwice.cases.course import Step
from thinktwice.cases.desk import Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.legal_basis import LegalBases, LegalBasis
from thinktwice.cases.obstacles import days_of_measure
from thinktwice.errors import InputError, SecondPersonError, StateError

WHY: Final = Taking(note="we looked at it again")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def put_together(office: Office, case_id: str) -> None:
    desk = desk_of(office)
    for category, content in (("identity", IDENTITY), ("withdrawals", WITHDRAWALS)):
        desk.add(office.first, case_id, category, f"{category}.csv", BytesIO(content))
    desk.assemble(office.first, case_id)


def test_a_production_made_under_a_wider_approval_is_not_delivered_under_the_narrower(office: Office) -> None:
    """Nor fulfilled; what is put together anew holds the narrower part alone and goes out."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    put_together(office, case_id)
    office.now += timedelta(minutes=1)
    office.desk.step(office.second, case_id, "reconsider", WHY)
    office.desk.step(office.second, case_id, "approve_partly", Taking(note="less is enough", only=("withdrawals",)))
    with pytest.raises(StateError, match="earlier approval"):
        office.desk.step(office.first, case_id, "fulfil")
    desk = desk_of(office)
    for kept in desk.portions(office.first, case_id):
        if kept.category == "identity":
            desk.remove(office.first, case_id, kept.file_id)
    desk.assemble(office.first, case_id)
    office.desk.step(office.first, case_id, "fulfil")
    office.desk.step(office.second, case_id, "deliver")


def test_what_was_put_together_for_another_account_does_not_go_out(office: Office) -> None:
    """The officer changed the account while we asked for more: the earlier archive is none any more."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    put_together(office, case_id)
    office.now += timedelta(minutes=1)
    office.desk.step(office.second, case_id, "reconsider", WHY)
    office.desk.step(office.second, case_id, "ask_more", WHY)
    changed = replace(data_form(), identifiers=(Identifier("account", "zz-9"),))
    office.desk.save(officer, case_id, changed, office.desk.find(officer, case_id)[0].revision)
    office.desk.step(officer, case_id, "answer", WHY)
    for step in ("confirm_requester", "approve"):
        office.desk.step(office.first, case_id, step)
    with pytest.raises(StateError, match="earlier approval"):
        office.desk.step(office.first, case_id, "fulfil")
    with pytest.raises(InputError):
        desk_of(office).assemble(office.first, case_id)


def test_nothing_is_fulfilled_with_nothing(office: Office) -> None:
    """Where there is nothing to produce, that is said with a refusal; what is put forward stays put."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    found, _ = office.desk.find(office.first, case_id)
    assert office.desk.hindrance(office.first, found, "fulfil") is not None
    with pytest.raises(StateError, match="put the production together first"):
        office.desk.step(office.first, case_id, "fulfil")
    put_together(office, case_id)
    office.desk.step(office.first, case_id, "fulfil")
    (archive, _receipt) = [
        entry for entry in office.desk.find(office.first, case_id)[1] if entry.kind == "production" and entry.file_id
    ]
    with pytest.raises(StateError, match="put forward"):
        office.filing.remove(office.first, case_id, str(archive.file_id))


def test_an_answer_lacks_nothing_and_is_called_back_afresh(office: Office) -> None:
    """A form emptied while we asked is not answered; another key or more accounts need another call."""
    officer = office.officer(office.agency())
    wanted = replace(data_form(), legal_basis="", instrument_file="", signatory="")
    case_id = office.submitted(officer, "risk_to_life", wanted)
    office.desk.step(office.first, case_id, "take")
    office.desk.step(office.first, case_id, "call_back", Taking(note="the duty officer knows of it"))
    office.desk.step(office.first, case_id, "ask_more", WHY)
    revision = office.desk.find(officer, case_id)[0].revision
    many = tuple(Identifier("account", f"a-{number}") for number in range(11))
    for kept in (form(unit=""), replace(wanted, identifiers=many)):
        revision = office.desk.save(officer, case_id, kept, revision)
        with pytest.raises(InputError):
            office.desk.step(officer, case_id, "answer", WHY)
    office.desk.save(officer, case_id, replace(wanted, identifiers=many[:3]), revision)
    office.desk.step(officer, case_id, "answer", WHY)
    with pytest.raises(StateError, match="call the agency back"):
        office.desk.step(office.first, case_id, "confirm_requester")


def test_whoever_made_any_call_is_not_the_second_look(office: Office) -> None:
    """A later call by somebody else does not make the first caller independent."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "urgent_preservation")
    office.desk.step(office.first, case_id, "take")
    for person in (office.first, office.second):
        office.desk.step(person, case_id, "call_back", Taking(note="the duty officer knows of it"))
    office.desk.step(office.second, case_id, "confirm_requester")
    office.desk.step(office.second, case_id, "approve")
    with pytest.raises(SecondPersonError):
        office.desk.step(office.first, case_id, "confirm_approval")
    office.desk.step(office.third, case_id, "confirm_approval")


@pytest.mark.parametrize("step", ["confirm_requester", "approve", "fulfil"])
def test_nothing_is_done_for_an_agency_or_officer_who_is_suspended(office: Office, step: Step) -> None:
    """Not confirmed, approved or fulfilled; it can be refused, and goes on when the agency is restored."""
    agency = office.agency()
    case_id = office.submitted(office.officer(agency), "preservation")
    before: list[Step] = ["take", "confirm_requester", "approve", "fulfil"]
    for one in before[: before.index(step)]:
        office.desk.step(office.first, case_id, one)
    office.agencies.suspend(office.second.actor, agency, "mailboxes were stolen")
    with pytest.raises(StateError, match="suspended"):
        office.desk.step(office.first, case_id, step)
    office.agencies.restore(office.second.actor, agency, "they have new ones")
    office.suspend_officer("o-1", agency)
    with pytest.raises(StateError, match="the officer who asked is suspended"):
        office.desk.step(office.first, case_id, step)
    why = Taking(note="not while that is open", refusal="not_verified")
    assert office.desk.step(office.first, case_id, "refuse", why).state == "refused"


def test_a_measure_stands_no_longer_than_kind_basis_and_request_allow(office: Office) -> None:
    """The least of the three is the default and the most; anything else is a fault of its field."""
    basis = LegalBasis(
        id="short", name="Short", signed_by="a judge", is_compelled=False, reach="domestic", kinds=("preservation",),
        most_days=30,
    )  # fmt: skip
    bases = LegalBases(by_country={"HK": (basis,)})
    office.desk._bases = bases
    officer = office.officer(office.agency())
    for asked, expected in ((None, 30), (5, 5)):
        case_id = office.submitted(officer, "preservation", form(legal_basis="short", measure_days=asked))
        for step in ("take", "confirm_requester", "approve"):
            office.desk.step(office.first, case_id, step)
        for wrong in (0, expected + 1, 90):
            with pytest.raises(InputError) as refused:
                office.desk.step(office.first, case_id, "fulfil", Taking(days=wrong))
            assert refused.value.faults[0].field == "days"
        assert office.desk.step(office.first, case_id, "fulfil").measure_until == START + timedelta(days=expected)
    found, _ = office.desk.find(officer, case_id)
    assert days_of_measure(found, None, "SG", BASES) == 5
