"""``thinktwice evidence``: proof about one decision, made and checked.

Invariants: making evidence reads only, also while the service runs; checking it needs neither data, settings nor
network.
"""

from __future__ import annotations

import base64
import os
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from thinktwice.cli.faults import Exit, refuse, reporting_faults, say
from thinktwice.errors import Fault

_MAKE = "make"


class _DecisionOrCommand(TyperGroup):
    """Takes a decision id where the name of a command would stand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command before a decision id; the id may follow its options."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_DecisionOrCommand,
    help="Prove what a customer was shown and did: `thinktwice evidence DECISION_ID`; check such a proof: `verify`.",
    no_args_is_help=True,
)

KeyOption = Annotated[Path | None, typer.Option("--key", help="Key file; default from settings or THINKTWICE_KEY_*.")]


@app.command(_MAKE)
@reporting_faults()
def make(
    decision_id: Annotated[str, typer.Argument(help="As `decision_id` in the answer.")],
    edition: Annotated[str, typer.Option(help="customer, or restricted: with signals, sources, arm and reasons.")],
    out: Annotated[Path, typer.Option(help="Folder for evidence.json and evidence.pdf.")],
    data: Annotated[Path | None, typer.Option(help="Data folder; default from settings.")] = None,
    key: KeyOption = None,
) -> None:
    """Write sealed evidence about a decision; `make` may be left out."""
    from thinktwice.bootstrap.campaign_source import CampaignSource
    from thinktwice.bootstrap.choices import installation_of, load_campaigns, read_key_file, serving_keyring
    from thinktwice.bootstrap.proving import evidence_service
    from thinktwice.evidence.service import document_of
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder
    from thinktwice.storage.migrate import current

    settings = load_settings(**({"data": data} if data else {}))
    keyring = read_key_file(key) if key else serving_keyring(settings)
    folder, installation = DataFolder(settings.data), installation_of(settings)
    # Evidence only reads: a data folder of an older version is not brought up to date, and knows no releases.
    if current(settings.data):
        campaigns = CampaignSource(settings, installation).load()
    else:
        campaigns = load_campaigns(settings, installation)
    with closing(SqliteJournalReader(folder.journal)) as reader:
        evidence = evidence_service(
            folder,
            reader,
            keyring=keyring,
            installation=installation,
            campaigns=campaigns,
            operator=settings.operator_name,
        ).make(decision_id, edition)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (("evidence.json", evidence), ("evidence.pdf", document_of(evidence))):
        _write_private(out / name, content)
        say(f"wrote {out / name}")
    if keyring.is_test:
        say("warning: sealed with the public test keys, which prove nothing")
    if edition == "restricted":
        say("the restricted edition is for staff and authorities, never for the customer")


@app.command("verify")
@reporting_faults()
def verify(
    file: Annotated[Path, typer.Argument(help="evidence.json; the PDF beside it is checked too.")],
    public_key: Annotated[str, typer.Option(help="The operator's public key in base64, or a file that holds it.")],
) -> None:
    """Check evidence without network or data; ends with 1 and the changed part when it is not what was sealed."""
    from thinktwice.evidence.verification import read_public_key, report

    beside = file.with_suffix(".pdf")
    try:
        expected = read_public_key(public_key)
    except ValueError as error:
        refuse(Fault(str(error), "public-key"))
    is_proved, lines = report(file.read_bytes(), expected, beside.read_bytes() if beside.is_file() else None)
    typer.echo("\n".join(lines))
    if not is_proved:
        raise typer.Exit(Exit.NO)


@app.command("public-key")
@reporting_faults()
def public_key_command(key: KeyOption = None) -> None:
    """Print the public key to publish, with which others check your evidence."""
    from thinktwice.bootstrap.choices import read_key_file, serving_keyring
    from thinktwice.evidence.sealing import seal_key_of
    from thinktwice.keyring.seal import public_key_of
    from thinktwice.settings import load_settings

    seal_key = seal_key_of(read_key_file(key) if key else serving_keyring(load_settings()))
    say(f"public half of {seal_key.id}; publish it where whoever checks evidence can find it without your help:")
    typer.echo(base64.b64encode(public_key_of(seal_key)).decode())


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read; it tells what a customer did."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
