"""The lake of one installation: exporting closed days, and checking what was exported.

Invariants: a day is closed when the journal holds a record of a later day, so whether it is closed is a fact of the
journal and not of a clock; days are exported in order and without gaps; an exported day is never written again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

from thinktwice.errors import Fault, InputError, Phrase, StateError
from thinktwice.journal.seam import JournalReader, StoredRecord
from thinktwice.lake.columns import TABLES
from thinktwice.lake.day import PART, DayWriter, folder_name
from thinktwice.lake.manifest import NAME, Manifest, read_manifest, sha256_of
from thinktwice.records.signal import Catalogue


class Lake:
    """A folder of days."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifests(self) -> list[Manifest]:
        """Return the manifests of all days, in order.

        Raises:
            InputError: one is missing or broken, or a day between two others is.
        """
        found = [read_manifest(path / NAME) for path in sorted(self.folder.glob("day=*"))]
        after = 0
        for manifest in found:
            if manifest.min_seq != after + 1:
                where = str(self.folder / folder_name(manifest.day))
                said = Phrase(
                    "begins at record %(seq)s; %(next)s should come next", seq=manifest.min_seq, next=after + 1
                )
                raise InputError.of(said, where=where)
            after = manifest.max_seq
        return found

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of one table, in order of days."""
        return [self.folder / folder_name(one.day) / f"{table}.parquet" for one in self.manifests()]

    def joint(self, reader: JournalReader) -> int:
        """Return the ``seq`` after which the journal goes on, once it is clear that both tell of the same records.

        Raises:
            InputError: the lake has a gap.
            StateError: the journal is another one than that of the lake.
        """
        manifests = self.manifests()
        if not manifests:
            return 0
        last = manifests[-1]
        found = next(reader.records(kinds=tuple(TABLES), after_seq=last.max_seq - 1, limit=1), None)
        if found is None or found.seq != last.max_seq or found.recorded_at.astimezone(UTC).date() != last.day:
            raise StateError(
                Phrase(
                    "the lake holds record %(seq)s of %(day)s, the journal does not: not the same one",
                    seq=last.max_seq,
                    day=last.day,
                )
            )
        return last.max_seq

    def export(self, reader: JournalReader, catalogue: Catalogue) -> Iterator[Manifest]:
        """Export every closed day that is not there yet, yielding each once it is durable.

        Raises:
            InputError: the lake has a gap, or an attribute takes the name of a column.
            StateError: a record cannot be read, or the journal is another one than that of the lake.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.folder.glob(f"{PART}*"):
            shutil.rmtree(left, ignore_errors=True)  # of an export that did not end
        day: date | None = None
        writer: DayWriter | None = None
        try:
            for record in _records(reader, self.joint(reader)):
                today = record.recorded_at.astimezone(UTC).date()
                if writer is None or today != day:
                    if writer is not None:
                        yield writer.finish()
                    day, writer = today, None
                    writer = DayWriter(self.folder, today, catalogue)
                writer.add(record)
        finally:
            if writer is not None:
                writer.drop()  # the open day; for a finished one this does nothing

    def verify(self) -> list[Fault]:
        """Return what differs from the manifests; nothing when every day is what was exported."""
        try:
            manifests = self.manifests()
        except InputError as error:
            return list(error.faults)
        return [fault for manifest in manifests for fault in self._verify_day(manifest)]

    def _verify_day(self, manifest: Manifest) -> Iterator[Fault]:
        folder = self.folder / folder_name(manifest.day)
        expected = {f"{table}.parquet" for table in TABLES.values()} | {NAME}
        for stray in sorted({path.name for path in folder.iterdir()} ^ expected):
            words = Phrase("does not belong here") if (folder / stray).exists() else Phrase("is missing")
            yield Fault(words, where=str(folder / stray))
        rows = manifest.max_seq - manifest.min_seq + 1
        if manifest.rows != rows:
            said = Phrase("counts %(rows)s rows for %(records)s records", rows=manifest.rows, records=rows)
            yield Fault(said, where=str(folder / NAME))
        for table, entry in sorted(manifest.files.items()):
            path = folder / f"{table}.parquet"
            if path.is_file() and sha256_of(path) != entry.sha256:
                yield Fault("is not what was exported: another SHA-256", where=str(path))

    def compare(self, reader: JournalReader, catalogue: Catalogue) -> list[Fault]:
        """Export the journal again, beside, and return in which days it differs from this lake."""
        with tempfile.TemporaryDirectory(prefix=f"{PART}again-", dir=self.folder.parent) as name:
            again = {one.day: one for one in Lake(Path(name)).export(reader, catalogue)}
        faults = []
        for manifest in self.manifests():
            other = again.get(manifest.day)
            where = str(self.folder / folder_name(manifest.day))
            if other is None:
                faults.append(Fault("the journal has no such closed day", where=where))
            elif other.writer != manifest.writer:
                words = Phrase(
                    "written by %(then)s, now %(now)s: only the records can be compared",
                    then=manifest.writer,
                    now=other.writer,
                )
                if (other.min_seq, other.max_seq) != (manifest.min_seq, manifest.max_seq):
                    faults.append(Fault(Phrase("%(words)s, and they differ", words=words), where=where))
            elif other != manifest:
                faults.append(Fault("the journal of that day gives other files", where=where))
        return faults


def _records(reader: JournalReader, after_seq: int) -> Iterator[StoredRecord]:
    return reader.records(kinds=tuple(TABLES), after_seq=after_seq)
