"""The questions through the hosted page into the journal: what the page learns, and what it never learns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.alert_desk import customer_parts, shipped
from tests.support.alert_visit import FORM
from tests.support.http import ask
from tests.support.world import World, policy
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.pack import GENERIC_PACK
from thinktwice.decisions.desk import AlertDesk
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.journal.writer import GroupCommit
from thinktwice.records.decision import Decision
from thinktwice.watchlist.snapshot import Snapshot
from thinktwice.web.customer.app import create_customer
from thinktwice.web.edge.asgi import App

SAID = WORDS["en"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (policy(GENERIC_PACK, intervention="ask", holdout=Decimal(0), frequency_cap=None),))
    yield made
    made.close()


@pytest.fixture
def app(world: World) -> Iterator[App]:
    writer = GroupCommit(world.service.handle)
    reader = SqliteJournalReader(world.folder / "journal.db")
    desk = AlertDesk(writer, reader, world.keyring, lambda: Snapshot(None, {}, 0), clock=lambda: world.now)
    numbers = count(1)
    yield create_customer(
        customer_parts(
            desk,  # type: ignore[arg-type]  # the real desk in the place of the one in memory
            lambda: f"event-{next(numbers):04}",
            pack_of=lambda campaign, _version: shipped().packs[campaign],
            clock=lambda: world.now,
        )
    )
    writer.close()
    reader.close()


def _path(world: World, decision: Decision) -> str:
    alert = world.answering.answer(decision).alert
    assert alert is not None
    return f"/alerts/{alert.token}"


def _answer_all(app: App, path: str, answers: dict[str, str]) -> httpx.Response:
    """Answer one question after the other, as a browser without script does."""
    response = ask(app, "GET", path + "/questions")
    sent: dict[str, str] = {"event_id": "answers-0001", "locale": "en"}
    while found := re.search(r'name="asked" value="(\w+)"', response.text):
        name = found[1]
        sent |= {"asked": name, f"q-{name}": answers[name]}
        response = ask(app, "POST", path + "/questions", body=urlencode(sent).encode(), headers=FORM)
    return response


CALM = {"origin": "known_in_person", "on_call": "no", "money_back": "large_part", "coached": "no"}


def _go_on(app: App, path: str) -> httpx.Response:
    form = {"choice": "continued", "step": "second", "event_id": "chosen-0001", "locale": "en"}
    return ask(app, "POST", path + "/choices", body=urlencode(form).encode(), headers=FORM)


def test_calm_answers_lead_to_the_second_step_and_to_clearance(world: World, app: App) -> None:
    """Ask, answer, confirm, cleared: every step through the page."""
    decision = world.decide(customer__locale="en")
    path = _path(world, decision)
    done = _answer_all(app, path, CALM)
    assert done.headers["location"].split("?")[0].endswith("/continue")
    assert _go_on(app, path).status_code == 303
    assert world.clear(decision).is_cleared


def test_a_coached_victim_meets_a_hold_with_its_end(world: World, app: App) -> None:
    """The page turns into the hold, with a time and an appeal, and going on is refused."""
    decision = world.decide(customer__locale="en")
    path = _path(world, decision)
    _answer_all(app, path, CALM | {"coached": "yes"})
    html = ask(app, "GET", path).text
    assert SAID.waiting.hold_headline in html
    assert "21 November 2026, 20:00 (Hong Kong Time)" in html
    assert SAID.waiting.appeal in html
    _go_on(app, path)
    assert world.clear(decision).status == "held"


def test_a_contradicted_answer_looks_like_any_other_referral(world: World, app: App) -> None:
    """What was observed never reaches the page: it is the page of a referral for any other reason, but for its ids."""

    def page_after(changes: dict[str, str], **facts: Any) -> str:
        decision = world.decide(customer__locale="en", customer__id=f"c-{len(changes)}-{len(facts)}", **facts)
        path = _path(world, decision)
        _answer_all(app, path, CALM | changes)
        assert world.clear(decision).status == "referred"
        html = ask(app, "GET", path).text
        return re.sub(r"/alerts/[^\"?/]+|/v1/alerts/[^\"/]+|event-\d+|<b .*?</b>", "", html)

    commanded = page_after({"origin": "told_by_authority", "coached": "yes"})
    on_call = page_after({}, session__is_on_call=True)
    assert on_call == commanded
    for number in range(3):
        world.decide(customer__id=f"other-{number}")
    crowded = page_after({"origin": "own_wallet"})
    assert crowded == commanded


def test_who_shares_the_screen_meets_no_question(world: World, app: App) -> None:
    """Only the request to end it; answers that are sent all the same open nothing."""
    decision = world.decide(customer__locale="en", session__is_remote_access=True)
    path = _path(world, decision)
    assert SAID.ask.sharing_headline in ask(app, "GET", path + "/questions").text
    sent = {"event_id": "answers-0001", **{f"q-{name}": answer for name, answer in CALM.items()}}
    ask(app, "POST", path + "/questions", body=urlencode(sent).encode(), headers=FORM)
    _go_on(app, path)
    assert world.clear(decision).status == "open"
