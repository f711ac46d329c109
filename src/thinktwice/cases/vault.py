"""Files of cases, encrypted on disk and never whole in memory.

Invariants: a file is in the vault whole or not at all; what is written is encrypted for its case's key before it
touches the disk; reading checks every byte before it is handed on; names in the vault are ours, never the sender's;
nothing here renders or opens what it keeps.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import queue
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import pyrage
from pyrage import x25519

from thinktwice.errors import InputError, NotFoundError, Phrase, UnavailableError
from thinktwice.storage.layout import sync_folder

FileType = Literal["application/pdf", "image/png", "image/jpeg", "text/plain", "application/octet-stream"]

HEAD_BYTES: Final = 4_096
_NAME: Final = re.compile(r"[a-z0-9-]{8,64}")
_PIECES_AHEAD: Final = 64
_SIGNATURES: Final[tuple[tuple[bytes, FileType], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


class Readable(Protocol):
    """Where an upload comes from."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file in the vault: bytes, SHA-256 of the plain content, and what its first bytes say it is."""

    size: int
    sha256: str
    type: FileType


class FileVault:
    """The folder of all cases' files."""

    def __init__(self, folder: Path, *, most_bytes: int = 1 << 30) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def keep(self, case_id: str, file_id: str, source: Readable, recipient: str) -> Kept:
        """Encrypt a file for its case and keep it, durably.

        Raises:
            InputError: it is larger than allowed, or empty.
            UnavailableError: it cannot be written.
        """
        path = self._path(case_id, file_id)
        part = path.with_suffix(".part")
        counted = _Counted(source, self._most_bytes)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(part, "xb", opener=_private) as target:
                pyrage.encrypt_io(counted, target, [x25519.Recipient.from_str(recipient)])
                target.flush()
                os.fsync(target.fileno())
            if not counted.size:
                raise InputError.of("is empty", field="file")
            part.rename(path)
            sync_folder(path.parent)
        except (OSError, pyrage.EncryptError) as error:
            if counted.is_too_large:
                raise InputError.of(
                    Phrase("is at most %(most)s bytes", most=f"{self._most_bytes:,}"), field="file"
                ) from None
            raise UnavailableError("the file cannot be kept right now") from error
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
        return Kept(counted.size, counted.digest.hexdigest(), sniffed(bytes(counted.head)))

    def read(self, case_id: str, file_id: str, identity: x25519.Identity) -> Iterator[bytes]:
        """Yield the plain content in pieces.

        Raises:
            NotFoundError: there is no such file.
            UnavailableError: it was changed on disk, or is for another key; pieces yielded before are right.
        """
        path = self._path(case_id, file_id)
        if not path.is_file():
            raise NotFoundError("no such file")
        return _decrypted(path, identity)

    def remove(self, case_id: str, file_id: str) -> None:
        """Take a file away; one that is not there is not there."""
        with contextlib.suppress(FileNotFoundError):
            self._path(case_id, file_id).unlink()

    def _path(self, case_id: str, file_id: str) -> Path:
        if not (_NAME.fullmatch(case_id) and _NAME.fullmatch(file_id)):
            raise NotFoundError("no such file")
        return self._folder / case_id / f"{file_id}.age"


def sniffed(head: bytes) -> FileType:
    """Return what the first bytes of a file say it is, whatever its name says."""
    for signature, file_type in _SIGNATURES:
        if head.startswith(signature):
            return file_type
    with contextlib.suppress(UnicodeDecodeError):
        # A character may be cut in two where the head ends.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
        if text and not any(letter < " " and letter not in "\t\r\n" for letter in text):
            return "text/plain"
    return "application/octet-stream"


class _Counted:
    """Counts, hashes and bounds what is read; keeps the beginning."""

    def __init__(self, source: Readable, most_bytes: int) -> None:
        self._source = source
        self._most_bytes = most_bytes
        self.size = 0
        self.head = bytearray()
        self.digest = hashlib.sha256()
        self.is_too_large = False

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.size += len(piece)
        if self.size > self._most_bytes:
            self.is_too_large = True
            raise OSError("too large")
        self.digest.update(piece)
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        return piece


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Given(Exception):  # noqa: N818  (a signal between two threads, not an error)
    """Whoever read wants no more."""


def _decrypted(path: Path, identity: x25519.Identity) -> Iterator[bytes]:
    """Decrypt in a thread of its own, a few pieces ahead of the reader."""
    pieces: queue.Queue[bytes | Exception | None] = queue.Queue(_PIECES_AHEAD)
    is_over = threading.Event()

    class Writer:
        def write(self, piece: bytes) -> int:
            if is_over.is_set():
                raise _Given
            pieces.put(bytes(piece))
            return len(piece)

        def flush(self) -> None:
            """Keep nothing back."""

    def work() -> None:
        try:
            with path.open("rb") as source:
                pyrage.decrypt_io(source, Writer(), [identity])
        except Exception as error:  # noqa: BLE001  (handed to the reader's thread)
            pieces.put(error)
        else:
            pieces.put(None)

    thread = threading.Thread(target=work, name="vault-read", daemon=True)
    thread.start()
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise UnavailableError("the file cannot be read: it was changed, or is for another key") from piece
            yield piece
    finally:
        is_over.set()
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                pieces.get(timeout=0.05)
