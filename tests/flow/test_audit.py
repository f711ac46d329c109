"""The audit chain on the command line: from acts to a checkpoint, an export, and a check on another machine."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from thinktwice.cli.main import assemble
from thinktwice.keyring.loading import read_keyring
from thinktwice.keyring.seal import public_key_of
from thinktwice.storage.layout import DataFolder


class Place:
    """One installation, its keys, and what its operator keeps elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.elsewhere = folder / "elsewhere.jsonl"
        self.export = folder / "chain.jsonl"
        self.run("key", "generate-keyring", str(folder / "keys"))
        self.public = folder / "public"
        seal = read_keyring((folder / "keys").read_text()).seal
        assert seal is not None
        self.public.write_text(base64.b64encode(public_key_of(seal)).decode())

    def run(self, *words: str, exits: int = 0) -> str:
        """Run a command and return everything that it printed."""
        result = CliRunner().invoke(assemble(words[0]), [*words])
        assert result.exit_code == exits, result.output
        return result.output

    def act(self, times: int = 1) -> None:
        """Do something: make keys."""
        for number in range(times):
            self.run("key", "create", f"key {number}", "--mode", "test", "--scope", "read", "--data", str(self.data))

    def sign(self) -> None:
        """Make a checkpoint and keep it elsewhere."""
        self.run(
            "audit", "checkpoint", "--to", str(self.elsewhere), "--key", str(self.folder / "keys"),
            "--data", str(self.data),
        )  # fmt: skip

    def take_out(self) -> None:
        """Export the chain."""
        self.export.unlink(missing_ok=True)
        self.run("audit", "export", str(self.export), "--data", str(self.data))

    def check(self, exits: int = 0, *, is_file: bool = True) -> str:
        """Check the export, or the database."""
        what = [str(self.export)] if is_file else ["--data", str(self.data)]
        return self.run(
            "audit", "verify", *what, "--checkpoint", str(self.elsewhere), "--key", str(self.public), exits=exits
        )

    def tamper(self, *statements: str) -> None:
        """Change the database as somebody could who may write the file."""
        with closing(sqlite3.connect(DataFolder(self.data).control)) as connection, connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for statement in [*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements]:
                connection.execute(statement)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.act(3)
    place.sign()
    place.act(2)
    place.sign()
    place.act()
    place.take_out()
    return place


def test_a_chain_is_exported_signed_and_checked_elsewhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check needs only the export, the checkpoints and the public key, and says what nobody vouches for."""
    (place.folder / "empty").mkdir()
    monkeypatch.chdir(place.folder / "empty")
    DataFolder(place.data).control.rename(place.folder / "gone")
    assert "signed up to entry 7, in 2 checkpoints; the 2 after it" in place.check()
    found = json.loads(
        place.run(
            "audit",
            "verify",
            str(place.export),
            "--checkpoint",
            str(place.elsewhere),
            "--key",
            str(place.public),
            "--json",
        )
    )
    assert (found["is_whole"], found["entries"], found["covered"], found["findings"]) == (True, 9, 7, [])


def test_nothing_personal_leaves(place: Place) -> None:
    """The names of the keys are nowhere in the export, nor is the system user's full name."""
    assert "key 1" not in place.export.read_text()


SWAPPED_SALT = """
UPDATE audit_salt SET salt = (SELECT salt FROM audit_salt WHERE seq = 1 AND label = 'name')
WHERE seq = 2 AND label = 'name'"""


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit_entry SET actor_id = 'cli:somebody' WHERE seq = 2", "entry 2: edited"),
        ("DELETE FROM audit_entry WHERE seq = 3", "entry 3: missing"),
        ("DELETE FROM audit_entry WHERE seq >= 6", "entry 6: truncated"),
        ("DELETE FROM audit_entry", "entry 1: truncated"),
        ("UPDATE audit_entry SET details = 'x' WHERE seq = 2", "entry 2: missing"),
        ("UPDATE audit_chain SET chain_id = 'chain_other'", "entry 1: foreign"),
        (SWAPPED_SALT, "entry 2: salt"),
    ],
)
def test_tampering_with_the_database_is_named(place: Place, statement: str, says: str) -> None:
    """Whoever drops the triggers and changes the tables is found out by the checkpoint kept elsewhere."""
    place.tamper(statement)
    assert says in place.check(exits=1, is_file=False)


def test_a_chain_written_anew_is_found_and_not_signed(place: Place) -> None:
    """Another installation's whole database in the place of this one is a fork, and gets no checkpoint."""
    other = Place(place.folder / "data")
    other.act(9)
    with closing(sqlite3.connect(DataFolder(other.data).control)) as source:
        rows = source.execute("SELECT * FROM audit_entry WHERE seq > 1").fetchall()
    marks = ", ".join("?" * len(rows[0]))
    place.tamper("DELETE FROM audit_entry WHERE seq > 1")
    with closing(sqlite3.connect(DataFolder(place.data).control)) as target, target:
        target.executemany(f"INSERT INTO audit_entry VALUES ({marks})", rows)
    said = place.check(exits=1, is_file=False)
    assert "entry 2: forked" in said
    assert "entry 7: forked" in said
    refused = place.run(
        "audit", "checkpoint", "--to", str(place.elsewhere), "--key", str(place.folder / "keys"), "--data",
        str(place.data), exits=2,
    )  # fmt: skip
    assert "does not follow the last checkpoint" in refused


def test_erasing_salts_leaves_the_chain_whole(place: Place) -> None:
    """After an erasure nothing is found, although nobody can open the commitments any more."""
    place.tamper("DELETE FROM audit_salt")
    assert "whole" in place.check(is_file=False)


def test_a_torn_checkpoint_line_is_passed_over(place: Place) -> None:
    """A machine that stopped while it wrote leaves a line that proves nothing; the next one is on a line of its own."""
    with place.elsewhere.open("ab") as stream:
        stream.write(b'{"seal":{"key')
    place.sign()
    assert "or exported before" in place.check(exits=1)
    place.take_out()
    said = place.check()
    assert "elsewhere.jsonl:3" in said
    assert "in 3 checkpoints" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.jsonl"], "no such file"),
        (["KEYS"], "is no export of an audit chain"),
        (["EXPORT", "--checkpoint", "ELSEWHERE"], "--key"),
        (["EXPORT", "--checkpoint", "EXPORT", "--key", "PUBLIC"], "holds no checkpoint"),
        (["EXPORT", "--checkpoint", "ELSEWHERE", "--key", "abc"], "44 characters of base64"),
    ],
)
def test_unusable_input_is_told_apart_from_tampering(place: Place, words: list[str], says: str) -> None:
    """Exit code 2 and words, never a verdict."""
    names = {
        "EXPORT": place.export,
        "ELSEWHERE": place.elsewhere,
        "PUBLIC": place.public,
        "KEYS": place.folder / "keys",
    }
    said = place.run("audit", "verify", *(str(names.get(word, word)) for word in words), exits=2)
    assert says in said


def test_an_export_overwrites_nothing(place: Place) -> None:
    """A file that exists stays as it is."""
    before = place.export.read_bytes()
    assert "not overwritten" in place.run("audit", "export", str(place.export), "--data", str(place.data), exits=2)
    assert place.export.read_bytes() == before


def test_the_list_names_who_did_what(place: Place) -> None:
    """Newest first, and by act."""
    rows = [json.loads(row) for row in place.run("audit", "list", "--json", "--data", str(place.data)).splitlines()]
    assert [row["seq"] for row in rows] == list(range(len(rows), 0, -1))
    assert rows[0]["act"] == "audit.export"
    assert all(row["actor_id"].startswith("cli:") for row in rows)
    keys = place.run("audit", "list", "--act", "key", "--json", "--data", str(place.data)).splitlines()
    assert {json.loads(row)["act"] for row in keys} == {"key.create"}
    assert "key.create" in place.run("audit", "list", "--data", str(place.data))


def test_a_witness_that_cannot_be_reached_is_said(place: Place) -> None:
    """The checkpoint is made, exit code 1 says that nobody keeps it, and the next run hands both over."""
    (place.folder / "in-the-way").mkdir()
    said = place.run(
        "audit", "checkpoint", "--to", str(place.folder / "in-the-way"), "--key", str(place.folder / "keys"),
        "--data", str(place.data), exits=1,
    )  # fmt: skip
    assert "could not be written" in said
