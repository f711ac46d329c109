"""The chain as a file: its beginning on the first line, then one entry a line, each with its hash.

Invariants: a line holds everything that the entry's hash covers and nothing personal; an unknown member is refused, so
that nothing can ride along unhashed.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from thinktwice.audit.entry import FORMAT, Beginning, Detail, Entry, Outcome, Sealed
from thinktwice.errors import InputError, Phrase


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry as exported: flat, with its own hash."""

    seq: int
    at: str
    actor_kind: str
    actor_id: str
    act: str
    object_kind: str
    object_id: str
    outcome: Outcome
    before: str | None
    after: str | None
    details: dict[str, Detail]
    commitments: dict[str, Sealed]
    previous: str
    hash: str


_ENCODER = msgspec.json.Encoder(order="sorted")
_LINES = msgspec.json.Decoder(Line)


def entry_of(line: Line) -> Entry:
    """Return the entry without its hash: what the hash covers."""
    return Entry(
        seq=line.seq,
        at=line.at,
        actor_kind=line.actor_kind,
        actor_id=line.actor_id,
        act=line.act,
        object_kind=line.object_kind,
        object_id=line.object_id,
        outcome=line.outcome,
        before=line.before,
        after=line.after,
        details=line.details,
        commitments=line.commitments,
        previous=line.previous,
    )


def line_of(row: tuple[object, ...]) -> Line:
    """Return a row of ``audit_entry`` (``statements.COLUMNS``) as a line.

    Raises:
        InputError: the row holds what no entry can hold; somebody else wrote it.
    """
    names = ("seq", "at", "actor_kind", "actor_id", "act", "object_kind", "object_id", "outcome", "before", "after")
    try:
        return msgspec.convert(
            {
                **dict(zip(names, row[:10], strict=True)),
                "details": msgspec.json.decode(str(row[10])),
                "commitments": msgspec.json.decode(str(row[11])),
                "previous": row[12],
                "hash": row[13],
            },
            Line,
        )
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError.of(Phrase("entry %(row)s cannot be read: %(error)s", row=row[0], error=error)) from None


def write_line(value: Beginning | Line) -> bytes:
    """Return one line of an export, line end included."""
    return _ENCODER.encode(value) + b"\n"


def read_beginning(line: bytes) -> Beginning:
    """Read the first line of an export.

    Raises:
        InputError: this is no export of a chain.
    """
    try:
        beginning = msgspec.json.decode(line, type=Beginning)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError.of("is no export of an audit chain", line=1) from None
    if beginning.format != FORMAT:
        raise InputError.of(
            Phrase(
                "has the format %(beginning)s, not %(format)s", beginning=repr(beginning.format[:40]), format=FORMAT
            ),
            line=1,
        )
    return beginning


def read_lines(lines: Iterator[bytes]) -> Iterator[Line | str]:
    """Read the entries of an export; a line that holds none gives the reason instead.

    A line that an export would write otherwise is none: a member that stands there twice would be read once.
    """
    decode, encode = _LINES.decode, _ENCODER.encode
    for line in lines:
        if not line.strip():
            continue
        try:
            found = decode(line)
            yield found if encode(found) == line.rstrip(b"\r\n") else "is not written as an export writes it"
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield str(error)
