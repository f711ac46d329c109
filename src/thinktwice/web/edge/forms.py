"""Reading forms within bounds: size, number of fields, time, and what a file may be.

Invariants: what declares more than it may be is refused before a byte of it is read, and what lies about it as soon as
it is too long; a compressed body is never unpacked; a file is kept on disk, never in memory, and unless a page takes
bytes, and judges them itself, it is text or nothing: an archive, a picture, or a file that is two things at once holds
bytes that no text holds.
"""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.web.edge.asgi import Receive, Scope, header
from thinktwice.web.edge.bodies import read_body
from thinktwice.web.edge.errors import ClientGoneError, FormTypeError, SlowBodyError, TooLargeError

FORM_BYTES: Final = 64 * 1024
MOST_FIELDS: Final = 200
UPLOAD_SECONDS: Final = 300.0
_CHUNK: Final = 64 * 1024
_WHITE: Final = frozenset("\t\n\r\f")


class FileError(InputError):
    """A file is not what it was taken for."""


@dataclass(frozen=True, slots=True)
class FormLimits:
    """How much one form may hold; with ``file_bytes`` 0 it takes no file.

    A file is text unless ``is_text`` is false: then the page either keeps it as it is, unopened and never shown, or
    reads it as bytes and says what is wrong with it as a fault of its field, so that nothing that was typed is lost.
    """

    form_bytes: int = FORM_BYTES
    file_bytes: int = 0
    is_text: bool = True


SMALL_FORM: Final = FormLimits()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form; ``name`` is the sender's word and never becomes a path."""

    name: str
    size: int
    content: BinaryIO

    def text_lines(self) -> Iterator[str]:
        """Yield the lines of a text file, without their ends.

        Raises:
            FileError: It is not UTF-8 text: an archive, a picture, another encoding.
        """
        rest = ""
        for piece in self._decoded():
            *lines, rest = (rest + piece).split("\n")
            yield from (line.removesuffix("\r") for line in lines)
        if rest:
            yield rest

    def require_text(self) -> None:
        """Refuse a file that is not text; its content can be read from the start afterwards.

        Raises:
            FileError: It is not UTF-8 text.
        """
        for _ in self._decoded():
            pass
        self.content.seek(0)

    def _decoded(self) -> Iterator[str]:
        self.content.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        is_last, line = False, 1
        while not is_last:
            chunk = self.content.read(_CHUNK)
            is_last = not chunk
            try:
                text = decoder.decode(chunk, final=is_last)
            except UnicodeDecodeError as error:
                raise _not_text(line + error.object.count(b"\n", 0, error.start)) from None
            odd = next((n for n, character in enumerate(text) if ord(character) < 32 and character not in _WHITE), None)
            if odd is not None:
                raise _not_text(line + text.count("\n", 0, odd))
            line += text.count("\n")
            yield text


@dataclass(frozen=True, slots=True)
class Form:
    """What a form said; every value is what a stranger may have typed."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, longest: int = 500) -> str:
        """Return one line of text, white space collapsed; empty when it is absent; the last of several counts."""
        return " ".join(self.raw(name)[: 4 * longest].split())[:longest]

    def raw(self, name: str) -> str:
        """Return a value as it was typed, every line end a line feed; passwords and long texts."""
        values = self.fields.get(name, ())
        return values[-1].replace("\r\n", "\n").replace("\r", "\n") if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a name: the ticked boxes."""
        return self.fields.get(name, ())

    def is_ticked(self, name: str) -> bool:
        """Whether a single box is ticked."""
        return bool(self.fields.get(name))

    def close(self) -> None:
        """Remove the files."""
        for upload in self.files.values():
            upload.content.close()


EMPTY_FORM: Final = Form()


def require_size(scope: Scope, limits: FormLimits) -> None:
    """Refuse a body by what it declares, before any of it is read.

    Raises:
        TooLargeError: It declares more bytes than the form may have.
        FormTypeError: It is compressed.
    """
    most = limits.form_bytes + limits.file_bytes
    declared = header(scope, b"content-length")
    if declared is not None and (not declared.isdigit() or len(declared) > 15 or int(declared) > most):
        raise TooLargeError(most)
    if header(scope, b"content-encoding") not in {None, b"identity"}:
        raise FormTypeError


async def read_form(scope: Scope, receive: Receive, limits: FormLimits = SMALL_FORM) -> Form:
    """Return the form that a request carries; its files have to be closed.

    Raises:
        TooLargeError: More bytes than ``limits``.
        FormTypeError: Neither of the two ways in which browsers send forms, or a file where none is taken.
        InputError: Not a form, or too many fields.
    """
    require_size(scope, limits)
    media_type = (header(scope, b"content-type") or b"").split(b";", 1)[0].strip().lower()
    if media_type == b"application/x-www-form-urlencoded":
        return _read_pairs(await read_body(scope, receive, limits.form_bytes))
    if media_type == b"multipart/form-data" and limits.file_bytes:
        return await _read_parts(scope, receive, limits)
    raise FormTypeError


def _read_pairs(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        [value.encode("utf-8") for pair in pairs for value in pair]
    except ValueError:  # not UTF-8, too many fields, lone surrogates
        raise InputError.of(Phrase("is a form with at most %(most)s fields, in UTF-8", most=MOST_FIELDS)) from None
    return Form(_grouped(pairs))


async def _read_parts(scope: Scope, receive: Receive, limits: FormLimits) -> Form:
    parser = MultiPartParser(
        Headers(scope=scope),
        _counted(receive, limits.form_bytes + limits.file_bytes),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=limits.form_bytes,
    )
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            parsed = await parser.parse()
    except MultiPartException as error:
        raise InputError.of("is a form with one file at most") from error
    except TimeoutError:
        raise SlowBodyError from None
    pairs, files = [], {}
    for name, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload((value.filename or "")[:200], value.size or 0, value.file)
        else:
            pairs.append((name, value))
    return Form(_grouped(pairs), files)


async def _counted(receive: Receive, most: int) -> AsyncGenerator[bytes, None]:
    """Yield a body, and stop as soon as it is longer than it may be."""
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        size += len(message.get("body", b""))
        if size > most:
            raise TooLargeError(most)
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        grouped[name] = (*grouped.get(name, ()), value)
    return grouped


def _not_text(line: int) -> FileError:
    return FileError(Fault("is a text file in UTF-8, not an archive, a picture or a document", "file", line=line))
