"""``thinktwice watchlist``, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from thinktwice.cli.watchlist import app

EVM = "0x5B6D3D66E18dfd31ed9a753c406963c401f356c0"


class Shell:
    """Runs commands on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str | Path) -> Result:
        return CliRunner().invoke(app, [*map(str, words), "--data", str(self.folder)])


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "police.csv"
    path.write_text(f"address,label\n{EVM},see \x1b[31mhttps://bad.example\n")
    return path


def test_what_is_imported_is_found(shell: Shell, file: Path) -> None:
    """Look-up says who, when, why and what follows, harmlessly for a terminal, and exits 0; unlisted exits 1."""
    assert shell.run("import", file, "--kind", "scam", "--listed-at", "2024-01-31").exit_code == 0
    found = shell.run("lookup", EVM.lower())
    assert found.exit_code == 0
    for words in (
        "police: scam, warn (evm)",
        "listed  2024-01-31",
        "police.csv:2",
        "always raises a warning",
        "hxxps://",
    ):
        assert words in found.stdout
    assert "\x1b" not in found.stdout
    assert shell.run("lookup", "0x" + "0" * 40).exit_code == 1


def test_lookup_answers_programs(shell: Shell, file: Path) -> None:
    """JSON holds the outcome and every entry with its provenance."""
    shell.run("import", file, "--kind", "sanctions", "--source", "ofac")
    answer = json.loads(shell.run("lookup", EVM, "--json", "--network", "ERC20").stdout)
    assert (answer["is_listed"], answer["disposition"]) == (True, "block")
    assert [entry["source"] for entry in answer["entries"]] == ["ofac"]
    missing = shell.run("lookup", "0x" + "0" * 40, "--json")
    assert (missing.exit_code, json.loads(missing.stdout)["is_listed"]) == (1, False)


def test_faults_are_named_and_nothing_usable_exits_2(shell: Shell, file: Path) -> None:
    """Without a kind nothing is usable: every entry is named with file, line and field."""
    refused = shell.run("import", file)
    assert refused.exit_code == 2
    assert f"{file}:2: kind: the list gives no kind for {EVM}; say --kind, one of scam, poisoning" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    "words",
    [("--kind", "evil"), ("--confidence", "101"), ("--listed-at", "soon"), ("--column", "x"), ("--family", "x"),
     ("--format", "x"), ("--column", "address=nope"), ("--format", "text", "--column", "address=1")],
)  # fmt: skip
def test_wrong_options_are_refused(shell: Shell, file: Path, words: tuple[str, ...]) -> None:
    """A wrong option is unusable input and says what is right."""
    options = words if words[0] == "--kind" else (*words, "--kind", "scam")
    assert shell.run("import", file, *options).exit_code == 2


def test_a_missing_file_is_refused(shell: Shell, tmp_path: Path) -> None:
    """The refusal names the file; asking an empty folder names what to do."""
    gone = shell.run("import", tmp_path / "gone.csv", "--kind", "scam")
    assert gone.exit_code == 2
    assert "gone.csv" in gone.stderr
    nowhere = Shell(tmp_path / "nowhere")
    assert nowhere.run("lookup", EVM).exit_code == 2


def test_an_allowance_needs_reason_and_author(shell: Shell, file: Path) -> None:
    """Vouching overrules every list, is shown with reason and author, and can be withdrawn."""
    shell.run("import", file, "--kind", "sanctions")
    assert shell.run("allow", EVM).exit_code == 2
    assert shell.run("allow", EVM, "--reason", " ", "--author", "me").exit_code == 2
    assert shell.run("allow", EVM, "--reason", "delisted 2025", "--author", "Ann").exit_code == 0
    found = shell.run("lookup", EVM).stdout
    assert "the allow list wins" in found
    assert "by Ann" in found
    assert "delisted 2025" in found
    assert shell.run("allow", EVM, "--reason", "mistake", "--author", "Ann", "--withdraw").exit_code == 0
    assert "blocked" in shell.run("lookup", EVM).stdout


def test_delisting_ends_entries_and_keeps_them(shell: Shell, file: Path) -> None:
    """A delisted address is not listed; the look-up still shows what was said."""
    shell.run("import", file, "--kind", "scam")
    assert shell.run("delist", EVM, "--source", "other").exit_code == 1
    assert shell.run("delist", EVM).exit_code == 0
    found = shell.run("lookup", EVM)
    assert found.exit_code == 1
    assert "1 entry that counted earlier" in found.stdout


def test_build_and_export(shell: Shell, file: Path) -> None:
    """A base can be built in either engine; the export holds each entry on a line."""
    shell.run("import", file, "--kind", "scam", "--json")
    for engine in ("lmdb", "constmap"):
        built = shell.run("build", "--engine", engine, "--json")
        assert built.exit_code == 0
        assert json.loads(built.stdout)["keys"] == 1
    (line,) = shell.run("export").stdout.splitlines()
    assert json.loads(line)["address"] == EVM


def test_a_rehearsal_changes_nothing(shell: Shell, file: Path) -> None:
    """A dry run says what it would do."""
    assert "would import 1 entry" in shell.run("import", file, "--kind", "scam", "--dry-run").stdout
    assert shell.run("lookup", EVM).exit_code == 1
