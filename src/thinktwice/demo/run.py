"""The demonstration as a whole: prepare, replay, then serve the service, the exchange, console and portal side by side.

Invariants: only loopback is listened on; the public test keys are used and said to be; everything is written to a
temporary folder that is removed at the end; a visitor's data folder is only read, for its lists; where real keys are
configured nothing starts, because console and portal let anybody in as anybody.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Final

from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.console import open_console
from thinktwice.bootstrap.core import Core, open_core
from thinktwice.bootstrap.demonstration import require_no_real_keys
from thinktwice.bootstrap.portal import open_portal
from thinktwice.bootstrap.reporting import results_of
from thinktwice.bootstrap.serving import bind, port_of, serve
from thinktwice.bootstrap.surfaces import open_surfaces
from thinktwice.demo import prepare
from thinktwice.demo.agency_work import make_agency_work
from thinktwice.demo.cases import make_cases
from thinktwice.demo.client import Client
from thinktwice.demo.exchange import Stage, create_exchange
from thinktwice.demo.joint_work import make_joint_campaign, no_partners
from thinktwice.demo.replay import Tally
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement.counts import count
from thinktwice.measurement.page import render_page
from thinktwice.measurement.report.document import Setting, render
from thinktwice.settings import Settings, load_settings
from thinktwice.storage.layout import DataFolder

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a visitor may choose; ``data`` is the folder of their own lists, None for the sample watchlist."""

    history: Path | None = None
    data: Path | None = None
    api_port: int = 8080
    console_port: int = 8081
    portal_port: int = 8082
    demo_port: int = 8090
    withdrawals: int = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where everything is."""

    api: str
    exchange: str
    console: str
    portal: str
    watchlist: str


def run_demo(
    options: Options,
    *,
    tick: prepare.Tick,
    when_replayed: Callable[[Tally, bool], None],
    when_ready: Callable[[Addresses], None],
) -> None:
    """Run the demonstration until it is interrupted.

    ``when_replayed`` is told what was decided and whether truth is known.

    Raises:
        InputError: the visitor's history or settings cannot be used, or real keys are configured on this machine.
        UnavailableError: the data folder is in use by another process.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thinktwice-demo-")))
        doors = _open_doors(stack, options)
        settings = _settings(scratch, doors)
        core, story = _open_story(stack, options, settings, scratch)
        when_replayed(prepare.replay_story(core, story, tick), bool(story.cast.truth))
        app = stack.enter_context(open_surfaces(core, settings, return_url=f"{doors.demo_url}/return"))
        exchange = create_exchange(_stage(core, story, options, doors))
        staff = stack.enter_context(open_console(settings, TEST_KEYRING, is_demo=True))
        officers = stack.enter_context(open_portal(settings, TEST_KEYRING, is_demo=True))
        make_agency_work(settings, TEST_KEYRING)
        make_joint_campaign(settings, TEST_KEYRING)
        addresses = Addresses(
            api=doors.api_url,
            exchange=doors.demo_url,
            console=doors.entrance,
            portal=doors.officers_entrance,
            watchlist=core.watchlist.snapshot().id,
        )
        serve(
            [(app, doors.api), (exchange, doors.demo), (staff, doors.console), (officers, doors.portal)],
            when_ready=lambda: when_ready(addresses),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doors:
    """The open sockets."""

    api: socket
    demo: socket
    console: socket
    portal: socket

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{port_of(self.api)}"

    @property
    def demo_url(self) -> str:
        return f"http://{HOST}:{port_of(self.demo)}"

    @property
    def console_url(self) -> str:
        return f"http://localhost:{port_of(self.console)}"  # a name: passkeys know no addresses

    @property
    def entrance(self) -> str:
        return f"{self.console_url}/demo"

    @property
    def portal_url(self) -> str:
        return f"http://localhost:{port_of(self.portal)}"

    @property
    def officers_entrance(self) -> str:
        return f"{self.portal_url}/demo"


def _open_doors(stack: ExitStack, options: Options) -> _Doors:
    """Listen where the visitor wants it, or on any free port."""
    api, demo, console, portal = (
        stack.enter_context(bind(HOST, port, or_any=True))
        for port in (options.api_port, options.demo_port, options.console_port, options.portal_port)
    )
    return _Doors(api=api, demo=demo, console=console, portal=portal)


def _open_story(stack: ExitStack, options: Options, settings: Settings, scratch: Path) -> tuple[Core, prepare.Story]:
    """Open a core with its lists, ready for the story that it is to be told.

    Raises:
        InputError: the visitor's history or settings cannot be used.
        UnavailableError: the data folder is in use by another process.
    """
    folder, installation = DataFolder(settings.data), installation_of(settings)
    campaigns = load_campaigns(settings, installation)
    pilots = [policy for policy in campaigns.library.policies if policy.holdout > 0]
    ends_at = datetime.now(UTC).replace(microsecond=0)
    cases = make_cases(ends_at, TEST_KEYRING, pilots[0] if pilots else None)
    story = prepare.make_story(ends_at, cases, file=options.history, withdrawals=options.withdrawals)
    if options.data is None:
        prepare.import_sample_watchlist(folder, story, scratch)
    core = stack.enter_context(
        open_core(
            folder.path,
            installation=installation,
            keyring=TEST_KEYRING,
            campaigns=prepare.in_force_throughout(campaigns, installation),
            lists=options.data,
        )
    )
    stack.enter_context(core.watchlist)
    return core, story


def _stage(core: Core, story: prepare.Story, options: Options, doors: _Doors) -> Stage:
    """Return what the exchange shows."""
    return Stage(
        cases=story.cases.cases if options.data is None else story.cases.without_lists(),
        client=Client(doors.api_url, prepare.make_api_key(core.folder)),
        api_url=doors.api_url,
        console_url=doors.entrance,
        portal_url=doors.officers_entrance,
        render_counts=lambda: _counts(core, None if options.history else story.world.parameters.starts_at),
        render_results=lambda campaign, locale: _results(core, campaign, locale, options.history is None),
    )


def _settings(scratch: Path, doors: _Doors) -> Settings:
    """Return the settings of the demonstration.

    Raises:
        InputError: real keys are configured on this machine.
    """
    settings = load_settings(
        data=scratch / "data",
        partners_dir=no_partners(scratch / "partners"),
        public_url=doors.api_url,
        console_url=doors.console_url,
        portal_url=doors.portal_url,
        operator_name="Demo exchange",
        embedding_origins=(doors.demo_url,),
        oidc_issuer=None,
    )
    require_no_real_keys(settings)
    return settings


def _counts(core: Core, since: datetime | None) -> str:
    """Render plain counts; an invented history counts from its own beginning on, without the lead-in before it."""
    report = count(core.reader, until=datetime.now(UTC), since=since)
    return render_page(
        report,
        css_href="/assets/demo.css",
        home=("/", "Demo exchange"),
        results_href="/results/",
        is_synthetic=since is not None,
    )


def _results(core: Core, campaign: str, locale: str, is_synthetic: bool) -> str:
    """Render the report of a campaign as of now."""
    results = results_of(core.folder, core.installation, lambda: core.campaigns.library)
    setting = Setting(
        operator="Demo exchange", css_href="/assets/report.css", home=("/", "Demo exchange"), is_synthetic=is_synthetic
    )
    return render(results.analysis(campaign, datetime.now(UTC)), locale, setting)
