"""The blast radius: what is counted, when it trips, and who is warned all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from thinktwice.decisions.limiter import Limiter, allowed_by, is_counted
from thinktwice.records.campaign import BlastRadius, CampaignPolicy
from thinktwice.records.decision import Circumstances, Explanation

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def policy(*, release: str = "r1", expected: int = 24, minutes: int = 60, times: int = 3) -> CampaignPolicy:
    return CampaignPolicy(
        id="hk",
        version="v",
        release=release,
        priority=1,
        jurisdictions=("HK",),
        audience="TRUE",
        intervention="confirm",
        no_screen="notice",
        arms={"a": 1},
        experiment="e",
        holdout=Decimal(0),
        expected_daily_triggers=expected,
        blast_radius=BlastRadius(times, minutes, "inform"),
    )


@pytest.mark.parametrize(
    ("expected", "times", "minutes", "allowed"), [(400, 3, 60, 50), (24, 3, 60, 3), (1, 1, 1, 1), (1, 1, 1440, 1)]
)
def test_what_is_allowed_is_the_promised_rate_times_the_factor(
    expected: int, times: int, minutes: int, allowed: int
) -> None:
    """400 a day times 3 within an hour are 50, rounded up, and never less than one."""
    assert allowed_by(BlastRadius(times, minutes, "inform"), expected) == allowed


def test_it_trips_on_the_first_trigger_too_many_and_stands() -> None:
    """Three an hour are allowed: the fourth trips it, once; hours later it still stands."""
    limiter = Limiter()
    found = [limiter.count(policy(), NOON + timedelta(minutes=number)) for number in range(6)]
    assert [one.triggers if one else None for one in found] == [None, None, None, 4, None, None]
    assert limiter.limited() == ("hk",)
    assert limiter.count(policy(), NOON + timedelta(hours=9)) is None
    assert limiter.limited() == ("hk",)
    (told,) = limiter.take_untold()
    assert (told.campaign, told.allowed, told.within_minutes, told.drops_to) == ("hk", 3, 60, "inform")
    assert limiter.take_untold() == ()


def test_a_slow_stream_never_trips_it() -> None:
    """The window slides by recorded time: exactly as many as allowed, for ever, is within the promise."""
    limiter = Limiter()
    for number in range(500):
        assert limiter.count(policy(), NOON + timedelta(minutes=20 * number)) is None


def test_staff_lift_it_and_it_counts_afresh() -> None:
    """What is not written down yet goes on standing; once written and lifted, three more are allowed."""
    limiter = Limiter()
    for number in range(4):
        limiter.count(policy(), NOON + timedelta(seconds=number))
    limiter.follow(())
    assert limiter.limited() == ("hk",)
    limiter.put_back(limiter.take_untold())
    assert limiter.limited() == ("hk",)
    limiter.take_untold()
    limiter.follow(("hk",))
    limiter.follow(())
    assert limiter.limited() == ()
    assert [limiter.count(policy(), NOON + timedelta(minutes=1)) for _ in range(3)] == [None] * 3
    assert limiter.count(policy(), NOON + timedelta(minutes=1)) is not None


def test_another_release_is_counted_afresh() -> None:
    """A promise belongs to a release."""
    limiter = Limiter()
    for _ in range(3):
        limiter.count(policy(), NOON)
    assert limiter.count(policy(release="r2"), NOON) is None


@given(steps=st.lists(st.integers(0, 30), max_size=120))
def test_it_trips_exactly_when_a_window_holds_more_than_is_allowed(steps: list[int]) -> None:
    """Against counting every window by hand."""
    limiter, at, times = Limiter(), NOON, list[datetime]()
    for step in steps:
        at += timedelta(minutes=step)
        times.append(at)
        tripped = limiter.count(policy(), at) is not None
        by_hand = sum(1 for one in times if one > at - timedelta(minutes=60)) > 3
        assert tripped == by_hand
        if tripped:
            return


@given(steps=st.lists(st.integers(0, 30), min_size=1, max_size=80), cut=st.integers(0, 80))
def test_recalled_it_goes_on_as_if_it_had_never_stopped(steps: list[int], cut: int) -> None:
    """Whenever the process ends, one that recalls what was recorded trips at the same trigger as one that went on."""
    times = [NOON + timedelta(minutes=sum(steps[: number + 1])) for number in range(len(steps))]
    lasting, first = Limiter(), Limiter()
    for at in times[:cut]:
        first.count(policy(), at)
    again = Limiter()
    if first.limited():
        again.follow(first.limited())  # it was written down
    again.recall(policy(), reversed(times[:cut]))
    assert again.take_untold() == ()
    trips = [lasting.count(policy(), at) for at in times][cut:]
    assert [again.count(policy(), at) for at in times[cut:]] == trips
    assert again.limited() == lasting.limited()


def test_a_limit_that_nobody_wrote_down_trips_when_it_is_recalled() -> None:
    """The process was killed between the trigger too many and the entry that staff lift."""
    again = Limiter()
    again.recall(policy(), [NOON + timedelta(minutes=number) for number in range(4)])
    (told,) = again.take_untold()
    assert (told.at, told.triggers, again.limited()) == (NOON + timedelta(minutes=3), 4, ("hk",))


def test_what_was_not_recorded_is_not_counted() -> None:
    """A batch that failed takes its triggers back, and the limit that they tripped."""
    limiter = Limiter()
    for number in range(3):
        limiter.count(policy(), NOON + timedelta(seconds=number))
    limiter.begin()
    assert limiter.count(policy(), NOON + timedelta(seconds=3)) is not None
    limiter.count(policy(), NOON + timedelta(seconds=4))
    limiter.take_back()
    assert (limiter.limited(), limiter.take_untold()) == ((), ())
    (gauge,) = limiter.gauges([policy()], NOON + timedelta(minutes=1))
    assert (gauge.triggers, gauge.allowed, gauge.is_limited) == (3, 3, False)
    assert limiter.count(policy(), NOON + timedelta(seconds=5)) is not None


@pytest.mark.parametrize(
    ("is_trigger", "is_known_bad", "is_test", "counts"),
    [(True, False, False, True), (False, False, False, False), (True, True, False, False), (True, False, True, False)],
)
def test_known_bad_and_tests_count_against_no_promise(
    is_trigger: bool, is_known_bad: bool, is_test: bool, counts: bool
) -> None:
    """Nobody limits warnings about what is known to be bad, and nobody's customers are in a test."""
    explanation = Explanation(
        engine="e",
        snapshot="s",
        signals={},
        circumstances=Circumstances(decided_at=NOON),
        is_trigger=is_trigger,
        is_known_bad=is_known_bad,
    )
    assert is_counted(explanation, is_test=is_test) is counts


@pytest.mark.parametrize("missing", ["blast_radius", "expected_daily_triggers"])
def test_without_a_promise_or_a_radius_nothing_is_limited(missing: str) -> None:
    """However many triggers there are, told now or recalled."""
    free = replace(policy(), **{missing: None})
    limiter = Limiter()
    assert [limiter.count(free, NOON) for _ in range(100)] == [None] * 100
    limiter.recall(free, [NOON] * 100)
    assert limiter.limited() == ()
    (gauge,) = limiter.gauges([free], NOON)
    assert (gauge.triggers, gauge.allowed, gauge.is_limited) == (0, 0, False)


def test_a_trigger_leaves_the_window_when_it_is_as_old_as_the_window_is_long() -> None:
    """At the hour it is out, for the limit, for what is told, and for what is recalled."""
    limiter, hour = Limiter(), timedelta(hours=1)
    limiter.count(policy(), NOON)
    assert limiter.gauges([policy()], NOON + hour - timedelta(microseconds=1))[0].triggers == 1
    assert limiter.gauges([policy()], NOON + hour)[0].triggers == 0
    again = Limiter()
    again.recall(policy(), [NOON, *(NOON + hour for _ in range(3))])
    assert (again.limited(), again.take_untold()) == ((), ())


def test_how_far_a_campaign_is_is_said_of_the_window_that_is_now() -> None:
    """What is older than the window, and what another release counted, is no part of it."""
    limiter = Limiter()
    limiter.count(policy(), NOON)
    limiter.count(policy(), NOON + timedelta(minutes=30))
    (gauge,) = limiter.gauges([policy()], NOON + timedelta(minutes=61))
    assert (gauge.campaign, gauge.triggers) == ("hk", 1)
    assert limiter.gauges([policy(release="r2")], NOON + timedelta(minutes=61))[0].triggers == 0
