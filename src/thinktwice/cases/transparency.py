"""Counting requests for the transparency report.

Invariants: pure; counts and times only, nothing that a request says; every submitted request is counted exactly once,
in the month it was submitted, on the page and in the table; a measure that lapsed was granted; a cell of the CSV file
never starts a formula in a spreadsheet.
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
from thinktwice.cases.desk import REFUSALS
from thinktwice.people.times import from_text

GRANTED: Final = frozenset({"approved", "partly_approved", "fulfilled", "delivered", "closed"})
_ENDS: Final = ("granted", "refused", "withdrawn_or_expired", "open")
_HEADING: Final = (
    *("month", "agency", "kind", "requests", *_ENDS),
    *(f"refused_{code}" for code in REFUSALS),
    "median_hours_to_decision",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One submitted request, as far as it is counted; ``had_measure`` says that a preservation or restriction stood."""

    month: str
    agency_id: str
    kind: str
    state: str
    refusal: str | None
    decided_after: timedelta | None
    had_measure: bool = False

    @property
    def end(self) -> str:
        """Which of the four ends it counts for."""
        if self.state == "refused":
            return "refused"
        if self.state in GRANTED or self.had_measure:
            return "granted"
        return "withdrawn_or_expired" if self.state in {"withdrawn", "expired"} else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The requests of one agency and kind in one month; ``median_hours`` to the first decision, of those decided."""

    month: str
    agency: str
    kind: str
    requests: int
    ends: Mapping[str, int]
    refusals: Mapping[str, int] = field(default_factory=dict)
    median_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency:
    """The whole report; ``median_hours`` is the time to the first decision by kind, of decided requests."""

    lines: tuple[Line, ...] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)
    median_hours: Mapping[str, int] = field(default_factory=dict)
    requests: int = 0


def counted_of(row: tuple[Any, ...]) -> Counted:
    """Return what is counted of a row of ``COUNT_BY_KIND``."""
    agency_id, kind, state, refusal, submitted_at, decided_at, had_measure = row
    submitted, decided = datetime.fromisoformat(submitted_at), from_text(decided_at)
    return Counted(
        month=f"{submitted:%Y-%m}",
        agency_id=agency_id,
        kind=kind,
        state=state,
        refusal=refusal if state == "refused" else None,
        decided_after=decided - submitted if decided else None,
        had_measure=bool(had_measure),
    )


def report_of(counted: Iterable[Counted], names: Mapping[str, str]) -> Transparency:
    """Return the report, newest month first; ``names`` are those of the agencies."""
    all_of_them = list(counted)
    lines: dict[tuple[str, str, str], list[Counted]] = {}
    kinds: dict[str, list[Counted]] = {}
    for one in all_of_them:
        lines.setdefault((one.month, names.get(one.agency_id, one.agency_id), one.kind), []).append(one)
        kinds.setdefault(one.kind, []).append(one)
    ordered = sorted(lines.items(), key=lambda item: (_descending(item[0][0]), item[0][1], item[0][2]))
    medians = {kind: _median_hours(some) for kind, some in sorted(kinds.items())}
    return Transparency(
        lines=tuple(
            Line(
                month=month,
                agency=agency,
                kind=kind,
                requests=len(some),
                ends=Counter(one.end for one in some),
                refusals=_refusals(some),
                median_hours=_median_hours(some),
            )
            for (month, agency, kind), some in ordered
        ),
        refusals=_refusals(all_of_them),
        median_hours={kind: round(hours) for kind, hours in medians.items() if hours is not None},
        requests=len(all_of_them),
    )


def csv_of(report: Transparency) -> bytes:
    """Return the report's lines as a table for spreadsheets, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADING)
    for line in report.lines:
        ends = (line.ends.get(name, 0) for name in _ENDS)
        codes = (line.refusals.get(code, 0) for code in REFUSALS)
        hours = "" if line.median_hours is None else f"{line.median_hours:.1f}"
        named = (safe_cell(cell) for cell in (line.month, line.agency, line.kind))
        writer.writerow([*named, line.requests, *ends, *codes, hours])
    return text.getvalue().encode("utf-8-sig")


def _refusals(counted: Iterable[Counted]) -> dict[str, int]:
    return dict(Counter(one.refusal for one in counted if one.refusal).most_common())


def _median_hours(counted: Iterable[Counted]) -> float | None:
    hours = [one.decided_after / timedelta(hours=1) for one in counted if one.decided_after is not None]
    return median(hours) if hours else None


def _descending(month: str) -> int:
    return -int(month.replace("-", ""))
