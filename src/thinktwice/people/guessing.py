"""Back-off on guessing: the more wrong tries in a row, the longer the next one waits.

Invariants: a try is counted before it is checked, so that tries made at the same time count each; counters survive a
restart and hold in every process; the wait doubles from one second and never exceeds fifteen minutes, so that nobody is
locked out for ever; it is the same for accounts that exist and names that do not; tries of many accounts from one
source add up (password spraying). A place from which an account was opened lately has a counter of its own (``place``),
so that strangers who guess from elsewhere do not make its owner wait.
"""

from __future__ import annotations

import ipaddress
import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from thinktwice.people.counters import Counters
from thinktwice.people.errors import SignInError
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

SubjectKind = Literal["account", "place", "source", "factor", "passkey"]

FREE_TRIES: Final[dict[SubjectKind, int]] = {"account": 5, "place": 5, "source": 20, "factor": 5, "passkey": 20}
"""Wrong tries without any wait: for an account from unknown places, for it at one known place, from one source over all
accounts, for second factors of one account, and for passkeys from one source. A passkey cannot be guessed; it is
counted,
apart from passwords, because each refusal is an entry of the audit chain and a flood must not fill it."""

LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)
"""A counter that rested this long begins anew."""

SELECT_GUESS: Final = "SELECT failures, failed_at, free_at FROM guess WHERE subject = ?"
COUNT_GUESS: Final = """
INSERT INTO guess (subject, failures, failed_at, free_at) VALUES (?, ?, ?, ?)
ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, failed_at = excluded.failed_at,
free_at = excluded.free_at
"""
TAKE_BACK: Final = "UPDATE guess SET failures = max(failures - 1, 0), free_at = failed_at WHERE subject = ?"
FORGET: Final = "DELETE FROM guess WHERE subject = ?"
FORGET_OLD: Final = "DELETE FROM guess WHERE failed_at < ?"


@dataclass(frozen=True, slots=True)
class Subject:
    """What tries are counted for."""

    kind: SubjectKind
    name: str


def wait_after(failures: int, free_tries: int) -> timedelta:
    """Return how long the next try waits after so many wrong ones in a row: nothing, then 1 s, 2 s, 4 s … 15 min."""
    beyond = failures - free_tries
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_WAIT) if beyond >= 0 else timedelta()


def source_of(address: str) -> str:
    """Return what stands for the place a request comes from: the IPv4 address, or the network (/64) of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


class Guessing:
    """The counters in ``control.db``."""

    def __init__(self, counters: Counters, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._counters = counters
        self._sealing = sealing
        self._clock = clock

    def count(self, subjects: Sequence[Subject]) -> int:
        """Count one try for each subject and return how many seconds the next one will wait if this one is wrong.

        Raises:
            SignInError: One of them has to wait still; nothing was counted.
            UnavailableError: The counters cannot be written: then nobody tries.
        """
        now = self._clock().astimezone(UTC)
        with self._counters.transaction() as connection:
            connection.execute(FORGET_OLD, (as_text(now - FORGOTTEN_AFTER),))
            counts = [(subject, self._index(subject), *self._state(connection, subject)) for subject in subjects]
            free_at = max((free for *_, free in counts), default=now)
            if free_at > now:
                raise SignInError("too many tries", retry_after=_seconds(free_at - now))
            longest = timedelta()
            for subject, index, failures, _ in counts:
                wait = wait_after(failures + 1, FREE_TRIES[subject.kind])
                connection.execute(COUNT_GUESS, (index, failures + 1, as_text(now), as_text(now + wait)))
                longest = max(longest, wait)
            return _seconds(longest)

    def was_right(self, subjects: Sequence[Subject]) -> None:
        """Take the try back: an account begins anew, a source keeps what it did to others."""
        with self._counters.transaction() as connection:
            for subject in subjects:
                statement = TAKE_BACK if subject.kind in ("source", "passkey") else FORGET
                connection.execute(statement, (self._index(subject),))

    def _state(self, connection: sqlite3.Connection, subject: Subject) -> tuple[int, datetime]:
        """Return the wrong tries so far and from when on the next is allowed."""
        row = connection.execute(SELECT_GUESS, (self._index(subject),)).fetchone()
        return (row[0], datetime.fromisoformat(row[2])) if row else (0, datetime.min.replace(tzinfo=UTC))

    def _index(self, subject: Subject) -> bytes:
        return self._sealing.index(f"guess.{subject.kind}", subject.name)


def _seconds(wait: timedelta) -> int:
    return math.ceil(wait.total_seconds())
