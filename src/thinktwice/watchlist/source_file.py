"""Lines of a list's file, whatever it is packed in, within bounds.

Invariants: text is UTF-8; a line and a whole file have an upper bound, counted after decompression, so that a small
hostile file cannot fill memory or disk; whatever breaks the rules is an ``InputError`` naming file and line.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from thinktwice.errors import InputError, Phrase

GZIP_MAGIC: Final = b"\x1f\x8b"
MAX_UNPACKED: Final = 1 << 30
"""Bytes of a decompressed file; a list of ten million addresses has about half as many."""

MAX_RATIO: Final = 200
FREE_OF_RATIO: Final = 16 << 20
"""A small file may compress as well as it likes; beyond this many bytes the ratio is bounded."""

MAX_LINE: Final = 1 << 20
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file with their ends, decompressed when the file is gzip.

    Raises:
        InputError: not UTF-8, a broken or over-large archive, an over-long line.
    """
    size = path.stat().st_size
    total = 0
    line = 0
    try:
        with _open(path) as source:
            while raw := source.readline(MAX_LINE + 1):
                line += 1
                total += len(raw)
                if len(raw) > MAX_LINE:
                    raise InputError.of(
                        Phrase("a line is at most %(most)s bytes long", most=f"{MAX_LINE:,}"),
                        where=str(path),
                        line=line,
                    )
                _check_bounds(path, total, size)
                yield _decode(raw, path, line, total - len(raw))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError.of(
            Phrase("the gzip archive is broken: %(error)s", error=error), where=str(path), line=line + 1
        ) from error


def read_text(path: Path, limit: int) -> str:
    """Return the whole text of a file of at most ``limit`` bytes.

    Raises:
        InputError: as ``read_lines``, or more than ``limit`` bytes.
    """
    parts: list[str] = []
    total = 0
    for line in read_lines(path):
        total += len(line)
        if total > limit:
            raise InputError.of(
                Phrase("a file of this format is at most %(most)s MB long", most=limit >> 20), where=str(path)
            )
        parts.append(line)
    return "".join(parts)


def digest_of(path: Path) -> str:
    """Return the lower-case hex SHA-256 of a file as it lies on disk."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def bare_name(path: Path) -> str:
    """Return a file's name without ``.gz`` and without its format's ending."""
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] or name


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as source:
        is_packed = source.read(2) == GZIP_MAGIC
    return BufferedReader(gzip.GzipFile(path)) if is_packed else path.open("rb")


def _check_bounds(path: Path, total: int, packed: int) -> None:
    if path.suffix != ".gz" and total <= packed:
        return
    if total > MAX_UNPACKED:
        raise InputError.of(Phrase("unpacks to more than %(most)s GB", most=MAX_UNPACKED >> 30), where=str(path))
    if total > FREE_OF_RATIO and total > packed * MAX_RATIO:
        raise InputError.of(Phrase("unpacks to more than %(most)s times its size", most=MAX_RATIO), where=str(path))


def _decode(raw: bytes, path: Path, line: int, before: int) -> str:
    if line == 1:
        if raw.startswith(_UTF16):
            raise InputError.of("the text is UTF-16; save it as UTF-8", where=str(path), line=1)
        raw = raw.removeprefix(_BOM)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        place = Phrase(
            "byte %(byte)s (0x%(code)s, byte %(of_line)s of the line)",
            byte=f"{before + error.start + 1:,}",
            code=f"{raw[error.start]:02x}",
            of_line=error.start + 1,
        )
        raise InputError.of(
            Phrase("%(place)s is not UTF-8; save the file as UTF-8", place=place), where=str(path), line=line
        ) from error
