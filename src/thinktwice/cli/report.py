"""``thinktwice report``: what happened, by campaign and arm, in plain counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import Exit, reporting_faults, say

if TYPE_CHECKING:
    from thinktwice.measurement.counts import CampaignCounts


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report_command)


@reporting_faults()
def report_command(
    campaign: Annotated[str | None, typer.Argument(help="One campaign; default all.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder; default from settings.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only triggers from this UTC day on.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page, charts included, to this file.")] = None,
) -> None:
    """Count what happened, by campaign and arm; the answer is "no" (1) when there is nothing to count."""
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.measurement import page
    from thinktwice.measurement.counts import count
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder

    folder = DataFolder(data or load_settings().data)
    reader = SqliteJournalReader(folder.journal)
    try:
        since = since.replace(tzinfo=UTC) if since else None
        report = count(reader, until=datetime.now(UTC), since=since, campaign=campaign)
    finally:
        reader.close()
    if html:
        html.write_text(page.render_page(report), "utf-8")
        say(f"wrote {html}")
    if as_json:
        typer.echo(json.dumps(page.as_json(report), indent=1))
    elif not html:
        for one in report.campaigns:
            Console().print(_table(one))
        say("counts only, no statistics yet: a difference between arms is not an effect")
    if not report.campaigns:
        say(
            f"{report.decisions:,} decisions, and no campaign among them has fired"
            + (f": {campaign}" if campaign else "")
        )
        raise typer.Exit(Exit.NO)


def _table(campaign: CampaignCounts) -> Table:
    """Return the counts with one column an arm, which fits a terminal of any width."""
    from thinktwice.measurement.page import COLUMNS, rows

    arms = rows(campaign)
    table = Table("", title=campaign.campaign, title_justify="left")
    for arm in arms:
        table.add_column(arm[0], justify="right")
    for place, column in enumerate(COLUMNS, 1):
        table.add_row(column.name, *(f"{arm[place]:,}" for arm in arms))
    return table
