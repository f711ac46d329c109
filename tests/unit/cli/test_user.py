"""Accounts are begun on the installation's own machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from thinktwice.cli.user import app


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from thinktwice.cli.key import app as key_app

    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(key_app, ["generate-keyring", str(tmp_path / "keys.toml")]).exit_code == 0
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(folder / "data"), "--key", str(folder / "keys.toml")])


def accounts(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run(folder, "list", "--json").stdout)
    return found


def test_the_first_administrator_is_made_once(installation: Path) -> None:
    """The first gets a link on standard output; a second first one is refused with exit code 2."""
    first = run(installation, "create-first-administrator", "Ada@Example.org", "Ada Lovelace")
    assert first.exit_code == 0
    assert first.stdout.startswith("/invitation/")
    again = run(installation, "create-first-administrator", "eve@example.org", "Eve")
    assert again.exit_code == 2
    assert "already" in again.stderr
    assert [(one["email"], one["roles"], one["state"]) for one in accounts(installation)] == [
        ("ada@example.org", "administrator", "invited")
    ]


def test_staff_are_invited_suspended_restored_and_reset(installation: Path) -> None:
    """Each command does what it says; unknown roles and accounts are refused in words."""
    run(installation, "create-first-administrator", "ada@example.org", "Ada")
    invited = run(installation, "invite", "bob@example.org", "Bob", "--role", "author", "--role", "analyst")
    assert invited.exit_code == 0
    bob = accounts(installation)[1]
    assert bob["roles"] == "analyst author"
    assert run(installation, "suspend", bob["id"]).exit_code == 0
    assert accounts(installation)[1]["state"] == "suspended"
    assert run(installation, "restore", bob["id"]).exit_code == 0
    reset = run(installation, "reset", bob["id"])
    assert reset.stdout != invited.stdout
    for words in (
        ("invite", "eve@example.org", "Eve", "--role", "root"),
        ("suspend", "acc_unknown"),
        ("list", "--realm", "x"),
    ):
        assert run(installation, *words).exit_code == 2


def test_rewrap_says_what_is_left(installation: Path) -> None:
    """After adding a new master key in front, everything is put under it."""
    run(installation, "create-first-administrator", "ada@example.org", "Ada")
    keys = (installation / "keys.toml").read_text().replace('master = "', 'master = ["new:' + "A" * 43 + '", "')
    lines = [f"{line}]" if line.startswith("master") else line for line in keys.splitlines()]
    (installation / "keys.toml").write_text("\n".join(lines))
    done = run(installation, "rewrap")
    assert done.exit_code == 0
    assert "under new; 0 need another key" in done.stderr


def test_without_a_master_key_there_are_no_accounts(installation: Path) -> None:
    """The fault says which key is missing and how to make it."""
    lines = (installation / "keys.toml").read_text().splitlines()
    (installation / "keys.toml").write_text("\n".join(line for line in lines if not line.startswith("master")))
    refused = run(installation, "list")
    assert refused.exit_code == 2
    assert "master" in refused.stderr
