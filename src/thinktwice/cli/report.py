"""``thinktwice report``: did it help, for the operator, a partner, or to be cited.

Invariant: reads only, also while the service runs; what cannot be told is said, never left out.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import Exit, refuse, reporting_faults, say
from thinktwice.errors import Fault

if TYPE_CHECKING:
    from thinktwice.measurement.analysis.records import CampaignAnalysis
    from thinktwice.measurement.counts import CampaignCounts

Edition = Literal["operator", "partner", "card"]
Format = Literal["html", "pdf", "json"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report_command)


@reporting_faults()
def report_command(
    campaign: Annotated[str | None, typer.Argument(help="One campaign; without it plain counts of all.")] = None,
    *,
    data: Annotated[Path | None, typer.Option(help="Data folder; default from settings.")] = None,
    edition: Annotated[str, typer.Option(help="operator (regulators too), partner, or card.")] = "operator",
    format_: Annotated[str | None, typer.Option("--format", help="html, pdf or json; default the answer here.")] = None,
    locale: Annotated[str, typer.Option(help="en or zh-Hant.")] = "en",
    out: Annotated[Path | None, typer.Option(help="File to write; default standard output (not for pdf).")] = None,
    until: Annotated[datetime | None, typer.Option(help="As of this UTC time; default now.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file with the seal key, for a card.")] = None,
    verify: Annotated[Path | None, typer.Option(help="Check this card instead, offline.")] = None,
    public_key: Annotated[str | None, typer.Option(help="The operator's public key, to check a card with.")] = None,
) -> None:
    """Say whether a campaign helped; 1 when there is nothing to count, or a card is not what was sealed."""
    if verify is not None:
        _verify(verify, public_key)
        return
    moment = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    if campaign is None:
        _count(data, moment, is_json=format_ == "json")
        return
    if edition not in {"operator", "partner", "card"}:
        refuse(Fault("is one of operator, partner, card", "edition"))
    if format_ not in {None, "html", "pdf", "json"}:
        refuse(Fault("is one of html, pdf, json", "format"))
    if format_ == "pdf" and out is None:
        refuse(Fault("a PDF needs a file: --out report.pdf", "out"))
    from thinktwice.bootstrap.reporting import Reporting

    reporting = Reporting.from_settings(data, key)
    if format_ is None and edition == "operator":
        _answer(reporting.results.analysis(campaign, moment))
        return
    content = reporting.write(campaign, edition, format_ or "html", locale=locale, until=moment)
    if out is None:
        typer.echo(content.decode(), nl=False)
        return
    out.write_bytes(content)
    say(f"wrote {out}")


def _answer(analysis: CampaignAnalysis) -> None:
    """Print the verdict, what it rests on, and what would change it."""
    verdict = analysis.verdict
    typer.echo(verdict.headline.text)
    for heading, said in (("what this rests on", verdict.reasons), ("what would change it", verdict.would_change)):
        if said:
            typer.echo(f"{heading}:")
        for one in said:
            typer.echo(f"  - {one.text}")
    entered, customers = analysis.population.entered, analysis.population.customers
    say(f"{entered:,} of {customers:,} customers counted; --format html, pdf or json gives the whole report")
    if not customers:
        raise typer.Exit(Exit.NO)


def _verify(file: Path, public_key: str | None) -> None:
    from thinktwice.evidence.verification import read_public_key
    from thinktwice.measurement.card_checking import report

    if public_key is None:
        refuse(Fault("give the operator's public key, obtained by a way of its own", "public-key"))
    try:
        expected = read_public_key(public_key)
    except ValueError as error:
        refuse(Fault(str(error), "public-key"))
    try:
        content = file.read_bytes()
    except OSError as error:
        refuse(Fault(f"cannot be read: {error.strerror}", where=str(file)))
    is_proved, lines = report(content, expected)
    typer.echo("\n".join(lines))
    if not is_proved:
        raise typer.Exit(Exit.NO)


def _count(data: Path | None, until: datetime, *, is_json: bool) -> None:
    """Print plain counts of every campaign; they are no statistics."""
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.measurement import page
    from thinktwice.measurement.counts import count
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder

    reader = SqliteJournalReader(DataFolder(data or load_settings().data).journal)
    try:
        report = count(reader, until=until)
    finally:
        reader.close()
    if is_json:
        typer.echo(json.dumps(page.as_json(report), indent=1))
    else:
        for one in report.campaigns:
            Console().print(_table(one))
        say("counts only: name a campaign to be told whether it helped")
    if not report.campaigns:
        say(f"{report.decisions:,} decisions, and no campaign among them has fired")
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
