"""The queue's page: what waits, appeals from the customer's page, and how soon people were answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.console import open_console
from tests.support.hosted import hosted
from tests.support.intervention_room import Room
from tests.support.world import policy
from thinktwice.interventions.desk import InterventionDesk
from thinktwice.web.console.interventions.pages import AREA


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give a room whose campaign holds."""
    made = Room(tmp_path, (policy(intervention="hold", holdout=Decimal(0), frequency_cap=None),))
    with closing(made):
        yield made


def text_of(room: Room, path: str, **headers: str) -> str:
    """Open a page as a handler and return its words on one line."""
    console = open_console(room.world.folder, [AREA], clock=lambda: room.world.now, desks={InterventionDesk: room.desk})
    with closing(console.ledger):
        moment = room.world.now
        secret = console.sign_in(
            "intervention_handler", opened_at=moment, second_factor_at=moment, expires_at=moment + timedelta(hours=1)
        )
        html = console.get(path, secret, headers=headers).text
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_empty_queue_says_what_will_be_here(room: Room) -> None:
    """Nobody was held: neither numbers nor shares are invented."""
    text = text_of(room, "/interventions")
    assert "Nothing waits." in text
    assert "Nobody was held or referred in the last four weeks." in text
    assert "%" not in text


def test_the_queue_tells_appeals_and_the_share_in_time(room: Room) -> None:
    """A press on the customer's page marks the line; one of two answered in time is 50 %, and the breach is told."""
    for name in ("c-1", "c-2"):
        held = room.world.decide(customer__id=name)
    room.tell_time(minutes=30)
    with hosted(room.world) as site:
        assert site.send(held, "help", about="appeal") == 303
    room.desk.note(room.first, held.decision_id, "contact", "rang", "reached")
    text = text_of(room, "/interventions")
    assert "The customer appeals" in text
    assert "Hold 2 1 (100 %) 0 1 30" in text
    assert "waited longer than that" not in text
    assert "The customer asked on the page that a person looks at it" in text_of(
        room, f"/interventions/{held.decision_id}"
    )
    room.tell_time(hours=24)
    text = text_of(room, "/interventions")
    assert "Hold 2 1 (50 %) 1 0 30" in text
    assert "In the last 7 days 1 customer waited longer than that." in text


def test_an_appeal_stays_on_the_queues_page_when_its_hold_has_ended(room: Room) -> None:
    """Nothing waits any more, and yet somebody asked and was told nothing: a link leads there."""
    held = room.world.decide(withdrawal_id="w-asked")
    room.desk.note(room.first, held.decision_id, "appeal", "Please look again.")
    room.tell_time(hours=25)
    text = text_of(room, "/interventions")
    assert "Nothing waits." in text
    assert "Appeals without an answer whose hold has ended" in text
    assert "w-asked : since" in text
    assert "Late" in text


def test_the_page_of_a_hold_that_ended_leads_to_the_one_that_stands(room: Room) -> None:
    """It does not offer to decide what belongs to another hold."""
    first = room.world.decide()
    room.tell_time(days=20)
    room.world.decide()
    text = text_of(room, f"/interventions/{first.decision_id}")
    assert "This hold has ended. Another stands against this destination now" in text
    assert "What shall happen" not in text
