"""``thinktwice key``: API keys of the operator's servers, and the installation's own key file.

Invariants: the secret of an API key is printed once, on standard output, and never again; a key file is made readable
by its owner alone and an existing one is never overwritten, because losing its ``ref`` key loses the history of every
customer.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from thinktwice.audit.ledger import Ledger
from thinktwice.cli.acting import cli_actor
from thinktwice.cli.faults import refuse, reporting_faults, say
from thinktwice.errors import Fault
from thinktwice.keyring.keys import SECRET_BYTES
from thinktwice.keyring.loading import PURPOSES, write_keyring
from thinktwice.people.keys import MODES, SCOPES, ApiKey, ApiKeyRegister, ApiKeyStore, create_key
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

app = typer.Typer(help="Make and revoke API keys; make a key file.", no_args_is_help=True)

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default from settings.")]


@app.command("create")
@reporting_faults()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for, such as 'withdrawal service'.")],
    mode: Annotated[str, typer.Option(help=f"One of {', '.join(MODES)}; test traffic counts nowhere.")],
    scope: Annotated[list[str], typer.Option(help=f"One of {', '.join(SCOPES)}; may be given several times.")],
    actor: Annotated[str | None, typer.Option(help="Whose acts this key signs; default: the system user.")] = None,
    data: DataOption = None,
) -> None:
    """Make an API key and print its secret, once."""
    key, secret = create_key(
        name=name, mode=mode, scopes=scope, actor=actor or getpass.getuser(), now=datetime.now(UTC)
    )
    with _register(data) as register:
        register.add(key, cli_actor())
    say(f"made {key.mode} key {key.id} for '{key.name}' with scope {' '.join(sorted(key.scopes))}")
    say("the secret follows; it is not stored and cannot be shown again:")
    typer.echo(secret)


@app.command("list")
@reporting_faults()
def list_keys(
    data: DataOption = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """List every API key ever made, without secrets."""
    with _store(data) as store:
        keys = store.all()
    if as_json:
        typer.echo(json.dumps([_described(key) for key in keys], indent=2, ensure_ascii=False))
        return
    if not keys:
        say("no API key yet; make one with: thinktwice key create NAME --mode live --scope decide")
        return
    # The id is what `revoke` takes, so it is never cut.
    table = Table(
        Column("id", min_width=20, no_wrap=True), "name", "mode", "scopes", "made (UTC)", "by", "revoked", box=None
    )
    for key in keys:
        shown = _described(key) | {"created_at": _day(key.created_at), "revoked_at": _day(key.revoked_at)}
        table.add_row(*map(str, shown.values()))
    Console(file=sys.stdout).print(table)


@app.command("revoke")
@reporting_faults()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `thinktwice key list`.")],
    data: DataOption = None,
) -> None:
    """End an API key; running services refuse it within a second."""
    with _register(data) as register:
        register.revoke(key_id, cli_actor())
    say(f"revoked {key_id}")


@app.command("generate-keyring")
@reporting_faults()
def generate_keyring(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not exist.")],
) -> None:
    """Write a new key file (mode 0600) with every key of an installation."""
    suffix = datetime.now(UTC).strftime("%Y%m%d")
    text = write_keyring({purpose: secrets.token_bytes(SECRET_BYTES) for purpose in PURPOSES}, suffix=suffix)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(
            Fault("exists and is not overwritten: losing its keys would lose every customer's history", None, str(file))
        )
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    say(f"wrote {file}; keep it secret and keep a copy apart from the databases")


@app.command("webhook-secret")
@reporting_faults()
def webhook_secret(
    file: Annotated[Path, typer.Argument(help="The key file; its first webhook key is printed.")],
) -> None:
    """Print the secret that receivers verify webhooks with, as their libraries take it."""
    from thinktwice.bootstrap.choices import read_key_file
    from thinktwice.outbox.endpoint import shared_secret

    keys = read_key_file(file).webhook
    if not keys:
        refuse(Fault("has no webhook key; make one with `thinktwice key generate-keyring`", "webhook", str(file)))
    typer.echo(shared_secret(keys[0]))


@contextlib.contextmanager
def _store(data: Path | None) -> Iterator[ApiKeyStore]:
    """Open the keys of one data folder, which is made when there is none."""
    folder = DataFolder(data or load_settings().data)
    migrate(folder.path)
    store = ApiKeyStore(folder.control)
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def _register(data: Path | None) -> Iterator[ApiKeyRegister]:
    """Open the keys of one data folder for writing."""
    folder = DataFolder(data or load_settings().data)
    migrate(folder.path)
    with contextlib.closing(Ledger(folder.control)) as ledger:
        yield ApiKeyRegister(ledger)


def _described(key: ApiKey) -> dict[str, str | None]:
    """Return what may be shown of a key."""
    return {
        "id": key.id,
        "name": key.name,
        "mode": key.mode,
        "scopes": " ".join(sorted(key.scopes)),
        "created_at": key.created_at.isoformat(timespec="seconds"),
        "actor": key.actor,
        "revoked_at": key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else None,
    }


def _day(at: datetime | None) -> str:
    """Return the day of a time, or nothing."""
    return f"{at:%Y-%m-%d}" if at else ""
