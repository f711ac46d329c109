"""Reading many keys with few statements.

Invariants: a statement gets at most ``MAX_KEYS`` keys, as parameters; sizes are powers of two, filled up by repeating
the last key, so that a handful of statements stay prepared whatever the batch sizes are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

MAX_KEYS = 256


def read_in_chunks(
    connection: sqlite3.Connection, statement: str, keys: Collection[Any], *, width: int = 1
) -> Iterator[Any]:
    """Yield the rows of ``statement`` for all keys; ``width`` is how many columns a key has (then it is a tuple).

    A key given twice is read once.
    """
    distinct = list(dict.fromkeys(keys))
    placeholder = "?" if width == 1 else f"({', '.join('?' * width)})"
    for start in range(0, len(distinct), MAX_KEYS):
        chunk = distinct[start : start + MAX_KEYS]
        size = 1 << (len(chunk) - 1).bit_length()
        chunk.extend([chunk[-1]] * (size - len(chunk)))
        parameters = chunk if width == 1 else list(chain.from_iterable(chunk))
        yield from connection.execute(statement.format(keys=", ".join([placeholder] * size)), parameters)
