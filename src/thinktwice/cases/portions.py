"""What may go into a production: the minimum that was approved, row by row.

Invariants: a portion holds one approved category; every row is about an identifier that was approved, in whatever way
it is written, and, unless the category has no time, lies within the approved period in the request's zone; every cell
stands under one name of its own; one row too many, and none at all, refuse the portion.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from thinktwice.cases.form import DATA_CATEGORIES
from thinktwice.cases.identifiers import Identifier, IdentifierKind, meant_by
from thinktwice.cases.request import CaseRequest
from thinktwice.errors import Fault, InputError, Phrase, StateError

TIMELESS: Final = frozenset({"identity", "contact"})
"""Categories that say what is, not what happened when."""

MOST_FAULTS: Final = 20
_BEYOND: Final = "more cells than columns"
_REMEMBERED: Final = 10_000
"""Ways of writing that are looked up once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A checked part of a production; ``sha256`` and ``size`` are of its bytes, ``suffix`` says what kind of file."""

    category: str
    name: str
    rows: int
    size: int
    sha256: str
    suffix: str = "csv"


def approved_categories(request: CaseRequest) -> tuple[str, ...]:
    """Return what may be produced.

    Raises:
        StateError: The request is not approved, or is not about data.
    """
    if request.state not in {"approved", "partly_approved"}:
        raise StateError("only an approved request is fulfilled with data")
    if not request.form.data_categories:
        raise StateError("this request is not about data")
    return request.stands.only or request.form.data_categories


def check_portion(request: CaseRequest, category: str, name: str, content: Iterable[bytes]) -> Portion:
    """Read a CSV file of a category and return what it holds.

    The table has the columns ``subject`` (an approved identifier) and, unless the category has no time, ``at`` (ISO
    8601 with an offset).

    Raises:
        InputError: A row lies outside of what was approved, or the table cannot be read; each is named by its line.
        StateError: The request is not approved.
    """
    allowed = approved_categories(request)
    if category not in DATA_CATEGORIES or category not in allowed:
        raise InputError.of(
            Phrase("was not approved; approved: %(choices)s", choices=", ".join(allowed)), field="category"
        )
    counted = _Counted(content)
    lines = io.TextIOWrapper(io.BufferedReader(counted), encoding="utf-8-sig", newline="")
    reader = csv.DictReader(lines, restkey=_BEYOND, strict=True)
    faults: list[Fault] = []
    rows = 0
    try:
        _check_columns(reader.fieldnames or (), category, name)
        rules = _Rules(request, category)
        for row in reader:
            rows += 1
            faults.extend(Fault(message, field, name, reader.line_num) for field, message in rules.faults(row))
            if len(faults) >= MOST_FAULTS:
                break
    except UnicodeDecodeError as error:
        line = reader.line_num + 1 + error.object.count(b"\n", 0, error.start)
        raise InputError.of("is not UTF-8; save it as UTF-8", where=name, line=line) from None
    except csv.Error as error:
        raise InputError.of(
            Phrase("is not a readable CSV table in UTF-8: %(error)s", error=error), where=name
        ) from None
    if faults:
        raise InputError(*faults)
    if not rows:
        raise InputError.of("has no row below its heading", where=name)
    return Portion(category=category, name=name, rows=rows, size=counted.size, sha256=counted.digest.hexdigest())


class _Rules:
    """What one row has to be."""

    def __init__(self, request: CaseRequest, category: str) -> None:
        form = request.form
        self._subjects = _Subjects(form.identifiers)
        self._zone = ZoneInfo(form.zone)
        self._from, self._until = form.period_from, form.period_until
        self._is_timeless = category in TIMELESS

    def faults(self, row: dict[str, str]) -> Iterator[tuple[str | None, str]]:
        """Yield field and message of whatever goes beyond the approval."""
        if _BEYOND in row:
            yield None, Phrase("has more cells than the heading")
        if not self._subjects.is_approved((row.get("subject") or "").strip()):
            yield "subject", Phrase("is not an identifier that was approved")
        if self._is_timeless:
            return
        try:
            at = datetime.fromisoformat((row.get("at") or "").strip())
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            yield "at", Phrase("is a time with an offset, like 2026-11-20T09:00:00+08:00")
        elif (
            self._from is None
            or self._until is None
            or not self._from <= at.astimezone(self._zone).date() <= self._until
        ):
            yield (
                "at",
                Phrase("lies outside the approved period %(first)s to %(until)s", first=self._from, until=self._until),
            )


class _Subjects:
    """The approved identifiers, in every way in which each may be written."""

    def __init__(self, identifiers: Collection[Identifier]) -> None:
        self._values = {identifier.value for identifier in identifiers}
        self._forms = {(identifier.kind, identifier.network) for identifier in identifiers}
        meant = {_meaning(one.kind, one.value, one.network) for one in identifiers}
        self._meant = meant - {None}
        self._is_meant = lru_cache(_REMEMBERED)(self._means_one)

    def is_approved(self, subject: str) -> bool:
        """Whether a cell names an approved identifier."""
        return subject in self._values or self._is_meant(subject)

    def _means_one(self, subject: str) -> bool:
        return any(_meaning(kind, subject, network) in self._meant for kind, network in self._forms)


def _meaning(kind: IdentifierKind, value: str, network: str | None) -> Identifier | None:
    try:
        return meant_by(kind, value, network)
    except InputError:
        return None


def _check_columns(names: Sequence[str], category: str, where: str) -> None:
    folded = [name.strip().casefold() for name in names]
    if twice := next((name for name in folded if folded.count(name) > 1), None):
        raise InputError.of(Phrase("has more than one column '%(name)s'", name=twice), where=where, line=1)
    needed = {"subject"} if category in TIMELESS else {"subject", "at"}
    if missing := needed - set(names):
        raise InputError.of(
            Phrase("has no column %(choices)s", choices=", ".join(sorted(missing))), where=where, line=1
        )


class _Counted(io.RawIOBase):
    """Reads pieces as a file, counting and hashing what passes."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._pieces = iter(content)
        self._left = b""
        self.size = 0
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # io's own buffer
        if not self._left:
            self._left = next(self._pieces, b"")
            self.size += len(self._left)
            self.digest.update(self._left)
        taken = min(len(view), len(self._left))
        view[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken
