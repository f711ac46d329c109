"""The lake: closed days, reproducible, verified, and one history with the journal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from typer.testing import CliRunner

from tests.support.world import START, World, request
from thinktwice.cli.lake import app
from thinktwice.errors import InputError, StateError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.journal.seam import StoredRecord
from thinktwice.lake.columns import TABLES, schema_of
from thinktwice.lake.history import open_history
from thinktwice.lake.rows import columns_of, row_of
from thinktwice.lake.service import Lake
from thinktwice.records.catalogue import CATALOGUE, with_attributes
from thinktwice.records.event import AlertEvent
from thinktwice.records.signal import from_plain

ADDRESS = "0x{:040x}"


def live_through(world: World, days: int = 3) -> None:
    """Several days with every kind of record: a few withdrawals, completions, clicks, clearances, test traffic."""
    for day in range(days):
        for customer in range(3):
            made = world.decide(
                customer__id=f"c-{customer}", destination__address=ADDRESS.format(day * 10 + customer + 1)
            )
            if made.alert:
                world.claim(made, "seen")
                world.claim(made, "continued")
            world.clear(made)
            world.complete(made)
            world.pass_time(hours=1)
        world.note("deposit.received", customer_id="c-1", network="tron",
                   from_address="TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", fiat_amount="12.34567")  # fmt: skip
        world.decide(is_test=True, withdrawal_id=f"t-{world.now:%d}", customer__id="c-1")
        world.note("withdrawal.completed", withdrawal_id="nobody-knows", attempt=1)
        world.note(
            "decision.fallback",
            withdrawal=request(f"f-{world.now:%d}", initiated_at=world.now.isoformat()),
            answer="alert",
        )
        world.pass_time(hours=21)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "data")
    live_through(world)
    yield world
    world.close()


@pytest.fixture
def reader(world: World) -> Iterator[SqliteJournalReader]:
    reader = SqliteJournalReader(world.folder / "journal.db")
    yield reader
    reader.close()


def rows_of(lake: Lake, reader: SqliteJournalReader) -> dict[str, list[dict[str, Any]]]:
    with open_history(lake, reader, CATALOGUE) as history:
        return {
            name: history.sql(f"SELECT * FROM {name} ORDER BY seq").to_arrow_table().to_pylist()
            for name in TABLES.values()
        }


def test_a_day_is_exported_once_a_later_one_has_begun(
    world: World, reader: SqliteJournalReader, tmp_path: Path
) -> None:
    """The newest day stays in the journal; asking again exports nothing; the ranges of seq have no gap."""
    lake = Lake(tmp_path / "lake")
    first = list(lake.export(reader, CATALOGUE))
    last = max(record.recorded_at for record in reader.records(kinds=tuple(TABLES))).date()
    assert first[0].day == START.date()
    assert all(one.day < last for one in first)
    assert first[0].min_seq == 1
    assert [one.min_seq for one in first[1:]] == [one.max_seq + 1 for one in first[:-1]]
    assert all(one.rows == one.max_seq - one.min_seq + 1 for one in first)
    assert list(lake.export(reader, CATALOGUE)) == []
    assert lake.manifests() == first
    live_through(world, 2)
    assert [one.day for one in lake.export(reader, CATALOGUE)] != []
    assert lake.verify() == []


def test_the_same_journal_gives_the_same_bytes(reader: SqliteJournalReader, tmp_path: Path) -> None:
    """Two exports of one journal agree in every file, the manifest included, and compare says so."""
    for name in ("one", "two"):
        list(Lake(tmp_path / name).export(reader, CATALOGUE))
    one = sorted(path for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(one) >= 6 * 2
    for path in one:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path
    assert Lake(tmp_path / "one").compare(reader, CATALOGUE) == []


def test_how_an_alert_was_met_has_columns_and_what_was_written_has_none(tmp_path: Path) -> None:
    """Language, room, dwell, badge and what we raised it to come out; a customer's own words stay in the journal."""
    met = {"locale": "ar", "viewport": "medium", "dwell": "5-15s", "badge": "none", "raised_to": "hold"}
    detail = met | {"site": "a name the customer wrote", "q": "an answer"}
    event = AlertEvent(event_id="event-0001", type="reported", occurred_at=START, detail=detail)
    record = StoredRecord(
        seq=1,
        kind="alert_event",
        record_id="event-0001",
        recorded_at=START,
        body=msgspec.json.encode(event),
        alert_id="a-1",
        event_type="reported",
        is_test=False,
    )
    row = row_of(record)
    assert {name: row[name] for name in met} == met
    assert not {"site", "q"} & row.keys()
    table = columns_of([row], schema_of("alert_event", CATALOGUE))
    assert {name: table[name].to_pylist() for name in met} == {name: [said] for name, said in met.items()}


@pytest.mark.parametrize("days_kept", [0, 1, 2])
def test_one_history_wherever_the_line_is(
    world: World, reader: SqliteJournalReader, tmp_path: Path, days_kept: int
) -> None:
    """With none, some or all closed days in Parquet, every record is there once, with the same cells."""
    whole = rows_of(Lake(tmp_path / "none"), reader)
    lake = Lake(tmp_path / "lake")
    manifests = list(lake.export(reader, CATALOGUE))
    for one in manifests[days_kept:]:
        shutil.rmtree(lake.folder / f"day={one.day}")
    assert rows_of(lake, reader) == whole
    seqs = sorted(row["seq"] for rows in whole.values() for row in rows)
    assert seqs == [record.seq for record in reader.records(kinds=tuple(TABLES))]


def test_signals_come_back_typed(world: World, reader: SqliteJournalReader, tmp_path: Path) -> None:
    """Each signal of each decision equals what the decision stored; decimals are DECIMAL, times are UTC."""
    made = world.decide(customer__id="c-9", account__fiat_balance="15000.01", session__risk_flags=["new_payee"])
    row = rows_of(Lake(tmp_path / "lake"), reader)["decisions"][-1]
    stored = from_plain(made.explanation.signals, CATALOGUE)
    for name, value in stored.items():
        assert row[name] == (list(value) if isinstance(value, tuple) else value), name
    assert isinstance(row["fiat_amount"], Decimal)
    assert row["balance_ratio"] is not None
    assert row["recorded_at"] == made.decided_at.replace(tzinfo=None)
    schema = schema_of("decision", CATALOGUE)
    assert str(schema.field("amount").type) == "decimal128(38, 18)"
    assert str(schema.field("recorded_at").type) == "timestamp[us, tz=UTC]"


def test_a_fallback_carries_its_withdrawal(world: World, reader: SqliteJournalReader, tmp_path: Path) -> None:
    """What the client answered by itself is a known withdrawal: key, customer, destination, amount and currency."""
    rows = rows_of(Lake(tmp_path / "lake"), reader)
    (row,) = [one for one in rows["events"] if one["withdrawal_id"] == f"f-{START:%d}"]
    decision = next(one for one in rows["decisions"] if one["customer_ref"] == row["customer_ref"])
    assert decision is not None
    assert (row["attempt"], row["fiat_amount"], row["fiat_currency"]) == (1, Decimal("12003.1000"), "USD")
    assert row["destination_key"].startswith("evm:")
    deposit = next(one for one in rows["events"] if one["type"] == "deposit.received")
    assert deposit["fiat_amount"] == Decimal("12.3456")  # cut off, not rounded


def test_verify_names_what_was_changed(reader: SqliteJournalReader, tmp_path: Path) -> None:
    """A changed, a missing and a stray file, and a day that vanished, are each named."""
    lake = Lake(tmp_path / "lake")
    manifests = list(lake.export(reader, CATALOGUE))
    day = lake.folder / f"day={manifests[0].day}"
    table = pq.read_table(day / "events.parquet")
    pq.write_table(table.slice(1), day / "events.parquet")
    (day / "alert_events.parquet").unlink()
    (day / "more.parquet").write_bytes(b"")
    told = [str(fault) for fault in lake.verify()]
    assert len(told) == 3
    assert any("events.parquet: is not what was exported" in line for line in told)
    assert any("alert_events.parquet: is missing" in line for line in told)
    assert any("more.parquet: does not belong here" in line for line in told)
    shutil.rmtree(day)
    assert "should come next" in str(lake.verify()[0])
    with pytest.raises(InputError, match="should come next"):
        list(lake.export(reader, CATALOGUE))


def test_a_lake_of_another_journal_is_refused(world: World, reader: SqliteJournalReader, tmp_path: Path) -> None:
    """Neither export nor reading joins records that do not follow each other."""
    lake = Lake(tmp_path / "lake")
    list(lake.export(reader, CATALOGUE))
    other = World(tmp_path / "other")
    other.decide()
    other.close()
    stranger = SqliteJournalReader(tmp_path / "other" / "journal.db")
    with pytest.raises(StateError, match="not the same one"), open_history(lake, stranger, CATALOGUE):
        pass
    stranger.close()


def test_a_half_written_day_is_not_there(reader: SqliteJournalReader, tmp_path: Path) -> None:
    """An export that stops between two days leaves the whole days and nothing else."""
    lake = Lake(tmp_path / "lake")
    exporting = lake.export(reader, CATALOGUE)
    first = next(exporting)
    exporting.close()  # type: ignore[attr-defined]  # a generator, whatever its type says
    assert [path.name for path in lake.folder.iterdir()] == [f"day={first.day}"]
    (lake.folder / ".part-2026-11-21-x").mkdir()
    assert len(list(lake.export(reader, CATALOGUE))) >= 1
    assert not list(lake.folder.glob(".part-*"))
    assert lake.verify() == []


def test_an_attribute_may_not_take_the_name_of_a_column() -> None:
    """A declared attribute called like a column of the history is refused by name."""
    with pytest.raises(InputError, match="column of the history"):
        schema_of("decision", with_attributes({"campaign": "text"}))


def test_an_attribute_declared_later_is_missing_before(
    world: World, reader: SqliteJournalReader, tmp_path: Path
) -> None:
    """Days exported before an attribute was declared have NULL there."""
    lake = Lake(tmp_path / "lake")
    list(lake.export(reader, CATALOGUE))
    with open_history(lake, reader, with_attributes({"loyalty_tier": "text"})) as history:
        assert history.execute("SELECT count(*), count(loyalty_tier) FROM decisions").fetchone() == (
            reader.count("decision"), 0,
        )  # fmt: skip


def test_the_command_exports_and_verifies(world: World) -> None:
    """`lake export` prints the days, `lake verify` ends with 1 and the file when something changed."""
    run = CliRunner()
    exported = run.invoke(app, ["export", "--data", str(world.folder)])
    assert exported.exit_code == 0, exported.output
    assert str(date(2026, 11, 20)) in exported.output
    assert run.invoke(app, ["verify", "--again", "--data", str(world.folder)]).exit_code == 0
    victim = next((world.folder / "lake").rglob("decisions.parquet"))
    victim.write_bytes(victim.read_bytes() + b"x")
    refused = run.invoke(app, ["verify", "--data", str(world.folder)])
    assert refused.exit_code == 1
    assert "decisions.parquet" in refused.output
