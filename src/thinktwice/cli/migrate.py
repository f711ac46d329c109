"""``thinktwice migrate``: bring the databases of a data folder to the shape that this version needs.

Invariant: asking again changes nothing; ``--check`` never changes anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from thinktwice.cli.faults import Exit, reporting_faults
from thinktwice.storage.migrate import current, migrate


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("migrate")(migrate_command)


@reporting_faults()
def migrate_command(
    data: Annotated[
        Path, typer.Option(envvar="THINKTWICE_DATA", help="Folder of the databases and the watchlist.")
    ] = Path("thinktwice-data"),
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 when something is to be done.")
    ] = False,
) -> None:
    """Bring the databases in a data folder up to date, creating them when absent."""
    if check:
        is_current = current(data)
        typer.echo(f"{data}: {'up to date' if is_current else 'to be migrated'}")
        raise typer.Exit(Exit.DONE if is_current else Exit.NO)
    for one in migrate(data):
        what = f"{one.before or 'new'} → {one.now}" if one.is_changed else f"{one.now}, nothing to do"
        typer.echo(f"{one.name}: {what}")
