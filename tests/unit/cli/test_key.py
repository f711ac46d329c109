"""The key commands print a secret once, write key files privately, and never overwrite one."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from thinktwice.cli.key import app
from thinktwice.keyring.loading import read_keyring
from thinktwice.people.keys import ApiKeyStore
from thinktwice.storage.layout import DataFolder

CREATE = ["create", "server", "--mode", "test", "--scope", "decide", "--scope", "clear", "--actor", "ada"]


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    """The printed secret works until the key is revoked; the list never shows it."""
    data = ["--data", str(tmp_path)]
    made = CliRunner().invoke(app, CREATE + data)
    assert made.exit_code == 0
    secret = made.stdout.strip()
    store = ApiKeyStore(DataFolder(tmp_path).control)
    key = store.find(secret)
    assert key is not None
    listed = CliRunner().invoke(app, ["list", "--json", *data])
    assert secret not in listed.output
    (row,) = json.loads(listed.stdout)
    assert (row["id"], row["mode"], row["scopes"], row["actor"], row["revoked_at"]) == (
        key.id,
        "test",
        "clear decide",
        "ada",
        None,
    )
    assert CliRunner().invoke(app, ["revoke", key.id, *data]).exit_code == 0
    assert store.all()[0].revoked_at is not None
    store.close()
    table = CliRunner().invoke(app, ["list", *data])
    assert table.exit_code == 0
    assert secret not in table.output
    assert key.id in table.output  # whole, so that it can be given to `revoke`


def test_an_empty_list_says_how_to_begin(tmp_path: Path) -> None:
    """Without a key the list names the command that makes one."""
    listed = CliRunner().invoke(app, ["list", "--data", str(tmp_path)])
    assert listed.exit_code == 0
    assert "key create" in listed.output


@pytest.mark.parametrize(
    "arguments", [["create", "x", "--mode", "prod", "--scope", "decide"], ["revoke", "key_nothing"]]
)
def test_unusable_input_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    """A wrong mode or an unknown key is said on standard error with exit code 2."""
    result = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr
    assert not result.stdout


def test_a_key_file_is_private_and_kept(tmp_path: Path) -> None:
    """The file has mode 0600, can be read, and is never overwritten; no secret is printed."""
    file = tmp_path / "keys.toml"
    made = CliRunner().invoke(app, ["generate-keyring", str(file)])
    assert made.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    assert not read_keyring(before).is_test
    assert before.split(":", 1)[1][:20] not in made.output
    again = CliRunner().invoke(app, ["generate-keyring", str(file)])
    assert again.exit_code == 2
    assert file.read_text() == before


def test_the_webhook_secret_is_what_receivers_take(tmp_path: Path) -> None:
    """``webhook-secret`` prints the first webhook key as ``whsec_`` and base64, and nothing else."""
    file = str(tmp_path / "keys")
    assert CliRunner().invoke(app, ["generate-keyring", file]).exit_code == 0
    shown = CliRunner().invoke(app, ["webhook-secret", file])
    key = read_keyring((tmp_path / "keys").read_text()).webhook[0]
    assert (shown.exit_code, shown.stdout) == (0, f"whsec_{base64.b64encode(key.secret).decode()}\n")
