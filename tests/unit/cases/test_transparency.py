"""Counting requests for everybody to read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.cases.cells import safe_cell
from thinktwice.cases.transparency import Counted, counted_of, csv_of, report_of

ROW = ("a1", "information", "closed", None, "2026-11-02T09:00:00.000000Z", "2026-11-02T21:00:00.000000Z", 0)


def test_every_request_is_counted_once() -> None:
    """By month, agency, kind and end; refusals by code; half of the times to a decision."""
    rows = [
        ROW,
        ("a1", "information", "refused", "over_broad", ROW[4], "2026-11-04T09:00:00.000000Z", 0),
        ("a2", "information", "submitted", None, "2026-10-02T09:00:00.000000Z", None, 0),
        ("a2", "production", "expired", "over_broad", "2026-10-02T09:00:00.000000Z", None, 0),
    ]
    report = report_of(map(counted_of, rows), {"a1": "Example Police", "a2": "Other Police"})
    assert report.requests == sum(line.requests for line in report.lines) == 4
    first = report.lines[0]
    assert (first.month, first.agency, first.requests) == ("2026-11", "Example Police", 2)
    assert dict(first.ends) == {"granted": 1, "refused": 1}
    assert report.refusals == {"over_broad": 1}
    assert report.median_hours == {"information": 30}


def test_a_measure_that_lapsed_was_granted() -> None:
    """A preservation that stood its days and ended by itself is no request that nobody answered."""
    lapsed = ("a1", "preservation", "expired", None, ROW[4], ROW[5], 1)
    unused = ("a1", "preservation", "expired", None, ROW[4], ROW[5], 0)
    (line,) = report_of(map(counted_of, (lapsed, unused)), {}).lines
    assert dict(line.ends) == {"granted": 1, "withdrawn_or_expired": 1}


def test_the_table_counts_every_request_once() -> None:
    """Its columns add up: refusals stand in columns of their own, and half were decided within the hours named."""
    refused = ("a1", "information", "refused")
    rows = [
        ROW,
        (*refused, "over_broad", ROW[4], "2026-11-04T09:00:00.000000Z", 0),
        (*refused, "no_legal_basis", ROW[4], "2026-11-02T09:30:00.000000Z", 0),
        ("a2", "risk_to_life", "submitted", None, ROW[4], None, 0),
    ]
    report = report_of(map(counted_of, rows), {"a1": "Example Police", "a2": "Other Police"})
    first, other = csv.DictReader(io.StringIO(csv_of(report).decode("utf-8-sig")))
    assert (first["requests"], first["granted"], first["refused"]) == ("3", "1", "2")
    assert (first["refused_over_broad"], first["refused_no_legal_basis"], first["refused_other"]) == ("1", "1", "0")
    assert sum(int(number) for name, number in first.items() if name.startswith("refused_")) == 2
    assert first["median_hours_to_decision"] == "12.0"
    assert (other["requests"], other["open"], other["median_hours_to_decision"]) == ("1", "1", "")


def test_an_empty_report_is_one() -> None:
    """Nothing asked is a report too."""
    assert report_of([], {}).requests == 0
    assert csv_of(report_of([], {})).decode("utf-8-sig").count("\n") == 1


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "|calc", '=HYPERLINK("http://x")'])
def test_a_name_is_never_a_formula(name: str) -> None:
    """An agency may call itself what it likes; a spreadsheet shows it as text."""
    counted = counted_of(ROW)
    table = csv_of(report_of([counted], {"a1": name})).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(table)))[1][1]
    assert cell == f"'{name}"


@given(st.text())
def test_safe_cells_start_no_formula(text: str) -> None:
    """Whatever was written."""
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "|"))


@given(st.lists(st.sampled_from(["a1", "a2"]), max_size=20))
def test_lines_add_up(agencies: list[str]) -> None:
    """Lines, ends and requests are the same number."""
    counted = [
        Counted(
            month=f"{datetime(2026, 11, 1, tzinfo=UTC):%Y-%m}",
            agency_id=agency,
            kind="information",
            state="closed",
            refusal=None,
            decided_after=timedelta(hours=1),
        )
        for agency in agencies
    ]
    report = report_of(counted, {})
    assert report.requests == len(agencies) == sum(sum(line.ends.values()) for line in report.lines)
