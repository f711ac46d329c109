"""Messages and files of requests: layers, agencies, leaves to download."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.agencies import Office, data_form, form
from thinktwice.audit.reading import AuditReader, Filters
from thinktwice.cases.desk import Taking
from thinktwice.cases.filing import CaseFiling, Verdict
from thinktwice.cases.identifiers import Identifier
from thinktwice.errors import InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.people.errors import NotAllowedError

CONTENT = b"%PDF-1.7 a warrant, to be read by nobody else"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def test_both_sides_write_and_staff_have_a_layer_of_their_own(office: Office) -> None:
    """An officer sees what was written to the agency, and not that anything else exists."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    office.filing.write(officer, case_id, "Please look at the second account first.")
    office.filing.write(office.first, case_id, "We will.")
    office.filing.write(office.first, case_id, "Odd hour for this officer.", is_private=True)
    office.filing.attach(office.first, case_id, "note.txt", io.BytesIO(b"among us"), is_private=True)
    texts = [entry.text for entry in office.desk.find(officer, case_id)[1] if entry.kind == "message"]
    assert texts == ["Please look at the second account first.", "We will."]
    assert not [entry for entry in office.desk.find(officer, case_id)[1] if entry.file_id]
    assert len([entry for entry in office.desk.find(office.second, case_id)[1] if entry.is_private]) == 2
    with pytest.raises(NotAllowedError):
        office.filing.write(officer, case_id, "among staff?", is_private=True)


def test_a_file_is_handed_out_once_soon_and_to_whom_it_was_promised(office: Office) -> None:
    """With its name, size and hash; another session, person, agency or moment gets nothing."""
    ours = office.agency()
    officer, colleague = office.officer(ours), office.officer(ours, "o-2")
    stranger = office.officer(office.agency("Other Police"), "o-3")
    case_id = office.submitted(officer, "information")
    file_id = office.filing.attach(officer, case_id, "C:\\cases\\warrant.pdf", io.BytesIO(CONTENT))
    token = office.filing.leave(officer, case_id, file_id)
    for person in (colleague, stranger, office.first):
        with pytest.raises(NotFoundError):
            office.filing.download(person, case_id, token)
    download = office.filing.download(officer, case_id, token)
    assert (download.name, download.size) == ("warrant.pdf", len(CONTENT))
    assert b"".join(download.pieces) == CONTENT
    assert download.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with pytest.raises(NotFoundError):
        office.filing.download(officer, case_id, token)
    late = office.filing.leave(officer, case_id, file_id)
    office.now += timedelta(minutes=2)
    with pytest.raises(NotFoundError):
        office.filing.download(officer, case_id, late)
    with pytest.raises(NotFoundError):
        office.filing.leave(stranger, case_id, file_id)


def test_a_suspension_ends_open_downloads(office: Office) -> None:
    """An open leave of an officer ends with the agency's access."""
    agency = office.agency()
    officer = office.officer(agency)
    case_id = office.submitted(officer, "information")
    token = office.filing.leave(officer, case_id, office.filing.attach(officer, case_id, "a.pdf", io.BytesIO(CONTENT)))
    office.agencies.suspend(office.first.actor, agency, "its mailbox was stolen")
    with pytest.raises(NotFoundError):
        office.filing.download(officer, case_id, token)


def test_a_production_is_handed_out_when_it_is_delivered(office: Office) -> None:
    """Not while it is being put together, and not by whoever put it together alone."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "production", data_form())
    office.approved(case_id)
    file_id = office.filing.attach(office.first, case_id, "production.age", io.BytesIO(CONTENT), purpose="production")
    office.filing.attach(office.first, case_id, "receipt.json", io.BytesIO(CONTENT), purpose="production")
    office.desk.step(office.first, case_id, "fulfil")
    with pytest.raises(StateError, match="not delivered"):
        office.filing.leave(officer, case_id, file_id)
    with pytest.raises(SecondPersonError):
        office.desk.step(office.first, case_id, "deliver")
    office.desk.step(office.second, case_id, "deliver")
    assert office.filing.download(officer, case_id, office.filing.leave(officer, case_id, file_id)).size == len(CONTENT)


def test_what_the_scanner_calls_infected_stays_where_it_is(office: Office) -> None:
    """The sender is told nothing of it at once; nobody can take it away."""

    class Suspicious:
        def scan(self, pieces: Iterator[bytes]) -> Verdict:
            return "infected" if b"EICAR" in b"".join(pieces) else "clean"

    filing = CaseFiling(office.ledger, office.sealing, office.vault, lambda: office.now, Suspicious())
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    bad = filing.attach(officer, case_id, "a.pdf", io.BytesIO(b"EICAR"))
    for person in (officer, office.first):
        with pytest.raises(StateError, match="malware"):
            filing.leave(person, case_id, bad)
    good = filing.attach(officer, case_id, "b.pdf", io.BytesIO(CONTENT))
    assert filing.leave(office.first, case_id, good)


@pytest.mark.parametrize("name", ["", "   ", "../..", "a\u202efdp.exe", "x" * 121, "a\x00b", "dir/"])
def test_hostile_names_are_refused_and_leave_nothing(office: Office, name: str) -> None:
    """No path, no hidden direction, no endless name; and no file without its row."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    with pytest.raises(InputError):
        office.filing.attach(officer, case_id, name, io.BytesIO(CONTENT))
    assert not list((office.folder.path / "cases").rglob("*.age"))


def test_what_has_ended_takes_no_more(office: Office) -> None:
    """Nothing is added to a withdrawn request, and a refused upload leaves no file."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    office.desk.step(officer, case_id, "withdraw", Taking(note="it is settled"))
    with pytest.raises(StateError):
        office.filing.write(officer, case_id, "one more thing")
    with pytest.raises(StateError):
        office.filing.attach(officer, case_id, "a.pdf", io.BytesIO(CONTENT))
    assert not list((office.folder.path / "cases").rglob("*.age"))


def test_the_disk_shows_no_file_no_name_and_no_message(office: Office) -> None:
    """Database and folder together, without the master key."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")
    office.filing.write(officer, case_id, "The victim is Mrs Example")
    office.filing.attach(officer, case_id, "secret-name.pdf", io.BytesIO(CONTENT))
    content = b"".join(path.read_bytes() for path in office.folder.path.rglob("*") if path.is_file())
    for word in (b"Mrs Example", b"secret-name", b"a warrant, to be read"):
        assert word not in content


def test_staff_take_all_identifiers_away_as_a_table_and_the_chain_holds_it(office: Office) -> None:
    """Every one, in order, none of them a formula; officers, and roles that do not read cases, get nothing."""
    named = (
        Identifier("account", "-cmd"),
        Identifier("phone", "+85212345678"),
        *(Identifier("account", f"a-{number}") for number in range(100)),
        Identifier("address", "0x" + "ab" * 20, "ethereum"),
    )
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information", form(identifiers=named))
    rows = list(csv.reader(io.StringIO(office.filing.identifiers(office.first, case_id).decode("utf-8-sig"))))
    assert rows[:3] == [["kind", "value", "network"], ["account", "'-cmd", ""], ["phone", "'+85212345678", ""]]
    assert rows[-1] == ["address", "0x" + "ab" * 20, "ethereum"]
    assert len(rows) == len(named) + 1
    last = AuditReader(office.ledger).find(Filters(act="case.identifiers"))[0]
    assert (last.actor_id, last.object_id) == (office.first.account_id, case_id)
    for person in (officer, office.person("p-9", "administrator")):
        with pytest.raises(NotAllowedError):
            office.filing.identifiers(person, case_id)


@pytest.mark.parametrize(
    ("text", "letter"), [("Pay\x00 now", "U+0000"), ("all\u202eerofeb", "U+202E"), ("a\u200bb", "U+200B")]
)
def test_words_that_nobody_sees_are_refused_wherever_somebody_writes(office: Office, text: str, letter: str) -> None:
    """In messages, in the notes of steps and in the reasons of reports, as in forms; several lines are fine."""
    officer = office.officer(office.agency())
    case_id = office.submitted(officer, "information")

    def report(reason: str) -> None:
        address = "0x" + "ab" * 20
        office.reports.report(officer, network="ethereum", address=address, handling="warn", reason=reason)

    for write in (
        lambda: office.filing.write(officer, case_id, text),
        lambda: office.filing.write(office.first, case_id, text, is_private=True),
        lambda: office.desk.step(officer, case_id, "withdraw", Taking(note=f"because {text}")),
        lambda: report(f"A victim paid there. {text}"),
    ):
        with pytest.raises(InputError, match=re.escape(letter)):
            write()
    office.filing.write(officer, case_id, "First line.\n\tSecond line.\r\nThird line.")
    report("A victim paid there.\nTwice.")
