"""Claims read from ``control.db``: of everything, for a base, or of single keys, for the overlay.

Invariant: both ways order the claims of a key alike, so a key reads the same from the base and from the overlay.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from thinktwice.watchlist.listing import Claim, Claims

_CLAIM_COLUMNS: Final = (
    "match_key, disposition, kind, source, confidence, listed_at, expires_at, memo, is_agency_reported"
)
_KEYS_A_QUERY: Final = 500


class Interner:
    """Gives each distinct claim and each distinct combination of claims one index."""

    def __init__(self) -> None:
        self._of_row: dict[tuple[Any, ...], int] = {}
        self._of_combination: dict[Claims, int] = {}
        self._extended: dict[tuple[int, int], int] = {}
        self._claims: list[Claim] = []
        self.combinations: list[Claims] = []

    def add(self, combination: int | None, row: tuple[Any, ...]) -> int:
        """Return the index of a combination with one more claim, given as a row without its key."""
        claim = self._of_row.get(row)
        if claim is None:
            claim = self._of_row[row] = len(self._claims)
            self._claims.append(_claim(row))
        step = (-1 if combination is None else combination, claim)
        extended = self._extended.get(step)
        if extended is None:
            before = () if combination is None else self.combinations[combination].claims
            extended = self._extended[step] = self._index(Claims(ordered((*before, self._claims[claim]))))
        return extended

    def allow(self, combination: int | None, memo: str | None) -> int:
        """Return the index of a combination with one more allowance."""
        before = Claims(()) if combination is None else self.combinations[combination]
        memos = sorted({*before.allowed_memos, memo}, key=lambda text: text or "")
        return self._index(Claims(before.claims, tuple(memos)))

    def _index(self, claims: Claims) -> int:
        index = self._of_combination.setdefault(claims, len(self.combinations))
        if index == len(self.combinations):
            self.combinations.append(claims)
        return index


def read_everything(connection: sqlite3.Connection) -> tuple[dict[str, int], list[Claims]]:
    """Return each current match key with the index of its combination, and the combinations that occur."""
    interner = Interner()
    numbers: dict[str, int] = {}
    get, add = numbers.get, interner.add
    for key, *rest in connection.execute(f"SELECT {_CLAIM_COLUMNS} FROM indicator WHERE known_until IS NULL"):  # noqa: S608 - a constant
        numbers[key] = add(get(key), tuple(rest))
    for key, memo in connection.execute("SELECT match_key, memo FROM allowed_destination WHERE known_until IS NULL"):
        numbers[key] = interner.allow(get(key), memo)
    return _only_used(numbers, interner.combinations)


def read_keys(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Claims | None]:
    """Return the current claims of each key; None for a key about which nothing is said any more."""
    rows: defaultdict[str, list[Claim]] = defaultdict(list)
    memos: defaultdict[str, set[str | None]] = defaultdict(set)
    for start in range(0, len(keys), _KEYS_A_QUERY):
        some = keys[start : start + _KEYS_A_QUERY]
        marks = ",".join("?" * len(some))
        query = f"SELECT {_CLAIM_COLUMNS} FROM indicator WHERE known_until IS NULL AND match_key IN ({marks})"  # noqa: S608 - only question marks
        for key, *rest in connection.execute(query, some):
            rows[key].append(_claim(tuple(rest)))
        query = f"SELECT match_key, memo FROM allowed_destination WHERE known_until IS NULL AND match_key IN ({marks})"  # noqa: S608 - only question marks
        for key, memo in connection.execute(query, some):
            memos[key].add(memo)
    return {key: _claims(rows.get(key, ()), memos.get(key, ())) for key in keys}


def ordered(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return distinct claims in an order that depends on their contents alone."""
    return tuple(sorted(set(claims), key=repr))


def _claims(claims: Iterable[Claim], memos: Iterable[str | None]) -> Claims | None:
    if not claims and not memos:
        return None
    return Claims(ordered(claims), tuple(sorted(memos, key=lambda text: text or "")))


def _claim(row: tuple[Any, ...]) -> Claim:
    disposition, kind, source, confidence, listed_at, expires_at, memo, is_agency_reported = row
    return Claim(
        disposition=disposition,
        kind=kind,
        source=source,
        confidence=confidence,
        listed_at=date.fromisoformat(listed_at[:10]) if listed_at else None,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        memo=memo,
        is_agency_reported=bool(is_agency_reported),
    )


def _only_used(numbers: dict[str, int], combinations: list[Claims]) -> tuple[dict[str, int], list[Claims]]:
    """Drop the combinations through which keys only passed, so that the base depends on its contents alone."""
    used = sorted(set(numbers.values()))
    if len(used) < len(combinations):
        new_index = {old: new for new, old in enumerate(used)}
        for key, old in numbers.items():
            numbers[key] = new_index[old]
    return numbers, [combinations[index] for index in used]
