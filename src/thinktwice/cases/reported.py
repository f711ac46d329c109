"""One report of an address, as the operator knows it and as its agency sees it, and who has to agree to it.

Invariant: what its agency sees is the same whatever became of it, until it is retracted or expires.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from thinktwice.watchlist.intake import Handling

ReportState = Literal["received", "accepted", "declined", "retracted"]
Need = Literal["second_officer", "operator"]

MOST_CUSTOMERS: Final = 20
"""A report that would reach more customers than this within 30 days needs a second officer and the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the operator's own process knows of an address: never told to an officer."""

    is_service: bool
    is_allowed: bool
    customers_30d: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report as the operator sees it; ``needs`` are the people still wanted."""

    id: str
    agency_id: str
    officer: str
    network: str
    address: str
    match_keys: tuple[str, ...]
    handling: Handling
    reported_at: datetime
    expires_at: datetime
    state: ReportState
    needs: frozenset[str]
    second_officer: str | None
    decided_by: str | None

    @property
    def source(self) -> str:
        """Under which source of the watchlist it is listed."""
        return f"agency:{self.agency_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReport:
    """One report as its agency sees it: what was said, and nothing of what was made of it."""

    id: str
    officer: str
    network: str
    address: str
    handling: Handling
    reported_at: datetime
    expires_at: datetime
    state: Literal["received", "retracted", "expired"]
    second_officer: str | None


def needs_of(standing: Standing, *, is_first: bool) -> frozenset[Need]:
    """Return who has to agree before a report is listed."""
    if is_first or standing.customers_30d > MOST_CUSTOMERS:
        return frozenset({"second_officer", "operator"})
    if standing.is_service or standing.is_allowed:
        return frozenset({"operator"})
    return frozenset()


def report_of(row: tuple[Any, ...]) -> Report:
    """Return a report from a row of the report statements."""
    return Report(
        id=row[0],
        agency_id=row[1],
        officer=row[2],
        network=row[3],
        address=row[4],
        match_keys=tuple(json.loads(row[5])),
        handling=cast("Handling", row[6]),
        reported_at=datetime.fromisoformat(row[7]),
        expires_at=datetime.fromisoformat(row[8]),
        state=cast("ReportState", row[9]),
        needs=frozenset(row[10].split()),
        second_officer=row[11],
        decided_by=row[12],
    )


def as_seen_by_its_agency(report: Report, now: datetime) -> OwnReport:
    """Return what an agency sees of its own report: alike, whatever became of it."""
    is_retracted = report.state == "retracted"
    return OwnReport(
        id=report.id,
        officer=report.officer,
        network=report.network,
        address=report.address,
        handling=report.handling,
        reported_at=report.reported_at,
        expires_at=report.expires_at,
        state="retracted" if is_retracted else "expired" if now >= report.expires_at else "received",
        second_officer=report.second_officer,
    )
