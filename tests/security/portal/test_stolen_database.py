"""Whoever steals database and files, and not the master key, learns no file, no message and nobody's address."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.agencies import BASES, Office, form
from tests.support.people import CLI
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.keyring.keys import Key
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import open_people

SECRETS = {
    "an officer's address": "lee.verynamed@police.example.org",
    "an officer's name": "Lee Verynamed",
    "a file's content": "content-of-the-file-nobody-reads",
    "a file's name": "name-of-the-file.pdf",
    "a message": "message-between-the-two-sides",
    "a note among staff": "note-that-stays-among-staff",
    "a step's note": "question-that-was-asked",
    "an account asked about": "account-4711-asked-about",
    "an e-mail asked about": "victim-4711@mail.example",
    "the reason": "necessity-as-it-was-told",
    "the supervisor": "supervisor-4711@police.example.org",
    "a verification": "how-the-agency-was-verified",
    "why an address was reported": "reason-of-the-report",
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def filled(office: Office) -> str:
    """Leave each of the secrets where the product keeps it; return the request's id."""
    agency = office.agency("Plainly Named Police")
    office.agencies.record_check(CLI, agency, "document", SECRETS["a verification"])
    people = open_people(
        realm="portal",
        control=office.folder.control,
        ledger=office.ledger,
        masters=(Key("m1", b"m" * 32),),
        party=RelyingParty("portal.example.org", "tests", ("https://portal.example.org",)),
        clock=lambda: office.now,
    )
    address, name = SECRETS["an officer's address"], SECRETS["an officer's name"]
    people.invitations.invite(CLI, realm="portal", email=address, name=name, roles=("officer",), agency_id=agency)
    people.close()
    officer = office.officer(agency)
    case_id = office.desk.draft(officer, "preservation")
    about = (
        Identifier("account", SECRETS["an account asked about"]),
        Identifier("email", SECRETS["an e-mail asked about"]),
    )
    asked = form(identifiers=about, necessity=SECRETS["the reason"], supervisor_contact=SECRETS["the supervisor"])
    office.desk.save(officer, case_id, asked, 1)
    content = SECRETS["a file's content"].encode() * 100
    office.filing.attach(officer, case_id, SECRETS["a file's name"], io.BytesIO(content))
    office.desk.step(officer, case_id, "submit")
    office.filing.write(officer, case_id, SECRETS["a message"])
    office.filing.write(office.first, case_id, SECRETS["a note among staff"], is_private=True)
    office.desk.step(office.first, case_id, "take")
    office.desk.step(office.first, case_id, "ask_more", Taking(note=SECRETS["a step's note"]))
    office.reports.report(
        officer,
        network="ethereum",
        address="0x" + "a7" * 20,
        handling="warn",
        reason=SECRETS["why an address was reported"],
    )
    return case_id


def found_in(folder: Path, text: str) -> list[str]:
    """Return the files that hold a text in one of the ways in which texts are written."""
    plain = text.encode()
    spellings = {plain, plain.upper(), plain.hex().encode(), text.encode("utf-16-le"), base64.b64encode(plain)[:-4]}
    stored = [(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    return [path.name for path, content in stored for spelling in spellings if spelling in content]


def test_database_and_files_alone_reveal_nothing(office: Office, tmp_path: Path) -> None:
    """Not in the tables, the write-ahead log, the audit chain or the folder of files, in no usual spelling."""
    case_id = filled(office)
    found, timeline = office.desk.find(office.first, case_id)
    read = str(found.form) + "".join(f"{entry.text} {entry.name}" for entry in timeline)
    for what in ("a message", "a note among staff", "a step's note", "a file's name", "the reason"):
        assert SECRETS[what] in read, "with the key it is there"
    assert found_in(tmp_path, "Plainly Named Police"), "what is kept in clear is found by this search"
    assert {what: found_in(tmp_path, secret) for what, secret in SECRETS.items() if found_in(tmp_path, secret)} == {}


def test_another_master_key_opens_nothing(office: Office) -> None:
    """A key of the same name is none the better."""
    case_id = filled(office)
    stranger = CaseDesk(office.ledger, Sealing([Key("m1", b"x" * 32)]), BASES, lambda: office.now)
    with pytest.raises(EnvelopeError):
        stranger.find(office.first, case_id)
