"""From a list's file to statements in the store.

Invariants: a file is taken as one whole, in one transaction; an entry that cannot be taken is named with file, line and
field and never half taken; nothing usable means nothing changed. Where a list's asset code and the form of an address
disagree, the form wins; what decodes nowhere is kept literally.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from thinktwice.addresses.destinations import decode_everywhere
from thinktwice.addresses.networks import FAMILIES, find_network
from thinktwice.audit.ledger import Actor
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.watchlist.entry import Entry, Reading
from thinktwice.watchlist.formats import detect
from thinktwice.watchlist.kinds import KINDS, default_disposition
from thinktwice.watchlist.source_file import bare_name, digest_of
from thinktwice.watchlist.store import Counts, Provenance, Staged, WatchlistStore, as_text

FAULTS_KEPT: Final = 20_000
"""Faults beyond these are counted only."""

_ENTRIES_A_STEP: Final = 1000

LITERAL: Final = "literal:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the operator says about a list; None leaves it to the file.

    ``actor`` is who imports, as look-ups show it; ``by`` is whose act it is in the audit chain.
    """

    actor: str
    by: Actor
    source: str | None = None
    format: detect.Format | None = None
    kind: IndicatorKind | None = None
    family: str | None = None
    confidence: int | None = None
    listed_at: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    is_replacing: bool = False
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file: entries taken, of these how many decode nowhere, and what could not be taken."""

    source: str
    format: detect.Format
    entries: int
    literal: int
    counts: Counts
    faults: tuple[Fault, ...]
    fault_count: int


def import_file(
    store: WatchlistStore,
    path: Path,
    options: ImportOptions,
    now: datetime,
    *,
    progress: Callable[[int], None] = lambda _entries: None,
    also: Callable[[sqlite3.Connection, Imported], None] = lambda _connection, _imported: None,
) -> Imported:
    """Read a list and make it the current word of its source.

    Args:
        store: Where to.
        path: The list.
        options: What the operator says about it.
        now: From when on we know it.
        progress: Told from time to time how many entries were read; may raise to stop, and then nothing changed.
        also: What else belongs into the transaction of the import, such as the end of the job that this is.

    Raises:
        InputError: the file cannot be read, or holds nothing usable; then nothing changed.
        UnavailableError: the database cannot be written; then nothing changed.
    """
    file_format = options.format or detect.format_of(path)
    source = options.source or bare_name(path)
    intake = _Intake(path, options, progress)
    store.stage(intake.rows(detect.read(path, file_format, options.columns)))
    if not intake.entries:
        nothing = Fault("holds no entry that can be used; nothing was imported", where=str(path))
        raise InputError(*intake.faults, nothing)
    provenance = Provenance(
        source=source,
        format=file_format,
        file_name=path.name,
        file_sha256=digest_of(path),
        kind=options.kind,
        actor=options.actor,
    )

    def imported(counts: Counts) -> Imported:
        return Imported(
            source=source,
            format=file_format,
            entries=intake.entries,
            literal=intake.literal,
            counts=counts,
            faults=tuple(intake.faults),
            fault_count=intake.fault_count,
        )

    counts = store.merge(
        provenance,
        options.by,
        now,
        faults=intake.fault_count,
        is_replacing=options.is_replacing,
        is_rehearsal=options.is_rehearsal,
        also=lambda connection, counts: also(connection, imported(counts)),
    )
    return imported(counts)


def match_keys_of(address: str, *, asset: str | None = None, family: str | None = None) -> tuple[str, ...]:
    """Return the keys under which a listed address is stored.

    Args:
        address: As the list writes it.
        asset: The list's asset code or network name; one that names no network says nothing about the family.
        family: The family that the operator names for the whole list.
    """
    keys = decode_everywhere(address)
    wanted = (family,) if family else _families_of(asset) if asset else ()
    return tuple(key for key in keys if key.partition(":")[0] in wanted) or keys


@lru_cache(maxsize=1024)
def _families_of(asset: str) -> tuple[str, ...]:
    try:
        return find_network(asset).families
    except InputError:
        return ()


class _Intake:
    """Turns the reading of one file into rows, counting what it meets."""

    def __init__(self, path: Path, options: ImportOptions, progress: Callable[[int], None]) -> None:
        if options.family is not None and options.family not in FAMILIES:
            raise InputError.of(
                Phrase(
                    "no family %(family)s; families are %(choices)s",
                    family=repr(options.family),
                    choices=", ".join(FAMILIES),
                ),
                field="--family",
            )
        self._path = path
        self._options = options
        self._progress = progress
        self.entries = 0
        self.literal = 0
        self.fault_count = 0
        self.faults: list[Fault] = []

    def rows(self, reading: Reading) -> Iterator[Staged]:
        """Yield a row for each match key of each entry that can be taken."""
        for number, item in enumerate(reading):
            if number % _ENTRIES_A_STEP == 0:
                self._progress(number)
            if isinstance(item, Fault):
                self._note(item)
                continue
            rows = self._rows_of(item)
            if rows:
                self.entries += 1
                self.literal += rows[0][0].startswith(LITERAL)
                yield from rows

    def _rows_of(self, entry: Entry) -> list[Staged]:
        kind = entry.kind or self._options.kind
        if kind is None:
            self._note(self._no_kind(entry))
            return []
        try:
            keys = match_keys_of(entry.address, asset=entry.asset, family=self._options.family)
        except InputError as error:
            for fault in error.faults:
                self._note(Fault(fault.message, "address", str(self._path), entry.line))
            return []
        confidence = self._options.confidence if entry.confidence is None else entry.confidence
        disposition = entry.disposition or default_disposition(kind, confidence)
        listed_at = entry.listed_at or self._options.listed_at
        return [
            (
                key,
                _memo(key, entry.memo),
                entry.address,
                kind,
                disposition,
                confidence,
                entry.label,
                entry.reference,
                f"{self._path.name}:{entry.line}",
                listed_at.isoformat() if listed_at else None,
                as_text(entry.expires_at) if entry.expires_at else None,
            )
            for key in keys
        ]

    def _no_kind(self, entry: Entry) -> Fault:
        word = entry.kind_word[:60] if entry.kind_word else None
        said = Phrase("%(word)s maps to no kind", word=repr(word)) if word else Phrase("the list gives no kind")
        message = Phrase(
            "%(said)s for %(address)s; say --kind, one of %(choices)s",
            said=said,
            address=entry.address[:100],
            choices=", ".join(KINDS),
        )
        return Fault(message, "kind", str(self._path), entry.line)

    def _note(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(fault)


def _memo(key: str, memo: str | None) -> str | None:
    """Return a memo as destinations carry it: an XRP tag is a number and has no leading zeros."""
    if memo and key.startswith("xrp:") and memo.isascii() and memo.isdigit():
        return memo.lstrip("0") or "0"
    return memo or None
