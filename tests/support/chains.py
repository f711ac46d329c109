"""Chains of acts, whole and tampered with: as exported lines, and as a thief with the database would leave them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from thinktwice.audit.checkpoint import Checkpoint, Statement, hash_of_statement, sign
from thinktwice.audit.commitments import commit
from thinktwice.audit.entry import Beginning, Entry, hash_of
from thinktwice.audit.lines import Line, entry_of
from thinktwice.keyring.keys import Key
from thinktwice.keyring.seal import public_key_of

SEAL = Key("seal-tests", bytes(range(32)))
PUBLIC = public_key_of(SEAL)
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def beginning(chain: str = "chain_a") -> Beginning:
    return Beginning(chain=chain, begun_at=text(BEGUN))


def line(entry: Entry) -> Line:
    return msgspec.convert(msgspec.to_builtins(entry) | {"hash": hash_of(entry)}, Line)


def entry(seq: int, previous: str) -> Entry:
    return Entry(
        seq=seq,
        at=text(BEGUN + timedelta(minutes=seq)),
        actor_kind="staff",
        actor_id=f"acc_{seq % 3}",
        act="campaign.draft.save",
        object_kind="campaign",
        object_id=f"hk-{seq % 5}",
        outcome="done",
        before=None,
        after=f"{seq:064x}",
        details={"number": seq, "text": "zh-Hant ✓"},
        commitments={"reason": commit(seq.to_bytes(32), "reason", f"reason {seq}")} if seq % 4 == 0 else {},
        previous=previous,
    )


def chain(length: int, of: Beginning | None = None) -> list[Line]:
    """Make a whole chain."""
    return forge([], length, hash_of(of or beginning()))


def forge(
    kept: Sequence[Line], length: int, first: str = "", change: Callable[[Entry], Entry] = lambda e: e
) -> list[Line]:
    """Go on after what is kept, consistently, as whoever writes the database could; ``change`` makes it another."""
    lines = list(kept)
    for seq in range(len(lines) + 1, length + 1):
        previous = lines[-1].hash if lines else first
        lines.append(line(change(entry(seq, previous))))
    return lines


def changed(of: Line, **fields: Any) -> Line:
    """Change an entry and leave its hash as it was."""
    return msgspec.structs.replace(of, **fields)


def restamped(of: Line, **fields: Any) -> Line:
    """Change an entry and give it the hash that fits."""
    return line(entry_of(changed(of, **fields)))


def checkpoints(lines: Sequence[Line], *at: int, of: Beginning | None = None, key: Key = SEAL) -> list[Checkpoint]:
    """Sign a chain at these lengths."""
    made: list[Checkpoint] = []
    for number, entries in enumerate(at, start=1):
        statement = Statement(
            chain=(of or beginning()).chain,
            begun_at=(of or beginning()).begun_at,
            number=number,
            entries=entries,
            head=lines[entries - 1].hash,
            at=text(BEGUN + timedelta(hours=entries)),
            previous=hash_of_statement(made[-1].statement) if made else None,
        )
        made.append(sign(statement, key))
    return made
