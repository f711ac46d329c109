"""What was declared: shares exactly as assigned, rules from the plan, and what differs from it said aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.support.campaign_world import BEGIN, PLAN, CampaignWorld
from thinktwice.measurement.analysis.plan import DEFAULTS, check_plan, exact_shares, rules_of
from thinktwice.measurement.analysis.records import Declared, VersionSeen

DECLARED = CampaignWorld().declared()


def seen(release: str, begins: int, ends: int, campaign: str = "hk") -> VersionSeen:
    first, last = BEGIN + timedelta(days=begins), BEGIN + timedelta(days=ends)
    return VersionSeen(
        campaign=campaign, version="v1", release=release, first_at=first, last_at=last, triggers=10
    )  # fmt: skip


def until(days: int) -> datetime:
    return BEGIN + timedelta(days=days)


@pytest.mark.parametrize(
    ("holdout", "weights", "shares"),
    [
        ("0.10", {"a": 1, "b": 1}, {"holdout": 0.1, "a": 0.45, "b": 0.45}),
        ("0.10", {"a": 2, "b": 1}, {"holdout": 0.1, "a": 0.6, "b": 0.3}),
        ("0", {"a": 1}, {"holdout": 0.0, "a": 1.0}),
        ("0.5", {"a": 1, "b": 0}, {"holdout": 0.5, "a": 0.5}),
    ],
)
def test_shares_are_the_probabilities_of_assignment(
    holdout: str, weights: dict[str, int], shares: dict[str, float]
) -> None:
    """They add up to one over the buckets, lie within a bucket or two of the declared ones, the holdout first."""
    found = exact_shares(Decimal(holdout), weights)
    assert list(found) == list(shares)
    assert found == pytest.approx(shares, abs=0.0005)
    assert sum(found.values()) == pytest.approx(1)


def test_rules_follow_from_the_plan() -> None:
    """Sources and the limit are the plan's; a report made through the alert cannot be declared independent."""
    rules = rules_of(msgspec.structs.replace(PLAN, label_sources=("police", "alert")), "EUR")
    assert rules.independent_sources == {"police"}
    assert (rules.winsorised_at, rules.currency) == (PLAN.winsorised_at, "EUR")
    assert rules_of(None, "USD").independent_sources == set(DEFAULTS.label_sources)


@pytest.mark.parametrize(
    ("releases", "versions", "standing"),
    [
        ({"r1"}, ("r1",), "preregistered"),
        ({"r1", "r2"}, ("r1", "r2"), "preregistered"),
        ({"r1"}, ("r1", "r2"), "changed"),
        ({"r2"}, ("r1", "r2"), "late"),
    ],
)
def test_a_plan_counts_from_the_release_that_assigned_the_first_customer(
    releases: set[str], versions: tuple[str, ...], standing: str
) -> None:
    """In every release: preregistered; missing later: changed; missing at the start: late."""
    declared = replace(DECLARED, releases=frozenset(releases))
    found = check_plan(declared, [seen(one, place, place + 1) for place, one in enumerate(versions)], until(3))
    assert found.standing == standing
    assert (standing == "preregistered") != bool({"plan_late", "plan_changed"} & {one.code for one in found.deviations})


def _codes(declared: Declared, versions: list[VersionSeen], days: int) -> set[str]:
    return {one.code for one in check_plan(declared, versions, until(days)).deviations}


def test_what_was_done_otherwise_is_said() -> None:
    """Running longer, not being over yet, a second campaign and margins by default are deviations."""
    assert "still_running" in _codes(DECLARED, [seen("r1", 0, 5)], 5)
    assert "ran_longer" in _codes(DECLARED, [seen("r1", 0, 40)], 45)
    assert _codes(DECLARED, [seen("r1", 0, 27)], 60) == set()
    assert "several_campaigns" in _codes(DECLARED, [seen("r1", 0, 27), seen("r1", 1, 27, "other")], 60)
    bare = replace(DECLARED, plan=msgspec.structs.replace(PLAN, margins={}))
    assert "default_margin" in _codes(bare, [seen("r1", 0, 27)], 60)
    assert _codes(replace(DECLARED, plan=None), [seen("r1", 0, 27)], 60) == {"not_preregistered"}
