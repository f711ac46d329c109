"""Records and data folders for tests of the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from thinktwice.journal.seam import NewRecord, RecordKind
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

START = datetime(2026, 11, 22, 6, 16, 15, 123456, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """A time so many seconds after the start of all test stories."""
    return START + timedelta(seconds=seconds)


def decision(name: str, *, attempt: int = 1, seconds: float = 0, alert_id: str | None = None) -> NewRecord:
    """A decision about withdrawal ``w-<name>`` with id ``d-<name>-<attempt>``."""
    return NewRecord(
        kind="decision",
        record_id=f"d-{name}-{attempt}",
        recorded_at=at(seconds),
        body=f"decision {name} {attempt}".encode(),
        withdrawal_id=f"w-{name}",
        attempt=attempt,
        customer_ref="c1",
        destination_key="evm:0x1",
        alert_id=alert_id,
        digest=b"\x00\xff",
        action="alert",
        campaign="hk",
        arm="a",
        is_test=True,
    )


def event(event_id: str, *, kind: RecordKind = "event", seconds: float = 0, alert_id: str | None = None) -> NewRecord:
    """An event with its id as digest and body."""
    return NewRecord(
        kind=kind,
        record_id=event_id,
        recorded_at=at(seconds),
        body=f"event {event_id}".encode(),
        digest=event_id.encode(),
        alert_id=alert_id,
        event_type="seen" if kind == "alert_event" else "deposit.received",
    )


def migrated(folder: Path) -> DataFolder:
    """A data folder with both databases in their newest shape."""
    migrate(folder)
    return DataFolder(folder)
