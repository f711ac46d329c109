"""``thinktwice watchlist``: lists of addresses, what they say, and which addresses the operator vouches for.

Invariants: an import is whole or not at all and says what it could not take; every act is effective in running services
within a second; nothing that a list contains reaches the terminal unescaped.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from thinktwice.audit.ledger import Ledger
from thinktwice.cli.acting import cli_actor
from thinktwice.cli.faults import Exit, reporting_faults, say
from thinktwice.cli.watchlist_words import as_json_text, in_words, number_of_keys, summary
from thinktwice.errors import Fault, InputError
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.build import build_apart, build_when_due
from thinktwice.watchlist.entry import read_date
from thinktwice.watchlist.formats.columns import parse_mapping
from thinktwice.watchlist.importing import Imported, ImportOptions, import_file
from thinktwice.watchlist.keymap import Engine
from thinktwice.watchlist.kinds import KINDS, confidence_of, kind_of
from thinktwice.watchlist.lookup import export_rows, harmless, keys_of, look_up
from thinktwice.watchlist.store import WatchlistStore

app = typer.Typer(help="Import, look up and allow addresses.", no_args_is_help=True)

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default from settings.")]
AddressArgument = Annotated[str, typer.Argument(help="The address, in any way it is written.")]
NetworkOption = Annotated[
    str | None, typer.Option("--network", help="Only as an address of this network; default: of every one that fits.")
]
MemoOption = Annotated[str | None, typer.Option("--memo", help="Memo or tag of the destination.")]
FormatOrAuto = Literal["auto", "csv", "text", "ofac-sdn", "tagpack"]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("import")
@reporting_faults()
def import_list(
    file: Annotated[Path, typer.Argument(help="The list; may be gzip.")],
    *,
    file_format: Annotated[
        Literal["auto", "csv", "text", "ofac-sdn", "tagpack"], typer.Option("--format", help="What the file is.")
    ] = "auto",
    source: Annotated[str | None, typer.Option(help="Name of the list; default: the file's name.")] = None,
    kind: Annotated[str | None, typer.Option(help=f"Where the list gives none: one of {', '.join(KINDS)}.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="csv: FIELD=COLUMN, such as address=wallet.")] = None,
    family: Annotated[str | None, typer.Option(help="Family of the addresses, such as evm, bitcoin, tron.")] = None,
    confidence: Annotated[str | None, typer.Option(help="0 to 100 where the list gives none; else 70 counts.")] = None,
    listed_at: Annotated[str | None, typer.Option(help="YYYY-MM-DD, where the list gives no date.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Delist what this source no longer lists.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")] = False,
    actor: Annotated[str | None, typer.Option(help="Who imports; default: the system user.")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Take in a list; running services know it within a second."""
    options = ImportOptions(
        actor=actor or getpass.getuser(),
        by=cli_actor(),
        source=source.strip() if source and source.strip() else None,
        format=None if file_format == "auto" else file_format,
        kind=_kind(kind),
        family=family.lower() if family else None,
        confidence=_confidence(confidence),
        listed_at=_date(listed_at),
        columns=parse_mapping(column or []),
        is_replacing=replace,
        is_rehearsal=dry_run,
    )
    folder = _migrated(data)
    try:
        with _store(folder) as store, _working(f"reading {file.name}"):
            imported = import_file(store, file, options, datetime.now(UTC))
    except InputError as error:
        # Every entry that could not be taken is named, however many there are.
        _say_all(error.faults)
        raise typer.Exit(Exit.UNUSABLE_INPUT) from error
    _report(imported, file, as_json=as_json, is_rehearsal=dry_run)
    if not dry_run:
        with _working("building the base"):
            built = build_when_due(folder)
        if built:
            say(f"built base {built.hash[:16]} with {number_of_keys(built.keys)}")


@app.command("build")
@reporting_faults()
def build_base(
    engine: Annotated[Engine | None, typer.Option(help="Key map of the base; default: as before.")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Build the memory-mapped base from everything known; running services change over without a pause."""
    folder = _migrated(data)
    with _working("building the base"):
        manifest = build_apart(folder, engine)
    if as_json:
        typer.echo(as_json_text(manifest))
    else:
        typer.echo(f"built base {manifest.hash[:16]}: {number_of_keys(manifest.keys)}, {manifest.key_bytes:,} bytes")


@app.command("lookup")
@reporting_faults()
def lookup(
    address: AddressArgument,
    network: NetworkOption = None,
    memo: MemoOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Say who listed an address, when, why, and what follows; exit code 1 when nobody did."""
    with _reading(data) as connection:
        finding = look_up(connection, address, network=network, memo=memo, now=datetime.now(UTC))
    typer.echo(as_json_text(finding) if as_json else in_words(finding))
    if finding.listing is None:
        raise typer.Exit(Exit.NO)


@app.command("allow")
@reporting_faults()
def allow(
    address: AddressArgument,
    *,
    reason: Annotated[str, typer.Option(help="Why no list counts for it; kept for good.")],
    author: Annotated[str, typer.Option(help="Who answers for this.")],
    network: NetworkOption = None,
    memo: MemoOption = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="End the allowance instead.")] = False,
    data: DataOption = None,
) -> None:
    """Vouch for an address: whatever lists say, nothing follows."""
    for text, option in ((reason, "--reason"), (author, "--author")):
        if not text.strip():
            raise InputError.of("must say something", field=option)
    keys = keys_of(address, network)
    with _store(_migrated(data)) as store:
        if withdraw:
            if not store.disallow(keys, memo or None, by=cli_actor()):
                say(f"{harmless(address)} was not allowed")
                raise typer.Exit(Exit.NO)
            typer.echo(f"{harmless(address)} is no longer allowed; lists count again")
            return
        store.allow(keys, memo or None, address.strip(), reason.strip(), author.strip(), by=cli_actor())
    typer.echo(f"{harmless(address)} is allowed: no list counts for it")


@app.command("delist")
@reporting_faults()
def delist(
    address: AddressArgument,
    source: Annotated[str | None, typer.Option(help="Only what this source says; default: every source.")] = None,
    network: NetworkOption = None,
    data: DataOption = None,
) -> None:
    """End what lists say about an address, until they are imported again; exit code 1 when they say nothing."""
    with _store(_migrated(data)) as store:
        ended = store.delist(keys_of(address, network), source, by=cli_actor())
    if not ended:
        say(f"{harmless(address)} is not listed")
        raise typer.Exit(Exit.NO)
    typer.echo(f"{harmless(address)} is delisted: {ended} {'entry' if ended == 1 else 'entries'} ended")


@app.command("export")
@reporting_faults()
def export(data: DataOption = None) -> None:
    """Print every current entry as JSON lines."""
    with _reading(data) as connection:
        for row in export_rows(connection):
            typer.echo(json.dumps(row, ensure_ascii=True))


def _report(imported: Imported, file: Path, *, as_json: bool, is_rehearsal: bool) -> None:
    _say_all(imported.faults)
    if imported.fault_count:
        say(f"{file}: {imported.fault_count:,} faults; {imported.entries:,} entries were taken")
    typer.echo(as_json_text(summary(imported)) if as_json else summary(imported).in_words(is_rehearsal=is_rehearsal))


def _say_all(faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        say(harmless(str(fault)))


@contextlib.contextmanager
def _working(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on; elsewhere say nothing."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(harmless(what))
        yield


def _migrated(data: Path | None) -> DataFolder:
    folder = DataFolder(data or load_settings().data)
    migrate(folder.path)
    return folder


@contextlib.contextmanager
def _store(folder: DataFolder) -> Iterator[WatchlistStore]:
    with (
        contextlib.closing(connect(folder.control)) as connection,
        contextlib.closing(Ledger(folder.control)) as ledger,
    ):
        yield WatchlistStore(connection, ledger)


@contextlib.contextmanager
def _reading(data: Path | None) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(connect(DataFolder(data or load_settings().data).control, read_only=True)) as connection:
        yield connection


def _kind(text: str | None) -> IndicatorKind | None:
    if text is None:
        return None
    kind = kind_of(text)
    if kind is None:
        raise InputError.of(f"no kind {text!r}; kinds are {', '.join(KINDS)}", field="--kind")
    return kind


def _confidence(text: str | None) -> int | None:
    if text is None:
        return None
    value = confidence_of(text)
    if value is None:
        raise InputError(Fault(f"{text!r} is no confidence; write 0 to 100", "--confidence"))
    return value


def _date(text: str | None) -> date | None:
    try:
        return read_date(text) if text else None
    except ValueError:
        raise InputError.of(f"{text!r} is no date; write YYYY-MM-DD", field="--listed-at") from None
