"""Importing an uploaded list as a job: with progress, with a rehearsal first, and once whatever is killed when.

Invariants: the import, its entry in the audit chain and the end of the job are one transaction; an uploaded file lies
where only this installation reads it, is bounded in size, and leaves when its import is done.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.errors import Fault, InputError, Phrase, packed
from thinktwice.jobs.job import Job
from thinktwice.jobs.seam import JobContext, Jobs, Task
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.build import build_when_due
from thinktwice.watchlist.formats.detect import Format
from thinktwice.watchlist.importing import Imported, ImportOptions, import_file
from thinktwice.watchlist.store import WatchlistStore

TASK: Final = "watchlist.import"
MOST_BYTES: Final = 512 << 20
"""A larger list is imported on the command line, where it need not be uploaded first."""

FAULTS_SHOWN: Final = 200
_MOST_PACKED: Final = 900
_MOST_SHOWN: Final = 500
"""Characters of one fault, as it is kept and as words alone: all together stay within what a job may say."""
KEPT_SECONDS: Final = 30 * 24 * 3600

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class ImportAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be imported and how; ``upload`` is what ``keep_upload`` returned. See ``ImportOptions``."""

    upload: str
    actor: str
    source: str
    format: Format | None = None
    kind: IndicatorKind | None = None
    family: str | None = None
    confidence: int | None = None
    listed_at: date | None = None
    columns: Mapping[str, str] = {}
    is_replacing: bool = False
    is_rehearsal: bool = True


def keep_upload(folder: DataFolder, name: str, chunks: Iterable[bytes]) -> str:
    """Store an uploaded file durably and return the name to ask for its import with.

    Raises:
        InputError: it is larger than ``MOST_BYTES``; nothing of it is kept.
    """
    safe = _UNSAFE.sub("_", Path(name).name)[-100:].lstrip(".") or "list"
    place = folder.uploads / uuid.uuid4().hex
    place.mkdir(mode=0o700, parents=True)
    try:
        with os.fdopen(os.open(place / safe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            for chunk in _bounded(chunks):
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return f"{place.name}/{safe}"


def _bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise InputError.of(
                Phrase("is more than %(most)s MB; import it on the command line", most=MOST_BYTES >> 20), field="file"
            )
        yield chunk


def ask_import(jobs: Jobs, act: Act, actor: Actor, asked: ImportAsked) -> Job:
    """Ask for an import, or its rehearsal, in the transaction of an act; the same upload is imported once.

    Raises:
        ConflictError: the same upload was to be imported otherwise.
    """
    key = f"{asked.upload.partition('/')[0]}-{'rehearsal' if asked.is_rehearsal else 'import'}"
    if asked.is_rehearsal:  # people try settings out: each way to read the file is a rehearsal of its own
        key = f"{key}-{uuid.uuid4().hex}"
    return jobs.enqueue(act, actor, TASK, msgspec.to_builtins(asked), key)


def import_task(folder: DataFolder, ledger: Ledger) -> Task:
    """Return the task that imports uploads of this installation."""

    def run(context: JobContext) -> Mapping[str, Any] | None:
        asked = msgspec.convert(dict(context.job.arguments), ImportAsked)
        path = _path_of(folder, asked.upload)

        def finish(connection: sqlite3.Connection, imported: Imported) -> None:
            if not asked.is_rehearsal:
                context.finish(connection, result_of(imported, path))

        try:
            with closing(connect(folder.control)) as connection:
                imported = import_file(
                    WatchlistStore(connection, ledger),
                    path,
                    _options(asked, context.job.actor),
                    datetime.now(UTC),
                    progress=context.progress,
                    also=finish,
                )
        except InputError as error:
            raise InputError(*(without_folder(fault, path) for fault in error.faults[:FAULTS_SHOWN])) from error
        if asked.is_rehearsal:
            return result_of(imported, path)
        build_when_due(folder)
        shutil.rmtree(path.parent, ignore_errors=True)
        return None

    return run


def sweep_uploads(folder: DataFolder) -> int:
    """Remove uploads that nobody has needed for 30 days; returns how many."""
    swept = 0
    for place in folder.uploads.glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - place.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(place, ignore_errors=True)
                swept += 1
    return swept


def _path_of(folder: DataFolder, upload: str) -> Path:
    """Return where an upload lies; arguments come from a database, so they are not believed.

    Raises:
        InputError: there is no such upload, or no longer.
    """
    place, _, name = upload.partition("/")
    if not re.fullmatch(r"[0-9a-f]{32}", place) or not name or _UNSAFE.search(name) or name.startswith("."):
        raise InputError.of("is no upload", field="upload")
    path = folder.uploads / place / name
    if not path.is_file():
        raise InputError.of("is no longer here; upload the file again", field="upload")
    return path


def _options(asked: ImportAsked, by: Actor) -> ImportOptions:
    return ImportOptions(
        actor=asked.actor,
        by=by,
        source=asked.source,
        format=asked.format,
        kind=asked.kind,
        family=asked.family,
        confidence=asked.confidence,
        listed_at=asked.listed_at,
        columns=asked.columns,
        is_replacing=asked.is_replacing,
        is_rehearsal=asked.is_rehearsal,
    )


def result_of(imported: Imported, path: Path) -> dict[str, Any]:
    """Return what a job says of an import: counts, and the first faults."""
    counts = imported.counts
    return {
        "source": imported.source,
        "format": imported.format,
        "entries": imported.entries,
        "keys": counts.held,
        "added": counts.added,
        "refreshed": counts.refreshed,
        "unchanged": counts.unchanged,
        "removed": counts.removed,
        "literal": imported.literal,
        "fault_count": imported.fault_count,
        "faults": [_shown(without_folder(fault, path)) for fault in imported.faults[:FAULTS_SHOWN]],
    }


def _shown(fault: Fault) -> Any:
    """Return a fault with what its words were made of, or its words alone where a list made them long."""
    whole = packed(fault.words)
    return whole if len(msgspec.json.encode(whole)) <= _MOST_PACKED else str(fault)[:_MOST_SHOWN]


def without_folder(fault: Fault, path: Path) -> Fault:
    """Return a fault that names the file as it was uploaded, not where it lies on the server."""
    prefix = f"{path.parent}{os.sep}"
    where = fault.where.replace(prefix, "") if fault.where else None
    message = fault.message.replace(prefix, "") if prefix in fault.message else fault.message
    return Fault(message, fault.field, where, fault.line)
