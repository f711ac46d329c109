"""Checking evidence, without this software."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import site
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.evidence import verification
from thinktwice.evidence.sealing import plain, sealed
from thinktwice.evidence.verification import canonical, main, read_public_key, verify
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.keyring.seal import public_key_of

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_evidence.py"
PUBLIC = public_key_of(TEST_KEYRING.seal or Key("", b""))
PDF = b"%PDF-1.7 a document"
PARTS: dict[str, Any] = {
    "about": {"decision_id": "d-1", "attempt": 1, "hold": None},
    "acts": [{"type": "cancelled", "detail": {}}, {"type": "acts", "detail": {"acts": '"acts":{'}}],
    "document": {"sha256": hashlib.sha256(PDF).hexdigest(), "base64": base64.b64encode(PDF).decode()},
    "shown": {"headline": "轉出前，先核實", "note": 'a "quote", a\ttab and \u2028', "is_opened": True},
    "withdrawal": None,
}


def made(parts: dict[str, Any] = PARTS) -> bytes:
    return sealed(
        parts,
        edition="customer",
        decision_id="d-1",
        operator="Harbour Exchange",
        made_at=datetime(2026, 11, 23, tzinfo=UTC),
        keyring=TEST_KEYRING,
    )


def spans(data: bytes) -> dict[str, range]:
    """Where the value of each part lies, found by building the file up from its parts."""
    whole = json.loads(data)
    found, at = {}, data.index(b'"parts":{') + len(b'"parts":{')
    for name, part in sorted(whole["parts"].items()):
        at += len(b'"%s":' % name.encode())
        found[name] = range(at, at + len(rfc8785.dumps(part)))
        at = found[name].stop + 1
    found["manifest"] = range(data.index(b"{", 1), data.index(b',"parts":{'))
    found["seal"] = range(data.rindex(b',"seal":{') + len(b',"seal":'), len(data) - 2)
    return found


def test_a_whole_file_is_proved() -> None:
    """Nothing is found in a file as it was made, with and without its PDF."""
    assert verify(made(), PUBLIC) == []
    assert verify(made(), PUBLIC, PDF) == []


def test_every_changed_byte_is_named() -> None:
    """Each byte of the file in turn is changed in three ways: it is always found, and in the part in which it lies."""
    data = made()
    places = {at: name for name, span in spans(data).items() for at in span}
    for at in range(len(data)):
        for other in (data[at] ^ 0x01, 0x20 if data[at] != 0x20 else 0x2E, 0x22 if data[at] != 0x22 else 0x5C):
            findings = verify(data[:at] + bytes([other]) + data[at + 1 :], PUBLIC)
            assert findings
            if at in places:
                named = {finding.part for finding in findings}
                assert places[at] in named, (data[at - 20 : at + 20], other, findings)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_changed_left_out_or_added_is_named(name: str) -> None:
    """Whoever writes the file anew in its canonical form is found out by the digests."""
    whole = json.loads(made())
    changed = whole | {"parts": whole["parts"] | {name: "else"}}
    assert [finding.part for finding in verify(rfc8785.dumps(changed) + b"\n", PUBLIC)] == [name]
    fewer = whole | {"parts": {key: part for key, part in whole["parts"].items() if key != name}}
    assert [finding.part for finding in verify(rfc8785.dumps(fewer) + b"\n", PUBLIC)] == [name]
    more = whole | {"parts": whole["parts"] | {"further": 1}}
    assert [finding.part for finding in verify(rfc8785.dumps(more) + b"\n", PUBLIC)] == ["further"]


def test_digests_made_anew_do_not_fit_the_seal() -> None:
    """Changing a part and the manifest with it is found in the manifest; sealing with another key in the seal."""
    whole = json.loads(made(PARTS | {"withdrawal": {"amount": "1"}}))
    forged = json.loads(made())
    forged["manifest"], forged["parts"] = whole["manifest"], whole["parts"]
    assert [finding.part for finding in verify(rfc8785.dumps(forged) + b"\n", PUBLIC)] == ["manifest"]
    assert [finding.part for finding in verify(made(), public_key_of(Key("other", b"o" * 32)))] == ["seal"]


def test_another_pdf_is_named() -> None:
    """A PDF beside the file that is not the sealed one is found."""
    assert [finding.part for finding in verify(made(), PUBLIC, PDF + b" ")] == ["document"]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"manifest":1,"parts":2,"seal":3}', b"\xff", b"[" * 100_000, b'{"a":1,"a":1}', b'{"a":1.5}',
     b'{"manifest":{"digests":[1]},"parts":{},"seal":{"signature":7}}', b'{"a":NaN}', b'"\\ud800"',
     b'{"manifest":{"a":"\\ud800"},"parts":{},"seal":{}}',
     b'{"manifest":7,"parts":{,"seal":{"manifest_sha256":"%s"' % hashlib.sha256(b"7").hexdigest().encode()],
)  # fmt: skip
def test_what_is_no_evidence_is_refused_in_words(data: bytes) -> None:
    """Nothing that is put in the place of evidence brings the check down or passes it."""
    assert verify(data, PUBLIC)


texts = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    """The few lines of the script write what a full implementation writes."""
    assert canonical(value) == rfc8785.dumps(value)


def test_large_numbers_are_written_as_text() -> None:
    """An integer that not every reader of JSON keeps is text in evidence."""
    assert plain({"a": 2**53, "b": [-(2**60)], "c": 2**53 - 1, "d": True}) == {
        "a": "9007199254740992",
        "b": [str(-(2**60))],
        "c": 2**53 - 1,
        "d": True,
    }


def test_the_script_of_the_documentation_is_the_module() -> None:
    """There is one check: what is handed out is what the command runs."""
    assert SCRIPT.read_bytes() == Path(verification.__file__).read_bytes()


def run_clean(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as on a machine that has Python and cryptography and nothing else."""
    packages = folder / "packages"
    packages.mkdir(exist_ok=True)
    for installed in map(Path, site.getsitepackages()):
        for found in installed.iterdir():
            if found.name.startswith(("cryptography", "cffi", "_cffi_backend", "pycparser")):
                (packages / found.name).unlink(missing_ok=True)
                (packages / found.name).symlink_to(found)
    code = f"import sys, runpy; sys.path.insert(0, {str(packages)!r}); runpy.run_path(sys.argv[0], run_name='__main__')"
    start = f"import sys; sys.argv[0] = {str(SCRIPT)!r}; {code}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start, *arguments],
        cwd=folder, env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_evidence_is_checked_on_a_clean_machine(tmp_path: Path) -> None:
    """With only Python and cryptography: 0 for whole evidence, 1 and the part for changed, 2 for no key or file."""
    file, key = tmp_path / "evidence.json", base64.b64encode(PUBLIC).decode()
    file.write_bytes(made())
    whole = run_clean(tmp_path, str(file), "--public-key", key)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "proved: sealed by key test-seal" in whole.stdout
    assert "anybody could have made this file" in whole.stdout
    file.with_suffix(".pdf").write_bytes(PDF + b"!")
    (tmp_path / "key.txt").write_text(key + "\n")
    changed = run_clean(tmp_path, str(file), "--public-key", str(tmp_path / "key.txt"))
    assert changed.returncode == 1
    assert changed.stdout.startswith("NOT PROVED: document: ")
    assert run_clean(tmp_path, str(file), "--public-key", "short").returncode == 2
    assert run_clean(tmp_path, str(tmp_path / "none.json"), "--public-key", key).returncode == 2


def test_a_public_key_is_read_from_text_and_file(tmp_path: Path) -> None:
    """Base64 or a file of it; anything else is refused."""
    path = tmp_path / "key"
    path.write_text(base64.b64encode(PUBLIC).decode() + "\n")
    assert read_public_key(str(path)) == read_public_key(base64.b64encode(PUBLIC).decode()) == PUBLIC
    for wrong in ("", "x", "é" * 44, "A" * 40, "A" * 5000):
        with pytest.raises(ValueError, match="44 characters"):
            read_public_key(wrong)


def test_the_command_line_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The digests of all parts are printed, for comparing by hand."""
    file = tmp_path / "evidence.json"
    file.write_bytes(made())
    assert main([str(file), "--public-key", base64.b64encode(PUBLIC).decode()]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name}: sha256 " in printed for name in PARTS)
