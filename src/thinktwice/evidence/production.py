"""A production: what an approved request gave, in an archive for the officer's key, under a sealed receipt.

Invariants: the archive holds the checked portions byte for byte and nothing else; the receipt names every file, the
archive and its encrypted form by SHA-256 and is sealed like evidence, so that one verification covers both; whoever
verifies needs neither network nor this installation; nothing is ever whole in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final, cast

import pyrage
from pyrage import x25519

from thinktwice.cases.portions import Portion
from thinktwice.cases.request import CaseRequest, TimelineEntry
from thinktwice.errors import InputError
from thinktwice.evidence.sealing import plain, sealed
from thinktwice.evidence.verification import Finding, verify
from thinktwice.keyring.keys import Keyring

STATEMENT: Final = (
    "The records in this archive were made at or near the times they state by the systems of the operator named in "
    "the receipt, in the regular course of its business, and were copied from them without change for the request "
    "named in the receipt. Whether and how they may be used is for the court that hears the matter."
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1 << 16

Content = Callable[[], Iterator[bytes]]
"""Gives the bytes of a portion, each time from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """What was written: SHA-256 and bytes of the plain archive and of its encrypted form."""

    archive_sha256: str
    archive_size: int
    encrypted_sha256: str
    encrypted_size: int


def member_of(number: int, portion: Portion) -> str:
    """Return the name of a portion in the archive."""
    return f"{portion.category}/{number:03d}.{portion.suffix}"


def assemble(portions: Sequence[tuple[Portion, Content]], delivery_key: str, target: IO[bytes]) -> Assembled:
    """Write the archive, encrypted for the officer's age key, to ``target``.

    Raises:
        InputError: There is no portion, or a portion is not what was checked.
    """
    if not portions:
        raise InputError.of("a production holds at least one portion", field="portions")
    encrypted = _Tee(target)
    read_end, write_end = os.pipe()
    failed: list[BaseException] = []
    plain_digest = hashlib.sha256()
    plain_size = [0]

    def write_archive() -> None:
        with os.fdopen(write_end, "wb") as pipe:
            tee = _Tee(pipe, plain_digest)
            try:
                _write_archive(portions, cast("IO[bytes]", tee))
            except BaseException as error:  # noqa: BLE001  (handed to the caller's thread)
                failed.append(error)
            plain_size[0] = tee.size

    thread = threading.Thread(target=write_archive, name="production", daemon=True)
    thread.start()
    with os.fdopen(read_end, "rb") as pipe:
        pyrage.encrypt_io(pipe, encrypted, [x25519.Recipient.from_str(delivery_key)])
    thread.join()
    if failed:
        raise failed[0]
    return Assembled(
        archive_sha256=plain_digest.hexdigest(),
        archive_size=plain_size[0],
        encrypted_sha256=encrypted.digest.hexdigest(),
        encrypted_size=encrypted.size,
    )


def receipt_of(
    request: CaseRequest,
    assembled: Assembled,
    portions: Sequence[Portion],
    timeline: Sequence[TimelineEntry],
    *,
    agency: str,
    operator: str,
    made_at: datetime,
    keyring: Keyring,
) -> bytes:
    """Return the sealed receipt that goes with an archive.

    Raises:
        InputError: There is no seal key.
    """
    files = {
        member_of(number, portion): {
            "category": portion.category,
            "name": portion.name,
            "rows": portion.rows,
            "size": portion.size,
            "sha256": portion.sha256,
        }
        for number, portion in enumerate(portions, 1)
    }
    parts: Mapping[str, Any] = {
        "archive": plain(assembled),
        "custody": [
            {"at": plain(entry.at), "step": entry.kind, "side": entry.side, "person": entry.person}
            for entry in timeline
            if entry.file_id is None and entry.kind != "message" and not entry.is_private
        ],
        "files": files,
        "request": {
            "id": request.id,
            "number": request.number,
            "agency": agency,
            "case_number": request.form.case_number,
            "legal_basis": request.form.legal_basis,
            "categories": list(request.stands.only or request.form.data_categories),
            "period_from": plain(request.form.period_from),
            "period_until": plain(request.form.period_until),
            "zone": request.form.zone,
        },
        "statement": STATEMENT,
    }
    return sealed(
        parts, edition="production", decision_id=request.id, operator=operator, made_at=made_at, keyring=keyring
    )


def verify_production(
    receipt: bytes, archive: Path, public_key: bytes, identity: x25519.Identity | None = None
) -> list[Finding]:
    """Return everything that does not fit; nothing when receipt and archive are whole.

    ``archive`` is the encrypted file; with ``identity``, the officer's own key, its content is checked too.
    """
    findings = verify(receipt, public_key)
    if findings:
        return findings
    parts = _parts(receipt)
    if _sha256_of(archive) != parts["archive"]["encrypted_sha256"]:
        findings.append(Finding(archive.name, "is not the encrypted archive that was sealed"))
    if identity is not None:
        findings += _check_content(archive, identity, parts)
    return findings


def _parts(receipt: bytes) -> dict[str, Any]:
    parts: dict[str, Any] = json.loads(receipt)["parts"]
    return parts


def _check_content(archive: Path, identity: x25519.Identity, parts: dict[str, Any]) -> Iterator[Finding]:
    try:
        with archive.open("rb") as source, NamedTemporaryFile(dir=archive.parent, prefix=".opened-") as opened:
            pyrage.decrypt_io(source, opened, [identity])
            opened.flush()
            path = Path(opened.name)
            if _sha256_of(path) != parts["archive"]["archive_sha256"]:
                yield Finding("archive", "is not the archive that was sealed")
            yield from _check_members(path, parts["files"])
    except (OSError, pyrage.DecryptError, zipfile.BadZipFile) as error:
        yield Finding("archive", f"cannot be opened: {error}")


def _check_members(opened: Path, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    with zipfile.ZipFile(opened) as archive:
        present = set(archive.namelist())
        for name, stated in files.items():
            if name not in present:
                yield Finding(name, "is missing")
                continue
            if _member_sha256(archive, name) != stated["sha256"]:
                yield Finding(name, "is not what was sealed")
        for name in sorted(present - set(files)):
            yield Finding(name, "was not sealed")


def _member_sha256(archive: zipfile.ZipFile, name: str) -> str | None:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while piece := member.read(_PIECE):
                digest.update(piece)
    except zipfile.BadZipFile:  # the archive's own checksum noticed first
        return None
    return digest.hexdigest()


def _write_archive(portions: Sequence[tuple[Portion, Content]], target: IO[bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, (portion, content) in enumerate(portions, 1):
            digest = hashlib.sha256()
            info = zipfile.ZipInfo(member_of(number, portion), _EPOCH)
            with archive.open(info, "w", force_zip64=True) as member:
                for piece in content():
                    digest.update(piece)
                    member.write(piece)
            if digest.hexdigest() != portion.sha256:
                raise InputError.of("is not what was checked; check it again", where=portion.name)


class _Tee:
    """Counts and hashes what is written on to a file that cannot be read or wound back."""

    def __init__(self, target: IO[bytes], digest: Any = None) -> None:
        self._target = target
        self.digest = digest if digest is not None else hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._target.write(piece)
        self.digest.update(piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        self._target.flush()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
