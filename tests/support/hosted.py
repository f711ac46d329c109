"""The hosted alert page over the real desk and journal, asked over ASGI at a time that tests set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode

import httpx

from tests.support.alert_desk import customer_parts, shipped
from tests.support.alert_visit import FORM
from tests.support.http import ask
from tests.support.world import World
from thinktwice.decisions.desk import AlertDesk, DecisionDesk
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.journal.writer import GroupCommit
from thinktwice.records.decision import Decision
from thinktwice.watchlist.service import Watchlist
from thinktwice.watchlist.snapshot import Snapshot
from thinktwice.web.customer.app import create_customer
from thinktwice.web.edge.asgi import App


class Hosted:
    """What the operator's app and the customer's browser do, one after the other."""

    def __init__(self, world: World, app: App, desk: DecisionDesk) -> None:
        self.world, self.app, self.desk = world, app, desk
        self._numbers = count(1)

    def link(self, decision: Decision) -> str:
        """Return the path of the page, as the operator's app learns it when it asks now."""
        alert = self.world.answering.answer(decision, self.world.now).alert
        assert alert is not None
        return f"/alerts/{alert.token}"

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page."""
        return ask(self.app, "GET", path, headers=headers)

    def page(self, decision: Decision, rest: str = "") -> str:
        """Open a page by a link made now and return its HTML."""
        response = self.open(self.link(decision) + rest)
        assert response.status_code == 200, response.text
        return response.text

    def send(self, decision: Decision, choice: str, **fields: str) -> int:
        """Submit a choice by a link made now and return the status."""
        form = {"choice": choice, "event_id": f"chosen-{next(self._numbers):04}", "locale": "en"} | fields
        path = self.link(decision) + "/choices"
        return ask(self.app, "POST", path, body=urlencode(form).encode(), headers=FORM).status_code

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Submit any form."""
        return ask(self.app, "POST", path, body=urlencode(fields).encode(), headers=FORM)


@contextmanager
def hosted(world: World, watchlist: Watchlist | None = None) -> Iterator[Hosted]:
    """Serve the page over a world's journal for as long as the block lasts."""
    writer = GroupCommit(world.service.handle)
    reader = SqliteJournalReader(world.folder / "journal.db")
    numbers = count(1)

    def snapshot() -> Snapshot:
        return watchlist.snapshot() if watchlist else Snapshot(None, {}, 0)

    alerts = AlertDesk(writer, reader, world.keyring, snapshot, clock=lambda: world.now)
    app = create_customer(
        customer_parts(
            alerts,  # type: ignore[arg-type]  # the real desk in the place of the one in memory
            lambda: f"event-{next(numbers):04}",
            pack_of=lambda campaign, _version: shipped().packs[campaign],
            clock=lambda: world.now,
        )
    )
    decisions = DecisionDesk(writer, reader, world.intake, world.answering, clock=lambda: world.now)
    try:
        yield Hosted(world, app, decisions)
    finally:
        writer.close()
        reader.close()
