"""``thinktwice decide``: decisions for a history in a file, as HTTP would have given them.

Invariants: OUT appears whole or not at all; a file with a bad line gives faults, exit code 2 and no decision; the
decisions are made in a temporary journal that is removed afterwards.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import typer

from thinktwice.cli.faults import reporting_faults, say
from thinktwice.errors import InputError

if TYPE_CHECKING:
    from rich.progress import Progress

    from thinktwice.decisions.history_file import History


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("decide")(decide_command)


@reporting_faults()
def decide_command(  # noqa: PLR0917 - each is an option of the command line
    file: Annotated[Path, typer.Argument(help="JSONL, CSV or Parquet; may be compressed with gzip.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Where to write; default standard output.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add campaign, arm, reasons and all signals.")] = False,
    data: Annotated[Path | None, typer.Option(help="Data folder whose watchlist is used.")] = None,
    campaigns: Annotated[Path | None, typer.Option(help="Folder of packs; default: the shipped ones.")] = None,
    contacts: Annotated[Path | None, typer.Option(help="Folder of contacts; default from settings.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file; default: a fixed public test key.")] = None,
) -> None:
    """Decide a history of withdrawals in time order, one decision each, exactly as over HTTP."""
    # Imported here: `thinktwice --help` must not wait for the whole service.
    from thinktwice.bootstrap.choices import installation_of, load_campaigns, read_key_file
    from thinktwice.bootstrap.core import answering_of, open_core
    from thinktwice.bootstrap.deciding import Replay, checking
    from thinktwice.decisions.answer import explained
    from thinktwice.decisions.history_file import open_history
    from thinktwice.keyring.keys import TEST_KEYRING
    from thinktwice.settings import load_settings

    given = {"data": data, "campaigns_dir": campaigns, "contacts_dir": contacts}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    keyring = read_key_file(key) if key else TEST_KEYRING
    installation = installation_of(settings)
    live = load_campaigns(settings, installation)
    if data is not None and not data.is_dir():
        raise InputError.of("there is no such data folder", field="--data", where=str(data))
    lists = settings.data if settings.data.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="thinktwice-decide-") as folder,
        open_core(
            Path(folder), installation=installation, keyring=keyring, campaigns=live, lists=lists
        ) as core,
        _progress() as progress,
        open_history(file, checking(core)) as history,
    ):  # fmt: skip
        _say_what_is_assumed(history, file, is_test=keyring.is_test, lists=lists)
        task = progress.add_task("deciding", total=history.withdrawals + history.events)
        replay, answering = Replay(core, str(file)), answering_of(core, settings)
        with _whole(out) as stream:
            for decision in replay.run(history.lines, lambda count: progress.advance(task, count)):
                answer = msgspec.to_builtins(answering.answer(decision))
                if explain:
                    answer["explanation"] = explained(decision)
                stream.write(_encode(answer) + b"\n")
            if replay.faults:
                raise InputError(*replay.faults)
    say(f"{replay.decisions:,} decisions, {replay.events:,} events" + _oddities(replay.unknown, replay.repeated))


_encode = msgspec.json.Encoder(decimal_format="string").encode


def _say_what_is_assumed(history: History, file: Path, *, is_test: bool, lists: Path | None) -> None:
    """Say on standard error what a reader of the decisions must know."""
    if is_test:
        say("a fixed public test key is used: references and arms are not those of any installation (--key FILE)")
    where = f"the current lists in {lists}" if lists else "empty: there is no data folder"
    say(f"watchlist: {where}")
    if history.withdrawals and not history.completions:
        say(f"warning: {file} has no completion facts, so no destination can become established")


def _oddities(unknown: int, repeated: int) -> str:
    """Return what was odd about the events, in words."""
    parts = []
    if unknown:
        parts.append(f"{unknown:,} of them about withdrawals that are not in the file")
    if repeated:
        parts.append(f"{repeated:,} came twice and counted once")
    return f" ({'; '.join(parts)})" if parts else ""


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show progress on standard error, when somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress


@contextmanager
def _whole(out: Path | None) -> Iterator[BinaryIO]:
    """Collect output in a temporary file beside its destination and put it in place only when all went well."""
    folder = out.absolute().parent if out else Path(tempfile.gettempdir())
    if out and out.is_dir():
        raise InputError.of("is a folder; name a file", field="--out", where=str(out))
    descriptor, name = tempfile.mkstemp(prefix=".thinktwice-", suffix=".part", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        if out:
            path.chmod(0o644)
            path.replace(out)
        else:
            with path.open("rb") as finished:
                shutil.copyfileobj(finished, sys.stdout.buffer)
                sys.stdout.buffer.flush()
    finally:
        path.unlink(missing_ok=True)
