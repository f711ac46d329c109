"""A fresh ``control.db`` with its ledger, and people to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTHOR = Actor("staff", "account-author")
SECOND = Actor("staff", "account-second")
APPROVER = Actor("staff", "account-approver")
OFFICER = Actor("officer", "account-officer")


def fresh_ledger(folder: Path, clock: Callable[[], datetime] = lambda: NOON) -> Ledger:
    """Migrate a new data folder and open its ledger."""
    migrate(folder)
    return Ledger(DataFolder(folder).control, clock)
