"""One command replaces the master key of everything that is kept under it."""

from __future__ import annotations

from pathlib import Path

from thinktwice.bootstrap.rotating import COLUMNS
from thinktwice.storage.control_schema import CONTROL

SOURCE = Path(__file__).parents[3] / "src" / "thinktwice"


def test_every_sealed_column_is_rotated() -> None:
    """A new column of envelopes, in whichever table, cannot be forgotten."""
    sealed = {
        (table.name, column.name)
        for table in CONTROL.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed == {(column.table, column.column) for column in COLUMNS}


def test_every_place_is_one_that_something_is_sealed_for() -> None:
    """What is rotated is bound to the very place that whoever seals and opens it names."""
    written = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py") if "rotati" not in path.name)
    assert [column.place for column in COLUMNS if f'"{column.place}:{{' not in written] == []
