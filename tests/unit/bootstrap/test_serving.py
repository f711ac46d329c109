"""Sockets and what settings choose."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from thinktwice.bootstrap.choices import installation_of, load_campaigns, read_key_file, serving_keyring
from thinktwice.bootstrap.serving import bind, port_of
from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.settings import load_settings


def test_a_taken_port_is_refused_or_replaced() -> None:
    """A port in use is refused in words; a demonstration takes a free one instead."""
    with bind("127.0.0.1", 0) as taken:
        port = port_of(taken)
        with pytest.raises(UnavailableError, match=f"port {port}"):
            bind("127.0.0.1", port)
        with bind("127.0.0.1", port, or_any=True) as other:
            assert port_of(other) != port


def test_a_process_that_served_ends_without_a_word() -> None:
    """What is kept out of garbage collection while serving is collected afterwards, so that nothing seems to leak."""
    words = (
        "import duckdb",
        "from thinktwice.bootstrap import serving",
        "with serving._settled_garbage(): duckdb.connect()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(words)], capture_output=True, text=True, timeout=120, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_a_key_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    """The fault names the file and never its content."""
    with pytest.raises(InputError, match="no such key file"):
        read_key_file(tmp_path / "nothing.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe secret")
    with pytest.raises(InputError) as refusal:
        read_key_file(binary)
    assert "secret" not in str(refusal.value).replace("binary.toml", "")


def test_nobody_is_served_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without key file and key variables there is no keyring to serve with."""
    for name in ("REF", "ASSIGN", "TOKEN", "SEAL", "MASTER"):
        monkeypatch.delenv(f"THINKTWICE_KEY_{name}", raising=False)
    with pytest.raises(InputError, match="generate-keyring"):
        serving_keyring(load_settings())


def test_the_shipped_packs_lend_words_where_the_operator_has_none(tmp_path: Path) -> None:
    """With an operator's folder of packs, a known-bad destination still finds the shipped words, in their version."""
    folder = tmp_path / "campaigns"
    folder.mkdir()
    settings = load_settings(campaigns_dir=folder)
    campaigns = load_campaigns(settings, installation_of(settings))
    assert campaigns.library.policies == ()
    lookalike = next(policy for policy in campaigns.fallback.policies if policy.id == "lookalike")
    assert campaigns.pack("lookalike", lookalike.version).id == "lookalike"
    with pytest.raises(NotFoundError):
        campaigns.pack("lookalike", "0" * 64)
