"""How an alert was met, in bounded words."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.world import START, World
from thinktwice.decisions.asks import NoteAlert
from thinktwice.decisions.exposure import dwell_band, with_exposure
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.clearance import EventResult
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import AlertEventType


def _event(kind: AlertEventType = "continued", **detail: str) -> AlertEvent:
    return AlertEvent(event_id="event-0001", type=kind, occurred_at=START, detail=detail)


@pytest.mark.parametrize(
    ("seconds", "band"),
    [
        (-60, "under-2s"),
        (0, "under-2s"),
        (1.999, "under-2s"),
        (2, "2-5s"),
        (5, "5-15s"),
        (15, "15-60s"),
        (59.999, "15-60s"),
        (60, "over-60s"),
        (86_400, "over-60s"),
    ],
)
def test_a_time_has_one_band(seconds: float, band: str) -> None:
    """Lower bounds count in; a clock set back is the shortest band."""
    assert dwell_band(timedelta(seconds=seconds)) == band


@pytest.mark.parametrize("kind", ["continued", "cancelled", "reported", "changed"])
def test_a_choice_is_timed_by_the_server(kind: AlertEventType) -> None:
    """From the first delivery on, whatever the browser claims and whatever its clock says."""
    kept = with_exposure(_event(kind, dwell="over-60s"), START, START + timedelta(seconds=3))
    assert kept.detail == {"dwell": "2-5s"}


def test_what_nobody_measured_is_not_said() -> None:
    """Without a recorded delivery there is no time to tell."""
    assert with_exposure(_event(), None, START).detail == {}


def test_claims_are_bounded_to_the_words_of_the_contract() -> None:
    """A viewport in pixels would tell devices apart; other details are left alone."""
    claimed = _event("reviewed", viewport="1337x911", dwell="3.14159", locale="en", badge="police")
    assert with_exposure(claimed, START, START).detail == {"locale": "en"}
    bounded = _event("reviewed", viewport="medium", dwell="5-15s")
    assert with_exposure(bounded, START, START) is bounded


@pytest.mark.parametrize("kind", ["delivered", "seen"])
def test_an_exposure_says_which_badge_was_shown(kind: AlertEventType) -> None:
    """None, until partners can approve; a browser cannot claim one."""
    assert with_exposure(_event(kind, badge="police"), None, START).detail == {"badge": "none"}


def test_the_record_knows_version_arm_and_dwell_and_counts_a_repetition_once(tmp_path: Path) -> None:
    """The alert event carries campaign and arm, its decision the version; the digest is that of the claim alone."""
    world = World(tmp_path)
    made = (world.decide(customer__id=f"c-{number}") for number in range(20))
    decision = next(one for one in made if one.alert is not None)
    assert decision.alert is not None
    ask = NoteAlert(
        decision.alert.alert_id,
        decision.withdrawal_id,
        decision.attempt,
        decision.is_test,
        _event(viewport="narrow"),
        delivered_at=START - timedelta(seconds=20),
    )
    assert [_status(world, ask) for _ in range(2)] == ["recorded", "duplicate"]
    with closing(SqliteJournalReader(tmp_path / "journal.db")) as reader:
        (kept,) = reader.alert_events(decision.alert.alert_id)
    assert json.loads(kept.body)["detail"] == {"viewport": "narrow", "dwell": "15-60s"}
    assert (kept.campaign, kept.arm) == (decision.explanation.campaign, decision.explanation.arm)
    assert decision.alert.version == decision.explanation.version
    assert decision.alert.version


def _status(world: World, ask: NoteAlert) -> str:
    result = world.ask(ask)
    assert isinstance(result, EventResult)
    return result.status
