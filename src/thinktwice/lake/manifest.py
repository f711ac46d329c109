"""What one day of the lake holds, so that anybody can tell whether it is still that.

Invariant: the text of a manifest is a function of its content: sorted keys, no time of writing, no host.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from thinktwice.errors import InputError, Phrase

NAME: Final = "manifest.json"
FORMAT: Final = 1


class FileEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file: rows, bytes, SHA-256 in hex, and the least and greatest ``seq`` (None without rows)."""

    rows: int
    bytes: int
    sha256: str
    min_seq: int | None = None
    max_seq: int | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One closed day (UTC): its files by table, and the unbroken range of ``seq`` that they hold together.

    ``writer`` names the library whose version decides the bytes; the same journal and writer give the same hashes.
    """

    day: date
    min_seq: int
    max_seq: int
    files: dict[str, FileEntry]
    writer: str
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Records of that day."""
        return sum(entry.rows for entry in self.files.values())


_encoder: Final = msgspec.json.Encoder(order="sorted")
_decode: Final = msgspec.json.Decoder(Manifest, strict=True).decode


def text_of(manifest: Manifest) -> bytes:
    """Return the manifest as it is written."""
    return msgspec.json.format(_encoder.encode(manifest), indent=1) + b"\n"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        InputError: it is missing or is none of ours.
    """
    try:
        manifest = _decode(path.read_bytes())
    except FileNotFoundError:
        raise InputError.of("is missing; the day was not exported whole", where=str(path)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError.of(Phrase("is no manifest: %(error)s", error=error), where=str(path)) from None
    if manifest.format != FORMAT:
        found = Phrase("has format %(found)s; this version reads %(format)s", found=manifest.format, format=FORMAT)
        raise InputError.of(found, where=str(path))
    return manifest


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
