"""``thinktwice serve`` cut off below one of its layers, for ``http_layers``.

The first argument names the last layer that still works. Nothing of this is durable, except with ``all``.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from thinktwice.cli.main import main
from thinktwice.decisions.asks import Ask
from thinktwice.decisions.desk import DecisionDesk
from thinktwice.decisions.service import DecisionService
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.sqlite import SqliteJournal

ANSWER = b'{"decision_id":"019a' + b"0" * 360 + b'"}'
"""As long as an answer usually is; see ``_noop_server``."""


async def _answer(self: DecisionDesk, body: bytes, *, is_test: bool) -> bytes:  # noqa: ARG001 - the desk's signature
    """Stop before the withdrawal is read."""
    return ANSWER


async def _read(self: DecisionDesk, body: bytes, *, is_test: bool) -> bytes:
    """Stop once it is read."""
    self._intake.withdrawal(body, now=self._clock(), is_test=is_test)
    return ANSWER


_handle = DecisionService.handle
_first: list[Any] = []


def _repeat(self: DecisionService, asks: Sequence[Ask]) -> list[Any]:
    """Decide the first withdrawal, and answer all others like it."""
    if not _first:
        _first.extend(_handle(self, asks[:1]))
    return _first * len(asks)


class _Memory:
    """A batch that keeps the newest states and forgets everything else; there are no earlier decisions."""

    def __init__(self) -> None:
        self._customers: dict[str, bytes] = {}
        self._destinations: dict[str, bytes] = {}

    def __getattr__(self, name: str) -> Any:
        return lambda *_: {}

    def last_recorded_at(self) -> datetime | None:
        return None

    def append(self, records: Sequence[NewRecord]) -> None:
        """Forget them."""

    def customer_states(self, refs: Collection[str]) -> dict[str, bytes]:
        return {ref: self._customers[ref] for ref in refs if ref in self._customers}

    def destination_states(self, keys: Collection[str]) -> dict[str, bytes]:
        return {key: self._destinations[key] for key in keys if key in self._destinations}

    def put_customer_states(self, states: Mapping[str, bytes]) -> None:
        self._customers.update(states)

    def put_destination_states(self, states: Mapping[str, bytes]) -> None:
        self._destinations.update(states)


_memory = _Memory()


@contextmanager
def _forgetting(self: SqliteJournal) -> Iterator[Any]:  # noqa: ARG001 - the journal's signature
    yield _memory


def _cut(layer: str) -> None:
    """Replace what lies below a layer."""
    if layer == "edge":
        DecisionDesk.decide = _answer  # type: ignore[method-assign]  # the point of this file
    elif layer == "reading":
        DecisionDesk.decide = _read  # type: ignore[method-assign]
    elif layer == "queue":
        DecisionService.handle = _repeat  # type: ignore[method-assign]
    elif layer == "deciding":
        SqliteJournal.batch = _forgetting  # type: ignore[method-assign]


if __name__ == "__main__":
    _cut(sys.argv.pop(1))
    main()
