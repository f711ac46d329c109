"""Files of cases: encrypted, whole or not there, never whole in memory."""

from __future__ import annotations

import hashlib
import io
import resource
from pathlib import Path

import pytest

from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.sealing import blind, blinds, identity_of, identity_place, new_case_key
from thinktwice.cases.vault import FileVault, sniffed
from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.keyring.keys import Key
from thinktwice.people.sealing import Sealing

OLD, NEW = Key("m1", b"o" * 32), Key("m2", b"n" * 32)
CASE, FILE = "0193aaaa-case", "0193bbbb-file"
TEXT = b"the officer's secret attachment\n" * 1_000


class Endless:
    """A stranger's upload of a given size."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1, /) -> bytes:
        taken = min(self.left, size)
        self.left -= taken
        return b"\x00" * taken


def test_a_file_comes_back_as_it_was_and_the_disk_shows_nothing_of_it(tmp_path: Path) -> None:
    """Size, hash and type are of the plain content."""
    sealing, vault = Sealing([OLD]), FileVault(tmp_path)
    key = new_case_key(sealing, CASE)
    kept = vault.keep(CASE, FILE, io.BytesIO(TEXT), key.recipient)
    assert (kept.size, kept.sha256, kept.type) == (len(TEXT), hashlib.sha256(TEXT).hexdigest(), "text/plain")
    (path,) = tmp_path.rglob("*.age")
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert b"".join(vault.read(CASE, FILE, identity_of(sealing, CASE, key.identity_sealed))) == TEXT


def test_without_the_master_key_nothing_opens_and_after_rotation_everything_does(tmp_path: Path) -> None:
    """Rotation seals anew what opens the files; the files stay as they are."""
    key = new_case_key(Sealing([OLD]), CASE)
    FileVault(tmp_path).keep(CASE, FILE, io.BytesIO(TEXT), key.recipient)
    with pytest.raises(EnvelopeError):
        identity_of(Sealing([NEW]), CASE, key.identity_sealed)
    renewed = Sealing([NEW, OLD]).reseal(key.identity_sealed, identity_place(CASE))
    identity = identity_of(Sealing([NEW]), CASE, renewed)
    assert b"".join(FileVault(tmp_path).read(CASE, FILE, identity)) == TEXT
    with pytest.raises(EnvelopeError):
        identity_of(Sealing([NEW]), "another-case", renewed)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    """And so is a key of another case."""
    sealing, vault = Sealing([OLD]), FileVault(tmp_path)
    key = new_case_key(sealing, CASE)
    vault.keep(CASE, FILE, io.BytesIO(TEXT), key.recipient)
    identity = identity_of(sealing, CASE, key.identity_sealed)
    other = new_case_key(sealing, "another-case")
    with pytest.raises(UnavailableError):
        list(vault.read(CASE, FILE, identity_of(sealing, "another-case", other.identity_sealed)))
    (path,) = tmp_path.rglob("*.age")
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnavailableError):
        list(vault.read(CASE, FILE, identity))


def test_what_is_too_large_or_empty_leaves_nothing(tmp_path: Path) -> None:
    """A refused upload is not there, not even in part."""
    vault, key = FileVault(tmp_path, most_bytes=100_000), new_case_key(Sealing([OLD]), CASE)
    for size, says in ((100_001, "at most"), (0, "empty")):
        with pytest.raises(InputError, match=says):
            vault.keep(CASE, FILE, Endless(size), key.recipient)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_names_are_never_paths(tmp_path: Path) -> None:
    """Whatever is asked for, nothing outside of the vault is reached."""
    identity = Sealing([OLD])
    key = new_case_key(identity, CASE)
    for name in ("../../etc/passwd", "a/b-aaaaaaa", "", "A" * 10):
        with pytest.raises(NotFoundError):
            FileVault(tmp_path).read(CASE, name, identity_of(identity, CASE, key.identity_sealed))
        with pytest.raises(NotFoundError):
            FileVault(tmp_path).keep(name, FILE, io.BytesIO(b"x"), key.recipient)


def test_a_large_file_passes_in_bounded_memory(tmp_path: Path) -> None:
    """64 MB in and out; less than 32 MB more memory at any time (1 GB in the long proof)."""
    _pass_through(tmp_path, 64 << 20)


@pytest.mark.prove
def test_a_gigabyte_passes_in_bounded_memory(tmp_path: Path) -> None:
    """The largest file that a case may hold."""
    _pass_through(tmp_path, 1 << 30)


def _pass_through(folder: Path, size: int) -> None:
    sealing, vault = Sealing([OLD]), FileVault(folder)
    key = new_case_key(sealing, CASE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = vault.keep(CASE, FILE, Endless(size), key.recipient)
    read = sum(len(piece) for piece in vault.read(CASE, FILE, identity_of(sealing, CASE, key.identity_sealed)))
    assert kept.size == read == size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10


def test_a_reader_that_stops_early_leaves_no_thread(tmp_path: Path) -> None:
    """A browser that goes away does not keep a file open."""
    sealing, vault = Sealing([OLD]), FileVault(tmp_path)
    key = new_case_key(sealing, CASE)
    vault.keep(CASE, FILE, Endless(8 << 20), key.recipient)
    reading = vault.read(CASE, FILE, identity_of(sealing, CASE, key.identity_sealed))
    next(reading)
    reading.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("名前,住所\n".encode(), "text/plain"),
        (b"MZ\x90\x00", "application/octet-stream"),
        (b"PK\x03\x04", "application/octet-stream"),
        (b"<html>\x00", "application/octet-stream"),
        (" %PDF-1.7".encode("utf-16"), "application/octet-stream"),
        (("字" * 2_000).encode()[:4_096], "text/plain"),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, found: str) -> None:
    """Never its name."""
    assert sniffed(head) == found


def test_equal_identifiers_meet_and_show_nothing() -> None:
    """Letter case of an address does not part them; the key does."""
    one = Identifier("address", "0xAB" + "0" * 38, "ethereum")
    same = Identifier("address", "0xab" + "0" * 38, "ethereum")
    old, new, both = Sealing([OLD]), Sealing([NEW]), Sealing([NEW, OLD])
    assert blind(old, one) == blind(old, same)
    assert blind(old, one) in blinds(both, one)
    assert blind(new, one) != blind(old, one)
    assert b"ab00" not in blind(old, one)
