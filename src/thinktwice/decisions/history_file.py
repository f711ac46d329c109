"""A history in a file, as withdrawals and events in time order.

Invariants: nothing is yielded before the whole file was read and found usable, so a bad line never leaves half a
result behind; each fault names file, line and field; memory is bounded whatever the file holds (a line may have
64 KB, sorting spills to disk); order is (time, line) and time stands for ``recorded_at`` (DESIGN section 7).
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

import msgspec

from thinktwice.decisions.history_sort import RUN_BYTES, Entry, Sorter
from thinktwice.decisions.history_table import body_of, csv_rows, outcomes_of, parquet_rows
from thinktwice.errors import Fault, InputError

MAX_LINE_BYTES: Final = 64 * 1024
MAX_FAULTS: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LAST: Final = 2**62
"""The time of a label that says no time: it is known after everything else, so it influences nothing before."""

Kind = Literal["withdrawal", "event"]
Check = Callable[[Kind, bytes, datetime], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One withdrawal or event: when it happened, where it stood in the file, and the JSON that HTTP would carry."""

    time: datetime
    number: int
    kind: Kind
    body: bytes


@dataclass(slots=True)
class History:
    """A usable history; ``lines`` yields it once, in order."""

    lines: Iterator[Line]
    withdrawals: int = 0
    events: int = 0
    completions: int = 0


class _Head(msgspec.Struct):
    """What must be known of a line to sort it."""

    type: str | None = None
    initiated_at: datetime | None = None
    occurred_at: datetime | None = None


_read_head = msgspec.json.Decoder(_Head).decode


@contextmanager
def open_history(path: Path, check: Check | None = None, *, run_bytes: int = RUN_BYTES) -> Iterator[History]:
    """Read and sort the whole file, then give it as a ``History``.

    ``check`` is asked about each line while reading and raises ``InputError`` for one that cannot be used, so that
    every fault of the file is known before its first line is.

    Raises:
        InputError: with up to ``MAX_FAULTS`` faults of the file.
    """
    if not path.is_file():
        raise InputError.of("there is no such file", where=str(path))
    with Sorter(run_bytes) as sorter:
        reading = _Reading(path, sorter, check)
        reading.read()
        history = reading.history
        history.lines = _lines(sorter, reading.latest)
        yield history


def _lines(sorter: Sorter, latest: int) -> Iterator[Line]:
    for micros, number, part, body in sorter.sorted():
        if micros == _LAST:
            time = _EPOCH + latest * _MICROSECOND
            event = msgspec.json.decode(body) | {"occurred_at": time}
            yield Line(time, number, "event", msgspec.json.encode(event))
        else:
            # Parts: 0 is a row's own line; the events of its outcome columns follow; -1 is an event's own line.
            yield Line(_EPOCH + micros * _MICROSECOND, number, "withdrawal" if part == 0 else "event", body)


class _Reading:
    """One pass over one file: finds its form, checks each line, hands it to the sorter, collects the faults."""

    def __init__(self, path: Path, sorter: Sorter, check: Check | None) -> None:
        self._path = path
        self._sorter = sorter
        self._check = check
        self._faults: list[Fault] = []
        self.latest = 0
        self.history = History(iter(()))

    def read(self) -> None:
        """Read the file to its end, or until there are too many faults."""
        try:
            with _opened(self._path) as stream:
                self._read_form(stream)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            self._fault(Fault("the compressed data is damaged or cut short"), None)
        except InputError as error:
            self._faults += error.faults
        if self._faults:
            raise InputError(*self._faults)

    def _read_form(self, stream: io.BufferedReader) -> None:
        start = stream.peek(4)[:4]
        name = self._path.name.lower().removesuffix(".gz")
        if start == b"PAR1":
            self._read_table(parquet_rows(self._path))
        elif name.endswith((".csv", ".tsv")):
            self._read_table(csv_rows(self._text(stream), str(self._path)))
        else:
            for number, line in self._bounded(stream):
                self._take(number, 0, line)

    def _bounded(self, stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield (number, line) without ever holding more than one permitted line; blank ones are skipped."""
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 2):
            number += 1
            if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
                self._fault(Fault(f"a line may have {MAX_LINE_BYTES:,} bytes; this one has more"), number)
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_LINE_BYTES)
                continue
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if line.strip():
                yield number, line.strip()

    def _text(self, stream: BinaryIO) -> Iterator[str]:
        """Yield the lines of a CSV as text, blank ones too, because a quoted cell may hold them."""
        while line := stream.readline(MAX_LINE_BYTES + 2):
            if len(line) > MAX_LINE_BYTES:
                raise InputError.of(f"a line may have {MAX_LINE_BYTES:,} bytes; one has more", where=str(self._path))
            # Bytes that are no UTF-8 become lone surrogates, and the row that holds them is refused by its number.
            yield line.decode("utf-8-sig", "surrogateescape")

    def _read_table(self, rows: Iterable[tuple[int, object]]) -> None:
        for number, cells in rows:
            if isinstance(cells, Fault):
                self._fault(cells, number)
                continue
            assert isinstance(cells, dict)
            try:
                bodies = [(body_of(cells), True), *outcomes_of(cells)]
                encoded = [(msgspec.json.encode(body), is_timed) for body, is_timed in bodies]
            except InputError as error:
                for fault in error.faults:
                    self._fault(fault, number)
            except UnicodeEncodeError:
                self._fault(Fault("not UTF-8 text"), number)
            else:
                for part, (body, is_timed) in enumerate(encoded):
                    self._take(number, part, body, is_timed=is_timed)

    def _take(self, number: int, part: int, body: bytes, *, is_timed: bool = True) -> None:
        """Check one line and hand it to the sorter."""
        try:
            head = _read_head(body)
            kind: Kind = "withdrawal" if head.type is None else "event"
            time = _time_of(head)
            if self._check:
                self._check(kind, body, time)
        except InputError as error:
            for fault in error.faults:
                self._fault(fault, number)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._fault(_json_fault(error), number)
        else:
            self._count(head)
            micros = (time - _EPOCH) // _MICROSECOND
            self.latest = max(self.latest, micros)
            if kind == "event":
                part = part or -1
            self._sorter.add(Entry(micros if is_timed else _LAST, number, part, body))

    def _count(self, head: _Head) -> None:
        if head.type is None:
            self.history.withdrawals += 1
        else:
            self.history.events += 1
            self.history.completions += head.type == "withdrawal.completed"

    def _fault(self, fault: Fault, number: int | None) -> None:
        """Note a fault; too many of them end the reading, because the file is then not what it should be."""
        self._faults.append(Fault(fault.message, fault.field, str(self._path), number))
        if len(self._faults) >= MAX_FAULTS:
            stop = Fault(f"stopped after {MAX_FAULTS} faults", where=str(self._path), line=number)
            faults, self._faults = [*self._faults, stop], []
            raise InputError(*faults)


def _time_of(head: _Head) -> datetime:
    """Return the time a line happened, in UTC."""
    field = "initiated_at" if head.type is None else "occurred_at"
    time = head.initiated_at if head.type is None else head.occurred_at
    if time is None:
        raise InputError.of("is missing", field=field)
    if time.tzinfo is None:
        raise InputError.of("needs an offset, such as 2026-11-22T06:16:15Z", field=field)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise InputError.of("no such time", field=field) from None


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file, decompressing it when it is gzip by its first bytes."""
    with path.open("rb") as raw:
        if raw.peek(2)[:2] == b"\x1f\x8b":
            with gzip.open(raw, "rb") as plain, io.BufferedReader(cast("io.RawIOBase", plain)) as stream:
                yield cast("io.BufferedReader", stream)
        else:
            yield raw


def _json_fault(error: Exception) -> Fault:
    """Say in words what msgspec found, with the field where it names one."""
    if isinstance(error, RecursionError):
        return Fault("nested too deeply")
    message, _, place = str(error).partition(" - at `$.")
    return Fault(message, place.rstrip("`") or None)
