"""``thinktwice user``: accounts, from the machine of the installation itself.

Invariants: the first administrator is made here and nowhere else; a link is printed once, on standard output, and
works once; every command is an act of the system user in the audit chain. Whoever may run this may read the key file
and the database, so no password is asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.choices import read_key_file, serving_keyring
from thinktwice.bootstrap.rotating import COLUMNS
from thinktwice.cli.acting import cli_actor
from thinktwice.cli.faults import reporting_faults, say
from thinktwice.errors import InputError
from thinktwice.keyring.keys import Key
from thinktwice.people.accounts import Account, AccountStore
from thinktwice.people.invitations import LASTS, InvitationStore
from thinktwice.people.permissions import STAFF_ROLES, Realm
from thinktwice.people.rotation import count_left, rewrap
from thinktwice.people.sealing import Sealing
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

app = typer.Typer(help="Invite, list, suspend and reset accounts of staff.", no_args_is_help=True)

REALMS: Final[tuple[Realm, ...]] = ("console", "portal")

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default from settings.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="Key file with the key `master`; default from settings or environment.")
]
AccountArgument = Annotated[str, typer.Argument(metavar="ID", help="As shown by `thinktwice user list`.")]
EmailArgument = Annotated[str, typer.Argument(help="The person's e-mail address.")]
NameArgument = Annotated[str, typer.Argument(help="The person's name.")]


class _Desk:
    """What the commands work with."""

    def __init__(self, control: Path, masters: tuple[Key, ...]) -> None:
        def clock() -> datetime:
            return datetime.now(UTC)

        sealing = Sealing(masters)
        self.masters = masters
        self.ledger = Ledger(control, clock)
        self.accounts = AccountStore(self.ledger, sealing, clock)
        self.invitations = InvitationStore(self.ledger, self.accounts, sealing, clock)


@app.command("create-first-administrator")
@reporting_faults()
def create_first_administrator(
    email: EmailArgument, name: NameArgument, data: DataOption = None, key: KeyOption = None
) -> None:
    """Make the first account, an administrator's, and print the link that sets it up."""
    with _desk(data, key) as desk:
        account, token = desk.invitations.invite_first_administrator(cli_actor(), email=email, name=name)
    _print_link(account, token)


@app.command("invite")
@reporting_faults()
def invite(
    email: EmailArgument,
    name: NameArgument,
    role: Annotated[list[str], typer.Option(help=f"One of {', '.join(STAFF_ROLES)}; may be given several times.")],
    data: DataOption = None,
    key: KeyOption = None,
) -> None:
    """Invite a member of staff and print the link that sets the account up."""
    with _desk(data, key) as desk:
        account, token = desk.invitations.invite(cli_actor(), realm="console", email=email, name=name, roles=role)
    _print_link(account, token)


@app.command("list")
@reporting_faults()
def list_accounts(
    realm: Annotated[str, typer.Option(help="console or portal.")] = "console",
    data: DataOption = None,
    key: KeyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List accounts, ended ones too."""
    if realm not in REALMS:
        raise InputError.of(f"is one of {', '.join(REALMS)}", field="realm")
    with _desk(data, key) as desk:
        accounts = desk.accounts.all(realm)
    if as_json:
        typer.echo(json.dumps([_described(account) for account in accounts], indent=2, ensure_ascii=False))
        return
    if not accounts:
        say("no account yet; make the first with: thinktwice user create-first-administrator EMAIL NAME")
        return
    # The id is what the other commands take, so it is never cut.
    folding = (Column(title, overflow="fold") for title in ("name", "e-mail", "state", "roles", "made (UTC)"))
    table = Table(Column("id", min_width=28, no_wrap=True), *folding, box=None)
    for account in accounts:
        shown = _described(account)
        table.add_row(*(str(shown[one]) for one in ("id", "name", "email", "state", "roles", "created_at")))
    Console(file=sys.stdout).print(table)


@app.command("suspend")
@reporting_faults()
def suspend(account_id: AccountArgument, data: DataOption = None, key: KeyOption = None) -> None:
    """Take access away at once: every session ends."""
    with _desk(data, key) as desk:
        desk.accounts.suspend(cli_actor(), account_id)
    say(f"suspended {account_id}; all its sessions have ended")


@app.command("restore")
@reporting_faults()
def restore(account_id: AccountArgument, data: DataOption = None, key: KeyOption = None) -> None:
    """Give a suspended account its access back."""
    with _desk(data, key) as desk:
        desk.accounts.restore(cli_actor(), account_id)
    say(f"restored {account_id}")


@app.command("reset")
@reporting_faults()
def reset(account_id: AccountArgument, data: DataOption = None, key: KeyOption = None) -> None:
    """Take password, second factors and sessions away, and print a new link."""
    with _desk(data, key) as desk:
        token = desk.invitations.reset(cli_actor(), account_id)
        account = desk.accounts.find(account_id)
    _print_link(account, token)


@app.command("rewrap")
@reporting_faults()
def rewrap_command(data: DataOption = None, key: KeyOption = None) -> None:
    """Put all that is sealed, of people and of cases, under the newest master key; stopped, it goes on when run again.

    When it says that none needs another key, the former one can be dropped.
    """
    with _desk(data, key) as desk:
        changed = rewrap(desk.ledger, cli_actor(), desk.masters, COLUMNS)
        left = count_left(desk.ledger, desk.masters[0], COLUMNS)
    say(f"put {changed} envelopes under {desk.masters[0].id}; {left} need another key")


@contextmanager
def _desk(data: Path | None, key: Path | None) -> Iterator[_Desk]:
    """Open the accounts of one data folder, which is made when there is none."""
    settings = load_settings()
    keyring = read_key_file(key) if key else serving_keyring(settings)
    folder = DataFolder(data or settings.data)
    migrate(folder.path)
    desk = _Desk(folder.control, keyring.masters)
    try:
        yield desk
    finally:
        desk.ledger.close()


def _print_link(account: Account, token: str) -> None:
    """Print the path of the link: which host people reach the surface under is the operator's to know."""
    days = LASTS["reset" if account.activated_at else "invitation"].days
    say(f"account {account.id} for {account.email} ({', '.join(sorted(account.roles))})")
    say(f"give this link to its owner by a way that you trust; it works once, for {days} day{'s' if days > 1 else ''}.")
    say(f"It follows the address of your {account.realm}:")
    typer.echo(f"/invitation/{token}")


def _described(account: Account) -> dict[str, str | None]:
    """Return what may be shown of an account."""
    return {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "state": account.state,
        "roles": " ".join(sorted(account.roles)),
        "agency_id": account.agency_id,
        "created_at": account.created_at.isoformat(timespec="minutes"),
    }
