"""``thinktwice demo``: everything on one machine, nothing to configure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import reporting_faults, say

if TYPE_CHECKING:
    from thinktwice.demo.replay import Tally
    from thinktwice.demo.run import Addresses


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo_command)


@reporting_faults()
def demo_command(
    history: Annotated[Path | None, typer.Option(help="Your own history: JSONL, CSV or Parquet.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder with your own lists; it is only read.")] = None,
    *,
    port: Annotated[int, typer.Option(help="Port of API and alerts; another one if it is taken.")] = 8080,
    console_port: Annotated[int, typer.Option(help="Port of the staff console; another one if it is taken.")] = 8081,
    portal_port: Annotated[int, typer.Option(help="Port of the agency portal; another one if it is taken.")] = 8082,
    demo_port: Annotated[int, typer.Option(help="Port of the demo exchange; another one if it is taken.")] = 8090,
    withdrawals: Annotated[int, typer.Option(min=20, max=200_000, help="Size of the invented history.")] = 3_000,
) -> None:
    """Try everything with synthetic data: replay a history, then serve a demo exchange, alerts, report and API docs."""
    # Imported here: `thinktwice --help` must not wait for the whole service.
    from thinktwice.bootstrap.logs import log_to_stderr
    from thinktwice.demo.run import Options, run_demo

    log_to_stderr("warning")
    say("ThinkTwice demo. Public test keys are used; only this machine can reach it.")
    with _progress() as tick:
        run_demo(
            Options(
                history=history,
                data=data,
                api_port=port,
                console_port=console_port,
                portal_port=portal_port,
                demo_port=demo_port,
                withdrawals=withdrawals,
            ),
            tick=tick,
            when_replayed=_show_tally,
            when_ready=lambda addresses: _show_addresses(addresses, has_own_history=history is not None),
        )
    say("stopped; what was recorded is gone")


def _show_tally(tally: Tally, has_truth: bool) -> None:
    title = f"{tally.decisions:,} withdrawals decided" + (" (all synthetic)" if has_truth else "")
    table = Table(title=title, title_justify="left")
    columns = ("what it really was", "answer", "campaign") if has_truth else ("answer", "campaign")
    for column in columns:
        table.add_column(column)
    table.add_column("withdrawals", justify="right")
    for key, number in sorted(tally.counts.items()):
        table.add_row(*(key if has_truth else key[1:]), f"{number:,}")
    Console().print(table)


def _show_addresses(addresses: Addresses, *, has_own_history: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print()
    for name, address in (
        ("Demo exchange  start here", addresses.exchange),
        ("Staff console", addresses.console),
        ("Agency portal", addresses.portal),
        ("Report", f"{addresses.exchange}/report"),
        ("Is a message real?", f"{addresses.api}/verify"),
        ("API docs", f"{addresses.api}/docs"),
        ("API and alerts", addresses.api),
        ("Watchlist snapshot", addresses.watchlist),
    ):
        console.print(f"  {name:<27}{address}", markup=False)
    what = "The exchange and its customers are" if has_own_history else "Everything is"
    console.print(f"\n{what} synthetic. Ctrl-C stops.", markup=False)
    console.file.flush()


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show progress on standard error, when somebody watches, as long as there is any."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = progress.add_task("replaying the history", total=None)

    def tick(done: int, total: int) -> None:
        if not progress.live.is_started and not progress.finished:
            progress.start()
        progress.update(task, advance=done, total=total)
        if progress.finished:
            progress.stop()

    try:
        yield tick
    finally:
        progress.stop()
