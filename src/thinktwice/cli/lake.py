"""``thinktwice lake``: closed days of the journal as Parquet, and whether they are still what was exported.

Invariant: both commands only read the journal, also while the service runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from thinktwice.cli.faults import Exit, reporting_faults, say, say_faults

if TYPE_CHECKING:
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.lake.service import Lake
    from thinktwice.records.signal import Catalogue

app = typer.Typer(help="Export closed days (UTC) of the journal as Parquet; check them.", no_args_is_help=True)

DataOption = Annotated[Path | None, typer.Option(help="Data folder; default from settings.")]


@app.command("export")
@reporting_faults()
def export_command(data: DataOption = None) -> None:
    """Export every closed day that is not in the lake yet; a day is closed when a later one has begun."""
    with _opened(data) as (lake, reader, catalogue):
        days = records = 0
        for manifest in lake.export(reader, catalogue):
            typer.echo(f"{manifest.day}  {manifest.rows:>10,} records")
            days, records = days + 1, records + manifest.rows
        say(f"{days:,} days, {records:,} records exported to {lake.folder}" if days else "no new closed day")


@app.command("verify")
@reporting_faults()
def verify_command(
    data: DataOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also export the journal again and compare the hashes.")
    ] = False,
) -> None:
    """Check every file against its manifest; ends with 1 and a line for whatever differs."""
    with _opened(data) as (lake, reader, catalogue):
        faults = lake.verify()
        if again and not faults:
            faults = lake.compare(reader, catalogue)
        if faults:
            say_faults(faults)
            raise typer.Exit(Exit.NO)
        manifests = lake.manifests()
        typer.echo(f"{len(manifests):,} days, {sum(one.rows for one in manifests):,} records: as exported")


@contextmanager
def _opened(data: Path | None) -> Iterator[tuple[Lake, SqliteJournalReader, Catalogue]]:
    """Open the lake and the journal of a data folder."""
    from thinktwice.bootstrap.choices import installation_of
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.lake.service import Lake
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder

    settings = load_settings(**({"data": data} if data else {}))
    folder = DataFolder(settings.data)
    with closing(SqliteJournalReader(folder.journal)) as reader:
        yield Lake(folder.lake), reader, installation_of(settings).catalogue
