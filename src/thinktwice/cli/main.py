"""The entry of ``thinktwice``: which commands there are, and where each lives.

Invariant: a command's module is imported only when that command is asked for, so that ``thinktwice --help`` and
every short command start quickly although the service behind others is large.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Final

import typer

from thinktwice import __version__
from thinktwice.cli.faults import reporting_faults, unexpected

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "Try everything on one machine, with synthetic data and nothing to configure",
    "serve": "Run the service: api, customer, all, or console",
    "decide": "Decide a history of withdrawals from a file",
    "campaign": "Check, preview, import and stop campaign packs",
    "watchlist": "Import, look up and allow addresses",
    "plan": "How many customers and days an experiment needs",
    "report": "Did it help: verdict, report, partner edition, evidence card",
    "lake": "Export closed days of the journal as Parquet; check them",
    "audit": "Export, sign and check the chain of who did what",
    "evidence": "Prove what a customer was shown and did; check such a proof",
    "production": "Check what an agency was given",
    "user": "Invite, list, suspend and reset accounts of staff",
    "key": "Make and revoke API keys; make a key file",
    "migrate": "Bring the databases in a data folder up to date",
    "bench": "Run the benchmarks",
}
"""Every command, in the order of ``--help``; its module is ``thinktwice.cli.<name>``."""


def assemble(asked: str | None = None) -> typer.Typer:
    """Build the application with the module of ``asked`` imported, or with all modules when it is None.

    The other commands are named with their one line of help, which is all that ``--help`` shows of them.
    """
    app = typer.Typer(
        name="thinktwice",
        help="Scam warnings for withdrawals, written with the police and measured against a holdout.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name, line in COMMANDS.items():
        if asked in (None, name):
            _add(app, name, line)
        else:
            app.command(name, help=line)(_not_imported)
    return app


def _add(app: typer.Typer, name: str, line: str) -> None:
    """Import one command; its module offers ``register(app)`` for a single command or ``app`` for a noun."""
    module = import_module(f"thinktwice.cli.{name}")
    if hasattr(module, "register"):
        module.register(app)
    else:
        app.add_typer(module.app, name=name, help=line, no_args_is_help=True)


def _not_imported() -> None:
    """Stand for a command that was not asked for."""


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"thinktwice {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Carry the options of ``thinktwice`` itself; the callback of each does its work."""
    del version


def main() -> None:
    """Run the command line; ends the process with the exit code (see ``cli.faults.Exit``)."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    asked = words[0] if words and words[0] in COMMANDS else ""
    try:
        with reporting_faults():
            assemble(asked)(prog_name="thinktwice")
    except typer.Exit as end:
        sys.exit(int(end.exit_code))
    except Exception as error:  # noqa: BLE001 - the last line of defence: words instead of a traceback
        sys.exit(int(unexpected(error)))


if __name__ == "__main__":
    main()
