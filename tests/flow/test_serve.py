"""One story: the service is started from settings, serves, stops, and its report counts what it did."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from typer.testing import CliRunner, Result

from thinktwice.cli.main import assemble
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.loading import write_keyring


def run(command: str, *words: str, **environment: str) -> Result:
    return CliRunner().invoke(assemble(command), [command, *words], env=environment)


def make_keys(folder: Path) -> Path:
    """Write a key file of a real installation."""
    path = folder / "keys.toml"
    path.write_text(write_keyring({name: os.urandom(32) for name in ("ref", "assign", "token")}, suffix="t"))
    return path


def test_serve_refuses_to_start_without_keys_or_with_the_public_test_keys(tmp_path: Path) -> None:
    """Nobody is served with keys that anybody knows, or with none."""
    none = run("serve", "--data", str(tmp_path / "data"))
    assert none.exit_code == 2
    assert "generate-keyring" in none.stderr
    public = tmp_path / "public.toml"
    keys = {"ref": TEST_KEYRING.ref.secret, "assign": os.urandom(32), "token": os.urandom(32)}
    public.write_text(write_keyring(keys, suffix="t"))
    refused = run("serve", "--data", str(tmp_path / "data"), THINKTWICE_KEY_FILE=str(public))
    assert refused.exit_code == 2
    assert "public test keys" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_serve_refuses_an_unknown_surface_and_a_taken_port(tmp_path: Path) -> None:
    """A wrong word and a port in use are told in one line each."""
    keys = str(make_keys(tmp_path))
    wrong = run("serve", "portal2", "--data", str(tmp_path / "data"), THINKTWICE_KEY_FILE=keys)
    assert wrong.exit_code == 2
    assert "there are api, customer, all" in wrong.stderr
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--data", str(tmp_path / "data"), "--port", str(port), THINKTWICE_KEY_FILE=keys)
    assert refused.exit_code == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in refused.stderr


def test_the_service_starts_serves_stops_and_is_counted(tmp_path: Path) -> None:
    """A real process answers health, description and a decision; SIGTERM ends it; the report finds nothing."""
    data = str(tmp_path / "data")
    secret = run("key", "create", "test", "--mode", "live", "--scope", "decide", "--data", data).stdout.strip()
    process = subprocess.Popen(
        [sys.executable, "-m", "thinktwice.cli.main", "serve", "--data", data, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"THINKTWICE_KEY_FILE": str(make_keys(tmp_path))},
    )
    assert process.stderr is not None
    try:
        found = None
        for line in process.stderr:
            if found := re.search(r"serving all at (http://\S+) with campaigns", line):
                break
        assert found
        with httpx.Client(base_url=found[1], trust_env=False, headers={"Authorization": f"Bearer {secret}"}) as client:
            assert client.get("/readyz").status_code == 200
            assert client.get("/openapi.json").status_code == 200
            assert client.get("/alerts/nonsense").status_code in {401, 404}
            assert client.post("/v1/decisions", json={}).status_code == 422
        second = run("serve", "--data", data, "--port", "0", THINKTWICE_KEY_FILE=str(tmp_path / "keys.toml"))
        assert second.exit_code == 2
        assert str(process.pid) in second.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
        process.stderr.close()
    assert code == 0
    report = run("report", "--data", data)
    assert report.exit_code == 1
    assert "no campaign among them has fired" in report.stderr
    assert run("report", "--data", str(tmp_path / "nowhere")).exit_code == 2
