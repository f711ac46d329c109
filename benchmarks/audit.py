"""What an act costs, and how long it takes to check a long chain offline.

The chain is filled without waiting for the disk, through the same function that writes entries.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.audit.checkpoints import Checkpoints
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.lines import read_beginning, read_lines
from thinktwice.audit.reading import AuditReader
from thinktwice.audit.verification import verify
from thinktwice.keyring.keys import Key
from thinktwice.keyring.seal import public_key_of
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

Row = tuple[str, float, str, str | None]

ENTRIES = 100_000
DURABLE = 300
_SEAL = Key("seal-bench", bytes(32))
_ACTOR = Actor("staff", "acc_0123456789abcdef")


def run() -> list[Row]:
    """Write a chain, export it, and check it."""
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        migrate(folder.path)
        with closing(Ledger(folder.control)) as ledger:
            durable = _fill(ledger, DURABLE) / DURABLE
            ledger._connection.execute("PRAGMA synchronous = OFF")
            _fill(ledger, ENTRIES - DURABLE)
            began = time.perf_counter()
            export = b"".join(AuditReader(ledger).export())
            exported = time.perf_counter() - began
        with closing(Checkpoints(folder.control, _SEAL)) as checkpoints:
            began = time.perf_counter()
            checkpoint = checkpoints.make()
            signed = time.perf_counter() - began
        assert checkpoint is not None
        lines = iter(export.splitlines(keepends=True))
        began = time.perf_counter()
        verdict = verify(read_beginning(next(lines)), read_lines(lines), [checkpoint], [public_key_of(_SEAL)])
        checked = time.perf_counter() - began
        assert verdict.is_whole
        assert verdict.covered == ENTRIES
    return [
        (f"{ENTRIES:,} entries verified offline", checked, "s", "<= 5"),
        (f"{ENTRIES:,} entries exported", exported, "s", None),
        (f"checkpoint over {ENTRIES:,} new entries", signed, "s", None),
        ("size of an entry in the export", len(export) / ENTRIES, "bytes", None),
        ("an act with its entry, durable", durable * 1000, "ms", None),
    ]


def _fill(ledger: Ledger, count: int) -> float:
    """Return the seconds that so many acts took."""
    began = time.perf_counter()
    for number in range(count):
        with ledger.act(_ACTOR, "campaign.draft.save", "campaign", f"campaign-{number % 50}") as act:
            act.after({"revision": number, "at": datetime(2026, 11, 22, tzinfo=UTC)})
            act.note(revision=number)
            if number % 4 == 0:
                act.commit_to("reason", f"reason {number}")
    return time.perf_counter() - began
