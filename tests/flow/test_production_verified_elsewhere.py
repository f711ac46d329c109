"""What an agency was given is verified on a clean machine: the installed package, an empty folder, the words of docs.

No data folder, no key file, no settings and no network: the command gets the files, a public key, and nothing else.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shlex
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.agencies import OFFICERS_KEY, Office, data_form
from thinktwice.evidence.producing import ProductionDesk
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of

ROOT = Path(__file__).parents[2]
IDENTITY = b"subject,name\na-1,Mrs Example\n"
WITHDRAWALS = b"subject,at,amount\na-1,2026-11-10T09:00:00+00:00,100\n"
MORE_PLACES = [pytest.param(place, marks=pytest.mark.prove) for place in (40, 200, 400, -20)]
ARCHIVE, RECEIPT = "production-1.zip.age", "production-1.receipt.json"


@dataclass(frozen=True)
class CleanMachine:
    """A folder that holds what the officer took away, and the package as it is installed from its wheel."""

    folder: Path
    package: Path
    words: tuple[str, ...]

    def verify(self) -> tuple[int, str]:
        """Run the documented command; return its exit code and what it said."""
        home = self.folder.parent / "home"
        environment = {"PATH": os.defpath, "HOME": str(home), "PYTHONPATH": str(self.package), "NO_COLOR": "1"}
        command = [sys.executable, "-m", "thinktwice.cli.main", *self.words]
        told = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        return told.returncode, told.stdout + told.stderr


def documented() -> tuple[str, ...]:
    """Return the command as the documentation has it, with the public key put in."""
    page = (ROOT / "docs" / "portal.md").read_text("utf-8")
    (line,) = re.findall(r"^thinktwice (production verify .*)$", page, re.MULTILINE)
    assert TEST_KEYRING.seal is not None
    key = base64.b64encode(public_key_of(TEST_KEYRING.seal)).decode()
    return tuple(shlex.split(line.replace("PUBLIC_KEY", key)))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and lay it out as an installation does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder / "installed")
    return folder / "installed"


@pytest.fixture
def machine(tmp_path: Path, package: Path) -> CleanMachine:
    """Give an officer's own machine with a production that was delivered."""
    folder = tmp_path / "desk"
    folder.mkdir()
    with closing(Office(tmp_path / "operator")) as office:
        officer = office.officer(office.agency())
        case_id = office.submitted(officer, "production", data_form())
        office.approved(case_id)
        desk = ProductionDesk(
            office.desk,
            office.filing,
            TEST_KEYRING,
            operator="Harbour Exchange",
            agency_of=lambda agency_id: office.agencies.find(agency_id).name,
            workspace=office.folder.cases,
            clock=lambda: office.now,
        )
        desk.add(office.first, case_id, "identity", "who.csv", io.BytesIO(IDENTITY))
        desk.add(office.first, case_id, "withdrawals", "what.csv", io.BytesIO(WITHDRAWALS))
        desk.assemble(office.first, case_id)
        office.desk.step(office.first, case_id, "fulfil")
        office.desk.step(office.second, case_id, "deliver")
        for entry in office.desk.find(officer, case_id)[1]:
            if entry.kind == "production":
                token = office.filing.leave(officer, case_id, str(entry.file_id))
                (folder / entry.name).write_bytes(b"".join(office.filing.download(officer, case_id, token).pieces))
    # As `age-keygen` writes it.
    lines = ("# created: 2026-11-20T09:00:00Z", f"# public key: {OFFICERS_KEY.to_public()}", str(OFFICERS_KEY), "")
    (folder / "officer.key").write_text("\n".join(lines), "utf-8")
    return CleanMachine(folder, package, documented())


def changed(path: Path, place: int) -> bytes:
    """Return what a file holds with one bit of one byte turned."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    return bytes(content)


def test_the_documented_command_verifies_with_nothing_at_hand(machine: CleanMachine) -> None:
    """It says that the production is whole, comes from the wheel alone, and leaves nothing behind."""
    before = sorted(path.name for path in machine.folder.rglob("*"))
    assert before == sorted([ARCHIVE, RECEIPT, "officer.key"])
    assert machine.verify() == (0, "whole\n")
    assert sorted(path.name for path in machine.folder.rglob("*")) == before
    assert not (machine.folder.parent / "home").exists()
    where = "import thinktwice; print(thinktwice.__file__)"
    environment = {"PYTHONPATH": str(machine.package)}
    told = subprocess.run(
        [sys.executable, "-c", where], cwd=machine.folder, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith(str(machine.package))


@pytest.mark.parametrize("place", [0, *MORE_PLACES, -1])
def test_a_changed_byte_of_the_archive_is_named(machine: CleanMachine, place: int) -> None:
    """From its first byte to its last: exit code 1 and the name of the file."""
    archive = machine.folder / ARCHIVE
    archive.write_bytes(changed(archive, place))
    code, said = machine.verify()
    assert code == 1
    assert ARCHIVE in said


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"Example Police", "request"),
        (b"withdrawals/002.csv", "files"),
        (b'"signature"', "seal"),
        pytest.param(b"regular course", "statement", marks=pytest.mark.prove),
        pytest.param(b"confirm_requester", "custody", marks=pytest.mark.prove),
        pytest.param(b"archive_sha256", "archive", marks=pytest.mark.prove),
        pytest.param(b"Harbour Exchange", "manifest", marks=pytest.mark.prove),
    ],
)
def test_a_changed_byte_of_the_receipt_is_named_by_its_part(machine: CleanMachine, text: bytes, part: str) -> None:
    """What was asked, what is in it, what was stated, who did what: each part is sealed by itself."""
    receipt = machine.folder / RECEIPT
    place = receipt.read_bytes().index(text)
    receipt.write_bytes(changed(receipt, place + 2))
    code, said = machine.verify()
    assert code == 1
    assert any(line.startswith(part) for line in said.splitlines()), said


def test_another_operators_key_proves_nothing(machine: CleanMachine) -> None:
    """A production sealed by somebody else is told from one of this operator."""
    given = list(machine.words)
    given[given.index("--public-key") + 1] = base64.b64encode(b"k" * 32).decode()
    code, said = CleanMachine(machine.folder, machine.package, tuple(given)).verify()
    assert code == 1
    assert "key" in said
