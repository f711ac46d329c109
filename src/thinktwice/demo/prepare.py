"""Filling the data folder of the demonstration: watchlist, API key, a replayed history.

Invariant: the sample watchlist is imported through the same reader as any list, under a source name that says it is
synthetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from pathlib import Path
from typing import Final

import msgspec

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.bootstrap.choices import Campaigns
from thinktwice.bootstrap.core import Core
from thinktwice.bootstrap.deciding import checking
from thinktwice.decisions.history_file import open_history
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.demo.cases import CaseBook
from thinktwice.demo.replay import DemoReplay, Tally, lines_of
from thinktwice.people.keys import ApiKeyRegister, create_key
from thinktwice.records.installation import Installation
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.world import LIST_NAME, Cast, World, make_world
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.importing import ImportOptions, import_file
from thinktwice.watchlist.store import WatchlistStore

DEMO = Actor("system", "demo")

DAYS: Final = 91
"""So long is the invented campaign on its way: the losses of its first month have been labelled by now."""

Tick = Callable[[int, int], None]
"""Told how many lines were handled, and how many there are."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is replayed: the visitor's file, or an invented world with its truth."""

    world: World
    cases: CaseBook
    file: Path | None = None

    @property
    def cast(self) -> Cast:
        """Who stands behind each withdrawal; nobody knows in a visitor's own history."""
        return Cast() if self.file else self.world.cast


def make_story(ends_at: datetime, cases: CaseBook, *, file: Path | None, withdrawals: int) -> Story:
    """Invent the world, as large as asked; with a file only its watchlist is of use."""
    size = Parameters(ends_at=ends_at, days=DAYS, withdrawals=withdrawals, customers=max(withdrawals * 2 // 5, 40))
    return Story(make_world(size), cases, file)


def in_force_throughout(campaigns: Campaigns, installation: Installation) -> Campaigns:
    """Return the campaigns without their schedules, so that the replayed weeks are all alike."""
    policies = [msgspec.structs.replace(policy, starts_at=None) for policy in campaigns.library.policies]
    return Campaigns(campaigns.library, campaigns.fallback, LiveCampaigns(policies, installation.catalogue))


def import_sample_watchlist(folder: DataFolder, story: Story, scratch: Path) -> None:
    """Import the sample watchlist, clearly named as synthetic."""
    migrate(folder.path)
    world = World(
        story.world.parameters, (), {}, (*story.cases.indicators, *(() if story.file else story.world.indicators))
    )
    path = scratch / f"{LIST_NAME}.csv"
    path.write_text(world.watchlist_csv(), "utf-8")
    with closing(connect(folder.control)) as connection, closing(Ledger(folder.control)) as ledger:
        options = ImportOptions(actor="demo", by=DEMO, source=LIST_NAME, is_replacing=True)
        import_file(WatchlistStore(connection, ledger), path, options, datetime.now(UTC))


def make_api_key(folder: DataFolder) -> str:
    """Make the API key of the demo exchange and return its secret."""
    key, secret = create_key(
        name="demo exchange",
        mode="live",
        scopes=("decide", "events", "clear", "read", "staff"),
        actor="demo",
        now=datetime.now(UTC),
    )
    with closing(Ledger(folder.control)) as ledger:
        ApiKeyRegister(ledger).add(key, DEMO)
    return secret


def replay_story(core: Core, story: Story, tick: Tick) -> Tally:
    """Replay the story through the service.

    Raises:
        InputError: the visitor's file has lines that cannot be used.
    """
    # The prepared customers' past lies among everybody else's, in time order, and is not counted in the table.
    past = sorted(story.cases.past, key=_time)
    replay = DemoReplay(core, story.cast, uncounted={body.get("withdrawal_id", "") for body in past})
    with ExitStack() as stack:
        if story.file is None:
            lines, total = lines_of(story.world.history), len(story.world.history)
        else:
            history = stack.enter_context(open_history(story.file, checking(core)))
            lines, total = history.lines, history.withdrawals + history.events
        whole = merge(lines, lines_of(past), key=lambda line: line.time)
        replay.run(whole, lambda done: tick(done, total + len(past)))
    return replay.tally


def _time(body: Mapping[str, str]) -> str:
    return body.get("initiated_at") or body["occurred_at"]
