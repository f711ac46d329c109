"""``thinktwice serve``: the service, from settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from thinktwice.cli.faults import refuse, reporting_faults, say
from thinktwice.errors import Fault


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("serve")(serve_command)


@reporting_faults()
def serve_command(
    surface: Annotated[
        str,
        typer.Argument(
            help="api, customer, all (both), console, or portal. One process writes a data folder: all is the usual "
            "choice; console and portal are processes of their own beside it."
        ),
    ] = "all",
    data: Annotated[Path | None, typer.Option(help="Data folder; default from settings.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file; default thinktwice.toml.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default from settings.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on, 0 for a free one; default from settings.")
    ] = None,
) -> None:
    """Run the service from settings (environment THINKTWICE_*, or thinktwice.toml)."""
    if surface in SEPARATE:
        SEPARATE[surface](config, data, host, port)
        return
    # Imported here: `thinktwice --help` must not wait for the whole service.
    from thinktwice.bootstrap.choices import installation_of, serving_keyring
    from thinktwice.bootstrap.core import open_core
    from thinktwice.bootstrap.in_force import campaigns_in_force
    from thinktwice.bootstrap.serving import bind, log_to_stderr, port_of, serve
    from thinktwice.bootstrap.surfaces import SURFACES, open_surfaces
    from thinktwice.settings import load_settings

    chosen = next((one for one in SURFACES if one == surface), None)
    if chosen is None:
        refuse(Fault(f"there is no surface {surface!r}; there are {', '.join(SURFACES)}, console, portal", "surface"))
    given = {"data": data, "api_host": host, "api_port": port}
    settings = load_settings(config, **{name: value for name, value in given.items() if value is not None})
    log_to_stderr(settings.log_level)
    installation = installation_of(settings)
    keyring = serving_keyring(settings)
    campaigns = campaigns_in_force(settings, installation)
    for warning in campaigns.library.warnings:
        say(f"warning: {warning}")
    with (
        open_core(
            settings.data,
            installation=installation,
            keyring=keyring,
            campaigns=campaigns,
            is_telling=settings.webhook_url is not None,
        ) as core,
        core.watchlist,
        core.campaigns,
        open_surfaces(core, settings, chosen) as app,
        bind(settings.api_host, settings.api_port) as listener,
    ):
        at = f"http://{settings.api_host}:{port_of(listener)}"
        names = ", ".join(policy.id for policy in campaigns.library.policies)
        serve([(app, listener)], when_ready=lambda: say(f"serving {chosen} at {at} with campaigns {names}"))
    say("stopped; everything acknowledged is on disk")


def _serve_console(config: Path | None, data: Path | None, host: str | None, port: int | None) -> None:
    """Run the staff console."""
    from thinktwice.bootstrap.choices import serving_keyring
    from thinktwice.bootstrap.console import open_console
    from thinktwice.bootstrap.serving import bind, log_to_stderr, port_of, serve
    from thinktwice.settings import load_settings

    given = {"data": data, "api_host": host, "console_port": port}
    settings = load_settings(config, **{name: value for name, value in given.items() if value is not None})
    log_to_stderr(settings.log_level)
    with (
        open_console(settings, serving_keyring(settings)) as app,
        bind(settings.api_host, settings.console_port) as listener,
    ):
        at = f"http://{settings.api_host}:{port_of(listener)}"
        serve([(app, listener)], when_ready=lambda: say(f"serving console at {at} for {settings.console_url}"))
    say("stopped")


def _serve_portal(config: Path | None, data: Path | None, host: str | None, port: int | None) -> None:
    """Run the agency portal, which never opens the journal."""
    from thinktwice.bootstrap.choices import serving_keyring
    from thinktwice.bootstrap.portal import open_portal
    from thinktwice.bootstrap.serving import bind, log_to_stderr, port_of, serve
    from thinktwice.settings import load_settings

    given = {"data": data, "api_host": host, "portal_port": port}
    settings = load_settings(config, **{name: value for name, value in given.items() if value is not None})
    log_to_stderr(settings.log_level)
    with (
        open_portal(settings, serving_keyring(settings)) as app,
        bind(settings.api_host, settings.portal_port) as listener,
    ):
        at = f"http://{settings.api_host}:{port_of(listener)}"
        serve([(app, listener)], when_ready=lambda: say(f"serving portal at {at} for {settings.portal_url}"))
    say("stopped")


SEPARATE: Final = {"console": _serve_console, "portal": _serve_portal}
"""The surfaces with a process of their own."""
