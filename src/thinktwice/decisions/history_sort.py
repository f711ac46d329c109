"""Sorting a history by (time, line) in bounded memory: runs on disk, merged as they are read.

Invariants: at most ``run_bytes`` of bodies are in memory; the order is total because (time, line) is unique; runs are
removed when the sorter is closed.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, Self

RUN_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = struct.Struct("<qqqI")


class Entry(NamedTuple):
    """One line to sort: its time in microseconds since 1970, its number, the order within the line, its body."""

    micros: int
    number: int
    part: int
    body: bytes


class Sorter:
    """Collects entries in any order and gives them back sorted; use as a context manager."""

    def __init__(self, run_bytes: int = RUN_BYTES) -> None:
        self._run_bytes = run_bytes
        self._entries: list[Entry] = []
        self._bytes = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._runs: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder:
            self._folder.cleanup()

    def add(self, entry: Entry) -> None:
        """Take one entry; spills to disk when a run is full."""
        self._entries.append(entry)
        self._bytes += len(entry.body) + 160  # what a tuple and its numbers weigh in memory, roughly
        if self._bytes >= self._run_bytes:
            self._spill()

    def sorted(self) -> Iterator[Entry]:
        """Yield all entries by time, line and part."""
        self._entries.sort()
        if not self._runs:
            yield from self._entries
            return
        yield from merge(*(_read_run(path) for path in self._runs), self._entries)

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="thinktwice-sort-")
        path = Path(self._folder.name) / f"{len(self._runs):06d}.run"
        self._entries.sort()
        with path.open("wb", buffering=1024 * 1024) as run:
            for entry in self._entries:
                run.write(_HEADER.pack(entry.micros, entry.number, entry.part, len(entry.body)))
                run.write(entry.body)
        self._runs.append(path)
        self._entries, self._bytes = [], 0


def _read_run(path: Path) -> Iterator[Entry]:
    with path.open("rb", buffering=256 * 1024) as run:
        while header := run.read(_HEADER.size):
            micros, number, part, length = _HEADER.unpack(header)
            yield Entry(micros, number, part, _exactly(run, length))


def _exactly(run: BinaryIO, length: int) -> bytes:
    body = run.read(length)
    if len(body) != length:
        raise OSError("a temporary file was cut short; is the disk full?")
    return body
