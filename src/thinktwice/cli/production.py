"""``thinktwice production``: check on any machine what an agency was given.

Invariant: checking needs neither data, settings nor network; the public key comes by a way of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from thinktwice.cli.faults import Exit, reporting_faults, say
from thinktwice.errors import InputError

app = typer.Typer(help="Check a production: its sealed receipt and its archive.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `verify` a command of its own."""


@app.command()
@reporting_faults()
def verify(
    archive: Annotated[Path, typer.Argument(help="The encrypted archive, production.zip.age.")],
    receipt: Annotated[Path, typer.Option(help="The sealed receipt that came with it.")],
    public_key: Annotated[str, typer.Option(help="The operator's public seal key, base64, from the operator itself.")],
    identity: Annotated[Path | None, typer.Option(help="Your age key file; then the content is checked too.")] = None,
) -> None:
    """Name everything that is not as it was sealed; 0 when all fits, 1 when not, 2 when nothing can be checked."""
    from pyrage import IdentityError, x25519

    from thinktwice.evidence.production import verify_production
    from thinktwice.evidence.verification import read_public_key

    for path in (archive, receipt, *([identity] if identity else [])):
        if not path.is_file():
            raise InputError.of("there is no such file", where=str(path))
    opened = None
    if identity is not None:
        lines = [line for line in identity.read_text("utf-8").splitlines() if line.startswith("AGE-SECRET-KEY-")]
        try:
            opened = x25519.Identity.from_str(lines[0] if lines else "")
        except IdentityError:
            raise InputError.of("holds no age key", where=str(identity)) from None
    try:
        key = read_public_key(public_key)
    except ValueError as error:
        raise InputError.of(str(error), field="--public-key") from None
    findings = verify_production(receipt.read_bytes(), archive, key, opened)
    for finding in findings:
        say(f"{finding.part}: {finding.problem}")
    if findings:
        raise typer.Exit(Exit.NO)
    say("whole" if opened else "whole; give --identity to check the content too")
