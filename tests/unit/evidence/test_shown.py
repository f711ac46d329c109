"""Which screens evidence shows, from what was recorded of an alert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.alert_desk import shipped
from tests.support.world import NEW_DESTINATION, START, World, policy
from thinktwice.campaigns.stored import StoredVersion
from thinktwice.contacts.registry import Contacts
from thinktwice.decisions.screens_met import screen_of
from thinktwice.evidence.acts import Act
from thinktwice.evidence.shown import Screen, shown_of
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Decision, Hold

COACHED = {"origin": "given_to_me", "on_call": "yes", "told_what_to_say": "yes"}
HOLD = Hold(until=START + timedelta(hours=24), reason_class="customer_protection")


@pytest.fixture
def decision(tmp_path: Path) -> Iterator[Decision]:
    """Give a decision that asks."""
    world = World(tmp_path, (policy(intervention="ask", holdout=Decimal(0)), NEW_DESTINATION))
    made = world.decide(customer__locale="en")
    assert made.intervention == "ask"
    yield made
    world.close()


def find(campaign: str, version: str) -> StoredVersion:
    pack = shipped().packs[campaign]
    return StoredVersion(
        id=pack.id,
        version=version,
        renderer="1",
        intervention="ask",
        typologies=pack.typologies,
        arms=pack.arms,
        messages=pack.messages,
        contacts=Contacts({}),
        content=b"",
    )


def act(kind: str, minute: int, **detail: str) -> Act:
    at: datetime = START + timedelta(minutes=minute)
    return Act(
        source="browser", type=kind, occurred_at=at, recorded_at=at, event_id=f"{kind}-{minute}", detail=dict(detail)
    )


def screens(decision: Decision, *acts: Act) -> list[tuple[str, str, bool, str | None]]:
    shown = shown_of(decision, acts, find)
    assert shown is not None
    return [_told(screen) for screen in shown.screens]


def _told(screen: Screen) -> tuple[str, str, bool, str | None]:
    return screen.locale, screen.alert.action, screen.is_after_answers, screen.met_by


def stands(decision: Decision, **changes: Any) -> dict[str, str]:
    assert decision.alert is not None
    opened = OpenAlert(
        decision_id="d", reference=decision.alert, facts=decision.facts, intervention="ask", action="alert"
    )
    return screen_of(replace(opened, **changes))


def test_answers_that_raised_a_hold_are_shown_with_it(decision: Decision) -> None:
    """Asked first, held after the answers; the same with and without the screen on the events."""
    answered = act("answered", 1, **COACHED, raised_to="hold", until=(START + timedelta(hours=24)).isoformat())
    old = screens(decision, act("delivered", 0, locale="en"), answered)
    assert old == [("en", "alert", False, None), ("en", "hold", True, None)]
    new = screens(decision, act("delivered", 0, locale="en", **stands(decision)), answered)
    assert new == [("en", "alert", False, "delivered"), ("en", "hold", True, "delivered")]


def test_the_screen_behind_the_answers_is_shown_once(decision: Decision) -> None:
    """Seen again behind the hold that the answers raised: nothing new stood there."""
    held = stands(decision, action="hold", intervention="hold", hold=HOLD)
    answered = act("answered", 1, **COACHED, raised_to="hold", until=(START + timedelta(hours=24)).isoformat())
    delivered = act("delivered", 0, locale="en", **stands(decision))
    found = screens(decision, delivered, answered, act("seen", 2, locale="en", **held))
    assert found == [("en", "alert", False, "delivered"), ("en", "hold", True, "delivered")]


def test_a_language_read_later_is_shown_at_the_screen_that_stood(decision: Decision) -> None:
    """A choice in another language says that the page was read in it; no event moves the screen by itself."""
    held = stands(decision, action="hold", intervention="hold", hold=HOLD)
    found = screens(decision, act("delivered", 0, locale="en", **held), act("cancelled", 1, locale="zh-Hant"))
    assert found == [("en", "hold", False, "delivered"), ("zh-Hant", "hold", False, "delivered")]


def test_the_language_addressed_is_shown_at_the_screen_that_stood(decision: Decision) -> None:
    """Addressed in English, recorded in Chinese: no event says that it was met in English, nor shows it as made."""
    held = stands(decision, action="hold", intervention="hold", hold=HOLD)
    assert screens(decision, act("delivered", 0, locale="zh-Hant", **held)) == [
        ("zh-Hant", "hold", False, "delivered"),
        ("en", "hold", False, None),
    ]
    assert screens(decision) == [("en", "alert", False, None)]


def test_events_of_two_releases(decision: Decision) -> None:
    """Delivered before screens were recorded, seen after: the first is as made, the second as it stood."""
    held = stands(decision, action="hold", intervention="hold", hold=HOLD)
    found = screens(decision, act("delivered", 0, locale="en"), act("seen", 1, locale="en", **held))
    assert found == [("en", "alert", False, None), ("en", "hold", False, "seen")]
