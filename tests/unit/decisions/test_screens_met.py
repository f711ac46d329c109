"""The screen at which an alert stood, as details and back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.alert_pack import FACTS, reference
from tests.support.world import START
from thinktwice.decisions.exposure import with_exposure
from thinktwice.decisions.screens_met import SCREEN_DETAILS, screen_of, with_screen
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Hold
from thinktwice.records.event import AlertEvent

MADE = OpenAlert(decision_id="d-1", reference=reference(), facts=FACTS, intervention="confirm")
HOLDS = st.builds(
    Hold,
    until=st.none() | st.timedeltas(timedelta(), timedelta(days=3)).map(lambda later: START + later),
    reason_class=st.sampled_from(["customer_protection", "account_security"]),
    appeal=st.none() | st.just("in_app"),
)
STANDS = st.builds(
    OpenAlert,
    decision_id=st.just("d-1"),
    reference=st.just(MADE.reference),
    facts=st.just(FACTS),
    intervention=st.sampled_from([None, "inform", "confirm", "ask", "hold", "refer"]),
    action=st.sampled_from(["proceed", "alert", "hold", "refer", "block"]),
    hold=st.none() | HOLDS,
    standing=st.sampled_from([None, "over", "released", "lapsed", "ended"]),
)


@given(STANDS)
def test_a_screen_is_made_again_from_its_details(stands: OpenAlert) -> None:
    """Whatever the alert was made as."""
    said = screen_of(stands)
    assert set(said) <= SCREEN_DETAILS
    assert with_screen(MADE, said) == stands


def test_details_that_name_no_screen_change_nothing() -> None:
    """Events of an earlier release, or a word that is no action."""
    assert with_screen(MADE, {}) is MADE
    assert with_screen(MADE, {"screen": "nonsense", "screen_rung": "refer"}) is MADE


def test_only_the_server_says_which_screen_stood() -> None:
    """A browser's word is taken out of every event, the server's put on those that say what was met."""
    for kind, is_met in (("delivered", True), ("seen", True), ("reviewed", True), ("cancelled", False)):
        claimed = {"screen": "block", "screen_rung": "refer", "locale": "en"}
        event = AlertEvent(event_id="event-1", type=kind, occurred_at=START, detail=claimed)  # type: ignore[arg-type]
        kept = with_exposure(event, None, START, (), {"screen": "alert"}).detail
        assert (kept.get("screen"), "screen_rung" in kept) == ("alert" if is_met else None, False)
