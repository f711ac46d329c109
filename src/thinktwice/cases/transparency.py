"""Counting requests for the transparency report.

Invariants: pure; counts and times only, nothing that a request says; every submitted request is counted exactly once,
in the month it was submitted; a cell of the CSV file never starts a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from thinktwice.cases.cells import safe_cell
from thinktwice.people.times import from_text

GRANTED: Final = frozenset({"approved", "partly_approved", "fulfilled", "delivered", "closed"})
_HEADING: Final = ("month", "agency", "kind", "requests", "granted", "refused", "withdrawn_or_expired", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One submitted request, as far as it is counted."""

    month: str
    agency_id: str
    kind: str
    state: str
    refusal: str | None
    decided_after: timedelta | None

    @property
    def end(self) -> str:
        """Which of the four ends it counts for."""
        if self.state == "refused":
            return "refused"
        if self.state in GRANTED:
            return "granted"
        return "withdrawn_or_expired" if self.state in {"withdrawn", "expired"} else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The requests of one agency and kind in one month."""

    month: str
    agency: str
    kind: str
    requests: int
    ends: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency:
    """The whole report; ``median_hours`` is the time to the first decision by kind, of decided requests."""

    lines: tuple[Line, ...] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)
    median_hours: Mapping[str, int] = field(default_factory=dict)
    requests: int = 0


def counted_of(row: tuple[Any, ...]) -> Counted:
    """Return what is counted of a row of ``COUNT_BY_KIND``."""
    agency_id, kind, state, refusal, submitted_at, decided_at = row
    submitted, decided = datetime.fromisoformat(submitted_at), from_text(decided_at)
    return Counted(
        month=f"{submitted:%Y-%m}",
        agency_id=agency_id,
        kind=kind,
        state=state,
        refusal=refusal if state == "refused" else None,
        decided_after=decided - submitted if decided else None,
    )


def report_of(counted: Iterable[Counted], names: Mapping[str, str]) -> Transparency:
    """Return the report, newest month first; ``names`` are those of the agencies."""
    all_of_them = list(counted)
    lines: dict[tuple[str, str, str], Counter[str]] = {}
    hours: dict[str, list[float]] = {}
    for one in all_of_them:
        key = (one.month, names.get(one.agency_id, one.agency_id), one.kind)
        lines.setdefault(key, Counter())[one.end] += 1
        if one.decided_after is not None:
            hours.setdefault(one.kind, []).append(one.decided_after / timedelta(hours=1))
    ordered = sorted(lines.items(), key=lambda item: (_descending(item[0][0]), item[0][1], item[0][2]))
    return Transparency(
        lines=tuple(
            Line(month=month, agency=agency, kind=kind, requests=ends.total(), ends=ends)
            for (month, agency, kind), ends in ordered
        ),
        refusals=dict(Counter(one.refusal for one in all_of_them if one.refusal).most_common()),
        median_hours={kind: round(median(values)) for kind, values in sorted(hours.items())},
        requests=len(all_of_them),
    )


def csv_of(report: Transparency) -> bytes:
    """Return the report's lines as a table for spreadsheets, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADING)
    for line in report.lines:
        ends = (line.ends.get(name, 0) for name in _HEADING[4:])
        writer.writerow([safe_cell(cell) for cell in (line.month, line.agency, line.kind)] + [line.requests, *ends])
    for code, number in report.refusals.items():
        writer.writerow(["", "", safe_cell(f"refused: {code}"), number, "", number, "", ""])
    return text.getvalue().encode("utf-8-sig")


def _descending(month: str) -> int:
    return -int(month.replace("-", ""))
