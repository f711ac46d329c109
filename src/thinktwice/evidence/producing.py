"""Putting a production together: portions staff or the operator's systems bring, our own records, archive and receipt.

Invariants: nothing goes in that was not approved, whoever brings it; every portion is checked when it comes and again
when the archive is made; portions are private to staff; what is made new replaces what was made before; whoever puts a
production together does not deliver it alone (the desk sees to that).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import chain
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, Protocol, cast
from zoneinfo import ZoneInfo

from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.portions import Portion, approved_categories, check_portion
from thinktwice.cases.request import CaseRequest, TimelineEntry
from thinktwice.cases.vault import Readable
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError
from thinktwice.evidence.customer_records import CustomerRecords, NoRecords
from thinktwice.evidence.production import assemble, receipt_of
from thinktwice.evidence.sealing import seal_key_of
from thinktwice.evidence.verification import verify
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.seal import public_key_of
from thinktwice.people.person import Person

OWN_CATEGORY: Final = "alerts"
"""The category in which our own records are produced."""
MOST_OWN: Final = 500
_MOST_COUNTED: Final = 10 * MOST_OWN
_APART: Final = " - "
_PIECE: Final = 1 << 16


class OwnRecords(Protocol):
    """Our own decisions, for identifiers of a request."""

    def decisions(self, identifier: Identifier, since: datetime, until: datetime) -> Iterable[str]:
        """Return the ids of all decisions about an identifier, newest first, test traffic left out."""
        ...

    def evidence(self, decision_id: str) -> bytes:
        """Return the sealed evidence about a decision."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A portion that lies with a request; ``file_id`` is its file."""

    file_id: str
    category: str
    name: str
    size: int
    person: str
    at: datetime


class ProductionDesk:
    """Where staff put productions together."""

    def __init__(
        self,
        desk: CaseDesk,
        filing: CaseFiling,
        keyring: Keyring,
        *,
        operator: str,
        agency_of: Callable[[str], str],
        workspace: Path,
        clock: Callable[[], datetime],
        records: CustomerRecords | None = None,
        own: OwnRecords | None = None,
    ) -> None:
        self._desk = desk
        self._filing = filing
        self._keyring = keyring
        self._operator = operator
        self._agency_of = agency_of
        self._workspace = workspace
        self._clock = clock
        self._records = records or NoRecords()
        self._own = own

    @property
    def has_own(self) -> bool:
        """Whether our own records can be attached."""
        return self._own is not None

    def portions(self, person: Person, case_id: str) -> tuple[Kept, ...]:
        """Return the portions that lie there, in order of time.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
        """
        person.require("assemble_production", self._clock())
        return tuple(_kept(entry) for entry in self._entries(person, case_id, "portion"))

    def add(self, person: Person, case_id: str, category: str, name: str, source: BinaryIO) -> Portion:
        """Check a CSV file and keep it as a portion.

        Raises:
            InputError: A row lies outside of what was approved, or the file cannot be read; each is named by its line.
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            StateError: The request is not approved.
        """
        person.require("assemble_production", self._clock())
        found, _timeline = self._desk.find(person, case_id)
        source.seek(0)
        portion = check_portion(found, category, name or "portion.csv", _pieces_of(source))
        source.seek(0)
        stem = PurePosixPath(name.replace("\\", "/")).stem[:60] or "portion"
        called = f"{category}{_APART}{stem}.csv"
        self._filing.attach(person, case_id, called, cast("Readable", source), purpose="portion", is_private=True)
        return portion

    def fetch(self, person: Person, case_id: str) -> tuple[Portion, ...]:
        """Take what the operator's systems prepared, checked like everything else.

        Raises:
            InputError: A file holds more than was approved; nothing of it is taken.
            NotAllowedError: No role allows it.
            NotFoundError: No such request, or nothing is prepared for it.
            StateError: The request is not approved.
        """
        person.require("assemble_production", self._clock())
        found, _timeline = self._desk.find(person, case_id)
        paths = {category: self._records.found(found, category) for category in approved_categories(found)}
        taken = []
        for category, path in paths.items():
            if path is not None:
                with path.open("rb") as source:
                    taken.append(self.add(person, case_id, category, path.name, source))
        if not taken:
            raise NotFoundError("no system has prepared anything for this request yet")
        return tuple(taken)

    def add_own(self, person: Person, case_id: str) -> int:
        """Keep sealed evidence of all our own decisions about the approved identifiers, and return how many.

        What lies there already is not kept twice.

        Raises:
            InputError: Alerts were not approved, there is no seal key, or there are too many; none is kept.
            NotAllowedError: No role allows it.
            NotFoundError: No such request, or no decision within what was approved.
            StateError: The request is not approved.
        """
        person.require("assemble_production", self._clock())
        found, _timeline = self._desk.find(person, case_id)
        if self._own is None or OWN_CATEGORY not in approved_categories(found):
            raise InputError.of("our own records belong to the category alerts, which was not approved")
        ids = self._own_ids(found, self._own)
        if not ids:
            raise NotFoundError("no decision of ours lies within what was approved")
        there = {kept.name for kept in self.portions(person, case_id) if kept.category == OWN_CATEGORY}
        for decision_id in ids:
            if f"{decision_id}.json" not in there:
                evidence = BytesIO(self._own.evidence(decision_id))
                called = f"{OWN_CATEGORY}{_APART}{decision_id}.json"
                self._filing.attach(person, case_id, called, evidence, purpose="portion", is_private=True)
        return len(ids)

    def remove(self, person: Person, case_id: str, file_id: str) -> None:
        """Take a portion back.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such portion.
        """
        self._filing.remove(person, case_id, file_id)

    def assemble(self, person: Person, case_id: str) -> str:
        """Make archive and receipt of the portions, attach both, and return the archive's file.

        Raises:
            InputError: There is no portion, one does not fit any more, or there is no seal key.
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            StateError: The request is not approved.
        """
        person.require("assemble_production", self._clock())
        seal_key_of(self._keyring)
        found, timeline = self._desk.find(person, case_id)
        approved_categories(found)
        checked = [self._checked(found, _kept(entry)) for entry in timeline if entry.kind == "portion"]
        earlier = [entry.file_id for entry in timeline if entry.kind == "production" and entry.file_id]
        self._workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._workspace, prefix=".assembling-", suffix=".age") as archive:
            contents = [(portion, self._content(found, kept)) for kept, portion in checked]
            assembled = assemble(contents, found.form.delivery_key, archive)
            archive.flush()
            receipt = receipt_of(
                found,
                assembled,
                [portion for _kept, portion in checked],
                timeline,
                agency=self._agency_of(found.agency_id),
                operator=self._operator,
                made_at=self._clock(),
                keyring=self._keyring,
            )
            archive.seek(0)
            name = f"production-{found.number}"
            file_id = self._filing.attach(
                person, case_id, f"{name}.zip.age", cast("Readable", archive), purpose="production"
            )
        self._filing.attach(person, case_id, f"{name}.receipt.json", BytesIO(receipt), purpose="production")
        for one in earlier:
            self._filing.remove(person, case_id, one)
        return file_id

    def _own_ids(self, found: CaseRequest, own: OwnRecords) -> tuple[str, ...]:
        """Return the decisions that lie within what was approved, each once.

        Raises:
            InputError: They are more than a production takes.
        """
        since, until = _period(found)
        ids: dict[str, None] = {}
        for decision_id in chain.from_iterable(own.decisions(one, since, until) for one in found.form.identifiers):
            ids[decision_id] = None
            if len(ids) >= _MOST_COUNTED:
                break
        if len(ids) > MOST_OWN:
            raise InputError.of(
                Phrase(
                    "at least %(count)s of our records lie within what was approved, and at most %(most)s go into one "
                    "production; have fewer identifiers, or a shorter period, approved",
                    count=f"{len(ids):,}",
                    most=MOST_OWN,
                )
            )
        return tuple(ids)

    def _entries(self, person: Person, case_id: str, kind: str) -> Iterator[TimelineEntry]:
        _found, timeline = self._desk.find(person, case_id)
        return (entry for entry in timeline if entry.kind == kind)

    def _checked(self, found: CaseRequest, kept: Kept) -> tuple[Kept, Portion]:
        if not kept.name.endswith(".json"):
            return kept, check_portion(found, kept.category, kept.name, self._content(found, kept)())
        return kept, self._checked_own(found, kept)

    def _checked_own(self, found: CaseRequest, kept: Kept) -> Portion:
        """Return our own record as a portion, when its seal is whole and it lies within the period."""
        if kept.category not in approved_categories(found):
            raise InputError.of("was not approved", field="category", where=kept.name)
        content = b"".join(self._content(found, kept)())
        if verify(content, public_key_of(seal_key_of(self._keyring))):
            raise InputError.of("is not whole evidence of ours", where=kept.name)
        at = datetime.fromisoformat(json.loads(content)["parts"]["about"]["decided_at"])
        since, until = _period(found)
        if not since <= at < until:
            raise InputError.of("lies outside the approved period", field="at", where=kept.name)
        digest = hashlib.sha256(content).hexdigest()
        plain = Portion(category=kept.category, name=kept.name, rows=1, size=len(content), sha256=digest)
        return replace(plain, suffix="json")

    def _content(self, found: CaseRequest, kept: Kept) -> Callable[[], Iterator[bytes]]:
        return lambda: self._filing.pieces(found, kept.file_id)


def _kept(entry: TimelineEntry) -> Kept:
    category, _, name = entry.name.partition(_APART)
    assert entry.file_id is not None
    return Kept(
        file_id=entry.file_id,
        category=category,
        name=name,
        size=entry.size or 0,
        person=entry.person,
        at=entry.at,
    )


def _period(found: CaseRequest) -> tuple[datetime, datetime]:
    """Return the approved period as moments: from the beginning of its first day to the end of its last.

    Raises:
        StateError: The request names none.
    """
    form = found.form
    if form.period_from is None or form.period_until is None:
        raise StateError("this request names no period")
    zone = ZoneInfo(form.zone)
    first = datetime(form.period_from.year, form.period_from.month, form.period_from.day, tzinfo=zone)
    last = datetime(form.period_until.year, form.period_until.month, form.period_until.day, tzinfo=zone)
    return first, last.replace(hour=23, minute=59, second=59, microsecond=999_999)


def _pieces_of(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece
