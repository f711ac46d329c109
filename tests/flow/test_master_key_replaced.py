"""The master key is replaced while people work, by a command that may be killed at any moment."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.agencies import BASES, form
from tests.support.serving import COMMAND
from tests.support.surfaces import CLI
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.rotating import COLUMNS
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.vault import FileVault
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.keyring.keys import SECRET_BYTES, Key
from thinktwice.keyring.loading import PURPOSES, write_keyring
from thinktwice.people.permissions import Role
from thinktwice.people.person import Person
from thinktwice.people.rotation import count_left, rewrap
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

OLD, NEW = Key("old", b"o" * SECRET_BYTES), Key("new", b"n" * SECRET_BYTES)
MESSAGES = 1_500
CONTENT = b"what the victim wrote\n" * 1_000
ABOUT = tuple(Identifier("account", f"a-{number}") for number in range(300))


def now() -> datetime:
    return datetime.now(UTC)


def person(account_id: str, role: Role, agency_id: str | None = None) -> Person:
    return Person(
        account_id=account_id,
        name=account_id,
        realm="portal" if agency_id else "console",
        roles=frozenset({role}),
        agency_id=agency_id,
        session_id=f"session-{account_id}",
        method="passkey",
        opened_at=now(),
        expires_at=now() + timedelta(hours=12),
        second_factor_at=now(),
    )


class Keeper:
    """The case office as a service with some keys has it."""

    def __init__(self, folder: DataFolder, *masters: Key) -> None:
        self.ledger = Ledger(folder.control, now)
        self.sealing = Sealing(masters)
        self.agencies = Agencies(self.ledger, self.sealing, now)
        self.desk = CaseDesk(self.ledger, self.sealing, BASES, now)
        self.filing = CaseFiling(self.ledger, self.sealing, FileVault(folder.cases), now)
        self.deconfliction = Deconfliction(self.ledger, self.sealing, now)

    def close(self) -> None:
        self.ledger.close()

    def filed(self, officer: Person) -> str:
        """File a request about much, with a file."""
        case_id = self.desk.draft(officer, "preservation")
        self.desk.save(officer, case_id, form(identifiers=ABOUT), 1)
        self.filing.attach(officer, case_id, "notes.txt", io.BytesIO(CONTENT))
        self.desk.step(officer, case_id, "submit")
        return case_id

    def reads_all(self, officer: Person, case_id: str) -> None:
        """Open everything there is of a request: form, words, names, content."""
        found, timeline = self.desk.find(officer, case_id)
        assert found.form.identifiers == ABOUT
        assert sum(entry.text.startswith("message ") for entry in timeline) == MESSAGES
        (file,) = [entry for entry in timeline if entry.file_id]
        assert b"".join(self.filing.pieces(found, str(file.file_id))) == CONTENT


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    migrate(tmp_path)
    return DataFolder(tmp_path)


def fill(keeper: Keeper, case_id: str) -> None:
    """Write many messages at once, as years would."""
    with keeper.ledger.act(CLI, "test.fill", "case", case_id) as act:
        rows = (
            (f"m-{number}", case_id, keeper.sealing.seal(f"message {number}", f"case_message.body:m-{number}"))
            for number in range(MESSAGES)
        )
        statement = """
        INSERT INTO case_message (id, case_id, side, person, is_private, at, body_sealed)
        VALUES (?, ?, 'officer', 'o-1', 0, '2026-11-23T09:00:00.000000Z', ?)
        """
        act.connection.executemany(statement, rows)


def key_file(folder: Path) -> Path:
    """Write a key file in which the new master key stands before the old one."""
    secrets = {purpose: bytes([number]) * SECRET_BYTES for number, purpose in enumerate(PURPOSES, 1)}
    lines = [line for line in write_keyring(secrets, suffix="1").splitlines() if not line.startswith("master")]
    masters = [f'"{key.id}:{base64.urlsafe_b64encode(key.secret).decode().rstrip("=")}"' for key in (NEW, OLD)]
    path = folder / "keys"
    path.write_text("\n".join([*lines, f"master = [{', '.join(masters)}]", ""]), "utf-8")
    path.chmod(0o600)
    return path


def run(folder: DataFolder, keys: Path) -> subprocess.Popen[bytes]:
    command = [str(COMMAND), "user", "rewrap", "--data", str(folder.path), "--key", str(keys)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"NO_COLOR": "1"})


def test_killed_in_the_middle_everything_is_readable_and_it_goes_on(folder: DataFolder, tmp_path: Path) -> None:
    """Killed twice half-way: both keys open all; run to its end: the new key alone opens all, the old one nothing."""
    keys = key_file(tmp_path)
    with closing(Keeper(folder, OLD)) as before:
        agency = before.agencies.register(CLI, name="Example Police", country="HK", domain="police.example.org")
        with before.ledger.act(CLI, "test.trust", "agency", agency) as act:
            act.connection.execute("UPDATE agency SET trust = 'verified'")
        officer = person("o-1", "officer", agency)
        case_id = before.filed(officer)
        fill(before, case_id)
        whole = count_left(before.ledger, NEW, COLUMNS)
    with closing(Keeper(folder, NEW, OLD)) as meanwhile:
        left = whole
        for _ in range(2):
            with run(folder, keys) as process:
                goal = left - MESSAGES // 5
                while (left := count_left(meanwhile.ledger, NEW, COLUMNS)) > goal and process.poll() is None:
                    time.sleep(0.002)
                process.kill()
            left = count_left(meanwhile.ledger, NEW, COLUMNS)
            assert 0 < left < whole
            meanwhile.reads_all(officer, case_id)
        later = meanwhile.filed(officer)
        with run(folder, keys) as process:
            assert process.stderr is not None
            said = process.stderr.read().decode()
        assert process.returncode == 0, said
        assert "0 need another key" in said
        assert count_left(meanwhile.ledger, NEW, COLUMNS) == 0
    with closing(Keeper(folder, NEW)) as after:
        after.reads_all(officer, case_id)
        (overlap,) = after.deconfliction.overlaps(person("p-1", "case_handler"), later)
        assert (overlap.case_id, overlap.shared) == (case_id, len(ABOUT))
    with closing(Keeper(folder, OLD)) as former, pytest.raises(EnvelopeError):
        former.desk.find(officer, case_id)


@pytest.fixture
def asked(folder: DataFolder) -> tuple[Person, str]:
    """Give an officer, and a request under the old key about which the operator asked more."""
    handler = person("p-1", "case_handler")
    with closing(Keeper(folder, OLD)) as before:
        agency = before.agencies.register(CLI, name="Example Police", country="HK", domain="police.example.org")
        with before.ledger.act(CLI, "test.trust", "agency", agency) as act:
            act.connection.execute("UPDATE agency SET trust = 'verified'")
        officer = person("o-1", "officer", agency)
        case_id = before.filed(officer)
        before.desk.step(handler, case_id, "take")
        before.desk.step(handler, case_id, "ask_more", Taking(note="Which accounts?"))
    return officer, case_id


def test_what_was_saved_again_meanwhile_is_found_by_the_new_key(folder: DataFolder, asked: tuple[Person, str]) -> None:
    """An officer who corrects a form while both keys are there puts it under the new one; its index goes along."""
    officer, case_id = asked
    with closing(Keeper(folder, NEW, OLD)) as meanwhile:
        found, _timeline = meanwhile.desk.find(officer, case_id)
        meanwhile.desk.save(officer, case_id, form(identifiers=ABOUT[:3]), found.revision)
        rewrap(meanwhile.ledger, CLI, (NEW, OLD), COLUMNS)
    with closing(Keeper(folder, NEW)) as after:
        (overlap,) = after.deconfliction.overlaps(person("p-1", "case_handler"), after.filed(officer))
        assert (overlap.case_id, overlap.shared) == (case_id, len(ABOUT))


def test_an_answer_meanwhile_counts_nothing_twice(folder: DataFolder, asked: tuple[Person, str]) -> None:
    """What is indexed again under the new key is not left under the old one too."""
    officer, case_id = asked
    with closing(Keeper(folder, NEW, OLD)) as meanwhile:
        meanwhile.desk.step(officer, case_id, "answer", Taking(note="All of them."))
        (overlap,) = meanwhile.deconfliction.overlaps(person("p-1", "case_handler"), meanwhile.filed(officer))
        assert (overlap.case_id, overlap.shared) == (case_id, len(ABOUT))
