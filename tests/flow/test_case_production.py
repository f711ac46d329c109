"""A production, from approved portions to an archive that anybody can verify offline."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pyrage
import pytest

from tests.support.agencies import OFFICERS_KEY, START, Office, data_form
from thinktwice.cases.desk import Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.errors import InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.evidence.customer_records import FolderRecords
from thinktwice.evidence.producing import MOST_OWN, OwnRecords, ProductionDesk
from thinktwice.evidence.production import verify_production
from thinktwice.evidence.sealing import sealed
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person

IDENTITY = b"subject,name\na-1,Mrs Example\n"
WITHDRAWALS = b"subject,at,amount\na-1,2026-11-10T09:00:00+00:00,100\n"
TOO_LATE = b"subject,at,amount\na-1,2026-11-10T09:00:00+00:00,100\na-1,2026-11-21T09:00:00+00:00,100\n"
SOMEBODY_ELSE = b"subject,at,amount\na-2,2026-11-10T09:00:00+00:00,100\n"


class Decisions(OwnRecords):
    """Our own decisions about one account: one within the period, one after it."""

    def decisions(self, identifier: Identifier, since: datetime, until: datetime) -> Iterable[str]:
        assert since < until
        return ("dec_1", "dec_2") if identifier.value == "a-1" else ()

    def evidence(self, decision_id: str) -> bytes:
        at = START - timedelta(days=3 if decision_id == "dec_1" else 300)
        return sealed(
            {"about": {"decided_at": at.isoformat()}},
            edition="customer",
            decision_id=decision_id,
            operator="Example",
            made_at=START,
            keyring=TEST_KEYRING,
        )


class Many(Decisions):
    """Very many decisions of ours, all of them within the period."""

    def __init__(self, count: int) -> None:
        self.count = count

    def decisions(self, identifier: Identifier, since: datetime, until: datetime) -> Iterable[str]:
        return (f"dec_{number}" for number in range(self.count))

    def evidence(self, decision_id: str) -> bytes:
        return super().evidence("dec_1")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def desk_of(office: Office, own: OwnRecords | None = None, folder: Path | None = None) -> ProductionDesk:
    return ProductionDesk(
        office.desk,
        office.filing,
        TEST_KEYRING,
        operator="Harbour Exchange",
        agency_of=lambda agency_id: office.agencies.find(agency_id).name,
        workspace=office.folder.cases,
        clock=lambda: office.now,
        records=FolderRecords(folder) if folder else None,
        own=own,
    )


def approved(office: Office, officer: Person, *categories: str, only: tuple[str, ...] = ()) -> str:
    form = data_form()
    if categories:
        form = msgspec.structs.replace(form, data_categories=categories)
    case_id = office.submitted(officer, "production", form)
    for step in ("take", "confirm_requester"):
        office.desk.step(office.first, case_id, step)
    if only:
        office.desk.step(office.first, case_id, "approve_partly", Taking(note="less is enough", only=only))
    else:
        office.desk.step(office.first, case_id, "approve")
    return case_id


def taken(office: Office, person: Person, case_id: str) -> dict[str, bytes]:
    _found, timeline = office.desk.find(person, case_id)
    files = [entry for entry in timeline if entry.kind == "production" and entry.file_id]
    return {
        entry.name: b"".join(
            office.filing.download(person, case_id, office.filing.leave(person, case_id, str(entry.file_id))).pieces
        )
        for entry in files
    }


def test_a_delivered_production_verifies_offline_and_opens_with_the_officers_key(
    office: Office, tmp_path: Path
) -> None:
    """What the officer takes away is whole, holds the portions byte for byte, and names any changed byte."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    desk = desk_of(office)
    desk.add(office.first, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
    desk.add(office.first, case_id, "withdrawals", "C:\\out\\w.csv", io.BytesIO(WITHDRAWALS))
    desk.assemble(office.first, case_id)
    assert not [entry for entry in office.desk.find(officer, case_id)[1] if entry.kind == "portion"]
    office.desk.step(office.first, case_id, "fulfil")
    with pytest.raises(SecondPersonError):
        office.desk.step(office.first, case_id, "deliver")
    office.desk.step(office.second, case_id, "deliver")
    files = taken(office, officer, case_id)
    archive, receipt = tmp_path / "production-1.zip.age", files["production-1.receipt.json"]
    archive.write_bytes(files[archive.name])
    assert TEST_KEYRING.seal is not None
    public = public_key_of(TEST_KEYRING.seal)
    assert verify_production(receipt, archive, public, OFFICERS_KEY) == []
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(archive.read_bytes(), [OFFICERS_KEY]))) as opened:
        assert [opened.read(name) for name in opened.namelist()] == [IDENTITY, WITHDRAWALS]
    changed = bytearray(archive.read_bytes())
    changed[-1] ^= 1
    archive.write_bytes(changed)
    assert verify_production(receipt, archive, public, OFFICERS_KEY)


@pytest.mark.parametrize(
    ("category", "content", "field"),
    [
        ("withdrawals", TOO_LATE, "at"),
        ("withdrawals", SOMEBODY_ELSE, "subject"),
        ("devices", IDENTITY, "category"),
    ],
)
def test_more_than_was_approved_is_refused_and_not_kept(
    office: Office, category: str, content: bytes, field: str
) -> None:
    """A day, a person or a category too much refuses the whole portion, and names the place."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    desk = desk_of(office)
    with pytest.raises(InputError) as refused:
        desk.add(office.first, case_id, category, "x.csv", io.BytesIO(content))
    assert refused.value.faults[0].field == field
    assert desk.portions(office.first, case_id) == ()
    with pytest.raises(InputError):
        desk.assemble(office.first, case_id)


def test_a_partial_approval_binds_what_comes_and_what_came(office: Office) -> None:
    """What was checked under a wider approval does not go out under a narrower one."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    desk = desk_of(office)
    desk.add(office.first, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
    office.desk.step(office.first, case_id, "reconsider", Taking(note="less is enough"))
    with pytest.raises(StateError):
        desk.add(office.first, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
    office.desk.step(office.first, case_id, "approve_partly", Taking(note="only withdrawals", only=("withdrawals",)))
    with pytest.raises(InputError, match="was not approved"):
        desk.assemble(office.first, case_id)
    (kept,) = desk.portions(office.first, case_id)
    desk.remove(office.first, case_id, kept.file_id)
    desk.add(office.first, case_id, "withdrawals", "w.csv", io.BytesIO(WITHDRAWALS))
    desk.assemble(office.first, case_id)


def test_a_new_archive_takes_the_place_of_the_former(office: Office) -> None:
    """Never two archives to choose from."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    desk = desk_of(office)
    desk.add(office.first, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
    desk.assemble(office.first, case_id)
    desk.add(office.first, case_id, "withdrawals", "w.csv", io.BytesIO(WITHDRAWALS))
    desk.assemble(office.first, case_id)
    assert sorted(taken(office, office.first, case_id)) == ["production-1.receipt.json", "production-1.zip.age"]


def test_the_operators_systems_leave_files_that_are_checked_alike(office: Office, tmp_path: Path) -> None:
    """A folder a request, a file a category; nothing there is said, a link elsewhere is not followed."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    folder = tmp_path / "sources"
    desk = desk_of(office, folder=folder)
    with pytest.raises(NotFoundError):
        desk.fetch(office.first, case_id)
    (folder / case_id).mkdir(parents=True)
    (folder / case_id / "devices.csv").write_bytes(IDENTITY)
    (folder / case_id / "identity.csv").symlink_to(tmp_path / "control.db")
    with pytest.raises(NotFoundError):
        desk.fetch(office.first, case_id)
    (folder / case_id / "withdrawals.csv").write_bytes(WITHDRAWALS)
    assert [portion.category for portion in desk.fetch(office.first, case_id)] == ["withdrawals"]
    (folder / case_id / "withdrawals.csv").write_bytes(TOO_LATE)
    with pytest.raises(InputError):
        desk.fetch(office.first, case_id)


def test_our_own_records_go_in_sealed_and_only_when_alerts_are_approved(office: Office) -> None:
    """Each decision's evidence as it was sealed; one outside of the period refuses the archive."""
    officer = office.officer(office.agency())
    without = approved(office, officer)
    desk = desk_of(office, own=Decisions())
    with pytest.raises(InputError, match="alerts"):
        desk.add_own(office.first, without)
    case_id = approved(office, officer, "alerts")
    assert desk.add_own(office.first, case_id) == 2
    with pytest.raises(InputError, match="outside the approved period"):
        desk.assemble(office.first, case_id)
    outside = next(kept for kept in desk.portions(office.first, case_id) if kept.name == "dec_2.json")
    desk.remove(office.first, case_id, outside.file_id)
    desk.assemble(office.first, case_id)
    archive = taken(office, office.first, case_id)[f"production-{2}.zip.age"]
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(archive, [OFFICERS_KEY]))) as opened:
        assert opened.namelist() == ["alerts/001.json"]


def test_our_own_records_are_attached_whole_and_once(office: Office) -> None:
    """More of them than a page shows, or than a request may hold of other files; asked for again, none comes twice."""
    case_id = approved(office, office.officer(office.agency()), "alerts")
    desk = desk_of(office, own=Many(230))
    assert desk.add_own(office.first, case_id) == 230
    assert len(desk.portions(office.first, case_id)) == 230
    assert desk.add_own(office.first, case_id) == 230
    assert len(desk.portions(office.first, case_id)) == 230
    office.filing.attach(office.first, case_id, "note.txt", io.BytesIO(b"for the agency"))


def test_too_many_of_our_own_records_are_refused_with_their_number(office: Office) -> None:
    """Nothing is attached, and the person learns how many there are and how many go in."""
    case_id = approved(office, office.officer(office.agency()), "alerts")
    with pytest.raises(InputError, match="at least 501 of our records"):
        desk_of(office, own=Many(MOST_OWN + 1)).add_own(office.first, case_id)
    with pytest.raises(InputError, match="at least 5,000 of our records"):
        desk_of(office, own=Many(10**9)).add_own(office.first, case_id)
    assert desk_of(office).portions(office.first, case_id) == ()


def test_who_may_not_assemble_does_not(office: Office) -> None:
    """Compliance reviews and an officer asks; neither puts anything in or takes it out."""
    officer = office.officer(office.agency())
    case_id = approved(office, officer)
    reader = office.person("p-9", "compliance")
    desk = desk_of(office)
    for person in (reader, officer):
        with pytest.raises(NotAllowedError):
            desk.add(person, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
        with pytest.raises(NotAllowedError):
            desk.remove(person, case_id, "0" * 32)
