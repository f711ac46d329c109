"""A frozen map from match key to a 64-bit number, memory-mapped, in one of two engines.

Invariants: a map is written once and never changed; an absent key is told with certainty by LMDB and with an error of
2⁻⁶⁴ by fastconstmap; opening checks the file (fastconstmap keeps a checksum, LMDB its pages), so damage is an error and
never a wrong answer. fastconstmap answers in a third of a dict's time; LMDB is
the tested fallback, because fastconstmap is a young package.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Final, Literal, Protocol, cast, get_args

import lmdb
from fastconstmap import VerifiedConstMap

from thinktwice.errors import UnavailableError

Engine = Literal["constmap", "lmdb"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)

_LMDB_MAX_SIZE: Final = 1 << 36
_LMDB_MAX_KEY: Final = 500
"""LMDB refuses keys above 511 bytes; longer ones stand by their SHA-256."""


class KeyMap(Protocol):
    """An open map."""

    def get(self, key: str, /) -> int | None:
        """Return the number of a key, or None."""


def write_map(path: Path, numbers: Mapping[str, int], engine: Engine) -> None:
    """Write a new map file; with fastconstmap this takes about 150 bytes of memory a key besides the mapping."""
    if engine == "constmap":
        VerifiedConstMap(cast("Mapping[str | bytes, int]", numbers)).save(path)
        return
    environment = lmdb.open(str(path), map_size=_LMDB_MAX_SIZE, subdir=False, lock=False, sync=False, metasync=False)
    try:
        with environment.begin(write=True) as transaction, transaction.cursor() as cursor:
            items = sorted((_lmdb_key(key), number.to_bytes(8)) for key, number in numbers.items())
            cursor.putmulti(items, append=True)
        environment.sync(True)
    finally:
        environment.close()


def open_map(path: Path, engine: Engine) -> KeyMap:
    """Open a map for reading; its pages are shared with every process that opens the same file.

    Raises:
        UnavailableError: the file is missing, damaged or of another engine.
    """
    try:
        return _ConstMap(path) if engine == "constmap" else _Lmdb(path)
    except (OSError, ValueError, lmdb.Error) as error:
        raise UnavailableError(f"cannot open the watchlist base {path}: {error}") from error


class _ConstMap:
    """fastconstmap over a memory-mapped file; ``get`` is its own method, so that a look-up costs one call."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as source:
            self._pages = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        self._map = VerifiedConstMap.from_buffer(memoryview(self._pages))
        self.get: Callable[[str], int | None] = self._map.get


class _Lmdb:
    """LMDB with one long read transaction; the lock serialises callers, since a transaction has one user at a time."""

    def __init__(self, path: Path) -> None:
        self._environment = lmdb.open(
            str(path), subdir=False, readonly=True, lock=False, readahead=False, max_readers=1, create=False
        )
        self._transaction = self._environment.begin(buffers=False)
        self._lock = Lock()

    def get(self, key: str) -> int | None:
        with self._lock:
            value = self._transaction.get(_lmdb_key(key))
        return None if value is None else int.from_bytes(value)


def _lmdb_key(key: str) -> bytes:
    encoded = key.encode()
    return encoded if len(encoded) <= _LMDB_MAX_KEY else b"sha256:" + hashlib.sha256(encoded).digest()
