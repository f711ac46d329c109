"""``thinktwice audit``: export, sign and check the chain of acts.

Invariants: checking an export needs neither data, settings nor network; making a checkpoint or an export is an act and
stands in the chain itself.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table

from thinktwice.audit.checkpoint import Checkpoint, read_line, write_line
from thinktwice.audit.lines import read_beginning, read_lines
from thinktwice.audit.verification import Verdict, verify
from thinktwice.cli.faults import Exit, refuse, reporting_faults, say
from thinktwice.errors import Fault, InputError

app = typer.Typer(help="Export, sign and check the chain of who did what.", no_args_is_help=True)

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default from settings.")]
FINDINGS_SHOWN = 100


@app.command("export")
@reporting_faults()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not exist.")], data: DataOption = None
) -> None:
    """Write the whole chain to a file, one entry a line, without anything personal."""
    from thinktwice.audit.ledger import Ledger
    from thinktwice.audit.reading import AuditReader
    from thinktwice.cli.acting import cli_actor

    with contextlib.closing(Ledger(_control(data))) as ledger:
        count = AuditReader(ledger).count()
        with ledger.act(cli_actor(), "audit.export", "audit_chain", "chain") as act:
            act.note(entries=count + 1)
        written = _write(file, AuditReader(ledger).export())
    say(f"wrote {written - 1:,} entries to {file}")


@app.command("checkpoint")
@reporting_faults()
def checkpoint(
    to: Annotated[Path | None, typer.Option(help="Append to this file instead of the one in settings.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key file; default from settings or THINKTWICE_KEY_*.")] = None,
    data: DataOption = None,
) -> None:
    """Sign how the chain stands now and give it to the witnesses; exit code 1 when one could not be reached."""
    from thinktwice.audit.checkpoints import Checkpoints
    from thinktwice.audit.ledger import Ledger
    from thinktwice.bootstrap.choices import read_key_file, serving_keyring
    from thinktwice.bootstrap.witnessing import witnesses_of
    from thinktwice.cli.acting import cli_actor
    from thinktwice.evidence.sealing import seal_key_of
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder

    settings = load_settings(**({"data": data} if data else {}))
    keyring = read_key_file(key) if key else serving_keyring(settings)
    control = _control(data)
    seal_key, witnesses = seal_key_of(keyring), witnesses_of(settings, keyring, DataFolder(settings.data), to)
    with (
        contextlib.closing(Ledger(control)) as ledger,
        ledger.act(cli_actor(), "audit.checkpoint", "audit_chain", "chain"),
    ):
        pass
    with contextlib.closing(Checkpoints(control, seal_key)) as checkpoints:
        made = checkpoints.make()
        faults = checkpoints.tell(file=witnesses.file, webhook=witnesses.webhook)
    if made is not None:
        typer.echo(write_line(made).decode().strip())
        say(f"signed {made.statement.entries:,} entries as checkpoint {made.statement.number}")
    if keyring.is_test:
        say("warning: signed with the public test keys, which prove nothing")
    for fault in faults:
        say(fault)
    if faults:
        raise typer.Exit(Exit.NO)


@app.command("verify")
@reporting_faults()
def verify_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="EXPORT", help="As `audit export` wrote it; default: the data folder.")
    ] = None,
    checkpoint_file: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help="Checkpoints kept elsewhere; may be given several times.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(help="Public key in base64, or a file that holds it; several after a rotation.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: DataOption = None,
) -> None:
    """Check the chain, offline; ends with 1 and names what was edited, is missing, moved, forked or cut off."""
    checkpoints = [one for path in checkpoint_file or () for one in _checkpoints_in(path)]
    if checkpoints and not key:
        raise InputError.of("is needed to check checkpoints: the operator's public key", field="--key")
    keys = [_public_key(text) for text in key or ()]
    verdict = _verify_file(file, checkpoints, keys) if file else _verify_data(data, checkpoints, keys)
    typer.echo(json.dumps(_described(verdict), indent=2) if as_json else "\n".join(_in_words(verdict)))
    if not verdict.is_whole:
        raise typer.Exit(Exit.NO)


@app.command("list")
@reporting_faults()
def list_entries(
    act: Annotated[str | None, typer.Option(help="An act or its first words, such as watchlist.")] = None,
    actor: Annotated[str | None, typer.Option(help="Id of who acted.")] = None,
    about: Annotated[str | None, typer.Option(help="Id of what it was about.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    data: DataOption = None,
) -> None:
    """List who did what, newest first."""
    from thinktwice.audit.ledger import Ledger
    from thinktwice.audit.reading import AuditReader, Filters

    with contextlib.closing(Ledger(_control(data))) as ledger:
        entries = AuditReader(ledger).find(Filters(act=act, actor_id=actor, object_id=about), limit=limit)
    if as_json:
        for entry in entries:
            typer.echo(msgspec.json.encode(entry).decode())
        return
    table = Table(Column("entry", justify="right"), "time (UTC)", "who", "did", "to", "outcome", box=None)
    for entry in entries:
        what = f"{entry.object_kind} {entry.object_id}"
        table.add_row(str(entry.seq), entry.at[:19], entry.actor_id, entry.act, what, entry.outcome)
    Console(file=sys.stdout).print(table)


def _control(data: Path | None) -> Path:
    """Return the control database of a data folder, which is brought up to date."""
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder
    from thinktwice.storage.migrate import migrate

    folder = DataFolder(data or load_settings().data)
    if not folder.control.exists():
        refuse(Fault("has no control.db", where=str(folder.path)))
    migrate(folder.path)
    return folder.control


def _write(file: Path, lines: Iterable[bytes]) -> int:
    """Write a file that exists whole or not at all; returns how many lines."""
    if file.exists():
        refuse(Fault("exists and is not overwritten", where=str(file)))
    part = file.with_name(file.name + ".part")
    count = 0
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            for line in lines:
                stream.write(line)
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return count


def _verify_file(file: Path, checkpoints: Sequence[Checkpoint], keys: Sequence[bytes]) -> Verdict:
    with file.open("rb") as stream:
        try:
            beginning = read_beginning(stream.readline())
        except InputError as error:
            refuse(*(Fault(fault.message, where=str(file), line=fault.line) for fault in error.faults))
        return verify(beginning, read_lines(stream), checkpoints, keys)


def _verify_data(data: Path | None, checkpoints: Sequence[Checkpoint], keys: Sequence[bytes]) -> Verdict:
    """Check the chain where it lies, with the salts beside it."""
    from thinktwice.audit.reading import beginning_of, check_salts, read_entries
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder
    from thinktwice.storage.sqlite import connect

    control = DataFolder(data or load_settings().data).control
    with contextlib.closing(connect(control, read_only=True)) as connection:
        connection.execute("BEGIN")
        verdict = verify(beginning_of(connection), read_entries(connection), checkpoints, keys)
        salts = check_salts(connection)
    return dataclasses.replace(verdict, findings=(*verdict.findings, *salts))


def _checkpoints_in(path: Path) -> Iterator[Checkpoint]:
    """Read a checkpoint file.

    A line that was torn when the machine stopped is passed over: it takes nothing away, because a checkpoint that is
    missing is missed by its number, and the service writes the whole line again.
    """
    found = 0
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            checkpoint = read_line(line)
        except InputError as error:
            if line.strip():
                say(f"{path}:{number}: {error}; passed over")
            continue
        found += 1
        yield checkpoint
    if not found:
        refuse(Fault("holds no checkpoint", where=str(path)))


def _public_key(text: str) -> bytes:
    from thinktwice.evidence.verification import read_public_key

    try:
        return read_public_key(text)
    except ValueError as error:
        refuse(Fault(str(error), "--key"))


def _described(verdict: Verdict) -> dict[str, Any]:
    return {
        "is_whole": verdict.is_whole,
        "chain": verdict.beginning.chain,
        "begun_at": verdict.beginning.begun_at,
        "entries": verdict.entries,
        "head": verdict.head,
        "checkpoints": verdict.checkpoints,
        "covered": verdict.covered,
        "findings": [{"kind": one.kind, "entry": one.entry, "message": one.message} for one in verdict.findings],
    }


def _in_words(verdict: Verdict) -> list[str]:
    lines = [str(finding) for finding in verdict.findings[:FINDINGS_SHOWN]]
    if len(verdict.findings) > FINDINGS_SHOWN:
        lines.append(f"… and {len(verdict.findings) - FINDINGS_SHOWN:,} more")
    of = f"chain {verdict.beginning.chain}, begun {verdict.beginning.begun_at}, {verdict.entries:,} entries"
    lines.append(f"{'whole' if verdict.is_whole else 'NOT WHOLE'}: {of}")
    uncovered = verdict.entries - verdict.covered
    if not verdict.checkpoints:
        lines.append("no checkpoint was checked: whoever can write the database could have written all of it anew")
    elif verdict.is_whole:
        after = f"; the {uncovered:,} after it could have been cut off or written anew" if uncovered else ""
        lines.append(f"signed up to entry {verdict.covered:,}, in {verdict.checkpoints} checkpoints{after}")
    return lines
