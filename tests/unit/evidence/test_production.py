"""A production verifies on another machine, and any changed byte is named."""

from __future__ import annotations

import hashlib
import io
import resource
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from msgspec.structs import replace

from tests.support.agencies import OFFICERS_KEY, data_form
from thinktwice.cases.portions import Portion, check_portion
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.workflow import Case
from thinktwice.errors import InputError
from thinktwice.evidence.production import assemble, member_of, receipt_of, verify_production
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
REQUEST = CaseRequest(
    id="c" * 32, number=1, agency_id="g", kind="production", author="o",
    stands=Case(kind="production", author="o", state="approved", approved_by=("p-1",)),
    form=replace(data_form(), period_from=date(2026, 11, 1), period_until=date(2026, 11, 20)), recipient="",
    identity_sealed=b"", revision=1, created_at=NOW, submitted_at=NOW, decide_by=NOW, decided_at=NOW, refusal=None,
)  # fmt: skip
TABLES = {
    "identity": b"subject,name\na-1,Somebody\n",
    "withdrawals": b"at,subject,amount\n2026-11-02T10:00:00+00:00,a-1,12000\n",
}


def produced(folder: Path) -> tuple[bytes, Path]:
    """Return receipt and encrypted archive of two small tables."""
    portions = [(check_portion(REQUEST, name, f"{name}.csv", [content]), content) for name, content in TABLES.items()]
    path = folder / "production.zip.age"
    with path.open("wb") as target:
        given = [(portion, lambda content=content: iter([content])) for portion, content in portions]
        assembled = assemble(given, str(OFFICERS_KEY.to_public()), target)
    receipt = receipt_of(
        REQUEST, assembled, [portion for portion, _ in portions], (), agency="Example Police",
        operator="Example Exchange", made_at=NOW, keyring=TEST_KEYRING,
    )  # fmt: skip
    return receipt, path


def check(receipt: bytes, path: Path, **given: Any) -> list[str]:
    assert TEST_KEYRING.seal is not None
    found = verify_production(receipt, path, public_key_of(TEST_KEYRING.seal), **given)
    return [finding.part for finding in found]


def test_a_whole_production_verifies_with_and_without_the_officers_key(tmp_path: Path) -> None:
    """Whoever holds the key reads exactly the portions."""
    receipt, path = produced(tmp_path)
    assert check(receipt, path) == []
    assert check(receipt, path, identity=OFFICERS_KEY) == []
    plain = io.BytesIO(pyrage.decrypt(path.read_bytes(), [OFFICERS_KEY]))
    with zipfile.ZipFile(plain) as archive:
        assert {name.split("/")[0]: archive.read(name) for name in archive.namelist()} == TABLES
    assert [file for file in tmp_path.iterdir() if file.name.startswith(".opened")] == []


def test_any_changed_byte_is_named(tmp_path: Path) -> None:
    """In the encrypted archive, in the receipt, and in an archive encrypted anew."""
    receipt, path = produced(tmp_path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert path.name in check(receipt, path)
    plain = bytearray(pyrage.decrypt(whole, [OFFICERS_KEY]))
    place = plain.index(b"12000")
    plain[place] ^= 1
    path.write_bytes(pyrage.encrypt(bytes(plain), [OFFICERS_KEY.to_public()]))
    assert {path.name, "archive"} < set(check(receipt, path, identity=OFFICERS_KEY))
    path.write_bytes(whole)
    for place in range(10, len(receipt) - 10, 211):
        changed = bytearray(receipt)
        changed[place] ^= 1
        assert check(bytes(changed), path)


def test_what_changed_between_check_and_archive_is_refused(tmp_path: Path) -> None:
    """Nothing goes out that was not checked, and no empty production."""
    portion = Portion(category="identity", name="i.csv", rows=1, size=3, sha256="0" * 64)
    with (tmp_path / "x").open("wb") as target:
        with pytest.raises(InputError, match="not what was checked"):
            assemble([(portion, lambda: iter([b"abc"]))], str(OFFICERS_KEY.to_public()), target)
        with pytest.raises(InputError, match="at least one"):
            assemble([], str(OFFICERS_KEY.to_public()), target)


def test_a_large_production_is_never_whole_in_memory(tmp_path: Path) -> None:
    """64 MB through archive and encryption with less than 32 MB more memory."""

    def content() -> Iterator[bytes]:
        yield b"at,subject\n"
        row = b"2026-11-02T10:00:00+00:00,a-1\n" * 2_000
        for _ in range((64 << 20) // len(row)):
            yield row

    digest = hashlib.sha256()
    for piece in content():
        digest.update(piece)
    portion = Portion(category="withdrawals", name="w.csv", rows=0, size=0, sha256=digest.hexdigest())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (tmp_path / "x").open("wb") as target:
        assembled = assemble([(portion, content)], str(OFFICERS_KEY.to_public()), target)
    assert assembled.archive_size > 60 << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10
    assert member_of(1, portion) == "withdrawals/001.csv"
