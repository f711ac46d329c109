"""Histories in files, kind and hostile."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thinktwice.decisions.history_file import Line, open_history
from thinktwice.errors import InputError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def withdrawal(number: int, minutes: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "withdrawal_id": f"w-{number}",
        "initiated_at": (NOON + timedelta(minutes=minutes)).isoformat(),
        "customer": {"id": "c-1", "jurisdiction": "HK"},
        "asset": "USDT",
        "network": "tron",
        "amount": "12.00",
        "fiat_amount": "12.01",
        "fiat_currency": "USD",
        "destination": {"address": "T1"},
    } | more


def completed(number: int, minutes: int) -> dict[str, Any]:
    moment = (NOON + timedelta(minutes=minutes)).isoformat()
    return {
        "type": "withdrawal.completed",
        "event_id": f"e-{number}",
        "occurred_at": moment,
        "withdrawal_id": f"w-{number}",
    }


def write(path: Path, *lines: Any) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def read(path: Path, **options: Any) -> list[Line]:
    with open_history(path, **options) as history:
        return list(history.lines)


def faults(path: Path, **options: Any) -> list[str]:
    with pytest.raises(InputError) as refusal, open_history(path, **options):
        pass
    return [str(fault).removeprefix(str(path)) for fault in refusal.value.faults]


def test_lines_come_in_order_of_time_then_line(tmp_path: Path) -> None:
    """A later line with an earlier time comes first; equal times keep the order of the file."""
    path = write(tmp_path / "h.jsonl", withdrawal(1, 5), withdrawal(2, 0), completed(2, 5), withdrawal(3, 5))
    assert [(line.number, line.kind) for line in read(path)] == [
        (2, "withdrawal"),
        (1, "withdrawal"),
        (3, "event"),
        (4, "withdrawal"),
    ]


def test_offsets_are_one_time(tmp_path: Path) -> None:
    """Times with different offsets are compared as moments, and come out in UTC."""
    early = withdrawal(1) | {"initiated_at": "2026-11-22T08:00:00+08:00"}
    path = write(tmp_path / "h.jsonl", withdrawal(2) | {"initiated_at": "2026-11-22T00:00:01Z"}, early)
    lines = read(path)
    assert [line.number for line in lines] == [2, 1]
    assert lines[0].time == datetime(2026, 11, 22, tzinfo=UTC)
    assert lines[0].time.tzinfo is UTC


def test_spilling_to_disk_changes_nothing(tmp_path: Path) -> None:
    """A history sorted in many runs on disk comes out as one sorted in memory."""
    lines = [withdrawal(number, number * 7919 % 500) for number in range(500)]
    path = write(tmp_path / "h.jsonl", *lines)
    assert read(path, run_bytes=4_000) == read(path)


def test_counts_tell_what_the_file_holds(tmp_path: Path) -> None:
    """The history knows its withdrawals, events and completions before its lines are read."""
    with open_history(write(tmp_path / "h.jsonl", withdrawal(1), completed(1, 3), completed(1, 4))) as history:
        assert (history.withdrawals, history.events, history.completions) == (1, 2, 2)


def test_gzip_and_blank_lines_and_a_byte_order_mark(tmp_path: Path) -> None:
    """Compression, blank lines, CRLF and a byte order mark do not change line numbers or bodies."""
    path = tmp_path / "h.jsonl.gz"
    path.write_bytes(
        gzip.compress(b"\xef\xbb\xbf" + b"\r\n\r\n".join(json.dumps(withdrawal(n)).encode() for n in (1, 2)))
    )
    assert [line.number for line in read(path)] == [1, 3]
    assert json.loads(read(path)[0].body)["withdrawal_id"] == "w-1"


def test_every_fault_is_named_with_file_line_and_field(tmp_path: Path) -> None:
    """Each bad line is told once, with its number, and good lines in between hide nothing."""
    path = write(
        tmp_path / "h.jsonl",
        withdrawal(1),
        "not json",
        "[1, 2]",
        withdrawal(2) | {"initiated_at": "yesterday"},
        withdrawal(3) | {"initiated_at": "2026-11-22T12:00:00"},
        withdrawal(4) | {"initiated_at": None},
        {"type": "withdrawal.completed", "event_id": "e"},
        {"type": 7},
        '{"withdrawal_id": "w-9", "initiated_at"',
        "[" * 20_000,
        "\x00",
    )
    found = faults(path)
    assert [int(fault.split(":")[1]) for fault in found] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert found[3] == ":5: initiated_at: needs an offset, such as 2026-11-22T06:16:15Z"
    assert found[5] == ":7: occurred_at: is missing"


def test_a_line_over_the_limit_is_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    """A line of more than 64 KB is a fault of that line only, whatever follows, and is never held whole."""
    path = write(tmp_path / "h.jsonl", "x" * 5_000_000, withdrawal(1), "bad")
    found = faults(path)
    assert found[0] == ":1: a line may have 65,536 bytes; this one has more"
    assert found[1].startswith(":3: ")
    assert len(found) == 2


def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    """64 KB are permitted."""
    body = json.dumps(withdrawal(1))
    path = write(tmp_path / "h.jsonl", body[:-1] + " " * (65_536 - len(body)) + "}")
    assert len(read(path)) == 1


def test_reading_stops_after_a_hundred_faults(tmp_path: Path) -> None:
    """A file that is something else altogether gives a hundred faults, not a million."""
    found = faults(write(tmp_path / "h.jsonl", *["nonsense"] * 5_000))
    assert len(found) == 101
    assert found[-1] == ":100: stopped after 100 faults"


def test_the_check_sees_each_line_before_any_is_given(tmp_path: Path) -> None:
    """What the check refuses becomes a fault with file and line."""

    def check(kind: str, body: bytes, time: datetime) -> None:
        if b"w-2" in body:
            raise InputError.of("unknown network", field="network")

    path = write(tmp_path / "h.jsonl", withdrawal(1), withdrawal(2))
    assert faults(path, check=check) == [":2: network: unknown network"]


@pytest.mark.parametrize("keep", [20, 60])
def test_damaged_gzip_is_refused(tmp_path: Path, keep: int) -> None:
    """A compressed file that was cut short is refused in words."""
    path = tmp_path / "h.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(withdrawal(1)).encode())[:keep])
    assert faults(path) == [": the compressed data is damaged or cut short"]


def test_an_empty_file_is_an_empty_history(tmp_path: Path) -> None:
    """Nothing in, nothing out."""
    assert read(write(tmp_path / "h.jsonl")) == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A file that is not there is an input fault."""
    assert faults(tmp_path / "nothing.jsonl") == [": there is no such file"]


HEADER = (
    "withdrawal_id,initiated_at,customer.id,customer.jurisdiction,asset,network,amount,fiat_amount,fiat_currency,"
    "destination.address"
)
ROW = "2026-11-22T12:00:00Z,c-1,HK,USDT,tron,0.1000000000000000001,12.01,USD,T1"


def test_csv_becomes_what_http_would_carry(tmp_path: Path) -> None:
    """Dotted columns nest, cells are typed by their column, decimals stay exact, empty cells are missing."""
    path = write(
        tmp_path / "h.csv",
        HEADER + ",attempt,session.is_new_device,session.risk_flags,destination.memo,attributes.tier",
        "w-1," + ROW + ",2,true,a;b,,gold",
    )
    body = json.loads(read(path)[0].body)
    assert body["attempt"] == 2
    assert body["amount"] == "0.1000000000000000001"
    assert body["customer"] == {"id": "c-1", "jurisdiction": "HK"}
    assert body["session"] == {"is_new_device": True, "risk_flags": ["a", "b"]}
    assert body["destination"] == {"address": "T1"}
    assert body["attributes"] == {"tier": "gold"}


def test_outcome_columns_become_events(tmp_path: Path) -> None:
    """``completed_at`` is an event at its time; a label without a time is known after everything else."""
    path = write(
        tmp_path / "h.csv",
        HEADER + ",completed_at,label",
        "w-1," + ROW + ",2026-11-22T12:30:00Z,scam",
        "w-2," + ROW.replace("12:00", "13:00") + ",,",
    )
    lines = read(path)
    assert [(line.number, line.kind) for line in lines] == [
        (1 + 1, "withdrawal"),
        (2, "event"),
        (3, "withdrawal"),
        (2, "event"),
    ]
    label = json.loads(lines[-1].body)
    assert (label["type"], label["label"], label["withdrawal_id"]) == ("outcome.labelled", "scam", "w-1")
    assert lines[-1].time == lines[-2].time


def test_a_wrong_header_is_told_once(tmp_path: Path) -> None:
    """A missing, repeated or unknown column is a fault of line 1, with a suggestion."""
    found = faults(write(tmp_path / "h.csv", HEADER.replace("amount,", "amuont,", 1) + ",asset", "w-1," + ROW + ","))
    assert found[0] == ":1: amount: column is missing"
    assert "did you mean amount" in found[1]
    assert found[2] == ":1: asset: column comes twice"


def test_bad_cells_are_named(tmp_path: Path) -> None:
    """A cell that is not what its column says is told with line and column; so is a row of another length."""
    path = write(
        tmp_path / "h.csv",
        HEADER + ",attempt,destination.is_internal",
        "w-1," + ROW + ",one,perhaps",
        "w-2," + ROW,
        "w-3," + ROW + ",1,",
    )
    assert faults(path) == [
        ":2: attempt: a whole number",
        ":2: destination.is_internal: true, false or nothing",
        ":3: 10 cells under 12 columns",
    ]


def test_csv_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are a fault of their row, not a crash."""
    path = tmp_path / "h.csv"
    path.write_bytes((HEADER + "\n").encode() + b"w-\xff," + ROW.encode() + b"\n")
    assert faults(path) == [":2: not UTF-8 text"]


def test_csv_with_an_endless_line_or_an_open_quote_is_refused(tmp_path: Path) -> None:
    """A line without end and a quote that never closes cannot fill the memory."""
    endless = write(tmp_path / "a.csv", HEADER, "w-1," + "x" * 1_000_000)
    assert "a line may have" in faults(endless)[0]
    quote = write(tmp_path / "b.csv", HEADER, *['"w-1,' + ROW] + ["y" * 1_000] * 500)
    assert "not CSV" in faults(quote)[0]


def test_parquet_keeps_decimals_and_times(tmp_path: Path) -> None:
    """Typed columns arrive as exact text: DECIMAL, TIMESTAMPTZ, BOOLEAN, lists."""
    path = tmp_path / "h.parquet"
    values = (
        "'w-1' AS withdrawal_id, TIMESTAMPTZ '2026-11-22 12:00:00.25+00' AS initiated_at, 'c-1' AS \"customer.id\","
        "'HK' AS \"customer.jurisdiction\", 'USDT' AS asset, 'tron' AS network,"
        "0.100000000000000001::DECIMAL(38,18) AS amount, 12.0100::DECIMAL(20,4) AS fiat_amount, 'USD' AS fiat_currency,"
        "'T1' AS \"destination.address\", true AS \"session.is_new_device\", ['a', 'b'] AS \"session.risk_flags\","
        "NULL::VARCHAR AS \"destination.memo\", TIMESTAMPTZ '2026-11-22 12:05:00+00' AS completed_at"
    )
    duckdb.sql(f"COPY (SELECT {values}) TO '{path}' (FORMAT parquet)")
    first, second = read(path)
    body = json.loads(first.body)
    assert first.time == NOON + timedelta(milliseconds=250)
    assert (body["amount"], body["fiat_amount"]) == ("0.100000000000000001", "12.0100")
    assert body["session"] == {"is_new_device": True, "risk_flags": ["a", "b"]}
    assert second.kind == "event"


def test_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """A file that only begins like Parquet is an input fault."""
    path = tmp_path / "h.parquet"
    path.write_bytes(b"PAR1 and then nothing")
    assert "not a Parquet file" in faults(path)[0]


HOSTILE = (
    '{"withdrawal_id": "\\ud800"}',
    '{"initiated_at": "0001-01-01T00:00:00+23:59"}',
    '{"initiated_at": "9999-12-31T23:59:59-23:59"}',
    '{"initiated_at": 1e400}',
    '{"initiated_at": NaN}',
    '{"initiated_at": "2026-11-22T12:00:00Z", "type": null}',
    '{"a":' * 10_000,
    '"text"',
    "null",
    '{"type": "withdrawal.completed", "occurred_at": {}}',
)


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_lines_are_faults_or_lines_never_crashes(tmp_path: Path, line: str) -> None:
    """Whatever a line holds, reading ends with lines or with faults that name it."""
    path, named = write(tmp_path / "h.jsonl", line), list[int | None]()
    try:
        named = [one.number for one in read(path)]
    except InputError as refusal:
        named = [fault.line for fault in refusal.faults]
    assert named == [1]


@given(content=st.binary(max_size=400), name=st.sampled_from(["h.jsonl", "h.csv", "h.parquet", "h", "h.csv.gz"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_make_reading_crash(tmp_path: Path, content: bytes, name: str) -> None:
    """Any bytes under any name are read or refused as input."""
    path = tmp_path / name
    for whole in (content, b"PAR1" + content, b"\x1f\x8b\x08" + content, (HEADER + "\n").encode() + content):
        path.write_bytes(whole)
        with suppress(InputError):
            read(path)
