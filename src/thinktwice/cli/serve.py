"""``thinktwice serve``: the service, from settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from thinktwice.cli.faults import refuse, reporting_faults, say
from thinktwice.errors import Fault

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pydantic import HttpUrl

    from thinktwice.keyring.keys import Keyring
    from thinktwice.settings import Settings
    from thinktwice.web.edge.asgi import App


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
    from thinktwice.bootstrap.serving import bind, port_of, serve
    from thinktwice.bootstrap.surfaces import SURFACES, open_surfaces

    chosen = next((one for one in SURFACES if one == surface), None)
    if chosen is None:
        refuse(Fault(f"there is no surface {surface!r}; there are {', '.join(SURFACES)}, console, portal", "surface"))
    settings = _settings(config, data, host, api_port=port)
    installation = installation_of(settings)
    keyring = serving_keyring(settings)
    campaigns = campaigns_in_force(settings, installation)
    for warning in summed_up(campaigns.library.warnings):
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


def summed_up(warnings: Iterable[Fault]) -> Iterator[str]:
    """Yield each warning once: alone with its place, or how many there are alike and where the first is."""
    from thinktwice.cli.campaign_checking import shortly

    alike: dict[tuple[str, str | None], list[Fault]] = {}
    for one in warnings:
        alike.setdefault((one.message, one.field), []).append(one)
    for first, *others in alike.values():
        rest = f" (and {len(others)} more alike; `thinktwice campaign check` names each)" if others else ""
        yield f"{shortly(first)}{rest}"


def _serve_console(config: Path | None, data: Path | None, host: str | None, port: int | None) -> None:
    """Run the staff console."""
    from thinktwice.bootstrap.console import open_console

    settings = _settings(config, data, host, console_port=port)
    _serve_alone("console", open_console, settings, settings.console_port, settings.console_url)


def _serve_portal(config: Path | None, data: Path | None, host: str | None, port: int | None) -> None:
    """Run the agency portal, which never opens the journal."""
    from thinktwice.bootstrap.portal import open_portal

    settings = _settings(config, data, host, portal_port=port)
    _serve_alone("portal", open_portal, settings, settings.portal_port, settings.portal_url)


SEPARATE: Final = {"console": _serve_console, "portal": _serve_portal}
"""The surfaces with a process of their own."""


def _settings(config: Path | None, data: Path | None, host: str | None, **port: int | None) -> Settings:
    """Read the settings, with what the command was given; logs go to standard error from here on."""
    from thinktwice.bootstrap.logs import log_to_stderr
    from thinktwice.settings import load_settings

    given = {"data": data, "api_host": host, **port}
    settings = load_settings(config, **{name: value for name, value in given.items() if value is not None})
    log_to_stderr(settings.log_level)
    return settings


def _serve_alone(
    name: str,
    open_app: Callable[[Settings, Keyring], AbstractContextManager[App]],
    settings: Settings,
    port: int,
    url: HttpUrl,
) -> None:
    """Serve one surface in a process of its own, until it is stopped."""
    from thinktwice.bootstrap.choices import serving_keyring
    from thinktwice.bootstrap.serving import bind, port_of, serve

    with open_app(settings, serving_keyring(settings)) as app, bind(settings.api_host, port) as listener:
        at = f"http://{settings.api_host}:{port_of(listener)}"
        serve([(app, listener)], when_ready=lambda: say(f"serving {name} at {at} for {url}"))
    say("stopped")
